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

# Templates of widgets and fields come from templates/django/forms.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Figures and dates are those of the country, in both languages: 1.234 is never "about one".
FORMAT_MODULE_PATH = ["backoffice.web.formats"]

CSRF_FAILURE_VIEW = "backoffice.web.errors.csrf_failure"
