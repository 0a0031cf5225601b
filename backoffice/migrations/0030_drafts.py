"""Drafts of forms, kept for their person."""

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from backoffice.database.operations import CreateTogether


class Migration(migrations.Migration):
    """The table."""

    dependencies: ClassVar = [
        ("backoffice", "0029_exchange"),
    ]

    operations: ClassVar = [
        CreateTogether(
            [
                migrations.CreateModel(
                    name="FormDraft",
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
                        ("form", models.CharField(max_length=160)),
                        ("key_id", models.CharField(max_length=12)),
                        ("sealed", models.BinaryField()),
                        ("saved_at", models.DateTimeField()),
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
                        "verbose_name": "draft of a form",
                        "verbose_name_plural": "drafts of forms",
                        "db_table": "backoffice_form_draft",
                        "indexes": [models.Index(fields=["saved_at"], name="form_draft_age")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("company", "user", "form"),
                                name="form_draft_once",
                                violation_error_message="There is one draft of a form for each person.",
                            )
                        ],
                    },
                ),
            ]
        ),
    ]
