"""The whole list of occupations (CBO 2002) comes with the product."""

from typing import Any, ClassVar

from django.db import migrations
from django.utils.module_loading import import_string

LOADERS = ("hr.people.reference.load_occupations",)


def load(apps: Any, schema_editor: Any) -> None:  # noqa: ANN401  Django's signature
    """Run every loader in the migration's transaction."""
    with schema_editor.connection.cursor() as cursor:
        for path in LOADERS:
            import_string(path)(cursor)


class Migration(migrations.Migration):
    """2,713 occupations, code and title."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("hr", "0004_payroll_concluded")]
    operations: ClassVar[list[migrations.RunPython]] = [
        migrations.RunPython(load, migrations.RunPython.noop)
    ]
