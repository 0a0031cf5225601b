"""Messages for the next page, in a cookie whose name the settings give."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class MessageCookie(CookieStorage):
    """Production gives it the prefix that binds it to this host."""

    cookie_name = settings.MESSAGES_COOKIE_NAME


class MessageStorage(FallbackStorage):
    """The cookie, and the session for what is too long for it."""

    storage_classes = (MessageCookie, SessionStorage)
