"""Sealed blocks of events count transactions by server, so that a restored dump goes on sealing."""

from pathlib import Path
from typing import ClassVar

from django.db import migrations, models
from django.db.migrations.operations.base import Operation

SQL = Path(__file__).parent / "sql" / "audit_epochs.sql"


class Migration(migrations.Migration):
    """The epochs of the log."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("backoffice", "0003_reference")]
    operations: ClassVar[list[Operation]] = [
        migrations.CreateModel(
            name="EventEpoch",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("system_identifier", models.BigIntegerField(unique=True)),
                ("began_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "epoch of the log of events",
                "verbose_name_plural": "epochs of the log of events",
                "db_table": "backoffice_event_epoch",
            },
        ),
        migrations.RemoveConstraint(
            model_name="eventblock",
            name="event_block_starts_once",
        ),
        migrations.AddField(
            model_name="eventblock",
            name="epoch",
            field=models.IntegerField(default=1),
        ),
        migrations.AddConstraint(
            model_name="eventblock",
            constraint=models.UniqueConstraint(
                fields=("epoch", "first_xid"), name="event_block_starts_once"
            ),
        ),
        migrations.RunSQL(SQL.read_text(), migrations.RunSQL.noop),
    ]
