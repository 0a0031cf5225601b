"""Links between records."""

from pathlib import Path
from typing import ClassVar

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from backoffice.database.operations import CreateTogether

SQL = Path(__file__).parent / "sql" / "links.sql"


class Migration(migrations.Migration):
    """The table and its guards."""

    dependencies: ClassVar = [
        ("backoffice", "0023_columns_of_lists"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations: ClassVar = [
        CreateTogether(
            [
                migrations.CreateModel(
                    name="Link",
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
                        ("kind", models.CharField(max_length=80, verbose_name="kind")),
                        ("source_type", models.CharField(max_length=80, verbose_name="source")),
                        ("source_id", models.BigIntegerField()),
                        ("target_type", models.CharField(max_length=80, verbose_name="target")),
                        ("target_id", models.BigIntegerField()),
                        ("since", models.DateField(verbose_name="since")),
                        ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                        ("created_at", models.DateTimeField(verbose_name="created at")),
                        ("removed_at", models.DateTimeField(null=True, verbose_name="removed at")),
                        (
                            "removed_why",
                            models.CharField(
                                blank=True, max_length=300, verbose_name="why it was removed"
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
                            "created_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="created by",
                            ),
                        ),
                        (
                            "removed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="removed by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "link",
                        "verbose_name_plural": "links",
                        "db_table": "backoffice_link",
                    },
                ),
                migrations.CreateModel(
                    name="LinkEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("kind", models.CharField(max_length=80, verbose_name="kind")),
                        ("source_type", models.CharField(max_length=80, verbose_name="source")),
                        ("source_id", models.BigIntegerField()),
                        ("target_type", models.CharField(max_length=80, verbose_name="target")),
                        ("target_id", models.BigIntegerField()),
                        ("since", models.DateField(verbose_name="since")),
                        ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                        ("created_at", models.DateTimeField(verbose_name="created at")),
                        ("removed_at", models.DateTimeField(null=True, verbose_name="removed at")),
                        (
                            "removed_why",
                            models.CharField(
                                blank=True, max_length=300, verbose_name="why it was removed"
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
                            "created_by",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="created by",
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
                                to="backoffice.link",
                            ),
                        ),
                        (
                            "removed_by",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="removed by",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.AddIndex(
                    model_name="link",
                    index=models.Index(
                        condition=models.Q(("removed_at__isnull", True)),
                        fields=["company", "source_type", "source_id"],
                        name="link_by_source",
                    ),
                ),
                migrations.AddIndex(
                    model_name="link",
                    index=models.Index(
                        condition=models.Q(("removed_at__isnull", True)),
                        fields=["company", "target_type", "target_id"],
                        name="link_by_target",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="link",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("source_type", models.F("target_type")), _negated=True),
                            models.Q(("source_id", models.F("target_id")), _negated=True),
                            _connector="OR",
                        ),
                        name="link_of_two_records",
                        violation_error_message="A record is not linked to itself.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="link",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("removed_at__isnull", True),
                                ("removed_by__isnull", True),
                                ("removed_why", ""),
                            ),
                            models.Q(
                                ("removed_at__isnull", False),
                                models.Q(("removed_why", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="link_removed_with_reason",
                        violation_error_message="Say why.",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="link",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "backoffice_linkevent" ("company_id", "created_at", "created_by_id", "id", "kind", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at", "removed_by_id", "removed_why", "since", "source_id", "source_type", "target_id", "target_type") VALUES (NEW."company_id", NEW."created_at", NEW."created_by_id", NEW."id", NEW."kind", NEW."note", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."removed_at", NEW."removed_by_id", NEW."removed_why", NEW."since", NEW."source_id", NEW."source_type", NEW."target_id", NEW."target_type"); RETURN NULL;',
                            hash="38658d0717b3ef6c82bdddb305a641d6a96a6fe9",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_81960",
                            table="backoffice_link",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="link",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "backoffice_linkevent" ("company_id", "created_at", "created_by_id", "id", "kind", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at", "removed_by_id", "removed_why", "since", "source_id", "source_type", "target_id", "target_type") VALUES (NEW."company_id", NEW."created_at", NEW."created_by_id", NEW."id", NEW."kind", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."removed_at", NEW."removed_by_id", NEW."removed_why", NEW."since", NEW."source_id", NEW."source_type", NEW."target_id", NEW."target_type"); RETURN NULL;',
                            hash="9ff832196866141ae55bd3dd7bfc57921badc3cb",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_ff8d0",
                            table="backoffice_link",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="link",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "backoffice_linkevent" ("company_id", "created_at", "created_by_id", "id", "kind", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at", "removed_by_id", "removed_why", "since", "source_id", "source_type", "target_id", "target_type") VALUES (OLD."company_id", OLD."created_at", OLD."created_by_id", OLD."id", OLD."kind", OLD."note", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."removed_at", OLD."removed_by_id", OLD."removed_why", OLD."since", OLD."source_id", OLD."source_type", OLD."target_id", OLD."target_type"); RETURN NULL;',
                            hash="0486151b9755bf14bfb2b6bb4242d8fd8245f9d0",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_78a06",
                            table="backoffice_link",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="linkevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="e409268140d5e6e31a984ef3a5869ff5791f1dd4",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_26f78",
                            table="backoffice_linkevent",
                            when="BEFORE",
                        ),
                    ),
                ),
            ]
        ),
        migrations.RunSQL(SQL.read_text(), migrations.RunSQL.noop),
    ]
