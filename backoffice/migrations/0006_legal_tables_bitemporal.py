"""Legal tables: when each was verified, who confirmed it when, and the rules of duties."""

from pathlib import Path
from typing import Any

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models
from django.utils.module_loading import import_string

FOLDER = Path(__file__).parent / "sql"
LOADERS = (
    "backoffice.identity.reference.load_roles",
    "backoffice.law.reference.load_tables",
)


def load(apps: Any, schema_editor: Any) -> None:  # noqa: ANN401  Django's signature
    """Roles got new rights, and duties came to the tables."""
    with schema_editor.connection.cursor() as cursor:
        for path in LOADERS:
            import_string(path)(cursor)


class Migration(migrations.Migration):
    dependencies = [
        ("backoffice", "0005_time_zone"),
    ]

    operations = [
        migrations.CreateModel(
            name="LegalTableConfirmation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("before", models.DateField(verbose_name="confirmed before")),
                ("through", models.DateField(verbose_name="confirmed through")),
                ("source", models.CharField(max_length=300, verbose_name="source")),
                ("by_id", models.BigIntegerField(null=True, verbose_name="confirmed by")),
                ("at", models.DateTimeField(verbose_name="when")),
            ],
            options={
                "verbose_name": "confirmation of a legal table",
                "verbose_name_plural": "confirmations of legal tables",
                "db_table": "backoffice_legal_table_confirmation",
                "ordering": ["id"],
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="legaltable",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="legaltable",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="legaltable",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="legaltable",
            name="verified_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="verified at"),
        ),
        migrations.AddField(
            model_name="legaltableevent",
            name="verified_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="verified at"),
        ),
        migrations.RunSQL(
            """
            UPDATE backoffice_legal_table
            SET verified_at = verified_on::timestamp AT TIME ZONE 'America/Sao_Paulo'
            WHERE verified_on IS NOT NULL AND entered_by_id IS NOT NULL
            """,
            migrations.RunSQL.noop,
        ),
        migrations.AlterField(
            model_name="legaltable",
            name="kind",
            field=models.CharField(max_length=40, verbose_name="table"),
        ),
        migrations.AlterField(
            model_name="legaltableevent",
            name="kind",
            field=models.CharField(max_length=40, verbose_name="table"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="legaltable",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "backoffice_legaltableevent" ("act", "certainty", "confirmed_through", "corrects_id", "entered_by_id", "id", "kind", "known_from", "payload", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "replaced_on", "source", "valid_from", "valid_to", "verified_at", "verified_by", "verified_by_id", "verified_on") VALUES (NEW."act", NEW."certainty", NEW."confirmed_through", NEW."corrects_id", NEW."entered_by_id", NEW."id", NEW."kind", NEW."known_from", NEW."payload", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."replaced_on", NEW."source", NEW."valid_from", NEW."valid_to", NEW."verified_at", NEW."verified_by", NEW."verified_by_id", NEW."verified_on"); RETURN NULL;',
                    hash="8bd6169ddf9202d9d701f9062ba382570a49fc6d",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_ceefc",
                    table="backoffice_legal_table",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="legaltable",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "backoffice_legaltableevent" ("act", "certainty", "confirmed_through", "corrects_id", "entered_by_id", "id", "kind", "known_from", "payload", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "replaced_on", "source", "valid_from", "valid_to", "verified_at", "verified_by", "verified_by_id", "verified_on") VALUES (NEW."act", NEW."certainty", NEW."confirmed_through", NEW."corrects_id", NEW."entered_by_id", NEW."id", NEW."kind", NEW."known_from", NEW."payload", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."replaced_on", NEW."source", NEW."valid_from", NEW."valid_to", NEW."verified_at", NEW."verified_by", NEW."verified_by_id", NEW."verified_on"); RETURN NULL;',
                    hash="ad036067450a7a911740502c1ae52dbd824fa8ac",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_42872",
                    table="backoffice_legal_table",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="legaltable",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "backoffice_legaltableevent" ("act", "certainty", "confirmed_through", "corrects_id", "entered_by_id", "id", "kind", "known_from", "payload", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "replaced_on", "source", "valid_from", "valid_to", "verified_at", "verified_by", "verified_by_id", "verified_on") VALUES (OLD."act", OLD."certainty", OLD."confirmed_through", OLD."corrects_id", OLD."entered_by_id", OLD."id", OLD."kind", OLD."known_from", OLD."payload", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."replaced_on", OLD."source", OLD."valid_from", OLD."valid_to", OLD."verified_at", OLD."verified_by", OLD."verified_by_id", OLD."verified_on"); RETURN NULL;',
                    hash="2c344b11585c6259e13b4e4554ae3f656ec16b78",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_c4419",
                    table="backoffice_legal_table",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="legaltable",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("verified_on__isnull", True),
                    ("entered_by_id__isnull", True),
                    models.Q(("verified_at__isnull", False), ("verified_by_id__isnull", False)),
                    _connector="OR",
                ),
                name="legal_table_verifier_known",
                violation_error_message="What a person entered, another known person verifies.",
            ),
        ),
        migrations.AddField(
            model_name="legaltableconfirmation",
            name="table",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="confirmations",
                to="backoffice.legaltable",
            ),
        ),
        migrations.AddConstraint(
            model_name="legaltableconfirmation",
            constraint=models.UniqueConstraint(
                fields=("table", "before"),
                name="legal_table_confirmed_from_once",
                violation_error_message="This table is confirmed through that day already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="legaltableconfirmation",
            constraint=models.CheckConstraint(
                condition=models.Q(("through__gt", models.F("before"))),
                name="legal_table_confirmed_for_longer",
                violation_error_message="Choose a later day.",
            ),
        ),
        migrations.RunSQL((FOLDER / "law_confirmations.sql").read_text(), migrations.RunSQL.noop),
        migrations.RunPython(load, migrations.RunPython.noop),
    ]
