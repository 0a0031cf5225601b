"""Who gets in, and how: login, sessions, cookies, lock-out, API authentication."""

import datetime as dt

from environs import Env

from backoffice.settings.company_login import company_login

_env = Env()

AUTH_USER_MODEL = "backoffice.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "backoffice.identity.backends.LoginBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

# How many reverse proxies of ours stand in front: their entries of X-Forwarded-For are believed,
# what the client wrote before them is not. One number for lock-out, rate limits and the API.
TRUSTED_PROXIES = _env.int("TRUSTED_PROXIES", 0)

AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "backoffice.accounts.passwords.NamesOfThePlace"},
]
PASSWORD_RESET_TIMEOUT = 60 * 60

# A session ends twelve hours after the login, and two hours after the last request.
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_IDLE_SECONDS = 2 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"

ACCOUNT_ADAPTER = "backoffice.identity.login.Adapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = "backoffice.identity.login.display_name"
ACCOUNT_EMAIL_VERIFICATION = "none"
# Unknown addresses get a mail too ("there is no account"): the same work, so the same time.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60
# Every field of these pages has a label; allauth's placeholders would say it twice.
ACCOUNT_FORMS = {
    "login": "backoffice.accounts.forms.LoginForm",
    "reset_password": "backoffice.accounts.forms.ResetPasswordForm",
}

MFA_ADAPTER = "backoffice.accounts.adapters.FactorAdapter"
MFA_FORMS = {"authenticate": "backoffice.accounts.forms.CodeForm"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# A passkey asks for fingerprint, face or PIN: by itself it is something one has and is or knows.
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_ISSUER = "Retaguarda"

SOCIALACCOUNT_ADAPTER = "backoffice.accounts.company_login.CompanyLoginAdapter"
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_OPENID_CONNECT_URL_PREFIX = ""
SOCIALACCOUNT_REQUESTS_TIMEOUT = 10
OIDC_TRUST_EMAIL = _env.bool("OIDC_TRUST_EMAIL", False)
SOCIALACCOUNT_PROVIDERS = company_login(_env)

# The counts per process; the lock-out below is in the database and holds for all of them.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "30/m/ip,10/5m/key",
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = dt.timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_USERNAME_FORM_FIELD = "login"
AXES_USERNAME_CALLABLE = "backoffice.identity.login.typed_name"
AXES_CLIENT_IP_CALLABLE = "backoffice.identity.login.client_ip"
AXES_LOCKOUT_TEMPLATE = "account/lockout.html"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "login", "csrfmiddlewaretoken"]
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
