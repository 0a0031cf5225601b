"""What the roles `app` and `reader` may do, applied by the owner after each migration.

`app` changes rows of ordinary tables and never structure: no TRUNCATE, no TRIGGER, no REFERENCES.
Tables that an AppConfig names in `protected_tables` get exactly the rights written there, so that
an append-only log stays one whatever the code does. Rows of a partition are reached through its
parent only: a right on the partition itself would go round the parent's.
"""

from collections.abc import Iterable, Mapping

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from psycopg import sql

EXTENSIONS = ("unaccent", "pg_trgm", "btree_gist", "pgcrypto")

ORDINARY = "SELECT, INSERT, UPDATE, DELETE"

DJANGO_PROTECTED = {
    "django_migrations": "SELECT",
    "django_content_type": "SELECT",
    "auth_permission": "SELECT",
}
"""Tables of Django itself that only migrations write."""


def protected_tables() -> dict[str, str]:
    """All tables with restricted rights, as the apps declare them."""
    declared = dict(DJANGO_PROTECTED)
    for config in apps.get_app_configs():
        declared.update(getattr(config, "protected_tables", {}))
    return declared


def install_extensions(connection: BaseDatabaseWrapper) -> None:
    """Make the extensions that migrations build on; all are `trusted`, the owner may do it."""
    with connection.cursor() as cursor:
        for name in EXTENSIONS:
            cursor.execute(
                sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(name))
            )


def apply_grants(connection: BaseDatabaseWrapper, *, app: str, reader: str | None) -> None:
    """Set the rights of both roles on everything in the database, as the owner.

    Harmless twice; runs inside one transaction, so nobody sees a moment without rights.
    """
    roles = [app] if reader in {None, app} else [app, reader]
    with connection.cursor() as cursor:
        _restrict_public(cursor, roles, app)
        tables, partitions, views, sequences = _relations(cursor)
        _revoke(cursor, tables + partitions + views, roles)
        _grant(cursor, "SELECT", "TABLE", tables + views, roles)
        for privileges, names in _by_privileges(tables).items():
            _revoke(cursor, names, [app])
            _grant(cursor, privileges, "TABLE", names, [app])
        _grant(cursor, "USAGE, SELECT", "SEQUENCE", sequences, [app])
        _default_privileges(cursor, roles, app)


def _restrict_public(cursor: CursorWrapper, roles: list[str], app: str) -> None:
    """Nobody but our roles enters; temporary tables only for `app` (mass writes use them)."""
    cursor.execute("SELECT current_database()")
    database = sql.Identifier(cursor.fetchone()[0])
    for statement in (
        sql.SQL("REVOKE ALL ON DATABASE {database} FROM PUBLIC"),
        sql.SQL("REVOKE CREATE ON SCHEMA public FROM PUBLIC"),
        sql.SQL("GRANT CONNECT ON DATABASE {database} TO {roles}"),
        sql.SQL("GRANT TEMPORARY ON DATABASE {database} TO {app}"),
        sql.SQL("GRANT USAGE ON SCHEMA public TO {roles}"),
    ):
        cursor.execute(
            statement.format(database=database, roles=_names(roles), app=sql.Identifier(app))
        )


def _relations(cursor: CursorWrapper) -> tuple[list[str], list[str], list[str], list[str]]:
    """Tables, partitions, views and sequences that this role owns in the schema `public`."""
    cursor.execute(
        """
        SELECT CASE
                   WHEN relkind IN ('r', 'p') THEN CASE WHEN relispartition THEN 1 ELSE 0 END
                   WHEN relkind IN ('v', 'm') THEN 2
                   ELSE 3
               END,
               relname
          FROM pg_class
         WHERE relnamespace = 'public'::regnamespace
           AND relkind IN ('r', 'p', 'v', 'm', 'S')
           AND pg_has_role(relowner, 'USAGE')
         ORDER BY relname
        """
    )
    found: tuple[list[str], list[str], list[str], list[str]] = ([], [], [], [])
    for kind, name in cursor.fetchall():
        found[kind].append(name)
    return found


def _by_privileges(tables: Iterable[str]) -> dict[str, list[str]]:
    """Tables grouped by what `app` may do there."""
    restricted: Mapping[str, str] = protected_tables()
    groups: dict[str, list[str]] = {}
    for name in tables:
        groups.setdefault(restricted.get(name, ORDINARY), []).append(name)
    return groups


def _default_privileges(cursor: CursorWrapper, roles: list[str], app: str) -> None:
    """What a table made later has before the next `migrate`: reading, nothing else.

    Writing is granted by name only, so a new partition of a log cannot be changed directly.
    """
    for privileges, kind, to in (
        ("SELECT", "TABLES", roles),
        ("USAGE, SELECT", "SEQUENCES", [app]),
    ):
        cursor.execute(
            sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {} ON {} TO {}").format(
                sql.SQL(privileges), sql.SQL(kind), _names(to)
            )
        )


def _revoke(cursor: CursorWrapper, tables: list[str], roles: list[str]) -> None:
    if tables:
        cursor.execute(
            sql.SQL("REVOKE ALL ON TABLE {} FROM {}").format(_names(tables), _names(roles))
        )


def _grant(
    cursor: CursorWrapper, privileges: str, kind: str, names: list[str], roles: list[str]
) -> None:
    if names:
        cursor.execute(
            sql.SQL("GRANT {} ON {} {} TO {}").format(
                sql.SQL(privileges), sql.SQL(kind), _names(names), _names(roles)
            )
        )


def _names(names: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(name) for name in names)
