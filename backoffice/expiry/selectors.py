"""Named reads: what ends when, for one person or for the alarms of a company."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    BigIntegerField,
    CharField,
    DateField,
    F,
    Max,
    Q,
    QuerySet,
    Value,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast

from backoffice.expiry.models import ExpiryAlarm, ExpiryMark
from backoffice.expiry.registry import EXPIRIES, Expiry
from backoffice.expiry.rules import Group, group_of
from backoffice.identity.models import User
from backoffice.identity.rules import Access

LIMIT = 500
"""So many lines at most on the radar; more are reached by narrowing it."""

Key = tuple[str, int, dt.date]


@dataclass(frozen=True, slots=True)
class Ending:
    """One thing that ends: its kind, key, last day, name, and the account that answers for it.

    ``opens`` is the key of the record whose pages are linked, mostly its own.
    """

    kind: Expiry
    pk: int
    ends_on: dt.date
    title: str
    responsible_id: int | None
    opens: int

    @property
    def url(self) -> str:
        """Address of its page."""
        return self.kind.url(self.opens)

    @property
    def key(self) -> Key:
        """What a mark or an alarm is kept under."""
        return (self.kind.name, self.pk, self.ends_on)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the radar for one person.

    Attributes:
        ending: What ends.
        days: Until then; less than zero once it is past.
        group: How soon.
        responsible: Name of who answers for it.
        mark: What people said to it.
        noted: Whether somebody took note since the last warning.
        asleep: Whether it sleeps today.
        may_mark: Whether this person may take note of it or let it sleep.
        renew_url: Where it is renewed, if this person may.
    """

    ending: Ending
    days: int
    group: Group
    responsible: str
    mark: ExpiryMark | None
    noted: bool
    asleep: bool
    may_mark: bool
    renew_url: str

    @property
    def past(self) -> int:
        """Days since the last one."""
        return -self.days


@dataclass(frozen=True, kw_only=True, slots=True)
class Narrowing:
    """What the radar is narrowed by; empty for everything."""

    kind: str = ""
    area: str = ""
    responsible_id: int | None = None
    until: dt.date | None = None
    group: str = ""


def endings(
    kinds: Sequence[tuple[Expiry, QuerySet[Any]]],
    narrowing: Q | None = None,
    limit: int | None = LIMIT,
) -> list[Ending]:
    """The rows of several kinds by their last day, in one statement."""
    parts = [
        _part(kind, rows).filter(narrowing or Q()).values_list(*COLUMNS) for kind, rows in kinds
    ]
    if not parts:
        return []
    found = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    ordered = found.order_by("x_ends", "x_kind", "x_pk")
    return [
        Ending(EXPIRIES[kind], pk, ends_on, title, who, opens)
        for kind, pk, ends_on, title, who, opens in (ordered[:limit] if limit else ordered)
    ]


COLUMNS = ("x_kind", "x_pk", "x_ends", "x_title", "x_who", "x_opens")


def _part(kind: Expiry, rows: QuerySet[Any]) -> QuerySet[Any]:
    who = _expression(kind.responsible) if kind.responsible else Value(None)
    found: QuerySet[Any] = (
        rows.order_by()
        .annotate(
            x_kind=Value(kind.name, output_field=CharField()),
            x_pk=Cast("pk", BigIntegerField()),
            x_ends=Cast(_expression(kind.ends), DateField()),
            x_title=Cast(_expression(kind.called), CharField()),
            x_who=Cast(who, BigIntegerField()),
            x_opens=Cast(kind.opens, BigIntegerField()),
        )
        .filter(x_ends__isnull=False)
    )
    return found


def _expression(path: str | Combinable) -> Any:  # noqa: ANN401  what annotate takes
    return F(path) if isinstance(path, str) else path


def seen(kind: Expiry, access: Access) -> QuerySet[Any]:
    """The rows of a kind that still matter, among those that this person may see."""
    matter = kind.rows(access.company_id, access.on).order_by().values("pk")
    rows: QuerySet[Any] = kind.visible(access)
    return rows.filter(pk__in=matter)


