"""What can be found, what changed since, and what each person opened or marked."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from backoffice.organization.models import CompanyOwned


class SearchEntry(CompanyOwned):
    """One row is one record as the search of one company finds it; made from the record, never edited.

    ``person_id`` is the party whom the record is about: the key by which own, team and branch scopes
    are decided. ``keys`` holds values that only some may look for, such as a CPF: whole, and each
    under the name of its object and field.
    """

    kind = models.CharField(max_length=80)
    record_id = models.BigIntegerField()
    person_id = models.BigIntegerField(null=True)
    title = models.TextField()
    hint = models.TextField()
    text = models.TextField()
    vector = SearchVectorField()
    keys = ArrayField(models.TextField(), default=list)

    class Meta:
        db_table = "backoffice_search_entry"
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "kind", "record_id"], name="search_entry_once"
            )
        ]
        indexes: ClassVar = [
            GinIndex(fields=["vector"], name="search_entry_vector"),
            GinIndex(OpClass(F("text"), name="gin_trgm_ops"), name="search_entry_trigrams"),
            GinIndex(fields=["keys"], name="search_entry_keys"),
            models.Index(fields=["kind", "record_id"], name="search_entry_record"),
        ]

    @override
    def __str__(self) -> str:
        return self.title


class SearchMark(models.Model):
    """One row is one row of some table that changed and whose entries are to be made anew.

    Written by triggers in the transaction of the change; removed with the new entries.
    """

    source = models.CharField(max_length=130)
    row_id = models.BigIntegerField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "backoffice_search_mark"
        verbose_name = _("search mark")
        verbose_name_plural = _("search marks")

    @override
    def __str__(self) -> str:
        return f"{self.source} {self.row_id}"


class RecentRecord(CompanyOwned):
    """One row is one record that a person opened, and when they did so last."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=80)
    record_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        db_table = "backoffice_recent_record"
        verbose_name = _("recent record")
        verbose_name_plural = _("recent records")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "user", "kind", "record_id"], name="recent_record_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["user", "company", "-at"], name="recent_record_newest")
        ]

    @override
    def __str__(self) -> str:
        return f"{self.kind} {self.record_id}"


class Favourite(CompanyOwned):
    """One row is one list or record that a person keeps at the top of their menu, in their order."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=80)
    record_id = models.BigIntegerField(null=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        db_table = "backoffice_favourite"
        verbose_name = _("favourite")
        verbose_name_plural = _("favourites")
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "user", "kind", "record_id"],
                nulls_distinct=False,
                name="favourite_once",
            ),
            models.CheckConstraint(
                condition=Q(position__lt=100), name="favourite_has_a_place_below_100"
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.kind} {self.record_id or ''}".strip()
