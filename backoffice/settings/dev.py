"""Development: the bundled servers, debug pages, no secrets."""

from backoffice.settings.base import *  # noqa: F403

DEBUG = True
SECRET_KEY = "development-only-never-in-production"  # noqa: S105  a fixed key is the point here
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
