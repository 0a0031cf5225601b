"""What is said about records, and who watches them."""

from pathlib import Path
from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from backoffice.database.operations import CreateTogether

SQL = Path(__file__).parent / "sql" / "comments.sql"


class Migration(migrations.Migration):
    """Tables and their guards."""

    dependencies: ClassVar = [
        ("backoffice", "0024_links"),
    ]

    operations: ClassVar = [
        CreateTogether(
            [
                migrations.CreateModel(
                    name="Comment",
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
                            "record_type",
                            models.CharField(max_length=80, verbose_name="kind of record"),
                        ),
                        ("record_id", models.BigIntegerField()),
                        (
                            "text",
                            models.CharField(blank=True, max_length=10000, verbose_name="text"),
                        ),
                        ("at", models.DateTimeField(verbose_name="when")),
                        ("edited_at", models.DateTimeField(null=True, verbose_name="edited")),
                        ("deleted_at", models.DateTimeField(null=True, verbose_name="deleted")),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="author",
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
                        "verbose_name": "comment",
                        "verbose_name_plural": "comments",
                        "db_table": "backoffice_comment",
                    },
                ),
                migrations.CreateModel(
                    name="CommentVersion",
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
                        ("number", models.PositiveIntegerField()),
                        ("text", models.CharField(max_length=10000, verbose_name="text")),
                        ("until", models.DateTimeField(verbose_name="until")),
                        (
                            "comment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="versions",
                                to="backoffice.comment",
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
                        "verbose_name": "earlier text of a comment",
                        "verbose_name_plural": "earlier texts of comments",
                        "db_table": "backoffice_comment_version",
                    },
                ),
                migrations.CreateModel(
                    name="Mention",
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
                        ("label", models.CharField(max_length=200)),
                        (
                            "comment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="mentions",
                                to="backoffice.comment",
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
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "mention",
                        "verbose_name_plural": "mentions",
                        "db_table": "backoffice_mention",
                    },
                ),
                migrations.CreateModel(
                    name="Watch",
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
                        ("record_type", models.CharField(max_length=80)),
                        ("record_id", models.BigIntegerField()),
                        (
                            "level",
                            models.CharField(
                                choices=[("watching", "Watching"), ("muted", "Muted")],
                                max_length=10,
                            ),
                        ),
                        ("since", models.DateTimeField()),
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
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "watched record",
                        "verbose_name_plural": "watched records",
                        "db_table": "backoffice_watch",
                    },
                ),
                migrations.AddIndex(
                    model_name="comment",
                    index=models.Index(
                        fields=["company", "record_type", "record_id", "id"], name="comment_of"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="comment",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("deleted_at__isnull", True), models.Q(("text", ""), _negated=True)
                            ),
                            models.Q(("deleted_at__isnull", False), ("text", "")),
                            _connector="OR",
                        ),
                        name="comment_has_words_until_deleted",
                        violation_error_message="Write something.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="commentversion",
                    constraint=models.UniqueConstraint(
                        fields=("company", "comment", "number"),
                        name="comment_version_once",
                        violation_error_message="The comment already has this version.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="mention",
                    constraint=models.UniqueConstraint(
                        fields=("company", "comment", "user"),
                        name="mention_once",
                        violation_error_message="A comment names a person once.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="watch",
                    constraint=models.UniqueConstraint(
                        fields=("company", "record_type", "record_id", "user"),
                        name="watch_once",
                        violation_error_message="A person watches a record once.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="watch",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("level__in", ["watching", "muted"])),
                        name="watch_level_known",
                        violation_error_message="A record is watched or muted.",
                    ),
                ),
            ]
        ),
        migrations.RunSQL(SQL.read_text()),
    ]
