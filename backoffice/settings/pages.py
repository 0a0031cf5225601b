"""How pages are made: what browsers may load, how forms and numbers look."""

from csp.constants import NONE, SELF

# No inline script or style and no other host, anywhere: `default-src` covers what is not named.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    }
}
X_FRAME_OPTIONS = "SAMEORIGIN"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

# Nothing here uses the device; passkeys and "copy" are the only things that pages ask a browser for.
PERMISSIONS_POLICY = (
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), "
    "idle-detection=(), magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=(), "
    "publickey-credentials-create=(self), publickey-credentials-get=(self), clipboard-write=(self)"
)

MESSAGE_STORAGE = "backoffice.web.cookies.MessageStorage"
MESSAGES_COOKIE_NAME = "messages"
THEME_COOKIE_NAME = "theme"

# Other sites load nothing from here, not even styles.
WHITENOISE_ALLOW_ALL_ORIGINS = False

# Templates of widgets and fields come from templates/django/forms.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Figures and dates are those of the country, in both languages: 1.234 is never "about one".
FORMAT_MODULE_PATH = ["backoffice.web.formats"]

CSRF_FAILURE_VIEW = "backoffice.web.errors.csrf_failure"
