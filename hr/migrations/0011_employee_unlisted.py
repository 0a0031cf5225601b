"""An employee whose hire is taken back leaves the list."""

from pathlib import Path
from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

SQL = Path(__file__).parent / "sql" / "employee_unlisted.sql"


class Migration(migrations.Migration):
    """A trigger."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("hr", "0010_trials")]
    operations: ClassVar[list[Operation]] = [
        migrations.RunSQL(SQL.read_text(), migrations.RunSQL.noop)
    ]
