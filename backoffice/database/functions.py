"""Functions of libraries in the database that we write better, put in place after each migration."""

from pathlib import Path

from django.db.backends.base.base import BaseDatabaseWrapper

HISTORY = Path(__file__).parent / "history.sql"


def replace_functions(connection: BaseDatabaseWrapper) -> None:
    """Replace them, as the owner; a migration of the libraries may have made theirs again."""
    with connection.cursor() as cursor:
        cursor.execute(HISTORY.read_text())
