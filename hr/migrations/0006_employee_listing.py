"""What lists of employees sort and join by, kept by triggers."""

from pathlib import Path
from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.migrations.operations.base import Operation

SQL = Path(__file__).parent / "sql" / "employee_listing.sql"


class Migration(migrations.Migration):
    """The table, its triggers, and its rows for the employees that are there."""

    dependencies: ClassVar[list[tuple[str, str]]] = [
        ("backoffice", "0004_event_epochs"),
        ("hr", "0005_occupations"),
    ]

    operations: ClassVar[list[Operation]] = [
        migrations.CreateModel(
            name="EmployeeListing",
            fields=[
                (
                    "employee",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="listing",
                        serialize=False,
                        to="hr.employee",
                        verbose_name="employee",
                    ),
                ),
                ("sort_name", models.TextField(verbose_name="name as it is sorted")),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="backoffice.company",
                        verbose_name="company",
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="hr.employmentcontract",
                        verbose_name="latest contract",
                    ),
                ),
            ],
            options={
                "verbose_name": "employee in lists",
                "verbose_name_plural": "employees in lists",
                "db_table": "hr_employee_listing",
                "indexes": [
                    models.Index(
                        fields=["company", "sort_name", "employee"], name="employee_listing_by_name"
                    )
                ],
            },
        ),
        migrations.RunSQL(SQL.read_text(), migrations.RunSQL.noop),
    ]
