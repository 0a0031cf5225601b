"""What people want to be reminded of."""

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from backoffice.database.operations import CreateTogether


class Migration(migrations.Migration):
    """The table."""

    dependencies: ClassVar = [
        ("backoffice", "0032_opening_views"),
    ]

    operations: ClassVar = [
        CreateTogether(
            [
                migrations.CreateModel(
                    name="FollowUp",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "record_type",
                            models.CharField(max_length=80, verbose_name="kind of record"),
                        ),
                        ("record_id", models.BigIntegerField()),
                        ("due", models.DateField(verbose_name="day")),
                        ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                        ("set_at", models.DateTimeField(verbose_name="set")),
                        ("told_at", models.DateTimeField(null=True, verbose_name="reminded")),
                        ("done_at", models.DateTimeField(null=True, verbose_name="done")),
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
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "reminder",
                        "verbose_name_plural": "reminders",
                        "db_table": "backoffice_follow_up",
                        "indexes": [
                            models.Index(
                                condition=models.Q(
                                    ("done_at__isnull", True), ("told_at__isnull", True)
                                ),
                                fields=["company", "due"],
                                name="follow_up_waiting",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("done_at__isnull", True)),
                                fields=("company", "user", "record_type", "record_id"),
                                name="follow_up_open_once",
                                violation_error_message="You are reminded of this record already.",
                            )
                        ],
                    },
                ),
            ]
        ),
    ]
