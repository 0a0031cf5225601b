"""Which verified table of law holds on a day."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.errors import BusinessError
from backoffice.law.models import LegalTable, kind_title
from backoffice.law.rules import (
    DUTY_PREFIX,
    Absence,
    MissingTable,
    TableVersion,
    as_known,
    choose,
    find_missing,
    is_duty,
)


class TablesMissing(BusinessError):
    """The law asks for tables that nobody verified for the day; nothing is computed without them.

    Attributes:
        missing: The tables, with the last day up to which an earlier version may be used.
    """

    status = 409

    def __init__(self, missing: tuple[MissingTable, ...]) -> None:
        described = " ".join(describe_missing(table) for table in missing)
        super().__init__("legal_tables_missing", described)
        self.missing = missing


@dataclass(frozen=True, slots=True)
class MinimumWage:
    """The minimum wage for 44 hours a week, in reais a month, and the act that set it."""

    monthly: Decimal
    act: str


@dataclass(frozen=True, slots=True)
class _Known:
    """All verified versions, as they were when ``state`` was read."""

    state: str
    every: tuple[TableVersion, ...]
    current: tuple[TableVersion, ...]
    by_id: dict[int, TableVersion]


class _Memory:
    """What this process knows of the tables; replaced as a whole, so that threads agree."""

    known = _Known("", (), (), {})


# Everything of a verified row that can reach a result. The table is small (a few rows a year), so
# that reading this costs less than a tenth of a millisecond and misses no change.
_STATE = """
    SELECT coalesce(md5(string_agg(concat_ws('|', id, kind, valid_from, valid_to, confirmed_through,
                                             replaced_on, act, payload), E'\\n' ORDER BY id)), '')
    FROM backoffice_legal_table WHERE verified_on IS NOT NULL
"""


def _known() -> _Known:
    with connection.cursor() as cursor:
        cursor.execute(_STATE)
        (state,) = cursor.fetchone()
    known = _Memory.known
    if known.state != state:
        rows = (
            LegalTable.objects.filter(verified_on__isnull=False)
            .order_by("id")
            .prefetch_related("confirmations")
        )
        versions = {row.pk: (row, _version(row)) for row in rows}
        known = _Known(
            state,
            tuple(version for _row, version in versions.values()),
            tuple(version for row, version in versions.values() if row.replaced_on is None),
            {pk: version for pk, (_row, version) in versions.items()},
        )
        _Memory.known = known
    return known


def _version(row: LegalTable) -> TableVersion:
    return row.as_version(tuple((each.at, each.before) for each in row.confirmations.all()))


def versions_at(known_at: dt.datetime | None = None) -> tuple[TableVersion, ...]:
    """All versions that count, of every table; one small statement.

    Args:
        known_at: As they were known at this moment; None for what is known now.
    """
    known = _known()
    if known_at is None:
        return known.current
    return as_known(known.every, known_at, on=timezone.localdate(known_at))


def tables_on(
    on: dt.date, kinds: Iterable[str], *, known_at: dt.datetime | None = None
) -> dict[str, TableVersion]:
    """The verified version of each table for a day; one small statement, whatever is asked.

    Args:
        on: The competence or the payment date, as the kinds are chosen by.
        kinds: The tables; one that the law does not know yet on that day is left out.
        known_at: What was known at this moment; None for now.

    Raises:
        TablesMissing: One that the law asks for was not verified for that day. Never is an
            earlier version used in its place.
    """
    return tables_among(versions_at(known_at), on, kinds)


def tables_among(
    versions: Sequence[TableVersion], on: dt.date, kinds: Iterable[str]
) -> dict[str, TableVersion]:
    """The version of each table for a day among given ones; as ``tables_on``, without reading.

    Raises:
        TablesMissing: One that the law asks for is not among them for that day.
    """
    kinds = tuple(kinds)
    missing = find_missing(versions, kinds, on)
    if missing:
        raise TablesMissing(missing)
    found = ((kind, choose(versions, kind, on)) for kind in kinds)
    return {kind: version for kind, version in found if version is not None}


def missing_tables(
    on: dt.date, kinds: Iterable[str], *, known_at: dt.datetime | None = None
) -> tuple[MissingTable, ...]:
    """The tables that the law asks for on a day and that nobody verified; empty when all is well.

    Args:
        on: The competence or the payment date.
        kinds: The tables.
        known_at: What was known at this moment; None for now.
    """
    return find_missing(versions_at(known_at), kinds, on)


def tables_by_id(ids: Iterable[int]) -> dict[str, TableVersion]:
    """The versions that a stored result used, by kind; also those that were replaced since.

    Raises:
        KeyError: An id belongs to no verified table.
    """
    by_id = _known().by_id
    return {by_id[pk].kind: by_id[pk] for pk in ids}


def duties_now() -> tuple[TableVersion, ...]:
    """The rules of all duties: verified ones, and drafts of days that no verified one covers.

    A draft reminds of a duty and says that nobody has checked it; amounts never come from one.
    """
    verified = [version for version in versions_at() if is_duty(version.kind)]
    drafts = LegalTable.objects.filter(kind__startswith=DUTY_PREFIX, verified_on=None)
    covered = {(version.kind, version.valid_from) for version in verified}
    waiting = [
        row.as_version()
        for row in drafts.order_by("known_from", "pk")
        if (row.kind, row.valid_from) not in covered
    ]
    return (*verified, *waiting)


def minimum_wage_on(on: dt.date) -> MinimumWage:
    """The minimum wage of a day.

    Raises:
        TablesMissing: It was not verified for that day.
    """
    version = tables_on(on, ["minimum_wage"])["minimum_wage"]
    return MinimumWage(Decimal(version.payload["amount"]), version.act)


def describe_missing(table: MissingTable) -> str:
    """A missing table as a sentence in the active language, saying what to do."""
    words = {
        "table": kind_title(table.kind),
        "day": f"{table.on:%d/%m/%Y}",
        "through": f"{table.known_through:%d/%m/%Y}" if table.known_through else "",
    }
    if table.absence is Absence.NOT_CONFIRMED:
        return (
            _(
                "The table “%(table)s” was confirmed through %(through)s only: confirm that it still"
                " holds on %(day)s, or enter the new one."
            )
            % words
        )
    if table.known_through:
        return (
            _(
                "There is no verified table “%(table)s” for %(day)s: the last one ended on"
                " %(through)s. Enter the new one and have it verified."
            )
            % words
        )
    return (
        _("There is no verified table “%(table)s” for %(day)s. Enter it and have it verified.")
        % words
    )
