"""Tests: as development, without debug pages and with fast password hashes."""

from backoffice.settings.base import *  # noqa: F403
from backoffice.settings.connections import addresses, broker_url, databases

DEBUG = False
SECRET_KEY = "tests-only"  # noqa: S105  tests sign nothing that leaves them
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

URLS = addresses("test")
DATABASES = databases(URLS)
REDIS_URL = URLS["REDIS_URL"]
CELERY_BROKER_URL = broker_url(REDIS_URL)
if not env.str("FILES_ROOT", ""):  # tests with several processes name a folder
    STORAGES = {
        **STORAGES,
        "files": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    }
WHITENOISE_USE_FINDERS = True  # nothing is collected before tests
WHITENOISE_AUTOREFRESH = True
INSTALLED_APPS = [*INSTALLED_APPS, "demo"]
