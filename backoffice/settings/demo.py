"""A demonstration on one's own machine: as production in speed, with examples and role switch.

Only `script/demo` uses it. It listens on this machine alone, and its conveniences (role switch,
kill button) are switched on by DEMO_MODE, which production settings never have.
"""

from backoffice.settings.base import *  # noqa: F403
from backoffice.settings.connections import addresses, broker_url, databases

DEBUG = False
DEMO_MODE = True
SECRET_KEY = env.str("SECRET_KEY", "demonstration-on-this-machine-only")
SITE_URL = env.str("RETAGUARDA_ADDRESS", "http://localhost:8000")
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]

# The demonstration has no mail server: its mails show in the log of the worker.
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"

URLS = addresses("demo")
DATABASES = databases(URLS)
REDIS_URL = URLS["REDIS_URL"]
CELERY_BROKER_URL = broker_url(REDIS_URL)

# Static files straight from the apps: no collectstatic before the first page.
WHITENOISE_USE_FINDERS = True
INSTALLED_APPS = [*INSTALLED_APPS, "demo"]
GATEWAY_PRIVATE_HOSTS = frozenset({"localhost", "127.0.0.1"})
