"""Contracts on trial; the roles that agree on them."""

from pathlib import Path
from typing import Any, ClassVar

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from backoffice.identity.reference import load_roles

SQL = Path(__file__).parent / "sql" / "trials.sql"


def load(apps: Any, schema_editor: Any) -> None:  # noqa: ANN401  Django's signature
    """Give the standard roles what this release adds."""
    with schema_editor.connection.cursor() as cursor:
        load_roles(cursor)


class Migration(migrations.Migration):
    """New fields of contracts."""

    dependencies: ClassVar = [
        ("hr", "0009_number_payrolls"),
    ]

    operations: ClassVar = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="employmentcontract",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="employmentcontract",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="employmentcontract",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="employmentcontract",
            name="trial_extended_until",
            field=models.DateField(blank=True, null=True, verbose_name="trial extended until"),
        ),
        migrations.AddField(
            model_name="employmentcontract",
            name="trial_until",
            field=models.DateField(blank=True, null=True, verbose_name="trial until"),
        ),
        migrations.AddField(
            model_name="employmentcontractevent",
            name="trial_extended_until",
            field=models.DateField(blank=True, null=True, verbose_name="trial extended until"),
        ),
        migrations.AddField(
            model_name="employmentcontractevent",
            name="trial_until",
            field=models.DateField(blank=True, null=True, verbose_name="trial until"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="employmentcontract",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "hr_employmentcontractevent" ("admitted_on", "category", "company_id", "employee_id", "ended_on", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "registration", "trial_extended_until", "trial_until") VALUES (NEW."admitted_on", NEW."category", NEW."company_id", NEW."employee_id", NEW."ended_on", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."registration", NEW."trial_extended_until", NEW."trial_until"); RETURN NULL;',
                    hash="da7979417b7d492313326b60e1dc1e0fa2f4bb7e",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_9c1eb",
                    table="hr_employment_contract",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="employmentcontract",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "hr_employmentcontractevent" ("admitted_on", "category", "company_id", "employee_id", "ended_on", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "registration", "trial_extended_until", "trial_until") VALUES (NEW."admitted_on", NEW."category", NEW."company_id", NEW."employee_id", NEW."ended_on", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."registration", NEW."trial_extended_until", NEW."trial_until"); RETURN NULL;',
                    hash="daac0a4a82156be9d3abc26e47a131f30f9b6a21",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_5e997",
                    table="hr_employment_contract",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="employmentcontract",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "hr_employmentcontractevent" ("admitted_on", "category", "company_id", "employee_id", "ended_on", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "registration", "trial_extended_until", "trial_until") VALUES (OLD."admitted_on", OLD."category", OLD."company_id", OLD."employee_id", OLD."ended_on", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."registration", OLD."trial_extended_until", OLD."trial_until"); RETURN NULL;',
                    hash="5720944507ef43853527f239e56726b8c21c7e25",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_9f73b",
                    table="hr_employment_contract",
                    when="AFTER",
                ),
            ),
        ),
        migrations.RunSQL(SQL.read_text(), migrations.RunSQL.noop),
        migrations.RunPython(load, migrations.RunPython.noop),
    ]
