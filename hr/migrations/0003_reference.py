"""Reference data of the area that comes with the product; each loader is harmless twice."""

from typing import Any, ClassVar

from django.db import migrations
from django.utils.module_loading import import_string

LOADERS = ("hr.payroll.reference.load_pay_items",)


def load(apps: Any, schema_editor: Any) -> None:  # noqa: ANN401  Django's signature
    """Run every loader in the migration's transaction."""
    with schema_editor.connection.cursor() as cursor:
        for path in LOADERS:
            import_string(path)(cursor)


class Migration(migrations.Migration):
    """Standard pay items."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("hr", "0002_guards")]
    operations: ClassVar[list[migrations.RunPython]] = [
        migrations.RunPython(load, migrations.RunPython.noop)
    ]
