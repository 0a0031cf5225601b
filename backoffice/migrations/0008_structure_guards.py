"""Guards of the organization: trees, chains of managers, and what is closed."""

from pathlib import Path
from typing import Any, ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

from backoffice.identity.reference import load_roles

SQL = Path(__file__).parent / "sql" / "structure.sql"


def load(apps: Any, schema_editor: Any) -> None:  # noqa: ANN401  Django's signature
    """Give the standard roles what this release adds."""
    with schema_editor.connection.cursor() as cursor:
        load_roles(cursor)


class Migration(migrations.Migration):
    """Composite keys and triggers."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("backoffice", "0007_structure")]
    operations: ClassVar[list[Operation]] = [
        migrations.RunSQL(SQL.read_text(), migrations.RunSQL.noop),
        migrations.RunPython(load, migrations.RunPython.noop),
    ]
