"""REST: JSON only, tokens or the browser's login, problem JSON, OpenAPI 3.1."""

from typing import Any

from environs import Env

_env = Env()

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "backoffice.identity.api.TokenAuthentication",
        "backoffice.identity.api.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["backoffice.identity.api.HasPermission"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["backoffice.errors.limits.JSONParser"],
    "DEFAULT_THROTTLE_CLASSES": ["backoffice.errors.limits.PerMinute"],
    "DEFAULT_SCHEMA_CLASS": "backoffice.openapi.schema.ResourceSchema",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "backoffice.errors.problems.exception_handler",
    "URL_FORMAT_OVERRIDE": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}

# Requests per minute of one token, account or anonymous address, in each web process.
API_RATE = _env.int("API_RATE", 60_000)
API_ANONYMOUS_RATE = _env.int("API_ANONYMOUS_RATE", 120)

# How often a minute one account may use what costs much, in each web process.
RATES = {
    "search": _env.int("SEARCH_RATE", 300),  # the palette asks at every pause of typing
    "export": _env.int("EXPORT_RATE", 20),
    "upload": _env.int("UPLOAD_RATE", 60),
}

# Codes of printed documents that one address may have checked in a minute, in each web process.
VERIFY_RATE = _env.int("VERIFY_RATE", 30)

SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Retaguarda",
    "DESCRIPTION": (
        "The back office over REST. Lists are paged by key (`after`), amounts are strings with two "
        "decimals, dates are ISO 8601, months are `2026-11`. Changes are commands: send an "
        "`Idempotency-Key` so that a repeated request is harmless, and `If-Match` with the ETag "
        "that you read so that nobody's change is lost. Everything that goes wrong is answered as "
        "`application/problem+json` (RFC 9457) with a stable `code`."
    ),
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v[0-9]",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "persistAuthorization": False},
    "POSTPROCESSING_HOOKS": [],  # choices stand where they are used
    "COMPONENT_SPLIT_REQUEST": False,
    "DISABLE_ERRORS_AND_WARNINGS": False,
}
