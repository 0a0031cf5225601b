"""Reference data that comes with the product: loaders in plain SQL, each harmless twice."""

from typing import Any, ClassVar

from django.db import migrations
from django.utils.module_loading import import_string

# Each takes a cursor; later releases call the ones whose data changed again.
LOADERS = (
    "backoffice.identity.reference.load_roles",
    "backoffice.law.reference.load_tables",
)


def load(apps: Any, schema_editor: Any) -> None:  # noqa: ANN401  Django's signature
    """Run every loader in the migration's transaction."""
    with schema_editor.connection.cursor() as cursor:
        for path in LOADERS:
            import_string(path)(cursor)


class Migration(migrations.Migration):
    """Standard roles, and what other folders add."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("backoffice", "0002_guards")]
    operations: ClassVar[list[migrations.RunPython]] = [
        migrations.RunPython(load, migrations.RunPython.noop)
    ]
