"""Triggers that mark what changed: a command, a mass write and a hand on the database alike.

They stand on the tables that entries are made of, as the code reads them; `migrate` puts them in
place at its end, as the owner. A table that is watched anew has all its rows marked, so that a first
upgrade, a new object and a new column are caught up with by themselves.
"""

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from django.db.models import IntegerField
from psycopg import sql

from backoffice.search.sources import Watch, watches

PREFIX = "search_marks_"


def install_triggers(connection: BaseDatabaseWrapper) -> None:
    """Make the triggers those that the code asks for; what stands already is not touched."""
    wanted = {(table, name): text for watch in _watched() for table, name, text in _of(watch)}
    with connection.cursor() as cursor:
        present = installed(cursor)
        for table, name in present.keys() - wanted.keys():
            cursor.execute(
                sql.SQL("DROP TRIGGER {} ON {}").format(sql.Identifier(name), sql.Identifier(table))
            )
        for key, statement in wanted.items():
            if present.get(key) != _mark(statement, cursor):
                cursor.execute(statement)
                comment = sql.SQL("COMMENT ON TRIGGER {} ON {} IS {}").format(
                    sql.Identifier(key[1]), sql.Identifier(key[0]), _mark(statement, cursor)
                )
                cursor.execute(comment)
                if key[1].endswith("_insert"):
                    _mark_all(key[0], key[1].removeprefix(PREFIX).removesuffix("_insert"), cursor)


def _watched() -> list[Watch]:
    """What is watched: rows that are told by a number.

    Official lists with codes of their own (occupations, municipalities) come once a year with a
    release; `rebuild_search` follows them.
    """
    columns = {
        (model._meta.db_table, field.column): field
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
    }
    return [
        watch
        for watch in watches().values()
        if isinstance(
            getattr(field := columns.get((watch.table, watch.key)), "target_field", field),
            IntegerField,
        )
    ]


def _mark_all(table: str, key: str, cursor: CursorWrapper) -> None:
    cursor.execute(
        sql.SQL(
            "INSERT INTO backoffice_search_mark (source, row_id)"
            " SELECT DISTINCT {name}, {key} FROM {table} WHERE {key} IS NOT NULL"
        ).format(
            name=sql.Literal(f"{table}.{key}"), key=sql.Identifier(key), table=sql.Identifier(table)
        )
    )


def differences(cursor: CursorWrapper) -> set[tuple[str, str]]:
    """Table and name of each trigger that is missing, left over, or not as the code asks."""
    wanted = {
        (table, name): _mark(text, cursor)
        for watch in _watched()
        for table, name, text in _of(watch)
    }
    present = installed(cursor)
    return {key for key in wanted.keys() | present.keys() if wanted.get(key) != present.get(key)}


def installed(cursor: CursorWrapper) -> dict[tuple[str, str], str]:
    """Table and name of each trigger that stands in the database, and its definition as we wrote it."""
    cursor.execute(
        "SELECT tgrelid::regclass::text, tgname, coalesce(obj_description(oid, 'pg_trigger'), '')"
        "  FROM pg_trigger WHERE tgname LIKE %s",
        [PREFIX.replace("_", r"\_") + "%"],
    )
    return {(table, name): text for table, name, text in cursor.fetchall()}


def _mark(statement: sql.Composable, cursor: CursorWrapper) -> str:
    return statement.as_string(cursor.connection)


def _of(watch: Watch) -> list[tuple[str, str, sql.Composed]]:
    """Table, name and definition of the triggers of one watch."""
    made = [("update", "AFTER UPDATE", "OLD TABLE AS old_rows NEW TABLE AS new_rows")]
    if watch.every:
        made += [
            ("insert", "AFTER INSERT", "NEW TABLE AS new_rows"),
            ("delete", "AFTER DELETE", "OLD TABLE AS old_rows"),
        ]
    arguments = sql.SQL(", ").join(map(sql.Literal, [watch.key, *sorted(watch.columns)]))
    found = []
    for event, when, tables in made:
        name = f"{PREFIX}{watch.key}_{event}"
        text = sql.SQL(
            "CREATE OR REPLACE TRIGGER {name} {when} ON {table} REFERENCING {tables}"
            " FOR EACH STATEMENT EXECUTE FUNCTION backoffice_search_mark({arguments})"
        ).format(
            name=sql.Identifier(name),
            when=sql.SQL(when),
            table=sql.Identifier(watch.table),
            tables=sql.SQL(tables),
            arguments=arguments,
        )
        found.append((watch.table, name, text))
    return found
