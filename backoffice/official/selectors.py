"""Named reads of the official lists, and the business days of a place."""

import datetime as dt

from django.db.models import Q

from backoffice.br.business_days import WorkingCalendar, easter
from backoffice.official.models import LocalHoliday, Municipality


def municipality_named(name: str, state: str) -> Municipality | None:
    """The municipality of a state with this name, however it is accented, or with this code."""
    typed = name.strip().replace("’", "'")
    rows = Municipality.objects.filter(state=state.strip().upper())
    exact = rows.filter(Q(name=typed) | Q(code=typed)).first()
    return exact or rows.filter(name__unaccent__iexact=typed).first()


def local_holidays(municipality_code: str, first: dt.date, last: dt.date) -> dict[dt.date, str]:
    """The holidays of a municipality from one day to another, with their names."""
    rows = LocalHoliday.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=first),
        municipality_id=municipality_code,
        valid_from__lte=last,
    )
    found: dict[dt.date, str] = {}
    for row in rows:
        for year in range(first.year, last.year + 1):
            day = _in_year(row, year)
            if (
                day is not None
                and first <= day <= last
                and row.valid_from <= day <= (row.valid_to or last)
            ):
                found[day] = row.name
    return dict(sorted(found.items()))


def yearly_days(name: str, state: str) -> frozenset[tuple[int, int]]:
    """Month and day of the holidays of a municipality that fall on the same day of every year."""
    place = municipality_named(name, state)
    rows = LocalHoliday.objects.filter(municipality=place, month__isnull=False, valid_to=None)
    return frozenset((row.month or 0, row.day or 0) for row in rows) if place else frozenset()


def _in_year(row: LocalHoliday, year: int) -> dt.date | None:
    """The day of a holiday in a year; none for 29 February of a common year."""
    if row.easter_offset is not None:
        return easter(year) + dt.timedelta(days=row.easter_offset)
    try:
        return dt.date(year, row.month or 0, row.day or 0)
    except ValueError:
        return None


def calendar_at(
    *,
    state: str,
    municipality_code: str | None,
    first: dt.date,
    last: dt.date,
    saturday: bool,
    banking: bool = False,
) -> WorkingCalendar:
    """The business days of a place: national, state and municipal holidays count.

    Args:
        state: Two letters; empty where the place is not known.
        municipality_code: Of IBGE; none where it is not known.
        first: First day for which municipal holidays are needed.
        last: Last day for which they are needed.
        saturday: Whether Saturday counts as a business day.
        banking: Whether the days on which banks rest count as days off.
    """
    days = local_holidays(municipality_code, first, last) if municipality_code else {}
    return WorkingCalendar(saturday=saturday, state=state, local=frozenset(days), banking=banking)
