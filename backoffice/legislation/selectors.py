"""Named reads for the pages of the law."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import gettext as _

from backoffice.identity.models import User
from backoffice.identity.rules import Access
from backoffice.identity.selectors import grants_on
from backoffice.law.models import KIND_TITLES, LegalTable, LegalTableConfirmation
from backoffice.law.rules import (
    Absence,
    ChosenBy,
    MissingTable,
    after_confirming,
    after_verifying,
    find_missing,
    kinds_chosen_by,
)
from backoffice.law.selectors import versions_at
from backoffice.legislation.registry import Proposal
from backoffice.periods.rules import month_end

VIEW = "backoffice.legal_table.view"
CONFIRM = "backoffice.legal_table.confirm"


def _name_of(field: str) -> Subquery:
    return Subquery(User.objects.filter(pk=OuterRef(field)).values("name")[:1])


def visible_tables(access: Access) -> QuerySet[LegalTable]:
    """All versions of all tables, for who may see them: the law is the same for every company."""
    rows = LegalTable.objects.all() if access.can(VIEW) else LegalTable.objects.none()
    titles = [When(kind=code, then=Value(str(title))) for code, title in KIND_TITLES.items()]
    ended = Q(valid_to__lt=access.on)
    return rows.annotate(
        kind_title=Case(
            *titles, default=KeyTextTransform("name", "payload"), output_field=CharField()
        ),
        state=Case(
            When(verified_on__isnull=True, then=Value("draft")),
            When(replaced_on__isnull=False, then=Value("replaced")),
            When(ended, then=Value("ended")),
            default=Value("current"),
        ),
        entered_by_name=_name_of("entered_by_id"),
    ).order_by("kind", "-valid_from", "-pk")


def versions_of(row: LegalTable, access: Access) -> QuerySet[LegalTable]:
    """Every version of the table of a row, newest first."""
    return visible_tables(access).filter(kind=row.kind)


def confirmations_of(row: LegalTable, _access: Access) -> QuerySet[LegalTableConfirmation]:
    """Who looked when that a table still holds, newest first."""
    rows = LegalTableConfirmation.objects.filter(table=row).order_by("-pk")
    return rows.annotate(by_name=_name_of("by_id"))


def present_values(access: Access, row: LegalTable | None) -> Mapping[str, Any]:
    """What a draft holds, to begin its change with; the day of today for a new one."""
    if row is None:
        return {"known_from": access.on}
    names = ("act", "source", "certainty", "known_from", "valid_to", "confirmed_through", "payload")
    return {name: getattr(row, name) for name in names}


def newest_values(access: Access, kind: str) -> dict[str, Any]:
    """What a new version begins with: the figures of the newest one, to be written over."""
    newest = visible_tables(access).filter(kind=kind).first()
    payload = {} if newest is None else newest.payload
    return {"known_from": access.on, "payload": payload}


def correction_values(access: Access, row: LegalTable | None) -> Mapping[str, Any]:
    """What a correction begins with: the figures that it corrects, known from today."""
    return {**present_values(access, row), "known_from": access.on}


def through_values(access: Access, row: LegalTable | None) -> Mapping[str, Any]:
    """Through which day a confirmation is proposed: the end of the month after the last one."""
    before = row.confirmed_through if row is not None and row.confirmed_through else access.on
    return {"through": month_end(max(before, access.on) + dt.timedelta(days=1))}


def why_not_verify(row: LegalTable, access: Access) -> str | None:
    """Why this person cannot verify a draft."""
    if row.entered_by_id is not None and row.entered_by_id == access.user_id:
        return _("Who entered a table cannot verify it.")
    return None


def why_not_confirm(row: LegalTable, _access: Access) -> str | None:
    """Why a table cannot be confirmed for longer."""
    if row.confirmed_through is None:
        return _("No act renews these figures: nothing has to be confirmed.")
    if row.valid_to is not None and row.confirmed_through >= row.valid_to:
        return _("It is confirmed through its end.")
    return None


def why_not_correct(row: LegalTable, _access: Access) -> str | None:
    """Why a table cannot be corrected."""
    if LegalTable.objects.filter(corrects=row).exists():
        return _("A correction of this table waits already.")
    return None


# --- changes that are only thought of -------------------------------------------------------------


def verifying(row: LegalTable) -> Proposal:
    """A draft as if it were verified now."""
    before = versions_at()
    return Proposal(before, after_verifying(before, row.as_version()))


def confirming(ids: Collection[int], through: dt.date) -> Proposal:
    """Tables as if they were confirmed through a later day."""
    before = versions_at()
    return Proposal(before, after_confirming(before, ids, through))


# --- what is missing ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Gap:
    """A table that is missing for a day, with the version that could be confirmed for it."""

    missing: MissingTable
    title: str
    row: LegalTable | None
    draft: LegalTable | None


def gaps(access: Access, competence: dt.date, paid_on: dt.date) -> list[Gap]:
    """The tables that lack for a month that is paid on a day; the drafts that wait for them too."""
    versions = versions_at()
    missing = [
        *find_missing(versions, kinds_chosen_by(ChosenBy.COMPETENCE), competence),
        *find_missing(versions, kinds_chosen_by(ChosenBy.PAYMENT), paid_on),
    ]
    rows = visible_tables(access).filter(kind__in=[each.kind for each in missing])
    return [_gap(each, list(rows)) for each in missing]


def _gap(missing: MissingTable, rows: list[Any]) -> Gap:
    covering = [
        row for row in rows if row.kind == missing.kind and row.as_version().is_valid_on(missing.on)
    ]
    held = (row for row in covering if row.state == "current")
    row = next(held, None) if missing.absence is Absence.NOT_CONFIRMED else None
    draft = next((each for each in covering if each.state == "draft"), None)
    return Gap(missing, str(KIND_TITLES[missing.kind]), row, draft)


def people_who_may(access: Access, permission: str) -> list[str]:
    """Names of the people of the company who hold a permission, to be asked."""
    holders = grants_on(access.on).filter(
        company_id=access.company_id, role__permissions__contains=[permission]
    )
    people = User.objects.filter(Exists(holders.filter(user_id=OuterRef("pk"))))
    return list(people.order_by("name").values_list("name", flat=True))
