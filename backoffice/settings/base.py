"""Settings that every environment shares; each environment adds its own few lines on top."""

from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _
from environs import Env

from backoffice.settings.api import *  # noqa: F403
from backoffice.settings.celery import *  # noqa: F403
from backoffice.settings.files import *  # noqa: F403
from backoffice.settings.files import files_storage
from backoffice.settings.identity import *  # noqa: F403
from backoffice.settings.logs import *  # noqa: F403
from backoffice.settings.outside import *  # noqa: F403
from backoffice.settings.pages import *  # noqa: F403

env = Env()
BASE_DIR = Path(__file__).resolve().parents[2]

DEMO_MODE = False

INSTALLED_APPS = [
    "backoffice",
    "hr",
    "backoffice.identity.apps.AdministrationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "django_filters",
    "template_partials",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "csp",
    "pgtrigger",
    "pghistory",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_structlog",
]

MIDDLEWARE = [
    "backoffice.web.lines.RequestLines",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "backoffice.web.headers.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "backoffice.accounts.middleware.SessionGuard",
    "backoffice.identity.middleware.AccessMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "backoffice.web.errors.RefusalMiddleware",
    "backoffice.home.training.GuidedMiddleware",
    "backoffice.search.opened.RecentMiddleware",
]

ROOT_URLCONF = "backoffice.urls"
WSGI_APPLICATION = "backoffice.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "backoffice.web.context.shell",
            ],
        },
    }
]

LANGUAGE_CODE = "pt-br"
LANGUAGES = [("pt-br", _("Portuguese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "backoffice" / "locale"]
TIME_ZONE = "America/Sao_Paulo"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

# The address at which people outside reach the site, for what is printed: QR codes of receipts.
SITE_URL = env.str("SITE_URL", "").rstrip("/")

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(BASE_DIR / "build" / "static")))
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.AppDirectoriesFinder"]

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "files": files_storage(BASE_DIR / "build" / "files"),
}

DATABASE_ROUTERS = ["backoffice.database.router.SameDatabaseRouter"]

# Where people reach the site, for links in mails; production takes the first of its hosts.
PUBLIC_URL = env.str("PUBLIC_URL", "http://localhost:8000")

# Seal what must stay secret; the first one seals, the others only open. Production must set its own.
SECRETS_KEYS = env.list("SECRETS_KEYS", ["development-only"])

# What a monitor brings to read /metrics; empty: there is no such page.
METRICS_TOKEN = env.str("METRICS_TOKEN", "")

# Signs the heads of the audit chain; kept outside the database. Production must set its own.
AUDIT_SIGNING_KEY = env.str("AUDIT_SIGNING_KEY", "development-only")
# Where workers append those heads; a copy outside the database shows when the log is cut off at its end.
_heads = env.str("AUDIT_HEADS_FILE", "")
AUDIT_HEADS_FILE = Path(_heads) if _heads else None
