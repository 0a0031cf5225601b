"""Kept files, how much of them, and the results of jobs."""

from typing import ClassVar

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import backoffice.files.models
from backoffice.database.operations import CreateTogether


class Migration(migrations.Migration):
    """Tables; their guards follow with the documents of records."""

    dependencies: ClassVar = [("backoffice", "0008_structure_guards")]
    operations: ClassVar = [
        CreateTogether(
            [
                migrations.CreateModel(
                    name="StoredFile",
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
                            "key",
                            models.UUIDField(
                                db_default=backoffice.files.models.UuidV7(),
                                editable=False,
                                unique=True,
                            ),
                        ),
                        ("content_type", models.CharField(max_length=100, verbose_name="type")),
                        ("size", models.BigIntegerField(verbose_name="size")),
                        ("pages", models.PositiveIntegerField(default=0, verbose_name="pages")),
                        ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                        (
                            "received_sha256",
                            models.CharField(max_length=64, verbose_name="SHA-256 as received"),
                        ),
                        ("created_at", models.DateTimeField(verbose_name="created at")),
                        ("discard_at", models.DateTimeField(null=True)),
                        ("removed_at", models.DateTimeField(null=True)),
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
                            "created_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="created by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "file",
                        "verbose_name_plural": "files",
                        "db_table": "backoffice_stored_file",
                    },
                ),
                migrations.CreateModel(
                    name="JobResult",
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
                        ("name", models.CharField(max_length=150, verbose_name="file name")),
                        ("expires_at", models.DateTimeField(verbose_name="kept until")),
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
                            "job",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="result",
                                to="backoffice.job",
                            ),
                        ),
                        (
                            "file",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="backoffice.storedfile",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "result of a job",
                        "verbose_name_plural": "results of jobs",
                        "db_table": "backoffice_job_result",
                    },
                ),
                migrations.CreateModel(
                    name="FileAccount",
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
                        ("used_bytes", models.BigIntegerField(default=0, verbose_name="used")),
                        (
                            "limit_bytes",
                            models.BigIntegerField(db_default=10737418240, verbose_name="limit"),
                        ),
                        (
                            "company",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="backoffice.company",
                                verbose_name="company",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "room for files",
                        "verbose_name_plural": "room for files",
                        "db_table": "backoffice_file_account",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("company",),
                                name="file_account_once",
                                violation_error_message="The company has its account already.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("limit_bytes__gte", 0), ("used_bytes__gte", 0)),
                                name="file_account_counts",
                                violation_error_message="Room for files is never negative.",
                            ),
                        ],
                    },
                ),
                migrations.AddIndex(
                    model_name="storedfile",
                    index=models.Index(fields=["company", "sha256"], name="stored_file_hash"),
                ),
                migrations.AddIndex(
                    model_name="storedfile",
                    index=models.Index(
                        condition=models.Q(
                            ("discard_at__isnull", False), ("removed_at__isnull", True)
                        ),
                        fields=["discard_at"],
                        name="stored_file_to_discard",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="storedfile",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("size__gt", 0)),
                        name="stored_file_not_empty",
                        violation_error_message="The file is empty.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="storedfile",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("received_sha256__regex", "^[0-9a-f]{64}$"),
                            ("sha256__regex", "^[0-9a-f]{64}$"),
                        ),
                        name="stored_file_hashes",
                        violation_error_message="A hash has 64 hexadecimal digits.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="storedfile",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("removed_at__isnull", True),
                            ("discard_at__isnull", False),
                            _connector="OR",
                        ),
                        name="stored_file_removed_when_discarded",
                        violation_error_message="Only what was discarded is removed.",
                    ),
                ),
            ]
        )
    ]
