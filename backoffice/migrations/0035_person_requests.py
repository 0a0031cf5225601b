"""Requests of data subjects, and the guards of both tables."""

from pathlib import Path
from typing import ClassVar

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from backoffice.database.operations import CreateTogether

SQL = Path(__file__).parent / "sql" / "privacy.sql"


class Migration(migrations.Migration):
    """Tables and their guards."""

    dependencies: ClassVar = [
        ("backoffice", "0034_legal_holds"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations: ClassVar = [
        CreateTogether(
            [
                migrations.CreateModel(
                    name="PersonRequest",
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
                            "kind",
                            models.CharField(
                                choices=[
                                    ("access", "Confirmation and access (I and II)"),
                                    ("correction", "Correction (III)"),
                                    (
                                        "anonymisation",
                                        "Anonymisation, blocking or deletion (IV and VI)",
                                    ),
                                    ("portability", "Portability (V)"),
                                    ("sharing", "With whom data are shared (VII)"),
                                    ("objection", "Objection or withdrawn consent (VIII and IX)"),
                                ],
                                max_length=14,
                                verbose_name="asks for",
                            ),
                        ),
                        ("said", models.TextField(verbose_name="request")),
                        ("received_on", models.DateField(verbose_name="received on")),
                        ("due_on", models.DateField(verbose_name="due on")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("received", "Received"),
                                    ("answered", "Answered"),
                                    ("refused", "Refused"),
                                ],
                                default="received",
                                max_length=8,
                                verbose_name="state",
                            ),
                        ),
                        ("answer", models.TextField(blank=True, verbose_name="answer")),
                        ("answered_on", models.DateField(null=True, verbose_name="answered on")),
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="backoffice.party",
                                verbose_name="person",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "request of a data subject",
                        "verbose_name_plural": "requests of data subjects",
                        "db_table": "backoffice_person_request",
                    },
                ),
                migrations.CreateModel(
                    name="PersonRequestEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("access", "Confirmation and access (I and II)"),
                                    ("correction", "Correction (III)"),
                                    (
                                        "anonymisation",
                                        "Anonymisation, blocking or deletion (IV and VI)",
                                    ),
                                    ("portability", "Portability (V)"),
                                    ("sharing", "With whom data are shared (VII)"),
                                    ("objection", "Objection or withdrawn consent (VIII and IX)"),
                                ],
                                max_length=14,
                                verbose_name="asks for",
                            ),
                        ),
                        ("said", models.TextField(verbose_name="request")),
                        ("received_on", models.DateField(verbose_name="received on")),
                        ("due_on", models.DateField(verbose_name="due on")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("received", "Received"),
                                    ("answered", "Answered"),
                                    ("refused", "Refused"),
                                ],
                                default="received",
                                max_length=8,
                                verbose_name="state",
                            ),
                        ),
                        ("answer", models.TextField(blank=True, verbose_name="answer")),
                        ("answered_on", models.DateField(null=True, verbose_name="answered on")),
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
                                to="backoffice.personrequest",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.AddConstraint(
                    model_name="personrequest",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("said", ""), _negated=True),
                            ("due_on__gte", models.F("received_on")),
                        ),
                        name="person_request_says_something",
                        violation_error_message="Write down what was asked.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="personrequest",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("state", "received"),
                            models.Q(
                                ("answered_on__gte", models.F("received_on")),
                                models.Q(("answer", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="person_request_answered_in_words",
                        violation_error_message="Write down the answer.",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="personrequest",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "backoffice_personrequestevent" ("answer", "answered_on", "company_id", "due_on", "id", "kind", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "received_on", "said", "state") VALUES (NEW."answer", NEW."answered_on", NEW."company_id", NEW."due_on", NEW."id", NEW."kind", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."received_on", NEW."said", NEW."state"); RETURN NULL;',
                            hash="525dea7bb75a559db3fc72145dab42a3abe6a7be",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_f236b",
                            table="backoffice_person_request",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="personrequest",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "backoffice_personrequestevent" ("answer", "answered_on", "company_id", "due_on", "id", "kind", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "received_on", "said", "state") VALUES (NEW."answer", NEW."answered_on", NEW."company_id", NEW."due_on", NEW."id", NEW."kind", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."received_on", NEW."said", NEW."state"); RETURN NULL;',
                            hash="671105498f3460b38044efdda627736bfdef50f8",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_d7a1d",
                            table="backoffice_person_request",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="personrequest",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "backoffice_personrequestevent" ("answer", "answered_on", "company_id", "due_on", "id", "kind", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "received_on", "said", "state") VALUES (OLD."answer", OLD."answered_on", OLD."company_id", OLD."due_on", OLD."id", OLD."kind", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."received_on", OLD."said", OLD."state"); RETURN NULL;',
                            hash="1b1c19edaa694dcda8d22d4d4c3ea4cdf99808f6",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_7b937",
                            table="backoffice_person_request",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="personrequestevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="2bcbab8ed2a0a43cb2760d99ea88ae87d8089e68",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_a05cd",
                            table="backoffice_personrequestevent",
                            when="BEFORE",
                        ),
                    ),
                ),
            ]
        ),
        migrations.RunSQL(SQL.read_text(), migrations.RunSQL.noop),
    ]
