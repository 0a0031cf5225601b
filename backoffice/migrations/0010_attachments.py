"""The documents that records carry."""

from pathlib import Path
from typing import ClassVar

import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from backoffice.database.operations import CreateTogether

SQL = Path(__file__).parent / "sql" / "files.sql"


class Migration(migrations.Migration):
    """Tables, and the guards of all files that Django cannot express."""

    dependencies: ClassVar = [
        ("backoffice", "0009_files"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]
    operations: ClassVar = [
        CreateTogether(
            [
                migrations.CreateModel(
                    name="Attachment",
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
                            "owner_type",
                            models.CharField(max_length=80, verbose_name="kind of record"),
                        ),
                        ("owner_id", models.BigIntegerField()),
                        ("title", models.CharField(max_length=150, verbose_name="title")),
                        ("category", models.CharField(max_length=40, verbose_name="category")),
                        ("note", models.TextField(blank=True, verbose_name="note")),
                        (
                            "valid_until",
                            models.DateField(blank=True, null=True, verbose_name="valid until"),
                        ),
                        ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                        ("file_name", models.CharField(max_length=150, verbose_name="file name")),
                        ("created_at", models.DateTimeField(verbose_name="created at")),
                        ("changed_at", models.DateTimeField(verbose_name="changed at")),
                        ("removed_at", models.DateTimeField(null=True)),
                        (
                            "changed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="changed by",
                            ),
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
                        "verbose_name": "document",
                        "verbose_name_plural": "documents",
                        "db_table": "backoffice_attachment",
                    },
                ),
                migrations.CreateModel(
                    name="AttachmentVersion",
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
                        ("number", models.PositiveIntegerField(verbose_name="version")),
                        ("file_name", models.CharField(max_length=150, verbose_name="file name")),
                        ("note", models.TextField(blank=True, verbose_name="note")),
                        (
                            "at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                verbose_name="when",
                            ),
                        ),
                        (
                            "attachment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="versions",
                                to="backoffice.attachment",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="by",
                            ),
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
                        (
                            "file",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="version",
                                to="backoffice.storedfile",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "version of a document",
                        "verbose_name_plural": "versions of documents",
                        "db_table": "backoffice_attachment_version",
                    },
                ),
                migrations.CreateModel(
                    name="AttachmentEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        (
                            "owner_type",
                            models.CharField(max_length=80, verbose_name="kind of record"),
                        ),
                        ("owner_id", models.BigIntegerField()),
                        ("title", models.CharField(max_length=150, verbose_name="title")),
                        ("category", models.CharField(max_length=40, verbose_name="category")),
                        ("note", models.TextField(blank=True, verbose_name="note")),
                        (
                            "valid_until",
                            models.DateField(blank=True, null=True, verbose_name="valid until"),
                        ),
                        ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                        ("file_name", models.CharField(max_length=150, verbose_name="file name")),
                        ("created_at", models.DateTimeField(verbose_name="created at")),
                        ("changed_at", models.DateTimeField(verbose_name="changed at")),
                        ("removed_at", models.DateTimeField(null=True)),
                        (
                            "changed_by",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="changed by",
                            ),
                        ),
                        (
                            "company",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="backoffice.company",
                                verbose_name="company",
                            ),
                        ),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="row_history",
                                related_query_name="+",
                                to="backoffice.attachment",
                            ),
                        ),
                        (
                            "file",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="backoffice.storedfile",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.AddField(
                    model_name="attachment",
                    name="file",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="backoffice.storedfile",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="attachmentversion",
                    constraint=models.UniqueConstraint(
                        fields=("attachment", "number"),
                        name="attachment_version_once",
                        violation_error_message="The document already has this version.",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="attachmentevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="cb5fde0bc4a64b56a0aab5afe9c9f5bcefcfb79a",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_e60ee",
                            table="backoffice_attachmentevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddIndex(
                    model_name="attachment",
                    index=models.Index(
                        condition=models.Q(("removed_at__isnull", True)),
                        fields=["company", "owner_type", "owner_id"],
                        name="attachment_of_owner",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="attachment",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("title", ""), _negated=True),
                            models.Q(("file_name", ""), _negated=True),
                            ("version__gte", 1),
                        ),
                        name="attachment_named",
                        violation_error_message="A document has a title.",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="attachment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "backoffice_attachmentevent" ("category", "changed_at", "changed_by_id", "company_id", "created_at", "file_id", "file_name", "id", "note", "owner_id", "owner_type", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at", "title", "valid_until", "version") VALUES (NEW."category", NEW."changed_at", NEW."changed_by_id", NEW."company_id", NEW."created_at", NEW."file_id", NEW."file_name", NEW."id", NEW."note", NEW."owner_id", NEW."owner_type", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."removed_at", NEW."title", NEW."valid_until", NEW."version"); RETURN NULL;',
                            hash="b7c5be6396cb91ce1471d963aa5e8404e4b7995f",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_a9924",
                            table="backoffice_attachment",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="attachment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "backoffice_attachmentevent" ("category", "changed_at", "changed_by_id", "company_id", "created_at", "file_id", "file_name", "id", "note", "owner_id", "owner_type", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at", "title", "valid_until", "version") VALUES (NEW."category", NEW."changed_at", NEW."changed_by_id", NEW."company_id", NEW."created_at", NEW."file_id", NEW."file_name", NEW."id", NEW."note", NEW."owner_id", NEW."owner_type", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."removed_at", NEW."title", NEW."valid_until", NEW."version"); RETURN NULL;',
                            hash="e86c0d71cd05c404a2d04ab91e61a2accfe30457",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_0eeac",
                            table="backoffice_attachment",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="attachment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "backoffice_attachmentevent" ("category", "changed_at", "changed_by_id", "company_id", "created_at", "file_id", "file_name", "id", "note", "owner_id", "owner_type", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at", "title", "valid_until", "version") VALUES (OLD."category", OLD."changed_at", OLD."changed_by_id", OLD."company_id", OLD."created_at", OLD."file_id", OLD."file_name", OLD."id", OLD."note", OLD."owner_id", OLD."owner_type", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."removed_at", OLD."title", OLD."valid_until", OLD."version"); RETURN NULL;',
                            hash="d92564852c0a1ace643fc0ced7b5d8af72c25ee6",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_266cb",
                            table="backoffice_attachment",
                            when="AFTER",
                        ),
                    ),
                ),
            ]
        ),
        migrations.RunSQL(SQL.read_text(), migrations.RunSQL.noop),
    ]
