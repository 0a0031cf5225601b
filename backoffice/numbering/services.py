"""Give numbers, and say how they are written."""

from dataclasses import dataclass

from django.db import IntegrityError, connection, models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backoffice.commands import Context, at_the_end, command, step
from backoffice.commands.rows import own
from backoffice.errors import InvalidInput
from backoffice.numbering.models import IssuedNumber, NumberFormat
from backoffice.numbering.registry import SERIES, Series
from backoffice.numbering.rules import BadPattern, Parts, check_pattern, write_number
from backoffice.numbering.selectors import pattern_of

_NEXT = """
INSERT INTO backoffice_number_counter (company_id, series, branch_id, year, last) VALUES (%s, %s, %s, %s, 1)
ON CONFLICT (company_id, series, branch_id, year) DO UPDATE SET last = backoffice_number_counter.last + 1
RETURNING last
"""

REASONS: dict[str, str | Promise] = {
    "number": _("Write {number} exactly once."),
    "year": _("Write {year} or {yy} if, and only if, the series begins again each year."),
    "branch": _("Write {branch} if, and only if, each branch counts by itself."),
    "separator": _("Put a sign between two parts, so that 1 and 23 do not read as 12 and 3."),
    "length": _("The number would be too long."),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Branch:
    """The branch by which a series counts: its key and its code."""

    branch_id: int
    code: str


@step
def number_at_the_end(
    ctx: Context,
    *,
    record: models.Model,
    series: str,
    year: int = 0,
    branch: Branch | None = None,
) -> None:
    """Give a new record its number as the last thing that the command does.

    The field ``number`` of the record is set. The lock of the counter is held from then to the
    commit and nothing else is locked after it, so that numbering neither waits long nor deadlocks; a
    command that is rolled back gives its number back. A record that a rolled back savepoint took
    away gets none.

    Raises:
        ValueError: The series counts by years or branches and none is given, or the reverse.
    """
    spec = SERIES[series]
    if not spec.gapless or spec.yearly != bool(year) or spec.by_branch != (branch is not None):
        msg = f"{series} is not numbered this way"
        raise ValueError(msg)
    pattern = pattern_of(ctx.company, series)
    rows = record._meta.base_manager.filter(pk=record.pk)

    def issue() -> None:
        if not rows.exists():
            return
        branch_id, code = (branch.branch_id, branch.code) if branch else (0, "")
        with connection.cursor() as cursor:
            cursor.execute(_NEXT, [ctx.company, series, branch_id, year])
            number = cursor.fetchone()[0]
        text = write_number(pattern, Parts(number, year, code))
        IssuedNumber.objects.create(
            company_id=ctx.company,
            series=series,
            branch_id=branch_id,
            year=year,
            number=number,
            text=text,
            target_type=record._meta.label_lower,
            target_id=record.pk,
            at=ctx.at,
        )
        rows.update(number=text)
        record.number = text  # type: ignore[attr-defined]

    at_the_end(f"number {series} {branch.branch_id if branch else 0} {year}", issue)


@step
def next_plain_number(
    ctx: Context, *, series: str, year: int = 0, branch: Branch | None = None
) -> str:
    """The next number of a series that may have gaps: nobody waits, a rollback loses it.

    Raises:
        ValueError: The series is gapless, or counts by other things than those given.
    """
    spec = SERIES[series]
    if spec.gapless or spec.yearly != bool(year) or spec.by_branch != (branch is not None):
        msg = f"{series} is not numbered this way"
        raise ValueError(msg)
    branch_id, code = (branch.branch_id, branch.code) if branch else (0, "")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT backoffice_next_plain_number(%s, %s, %s, %s)",
            [ctx.company, series, branch_id, year],
        )
        number = cursor.fetchone()[0]
    return write_number(pattern_of(ctx.company, series), Parts(number, year, code))


@command("backoffice.number_format.create")
def create_number_format(ctx: Context, *, series: str, pattern: str) -> NumberFormat:
    """Say how the company writes the numbers of a series from now on.

    Raises:
        InvalidInput: There is no such series, it has a format, or two numbers could read the same.
    """
    found = NumberFormat(company_id=ctx.company, series=_series(series).name)
    found.pattern = _pattern(_series(series), pattern)
    try:
        with transaction.atomic():
            found.save()
    except IntegrityError as error:
        message = _("The company has a format for this series already.")
        raise InvalidInput("already_in_use", message, fields={"series": message}) from error
    ctx.record("backoffice.number_format.created", target=found, data={"pattern": pattern})
    return found


@command("backoffice.number_format.change")
def change_number_format(ctx: Context, *, number_format_id: int, pattern: str) -> NumberFormat:
    """Write the numbers of a series another way from now on; those that were given stay.

    Raises:
        InvalidInput: Two numbers could read the same.
    """
    found = own(ctx, NumberFormat, number_format_id)
    found.pattern = _pattern(_series(found.series), pattern)
    found.save()
    ctx.record("backoffice.number_format.changed", target=found, data={"pattern": pattern})
    return found


def _series(name: str) -> Series:
    if name not in SERIES:
        message = _("There is no such series.")
        raise InvalidInput("no_such_series", message, fields={"series": message})
    return SERIES[name]


def _pattern(series: Series, pattern: str) -> str:
    text = pattern.strip()
    try:
        check_pattern(text, yearly=series.yearly, by_branch=series.by_branch)
    except BadPattern as error:
        message = REASONS.get(
            str(error), _("Use letters, digits, spaces, . / _ - and {number}, {year}, {branch}.")
        )
        raise InvalidInput("bad_pattern", message, fields={"pattern": message}) from error
    return text
