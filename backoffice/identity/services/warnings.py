"""Mails that tell people what happened to their account, so that a stranger's act is noticed."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from structlog import get_logger

from backoffice.identity.models import User

logger = get_logger(__name__)


def warn(user: User, what: Promise, email: str | None = None) -> None:
    """Mail an account's person what happened to it, once the transaction has committed.

    To ``email``, or to the account's own; who has none is not told. A mail server that is away does
    not take the change back.
    """
    to = email or user.email
    if not to:
        return
    with translation.override(user.language or settings.LANGUAGE_CODE):
        text = render_to_string("identity/email/warning.txt", {"user": user, "what": str(what)})
        subject = translation.gettext("Your account was changed")
    send(EmailMessage(subject, text, to=[to]))


def send(message: EmailMessage) -> None:
    """Send a mail once the transaction has committed; a mail server that is away is logged."""

    def deliver() -> None:
        try:
            message.send()
        except OSError:  # smtplib's errors are among these
            logger.exception("mail_not_sent", subject=message.subject)

    transaction.on_commit(deliver)
