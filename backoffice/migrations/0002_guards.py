"""Triggers, partitions and composite keys that Django cannot express, as plain SQL."""

from pathlib import Path
from typing import ClassVar

from django.db import migrations

SQL_FILES = (
    "audit.sql",
    "organization.sql",
    "identity.sql",
    "jobs.sql",
    "work.sql",
    "work_approvals.sql",
    "law.sql",
)
FOLDER = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    """Guards of the kernel; one file for each folder that has some."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("backoffice", "0001_initial")]
    operations: ClassVar[list[migrations.RunSQL]] = [
        migrations.RunSQL((FOLDER / name).read_text(), migrations.RunSQL.noop) for name in SQL_FILES
    ]
