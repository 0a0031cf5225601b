"""How far people are with their guided tasks."""

from typing import ClassVar

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from backoffice.database.operations import CreateTogether


class Migration(migrations.Migration):
    """One table."""

    dependencies: ClassVar = [("backoffice", "0030_drafts")]

    operations: ClassVar = [
        CreateTogether(
            [
                migrations.CreateModel(
                    name="GuidedProgress",
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
                        ("task", models.CharField(max_length=60)),
                        ("started_at", models.DateTimeField()),
                        (
                            "seen",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=40),
                                blank=True,
                                default=list,
                                size=None,
                            ),
                        ),
                        ("done_at", models.DateTimeField(null=True)),
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
                        "verbose_name": "progress of a guided task",
                        "verbose_name_plural": "progress of guided tasks",
                        "db_table": "backoffice_guided_progress",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("company", "user", "task"),
                                name="guided_progress_once",
                                violation_error_message="A person does a task once at a time.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("done_at", None),
                                    ("done_at__gte", models.F("started_at")),
                                    _connector="OR",
                                ),
                                name="guided_progress_time_runs_forward",
                                violation_error_message="A task ends after it began.",
                            ),
                        ],
                    },
                ),
            ]
        ),
    ]
