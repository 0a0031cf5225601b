"""Which version of a legal table holds on a day, and which was known at a moment."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from backoffice.law.rules.kinds import Payload, kind_of

ONE_DAY = dt.timedelta(days=1)


class Absence(StrEnum):
    """Why there is no table for a day."""

    NONE = "none"
    NOT_CONFIRMED = "not_confirmed"


@dataclass(frozen=True, slots=True)
class TableVersion:
    """One version of one table, as rules and explanations read it.

    Attributes:
        id: Primary key of the row; what a computed result stores.
        kind: Code of the table, a key of ``KINDS``, or ``duty.<code>``.
        valid_from: First day of validity, in competences or payment dates as the kind says.
        valid_to: Last day; None while no act has ended it.
        confirmed_through: Last day for which the verifier looked whether it still holds.
        known_from: Day from which this version was known to us; later than ``valid_from`` for a
            correction.
        act: The act of law, as cited.
        source: Where the figures were read.
        certainty: How sure the figures are.
        verified_by: Who compared them with the source.
        payload: The figures.
        verified_at: When somebody here verified it; None for what came with the product, which
            counts from ``known_from`` on.
        corrects_id: The version that it takes the place of.
        confirmations: When it was confirmed for longer, in order, and through which day it had
            been confirmed before.
    """

    id: int
    kind: str
    valid_from: dt.date
    valid_to: dt.date | None
    confirmed_through: dt.date | None
    known_from: dt.date
    act: str
    source: str
    certainty: str
    verified_by: str
    payload: Payload
    verified_at: dt.datetime | None = None
    corrects_id: int | None = None
    confirmations: tuple[tuple[dt.datetime, dt.date], ...] = ()

    def is_valid_on(self, day: dt.date) -> bool:
        """Whether the validity covers ``day``, confirmed or not."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def holds_on(self, day: dt.date) -> bool:
        """Whether the table may be used for ``day``: valid, and confirmed up to it."""
        return self.is_valid_on(day) and (
            self.confirmed_through is None or day <= self.confirmed_through
        )


@dataclass(frozen=True, slots=True)
class MissingTable:
    """A table that law asks for on a day and that nobody verified.

    Attributes:
        kind: The table.
        on: The day.
        absence: No version at all, or one that was not confirmed up to that day.
        known_through: The last day up to which an earlier version may be used; None if none.
    """

    kind: str
    on: dt.date
    absence: Absence
    known_through: dt.date | None


def choose(versions: Iterable[TableVersion], kind: str, on: dt.date) -> TableVersion | None:
    """The version of a table that may be used for a day; None if there is none.

    Args:
        versions: Verified versions that no correction has replaced.
        kind: The table.
        on: The competence or payment date, as the kind says.
    """
    return next(
        (version for version in versions if version.kind == kind and version.holds_on(on)), None
    )


def find_missing(
    versions: Sequence[TableVersion], kinds: Iterable[str], on: dt.date
) -> tuple[MissingTable, ...]:
    """The tables among ``kinds`` that the law asks for on a day and that cannot be used.

    An earlier version is never taken in its place: what is not verified for the day is missing.
    """
    return tuple(
        _absence(versions, kind, on)
        for kind in kinds
        if on >= kind_of(kind).since and choose(versions, kind, on) is None
    )


def _absence(versions: Sequence[TableVersion], kind: str, on: dt.date) -> MissingTable:
    earlier = [v for v in versions if v.kind == kind and v.valid_from <= on]
    absence = Absence.NOT_CONFIRMED if any(v.is_valid_on(on) for v in earlier) else Absence.NONE
    ends = (_usable_through(version) for version in earlier)
    return MissingTable(kind, on, absence, max((end for end in ends if end), default=None))


def _usable_through(version: TableVersion) -> dt.date | None:
    ends = [end for end in (version.valid_to, version.confirmed_through) if end is not None]
    return min(ends, default=None)


def as_known(
    versions: Iterable[TableVersion], at: dt.datetime, *, on: dt.date
) -> tuple[TableVersion, ...]:
    """The versions that counted at an earlier moment, as they were known then.

    A version is known from the moment somebody verified it here; what came with the product, from
    the day on which its act was known. Until a correction was known the corrected version counts,
    until its successor was known a version had no end, and it was confirmed as far as somebody had
    said by then.

    Args:
        versions: All verified versions, also those that were replaced since.
        at: The moment; aware.
        on: The same moment as a day of the place.
    """
    versions = tuple(versions)
    known = [version for version in versions if _is_known(version, at, on)]
    corrected = {version.corrects_id for version in known}
    starts = {(version.kind, version.valid_from) for version in versions}
    known_starts = {(version.kind, version.valid_from) for version in known}
    found = []
    for version in known:
        if version.id in corrected:
            continue
        end = version.valid_to
        successor = None if end is None else (version.kind, end + ONE_DAY)
        reopened = successor in starts and successor not in known_starts
        confirmed = next(
            (before for moment, before in version.confirmations if moment > at),
            version.confirmed_through,
        )
        found.append(
            replace(version, valid_to=None if reopened else end, confirmed_through=confirmed)
        )
    return tuple(found)


def _is_known(version: TableVersion, at: dt.datetime, on: dt.date) -> bool:
    if version.verified_at is not None:
        return version.verified_at <= at
    return version.known_from <= on


def after_verifying(
    current: Iterable[TableVersion], draft: TableVersion
) -> tuple[TableVersion, ...]:
    """The versions as they would be if a draft were verified now; nothing is checked or written.

    What it corrects is gone, and gives it its end; the version that was open ends the day before.
    """
    kept = []
    for version in current:
        if version.id == draft.corrects_id:
            draft = replace(draft, valid_to=draft.valid_to or version.valid_to)
        elif (
            version.kind == draft.kind
            and version.valid_to is None
            and version.valid_from < draft.valid_from
        ):
            kept.append(replace(version, valid_to=draft.valid_from - ONE_DAY))
        else:
            kept.append(version)
    return (*kept, draft)


def after_confirming(
    current: Iterable[TableVersion], ids: Collection[int], through: dt.date
) -> tuple[TableVersion, ...]:
    """The versions as they would be if some were confirmed through a later day."""
    return tuple(
        replace(version, confirmed_through=through) if version.id in ids else version
        for version in current
    )
