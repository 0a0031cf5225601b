"""Development: the bundled servers, debug pages, no secrets."""

from backoffice.settings.base import *  # noqa: F403
from backoffice.settings.connections import addresses, broker_url, databases

DEBUG = True
SECRET_KEY = "development-only-never-in-production"  # noqa: S105  a fixed key is the point here
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]

URLS = addresses("demo")
DATABASES = databases(URLS)
REDIS_URL = URLS["REDIS_URL"]
CELERY_BROKER_URL = broker_url(REDIS_URL)
INSTALLED_APPS = [*INSTALLED_APPS, "demo"]
