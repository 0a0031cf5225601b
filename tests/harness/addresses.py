"""The servers that tests use: bundled ones, started when needed, or those of the environment."""

from urllib.parse import urlsplit, urlunsplit

from backoffice.embedded.servers import bundled
from backoffice.settings.connections import addresses


def ensure_servers() -> dict[str, str]:
    """The addresses by variable; the bundled servers stay running for the next test run."""
    urls = addresses("test")
    given = bundled("test").environment()
    if urls["DATABASE_URL"] == given["DATABASE_URL"]:
        bundled("test").postgres.start()
    if urls["REDIS_URL"] == given["REDIS_URL"]:
        bundled("test").valkey.start()
    if "DATABASE_OWNER_URL" not in urls:
        message = "Tests make their own databases: DATABASE_URL needs DATABASE_OWNER_URL beside it."
        raise RuntimeError(message)
    return urls


def with_database(url: str, database: str) -> str:
    """The same server and role, another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))
