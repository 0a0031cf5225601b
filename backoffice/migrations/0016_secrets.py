"""Sealed secrets and the certificates of companies."""

from pathlib import Path
from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from backoffice.database.operations import CreateTogether

SQL = Path(__file__).parent / "sql" / "secrets.sql"


class Migration(migrations.Migration):
    """Tables and their guards."""

    dependencies: ClassVar = [
        ("backoffice", "0015_official_lists_data"),
    ]

    operations: ClassVar = [
        CreateTogether(
            [
                migrations.CreateModel(
                    name="Secret",
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
                        ("name", models.CharField(max_length=120)),
                        ("key_id", models.CharField(max_length=12)),
                        ("sealed", models.BinaryField()),
                        ("sealed_at", models.DateTimeField()),
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
                        "verbose_name": "secret",
                        "verbose_name_plural": "secrets",
                        "db_table": "backoffice_secret",
                    },
                ),
                migrations.CreateModel(
                    name="Certificate",
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
                        ("subject", models.CharField(max_length=200, verbose_name="holder")),
                        ("cnpj", models.CharField(max_length=14, verbose_name="CNPJ")),
                        ("issuer", models.CharField(max_length=200, verbose_name="issuer")),
                        ("serial", models.CharField(max_length=64, verbose_name="serial number")),
                        (
                            "fingerprint",
                            models.CharField(max_length=64, verbose_name="fingerprint"),
                        ),
                        ("valid_from", models.DateTimeField(verbose_name="valid from")),
                        ("valid_to", models.DateTimeField(verbose_name="valid to")),
                        ("installed_at", models.DateTimeField(verbose_name="installed")),
                        ("removed_at", models.DateTimeField(null=True, verbose_name="removed")),
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
                            "installed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="installed by",
                            ),
                        ),
                        (
                            "secret",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="certificate",
                                to="backoffice.secret",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "certificate",
                        "verbose_name_plural": "certificates",
                        "db_table": "backoffice_certificate",
                    },
                ),
                migrations.AddConstraint(
                    model_name="secret",
                    constraint=models.UniqueConstraint(
                        fields=("company", "name"),
                        name="secret_once",
                        violation_error_message="There is a secret of this name.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="certificate",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("removed_at__isnull", True)),
                        fields=("company", "fingerprint"),
                        name="certificate_once",
                        violation_error_message="This certificate is already here.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="certificate",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("valid_to__gt", models.F("valid_from"))),
                        name="certificate_validity",
                        violation_error_message="A certificate ends after it begins.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="certificate",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("removed_at__isnull", True), ("secret__isnull", False)),
                            models.Q(("removed_at__isnull", False), ("secret__isnull", True)),
                            _connector="OR",
                        ),
                        name="certificate_has_its_key",
                        violation_error_message="A certificate has its key until it is removed.",
                    ),
                ),
            ]
        ),
        migrations.RunSQL(SQL.read_text(), migrations.RunSQL.noop),
    ]