def radar(access: Access, narrowing: Narrowing = Narrowing()) -> list[Line]:
    """What ends, soonest first, for one person; at most ``LIMIT`` lines, in four statements."""
    kinds = [
        (kind, seen(kind, access))
        for kind in EXPIRIES.values()
        if narrowing.kind in {"", kind.name} and narrowing.area in {"", kind.area}
    ]
    wanted = Q()
    if narrowing.responsible_id is not None:
        wanted &= Q(x_who=narrowing.responsible_id)
    if narrowing.until is not None:
        wanted &= Q(x_ends__lte=narrowing.until)
    lines = as_lines(endings(kinds, wanted), access)
    return [line for line in lines if narrowing.group in {"", line.group.value}]


def line_of(access: Access, kind: Expiry, pk: int) -> Line | None:
    """One line of the radar; None for what this person does not see."""
    found = endings([(kind, seen(kind, access).filter(pk=pk))])
    return as_lines(found, access)[0] if found else None


def as_lines(found: Sequence[Ending], access: Access) -> list[Line]:
    """Endings with what people said to them, as one person sees them."""
    marks = marks_of(access.company_id, found)
    warned = _last_warnings(access.company_id, found)
    named = {each.responsible_id for each in found if each.responsible_id}
    names = dict(User.objects.filter(pk__in=named).values_list("pk", "name"))
    return [_line(each, access, marks.get(each.key), warned.get(each.key), names) for each in found]


def _line(
    ending: Ending,
    access: Access,
    mark: ExpiryMark | None,
    warned: dt.datetime | None,
    names: Mapping[int, str],
) -> Line:
    kind, days = ending.kind, (ending.ends_on - access.on).days
    noted = mark.acknowledged_at if mark is not None else None
    until = mark.snoozed_until if mark is not None else None
    renew = kind.renew
    offered = renew is not None and (not renew.permission or access.can(renew.permission))
    return Line(
        ending=ending,
        days=days,
        group=group_of(days),
        responsible=names.get(ending.responsible_id or 0, ""),
        mark=mark,
        noted=noted is not None and (warned is None or noted >= warned),
        asleep=until is not None and until > access.on,
        may_mark=answers_for(ending, access),
        renew_url=renew.url(ending.opens) if renew is not None and offered else "",
    )


def answers_for(ending: Ending, access: Access) -> bool:
    """Whether somebody who sees the row may take note of it and let it sleep."""
    told = ending.kind.told
    return bool(told and access.can(told)) or ending.responsible_id == access.user_id


def marks_of(company_id: int, found: Sequence[Ending]) -> dict[Key, ExpiryMark]:
    """What people said to some endings."""
    rows = ExpiryMark.objects.select_related("by").filter(_of(company_id, found))
    return {(row.kind, row.record_id, row.ends_on): row for row in rows}


def _last_warnings(company_id: int, found: Sequence[Ending]) -> dict[Key, dt.datetime]:
    rows = ExpiryAlarm.objects.filter(_of(company_id, found)).values_list(
        "kind", "record_id", "ends_on"
    )
    return {(kind, pk, day): last for kind, pk, day, last in rows.annotate(last=Max("at"))}


def given_alarms(company_id: int, found: Sequence[Ending]) -> set[tuple[Key, str]]:
    """The warnings that were given about some endings."""
    rows = ExpiryAlarm.objects.filter(_of(company_id, found)).values_list(
        "kind", "record_id", "ends_on", "occasion"
    )
    return {((kind, pk, day), occasion) for kind, pk, day, occasion in rows}


def _of(company_id: int, found: Sequence[Ending]) -> Q:
    """Rows about some endings; a few too many, which the key tells apart."""
    kinds: dict[str, list[int]] = {}
    for each in found:
        kinds.setdefault(each.kind.name, []).append(each.pk)
    wanted = Q(pk__in=[])
    for kind, keys in kinds.items():
        wanted |= Q(kind=kind, record_id__in=keys)
    return Q(company_id=company_id) & wanted


def waiting(access: Access) -> int:
    """How much is past or ends within a week and neither sleeps nor was taken note of."""
    soon = Narrowing(until=access.on + dt.timedelta(days=7))
    return sum(
        1 for line in radar(access, soon) if line.may_mark and not (line.asleep or line.noted)
    )


def people_responsible(lines: Sequence[Line]) -> list[tuple[int, str]]:
    """Who answers for something on the radar, by name."""
    named = {(line.ending.responsible_id, line.responsible) for line in lines if line.responsible}
    return sorted(((pk, name) for pk, name in named if pk), key=lambda each: each[1])
