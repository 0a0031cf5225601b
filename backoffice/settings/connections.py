"""Where PostgreSQL and Redis are: from the environment, or the bundled servers of an instance."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from environs import Env

env = Env()

ALIASES = {
    # alias: variable with the address for that role
    "default": "DATABASE_URL",
    "owner": "DATABASE_OWNER_URL",
    "reader": "DATABASE_READER_URL",
}


def addresses(instance: str | None) -> dict[str, str]:
    """The addresses by variable; what the environment lacks comes from the bundled servers.

    An own DATABASE_URL never mixes with bundled roles: without DATABASE_OWNER_URL there is
    simply no alias `owner`, and `migrate` says so.
    """
    own = {name: env.str(name, "") for name in (*ALIASES.values(), "REDIS_URL")}
    own = {name: value for name, value in own.items() if value}
    if instance is None:
        return own
    from backoffice.embedded.servers import bundled  # production has and needs none of it

    given = bundled(instance).environment()
    if "DATABASE_URL" in own:
        given = {name: value for name, value in given.items() if name not in ALIASES.values()}
    return {**given, **own}


def databases(urls: dict[str, str]) -> dict[str, Any]:
    """Django's DATABASES: one database under the aliases of its roles."""
    if "DATABASE_URL" not in urls:
        message = "Set DATABASE_URL to the PostgreSQL address for the role `app`."
        raise ImproperlyConfigured(message)
    return {
        alias: _database(urls[variable]) for alias, variable in ALIASES.items() if variable in urls
    }


def _database(url: str) -> dict[str, Any]:
    """One alias; keepalives free the locks of a machine that vanished within a minute."""
    parsed: dict[str, Any] = dict(dj_database_url.parse(url))
    parsed["OPTIONS"] = {
        "keepalives_idle": 30,
        "tcp_user_timeout": 30_000,
        "connect_timeout": 10,
        **parsed.get("OPTIONS", {}),
    }
    parsed["CONN_MAX_AGE"] = env.int("DATABASE_CONN_MAX_AGE", 60)
    parsed["CONN_HEALTH_CHECKS"] = True
    parsed["DISABLE_SERVER_SIDE_CURSORS"] = env.bool("DATABASE_POOLED_BY_TRANSACTION", False)
    return parsed


def broker_url(redis_url: str) -> str:
    """The same Redis in the words of Celery: a unix socket has a scheme of its own there."""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    database = parse_qs(parts.query).get("db", ["0"])[0]
    return f"redis+socket://{parts.path}?virtual_host={database}"
