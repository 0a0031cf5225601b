"""The municipalities, the banks and some municipal holidays come with the product."""

from typing import Any, ClassVar

from django.db import migrations
from django.utils.module_loading import import_string

LOADERS = (
    "backoffice.identity.reference.load_roles",
    "backoffice.official.reference.load_municipalities",
    "backoffice.official.reference.load_banks",
    "backoffice.official.reference.load_holidays",
)

PLACE_OF_BRANCH = """
    UPDATE backoffice_branch branch SET municipality_code = place.code
    FROM backoffice_municipality place
    WHERE branch.municipality_code IS NULL AND place.state = branch.state
      AND lower(unaccent(place.name)) = lower(unaccent(trim(branch.municipality)))
"""


def load(apps: Any, schema_editor: Any) -> None:  # noqa: ANN401  Django's signature
    """Run every loader in the migration's transaction, then give branches their municipality."""
    with schema_editor.connection.cursor() as cursor:
        for path in LOADERS:
            import_string(path)(cursor)
        cursor.execute(PLACE_OF_BRANCH)


class Migration(migrations.Migration):
    """5,571 municipalities, 446 banks."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("backoffice", "0014_official_lists")]
    operations: ClassVar[list[migrations.RunPython]] = [
        migrations.RunPython(load, migrations.RunPython.noop)
    ]
