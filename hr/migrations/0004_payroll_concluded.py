"""The reporting phase of the payroll: a closed run is concluded once everybody was paid."""

from pathlib import Path
from typing import ClassVar

from django.db import migrations, models

GUARD = Path(__file__).parent / "sql" / "payroll_concluded.sql"


class Migration(migrations.Migration):
    """One more state, and the guard that lets a closed run come to it."""

    dependencies: ClassVar = [("hr", "0003_reference"), ("backoffice", "0002_guards")]
    operations: ClassVar = [
        migrations.AlterField(
            model_name="payrollrun",
            name="state",
            field=models.CharField(
                choices=[
                    ("open", "Open"),
                    ("computing", "Computing"),
                    ("computed", "Computed"),
                    ("submitted", "Waiting for approval"),
                    ("approved", "Approved"),
                    ("closed", "Closed"),
                    ("reported", "Concluded"),
                ],
                default="open",
                max_length=12,
                verbose_name="state",
            ),
        ),
        migrations.RunSQL(GUARD.read_text(), migrations.RunSQL.noop),
    ]
