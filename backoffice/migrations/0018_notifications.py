"""What people are told, and the mails that carry it."""

from pathlib import Path
from typing import ClassVar

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from backoffice.database.operations import CreateTogether

SQL = Path(__file__).parent / "sql" / "notifications.sql"


class Migration(migrations.Migration):
    """Tables and their guards."""

    dependencies: ClassVar = [
        ("backoffice", "0017_schedules"),
    ]

    operations: ClassVar = [
        CreateTogether(
            [
                migrations.CreateModel(
                    name="Mail",
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
                        ("key", models.CharField(max_length=200, unique=True)),
                        (
                            "message_id",
                            models.CharField(
                                max_length=200, unique=True, verbose_name="Message-ID"
                            ),
                        ),
                        ("recipient", models.EmailField(max_length=254, verbose_name="to")),
                        ("subject", models.CharField(max_length=200, verbose_name="subject")),
                        ("body", models.TextField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("pending", "Waiting"),
                                    ("sending", "Being sent"),
                                    ("sent", "Sent"),
                                    ("uncertain", "Uncertain"),
                                    ("failed", "Failed"),
                                    ("dropped", "Dropped"),
                                ],
                                default="pending",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "attempts",
                            models.PositiveSmallIntegerField(default=0, verbose_name="attempts"),
                        ),
                        ("due_at", models.DateTimeField(verbose_name="due")),
                        ("sending_since", models.DateTimeField(null=True)),
                        ("ended_at", models.DateTimeField(null=True, verbose_name="ended")),
                        ("error", models.TextField(blank=True, verbose_name="what happened")),
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
                    ],
                    options={
                        "verbose_name": "mail",
                        "verbose_name_plural": "mails",
                        "db_table": "backoffice_mail",
                    },
                ),
                migrations.CreateModel(
                    name="Notification",
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
                        ("kind", models.CharField(max_length=60)),
                        ("event_id", models.BigIntegerField()),
                        ("text", models.CharField(max_length=300, verbose_name="text")),
                        ("url", models.CharField(max_length=300)),
                        ("at", models.DateTimeField(verbose_name="when")),
                        ("read_at", models.DateTimeField(null=True, verbose_name="read")),
                        ("digest", models.BooleanField(default=False)),
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
                            "mail",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="notifications",
                                to="backoffice.mail",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="notifications",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "notification",
                        "verbose_name_plural": "notifications",
                        "db_table": "backoffice_notification",
                    },
                ),
                migrations.CreateModel(
                    name="NotificationChoice",
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
                        ("kind", models.CharField(max_length=60)),
                        (
                            "delivery",
                            models.CharField(
                                choices=[
                                    ("now", "By e-mail at once"),
                                    ("digest", "In the daily digest"),
                                    ("inbox", "Only in the inbox"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="notification_choices",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "choice of notification",
                        "verbose_name_plural": "choices of notification",
                        "db_table": "backoffice_notification_choice",
                    },
                ),
                migrations.CreateModel(
                    name="NotificationHours",
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
                            "quiet_from",
                            models.TimeField(blank=True, null=True, verbose_name="quiet from"),
                        ),
                        (
                            "quiet_to",
                            models.TimeField(blank=True, null=True, verbose_name="quiet until"),
                        ),
                        (
                            "digest_hour",
                            models.PositiveSmallIntegerField(
                                default=8,
                                validators=[django.core.validators.MaxValueValidator(23)],
                                verbose_name="hour of the digest",
                            ),
                        ),
                        (
                            "user",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="notification_hours",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "hours of notification",
                        "verbose_name_plural": "hours of notification",
                        "db_table": "backoffice_notification_hours",
                    },
                ),
                migrations.AddIndex(
                    model_name="mail",
                    index=models.Index(
                        condition=models.Q(("state", "pending")), fields=["due_at"], name="mail_due"
                    ),
                ),
                migrations.AddIndex(
                    model_name="mail",
                    index=models.Index(fields=["company", "-id"], name="mail_of_company"),
                ),
                migrations.AddConstraint(
                    model_name="mail",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["pending", "sending", "sent", "uncertain", "failed", "dropped"],
                            )
                        ),
                        name="mail_state_known",
                        violation_error_message="A mail does not have this state.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="mail",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["sending", "uncertain"]), _negated=True),
                            ("sending_since__isnull", False),
                            _connector="OR",
                        ),
                        name="mail_sending_since",
                        violation_error_message="A mail that is being sent says since when.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="mail",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["uncertain", "failed"]), _negated=True),
                            models.Q(("error", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="mail_says_why",
                        violation_error_message="A mail that did not surely arrive says why.",
                    ),
                ),
                migrations.AddIndex(
                    model_name="notification",
                    index=models.Index(
                        fields=["user", "company", "-id"], name="notification_of_person"
                    ),
                ),
                migrations.AddIndex(
                    model_name="notification",
                    index=models.Index(
                        condition=models.Q(("digest", True), ("mail__isnull", True)),
                        fields=["user"],
                        name="notification_to_digest",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="notification",
                    constraint=models.UniqueConstraint(
                        fields=("user", "kind", "event_id"),
                        name="notification_once",
                        violation_error_message="A person is told of an event once.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="notificationchoice",
                    constraint=models.UniqueConstraint(
                        fields=("user", "kind"),
                        name="notification_choice_once",
                        violation_error_message="There is one choice for each kind.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="notificationchoice",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("delivery__in", ["now", "digest", "inbox"])),
                        name="notification_choice_known",
                        violation_error_message="There is no such way of delivery.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="notificationhours",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("digest_hour__lte", 23)),
                        name="notification_hours_digest",
                        violation_error_message="The hour of the digest is from 0 to 23.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="notificationhours",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("quiet_from__isnull", True), ("quiet_to__isnull", True)),
                            models.Q(("quiet_from__isnull", False), ("quiet_to__isnull", False)),
                            _connector="OR",
                        ),
                        name="notification_hours_both",
                        violation_error_message="Quiet hours have a beginning and an end.",
                    ),
                ),
            ]
        ),
        migrations.RunSQL(SQL.read_text(), migrations.RunSQL.noop),
    ]
