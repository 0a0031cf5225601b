"""Guards of numbers, and who may say how they are written."""

from pathlib import Path
from typing import Any, ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

from backoffice.identity.reference import load_roles

SQL = Path(__file__).parent / "sql" / "numbering.sql"


def load(apps: Any, schema_editor: Any) -> None:  # noqa: ANN401  Django's signature
    """Give the standard roles what this release adds."""
    with schema_editor.connection.cursor() as cursor:
        load_roles(cursor)


class Migration(migrations.Migration):
    """Triggers, the function for plain numbers, roles."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("backoffice", "0011_numbering")]
    operations: ClassVar[list[Operation]] = [
        migrations.RunSQL(SQL.read_text(), migrations.RunSQL.noop),
        migrations.RunPython(load, migrations.RunPython.noop),
    ]
