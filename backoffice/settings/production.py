"""Production: everything secret or local comes from the environment; refuses to guess.

All faults are reported at once, so that a first deployment is not a guessing game.
"""

from backoffice.settings.base import *  # noqa: F403
from backoffice.settings.connections import addresses, broker_url, databases
from backoffice.settings.secure_cookies import *  # noqa: F403
from backoffice.settings.vigilance import Vigilance

given = Vigilance(env)

DEBUG = False
given.refuse_if_true("DEBUG", "production never shows debug pages")
given.refuse_if_true("DEMO_MODE", "a demonstration is started with script/demo")

SECRET_KEY = given.secret("SECRET_KEY")
AUDIT_SIGNING_KEY = given.secret("AUDIT_SIGNING_KEY")
given.refuse_equal("SECRET_KEY", "AUDIT_SIGNING_KEY")
given.secret("SECRETS_KEYS")
given.refuse_equal("SECRET_KEY", "SECRETS_KEYS")

ALLOWED_HOSTS = given.hosts("ALLOWED_HOSTS")

given.required("DATABASE_URL", "the PostgreSQL address for the role `app`")
given.required("REDIS_URL", "the address of Redis")
given.mail("EMAIL_URL")
if not env.str("FILES_S3_BUCKET", ""):
    given.required("FILES_ROOT", "the folder of files, or FILES_S3_BUCKET with a bucket's name")
given.done()

SITE_URL = SITE_URL or f"https://{ALLOWED_HOSTS[0]}"

URLS = addresses(None)
DATABASES = databases(URLS)
REDIS_URL = URLS["REDIS_URL"]
CELERY_BROKER_URL = broker_url(REDIS_URL)

vars().update(env.dj_email_url("EMAIL_URL"))
PUBLIC_URL = env.str("PUBLIC_URL", f"https://{ALLOWED_HOSTS[0]}")
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", f"retaguarda@{ALLOWED_HOSTS[0]}")

# A proxy of ours ends HTTPS and says so; without one, nobody's word is taken for it.
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
# Programs that speak without encryption are refused (backoffice.web.headers), so that they are mended.
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$", r"^metrics$", r"^api/"]
# Browsers keep for so long that this host, and what is named below it, is reached by HTTPS alone.
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 365 * 24 * 60 * 60)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", True)

STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
