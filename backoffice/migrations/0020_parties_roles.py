"""Who sees and keeps parties."""

from typing import Any, ClassVar

from django.db import migrations
from django.utils.module_loading import import_string

LOADERS = ("backoffice.identity.reference.load_roles",)


def load(apps: Any, schema_editor: Any) -> None:  # noqa: ANN401  Django's signature
    """The standard roles got new rights."""
    with schema_editor.connection.cursor() as cursor:
        for path in LOADERS:
            import_string(path)(cursor)


class Migration(migrations.Migration):
    """Roles again."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("backoffice", "0019_parties")]
    operations: ClassVar[list[migrations.RunPython]] = [
        migrations.RunPython(load, migrations.RunPython.noop)
    ]
