"""Legal holds."""

from typing import ClassVar

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from backoffice.database.operations import CreateTogether


class Migration(migrations.Migration):
    """The table and its history."""

    dependencies: ClassVar = [
        ("backoffice", "0033_reminders"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations: ClassVar = [
        CreateTogether(
            [
                migrations.CreateModel(
                    name="LegalHold",
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
                        ("reason", models.TextField(verbose_name="reason")),
                        ("since", models.DateField(verbose_name="since")),
                        ("until", models.DateField(null=True, verbose_name="until")),
                        ("placed_at", models.DateTimeField(verbose_name="placed at")),
                        (
                            "released_at",
                            models.DateTimeField(null=True, verbose_name="released at"),
                        ),
                        (
                            "release_reason",
                            models.TextField(blank=True, verbose_name="why it was released"),
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
                            "person",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="backoffice.party",
                                verbose_name="person",
                            ),
                        ),
                        (
                            "placed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="placed by",
                            ),
                        ),
                        (
                            "released_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="released by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "legal hold",
                        "verbose_name_plural": "legal holds",
                        "db_table": "backoffice_legal_hold",
                    },
                ),
                migrations.CreateModel(
                    name="LegalHoldEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("reason", models.TextField(verbose_name="reason")),
                        ("since", models.DateField(verbose_name="since")),
                        ("until", models.DateField(null=True, verbose_name="until")),
                        ("placed_at", models.DateTimeField(verbose_name="placed at")),
                        (
                            "released_at",
                            models.DateTimeField(null=True, verbose_name="released at"),
                        ),
                        (
                            "release_reason",
                            models.TextField(blank=True, verbose_name="why it was released"),
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
                            "person",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="backoffice.party",
                                verbose_name="person",
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
                                to="backoffice.legalhold",
                            ),
                        ),
                        (
                            "placed_by",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="placed by",
                            ),
                        ),
                        (
                            "released_by",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="released by",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.AddIndex(
                    model_name="legalhold",
                    index=models.Index(
                        condition=models.Q(("released_at__isnull", True)),
                        fields=["company", "person"],
                        name="legal_hold_in_force",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="legalhold",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reason", ""), _negated=True),
                            models.Q(
                                ("until__isnull", True),
                                ("until__gte", models.F("since")),
                                _connector="OR",
                            ),
                        ),
                        name="legal_hold_has_a_reason",
                        violation_error_message="A hold has a reason, and ends after it begins.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="legalhold",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("release_reason", ""),
                                ("released_at__isnull", True),
                                ("released_by__isnull", True),
                            ),
                            models.Q(
                                ("released_at__isnull", False),
                                models.Q(("release_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="legal_hold_released_with_a_reason",
                        violation_error_message="Say why.",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="legalhold",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "backoffice_legalholdevent" ("company_id", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "placed_at", "placed_by_id", "reason", "release_reason", "released_at", "released_by_id", "since", "until") VALUES (NEW."company_id", NEW."id", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."placed_at", NEW."placed_by_id", NEW."reason", NEW."release_reason", NEW."released_at", NEW."released_by_id", NEW."since", NEW."until"); RETURN NULL;',
                            hash="80fa8a4d25834b3e01178dd764f219fbd21e3a0e",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_1185a",
                            table="backoffice_legal_hold",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="legalhold",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "backoffice_legalholdevent" ("company_id", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "placed_at", "placed_by_id", "reason", "release_reason", "released_at", "released_by_id", "since", "until") VALUES (NEW."company_id", NEW."id", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."placed_at", NEW."placed_by_id", NEW."reason", NEW."release_reason", NEW."released_at", NEW."released_by_id", NEW."since", NEW."until"); RETURN NULL;',
                            hash="03a3b16f5b15694e1179c53573e04463d3dece72",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_a3ed8",
                            table="backoffice_legal_hold",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="legalhold",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "backoffice_legalholdevent" ("company_id", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "placed_at", "placed_by_id", "reason", "release_reason", "released_at", "released_by_id", "since", "until") VALUES (OLD."company_id", OLD."id", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."placed_at", OLD."placed_by_id", OLD."reason", OLD."release_reason", OLD."released_at", OLD."released_by_id", OLD."since", OLD."until"); RETURN NULL;',
                            hash="3936258272bbff14c5113e35ff2ec524191850eb",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_e5624",
                            table="backoffice_legal_hold",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="legalholdevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="5899555d3de1e2f27c0c237deb38f3513e3c14b3",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_be040",
                            table="backoffice_legalholdevent",
                            when="BEFORE",
                        ),
                    ),
                ),
            ]
        ),
    ]
