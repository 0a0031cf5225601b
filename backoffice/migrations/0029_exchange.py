"""Files that became records row by row, and views of lists; what this release lets roles do."""

from pathlib import Path
from typing import Any

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from backoffice.database.operations import CreateTogether
from backoffice.identity.reference import load_roles

SQL = Path(__file__).parent / "sql" / "exchange.sql"


def load(apps: Any, schema_editor: Any) -> None:  # noqa: ANN401  Django's signature
    """Give the standard roles what this release adds."""
    with schema_editor.connection.cursor() as cursor:
        load_roles(cursor)


class Migration(migrations.Migration):
    """Tables, the reference of rows to their import, roles."""

    dependencies = [("backoffice", "0028_letters")]
    operations = [
        CreateTogether(
            [
                migrations.CreateModel(
                    name="DataImport",
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
                        ("object_name", models.CharField(max_length=100, verbose_name="object")),
                        ("source", models.CharField(max_length=150, verbose_name="file")),
                        ("sha256", models.CharField(max_length=64)),
                        ("headings", models.JSONField(default=list)),
                        ("mapping", models.JSONField(default=dict)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("mapping", "Columns to be named"),
                                    ("checking", "Being checked"),
                                    ("checked", "Checked"),
                                    ("applying", "Being applied"),
                                    ("applied", "Applied"),
                                    ("undoing", "Being undone"),
                                    ("undone", "Undone"),
                                ],
                                default="mapping",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("created_at", models.DateTimeField(verbose_name="created at")),
                        ("applied_at", models.DateTimeField(null=True, verbose_name="applied at")),
                        ("undone_at", models.DateTimeField(null=True, verbose_name="undone at")),
                        ("job_id", models.BigIntegerField(null=True)),
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="imported by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "import",
                        "verbose_name_plural": "imports",
                        "db_table": "backoffice_data_import",
                    },
                ),
                migrations.CreateModel(
                    name="ImportMapping",
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
                        ("object_name", models.CharField(max_length=100, verbose_name="object")),
                        ("fields", models.JSONField(default=dict)),
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
                        "verbose_name": "columns of an object",
                        "verbose_name_plural": "columns of objects",
                        "db_table": "backoffice_import_mapping",
                    },
                ),
                migrations.CreateModel(
                    name="ImportRow",
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
                        ("line", models.PositiveIntegerField(verbose_name="line")),
                        ("key", models.CharField(blank=True, max_length=200)),
                        ("cells", models.JSONField()),
                        (
                            "verdict",
                            models.CharField(
                                choices=[
                                    ("waiting", "Not checked yet"),
                                    ("new", "New"),
                                    ("changed", "Changes"),
                                    ("same", "Unchanged"),
                                    ("wrong", "Wrong"),
                                    ("skipped", "Skipped"),
                                ],
                                default="waiting",
                                max_length=8,
                                verbose_name="result",
                            ),
                        ),
                        ("errors", models.JSONField(default=dict)),
                        ("before", models.JSONField(default=dict)),
                        ("after", models.JSONField(default=dict)),
                        ("record_id", models.BigIntegerField(null=True)),
                        ("last_event_id", models.BigIntegerField(null=True)),
                        ("applied_at", models.DateTimeField(null=True)),
                        ("undone_at", models.DateTimeField(null=True)),
                        (
                            "kept_because",
                            models.CharField(
                                blank=True, max_length=300, verbose_name="not undone because"
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
                            "data_import",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="rows",
                                to="backoffice.dataimport",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "row of an import",
                        "verbose_name_plural": "rows of an import",
                        "db_table": "backoffice_import_row",
                    },
                ),
                migrations.CreateModel(
                    name="SavedView",
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
                        ("object_name", models.CharField(max_length=100, verbose_name="list")),
                        ("name", models.CharField(max_length=60, verbose_name="name")),
                        ("query", models.TextField(blank=True, verbose_name="search and filters")),
                        (
                            "sharing",
                            models.CharField(
                                choices=[
                                    ("mine", "Only me"),
                                    ("roles", "Some roles"),
                                    ("all", "Everybody"),
                                ],
                                default="mine",
                                max_length=5,
                                verbose_name="for whom",
                            ),
                        ),
                        (
                            "role_ids",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(),
                                blank=True,
                                default=list,
                                size=None,
                            ),
                        ),
                        (
                            "is_default",
                            models.BooleanField(default=False, verbose_name="opens the list"),
                        ),
                        ("created_at", models.DateTimeField(verbose_name="created at")),
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
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="kept by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "view of a list",
                        "verbose_name_plural": "views of lists",
                        "db_table": "backoffice_saved_view",
                    },
                ),
                migrations.AddIndex(
                    model_name="dataimport",
                    index=models.Index(fields=["company", "-id"], name="data_import_newest"),
                ),
                migrations.AddConstraint(
                    model_name="dataimport",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "mapping",
                                    "checking",
                                    "checked",
                                    "applying",
                                    "applied",
                                    "undoing",
                                    "undone",
                                ],
                            )
                        ),
                        name="data_import_state_known",
                        violation_error_message="An import does not have this state.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="dataimport",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "undone"), _negated=True),
                            ("undone_at__isnull", False),
                            _connector="OR",
                        ),
                        name="data_import_undone_has_its_time",
                        violation_error_message="An import that was undone says when.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="importmapping",
                    constraint=models.UniqueConstraint(
                        fields=("company", "object_name"),
                        name="import_mapping_once",
                        violation_error_message="The columns of this object are known already.",
                    ),
                ),
                migrations.AddIndex(
                    model_name="importrow",
                    index=models.Index(
                        fields=["data_import", "verdict", "line"], name="import_row_verdict"
                    ),
                ),
                migrations.AddIndex(
                    model_name="importrow",
                    index=models.Index(fields=["data_import", "key"], name="import_row_key"),
                ),
                migrations.AddConstraint(
                    model_name="importrow",
                    constraint=models.UniqueConstraint(
                        fields=("data_import", "line"),
                        name="import_row_line_once",
                        violation_error_message="The import has this line already.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="importrow",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "verdict__in",
                                ["waiting", "new", "changed", "same", "wrong", "skipped"],
                            )
                        ),
                        name="import_row_verdict_known",
                        violation_error_message="A row does not end this way.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="importrow",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("applied_at__isnull", True),
                            ("verdict__in", ["new", "changed", "same"]),
                            _connector="OR",
                        ),
                        name="import_row_applied_was_right",
                        violation_error_message="Only a row without errors is applied.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="savedview",
                    constraint=models.UniqueConstraint(
                        fields=("company", "object_name", "owner", "name"),
                        name="saved_view_name_once",
                        violation_error_message="You have a view with this name on this list already.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="savedview",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("is_default", True), ("sharing", "mine")),
                        fields=("company", "object_name", "owner"),
                        name="saved_view_one_own_default",
                        violation_error_message="Another view of yours opens this list already.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="savedview",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(
                            ("is_default", True), models.Q(("sharing", "mine"), _negated=True)
                        ),
                        fields=("company", "object_name"),
                        name="saved_view_one_shared_default",
                        violation_error_message="Another shared view opens this list already.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="savedview",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("sharing__in", ["mine", "roles", "all"])),
                        name="saved_view_sharing_known",
                        violation_error_message="A view is not shared this way.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="savedview",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("sharing", "roles"), ("role_ids", []), _connector="XOR"
                        ),
                        name="saved_view_roles_iff_for_roles",
                        violation_error_message="Choose the roles that see the view.",
                    ),
                ),
            ]
        ),
        migrations.RunSQL(SQL.read_text(), migrations.RunSQL.noop),
        migrations.RunPython(load, migrations.RunPython.noop),
    ]
