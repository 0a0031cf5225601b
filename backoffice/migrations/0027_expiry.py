"""Warnings of what expires, and what people said to them."""

from typing import ClassVar

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from backoffice.database.operations import CreateTogether


class Migration(migrations.Migration):
    """Tables."""

    dependencies: ClassVar = [
        ("backoffice", "0026_search"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations: ClassVar = [
        CreateTogether(
            [
                migrations.CreateModel(
                    name="ExpiryMark",
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
                        ("record_id", models.BigIntegerField()),
                        ("ends_on", models.DateField(verbose_name="ends on")),
                        ("snoozed_until", models.DateField(null=True, verbose_name="sleeps until")),
                        (
                            "reason",
                            models.CharField(blank=True, max_length=200, verbose_name="reason"),
                        ),
                        (
                            "acknowledged_at",
                            models.DateTimeField(null=True, verbose_name="noted at"),
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
                    ],
                    options={
                        "verbose_name": "mark on an expiry",
                        "verbose_name_plural": "marks on expiries",
                        "db_table": "backoffice_expiry_mark",
                    },
                ),
                migrations.CreateModel(
                    name="ExpiryMarkEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("kind", models.CharField(max_length=80, verbose_name="kind")),
                        ("record_id", models.BigIntegerField()),
                        ("ends_on", models.DateField(verbose_name="ends on")),
                        ("snoozed_until", models.DateField(null=True, verbose_name="sleeps until")),
                        (
                            "reason",
                            models.CharField(blank=True, max_length=200, verbose_name="reason"),
                        ),
                        (
                            "acknowledged_at",
                            models.DateTimeField(null=True, verbose_name="noted at"),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="by",
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
                                to="backoffice.expirymark",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="ExpiryAlarm",
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
                        ("record_id", models.BigIntegerField()),
                        ("ends_on", models.DateField(verbose_name="ends on")),
                        ("occasion", models.CharField(max_length=20)),
                        ("at", models.DateTimeField(verbose_name="when")),
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
                        "verbose_name": "warning of an expiry",
                        "verbose_name_plural": "warnings of expiries",
                        "db_table": "backoffice_expiry_alarm",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("company", "kind", "record_id", "ends_on", "occasion"),
                                name="expiry_alarm_once",
                                violation_error_message="This warning was given already.",
                            )
                        ],
                    },
                ),
                migrations.AddConstraint(
                    model_name="expirymark",
                    constraint=models.UniqueConstraint(
                        fields=("company", "kind", "record_id", "ends_on"),
                        name="expiry_mark_once",
                        violation_error_message="Somebody has marked this already.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="expirymark",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("snoozed_until__isnull", True),
                            ("reason__regex", "\\S"),
                            _connector="OR",
                        ),
                        name="expiry_mark_says_why",
                        violation_error_message="Say why it can wait.",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="expirymark",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "backoffice_expirymarkevent" ("acknowledged_at", "by_id", "company_id", "ends_on", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "record_id", "snoozed_until") VALUES (NEW."acknowledged_at", NEW."by_id", NEW."company_id", NEW."ends_on", NEW."id", NEW."kind", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."record_id", NEW."snoozed_until"); RETURN NULL;',
                            hash="3a86f3e9bfb1b9dcdc73dbe5a947770534d9d73d",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_b290f",
                            table="backoffice_expiry_mark",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="expirymark",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "backoffice_expirymarkevent" ("acknowledged_at", "by_id", "company_id", "ends_on", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "record_id", "snoozed_until") VALUES (NEW."acknowledged_at", NEW."by_id", NEW."company_id", NEW."ends_on", NEW."id", NEW."kind", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."record_id", NEW."snoozed_until"); RETURN NULL;',
                            hash="8d249db6ff4c6e43b89182920aa87c2d77c5a84a",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_82649",
                            table="backoffice_expiry_mark",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="expirymark",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "backoffice_expirymarkevent" ("acknowledged_at", "by_id", "company_id", "ends_on", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "record_id", "snoozed_until") VALUES (OLD."acknowledged_at", OLD."by_id", OLD."company_id", OLD."ends_on", OLD."id", OLD."kind", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason", OLD."record_id", OLD."snoozed_until"); RETURN NULL;',
                            hash="26364bb322cfcd9b6e52e8f98e5b34c2b3a4a054",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_bd0c4",
                            table="backoffice_expiry_mark",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="expirymarkevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="b8005e940493553ea6798385a56dc2cc71030944",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_19d36",
                            table="backoffice_expirymarkevent",
                            when="BEFORE",
                        ),
                    ),
                ),
            ]
        )
    ]
