"""Triggers and composite keys of the area that Django cannot express, as plain SQL."""

from pathlib import Path
from typing import ClassVar

from django.db import migrations

SQL_FILES: tuple[str, ...] = ("people.sql", "payroll.sql")
FOLDER = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    """Guards of people and payroll; one file for each subject that has some."""

    dependencies: ClassVar[list[tuple[str, str]]] = [
        ("hr", "0001_initial"),
        ("backoffice", "0002_guards"),
    ]
    operations: ClassVar[list[migrations.RunSQL]] = [
        migrations.RunSQL((FOLDER / name).read_text(), migrations.RunSQL.noop) for name in SQL_FILES
    ]
