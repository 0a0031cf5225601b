"""Commands on municipal holidays, and later editions of the official lists."""

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, fields
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from backoffice.commands import Context, command
from backoffice.errors import InvalidInput, NotFound
from backoffice.official.models import Bank, LocalHoliday, Municipality

CODE_LENGTHS = {"municipalities": 7, "banks": 3}


@dataclass(frozen=True, kw_only=True, slots=True)
class HolidayData:
    """A holiday of a municipality: day and month, or days from Easter."""

    municipality_code: str
    name: str
    act: str
    valid_from: dt.date
    day: int | None = None
    month: int | None = None
    easter_offset: int | None = None
    valid_to: dt.date | None = None


@command("backoffice.local_holiday.create")
def create_holiday(ctx: Context, *, data: HolidayData) -> LocalHoliday:
    """Enter a holiday of a municipality.

    Raises:
        InvalidInput: ``bad_holiday``, with what is wrong at each field.
    """
    row = _checked(LocalHoliday(**_values(data)))
    row.save(force_insert=True)
    ctx.record("backoffice.local_holiday.created", target=row)
    return row


@command("backoffice.local_holiday.change")
def change_holiday(ctx: Context, *, local_holiday_id: int, data: HolidayData) -> LocalHoliday:
    """Change a holiday, or say when it ended; what was computed with it stays.

    Raises:
        InvalidInput: ``bad_holiday``, with what is wrong at each field.
    """
    row = LocalHoliday.objects.select_for_update().filter(pk=local_holiday_id).first()
    if row is None:
        raise NotFound("not_found", _("There is no such record."))
    for name, value in _values(data).items():
        setattr(row, name, value)
    _checked(row).save()
    ctx.record("backoffice.local_holiday.changed", target=row)
    return row


@command("backoffice.local_holiday.import", permission="backoffice.local_holiday.create")
def import_holidays(ctx: Context, *, content: bytes) -> dict[str, int]:
    """Add the holidays of a CSV file with a header of the names of ``HolidayData``.

    A holiday of the same municipality and name that is open already is left alone.

    Raises:
        InvalidInput: ``bad_holiday``, with the line that cannot be read; nothing is added then.
    """
    added = known = 0
    for number, given in _lines(content):
        try:
            data = _read_holiday(given)
            row = _checked(LocalHoliday(**_values(data)))
        except (InvalidInput, ValueError, KeyError) as refusal:
            message = _("Line %(number)s is not a holiday: %(why)s")
            raise InvalidInput(
                "bad_holiday", message % {"number": number, "why": _why(refusal)}
            ) from refusal
        same = {"municipality": row.municipality_id, "name": row.name, "valid_to": None}
        if LocalHoliday.objects.filter(**same).exists():
            known += 1
            continue
        row.save(force_insert=True)
        added += 1
    result = {"added": added, "known": known}
    ctx.record("backoffice.local_holiday.imported", data=result)
    return result


@command("backoffice.official_list.import", permission="backoffice.reference.edit")
def import_list(ctx: Context, *, name: str, content: bytes, source: str) -> dict[str, int]:
    """Bring a later edition of a list in: new entries are added, changed names brought up to date.

    None is taken away. The file has three columns: municipalities code, name, state; banks code,
    ISPB, name.

    Raises:
        InvalidInput: ``bad_list``, with the first line that cannot be read.
    """
    model: type[Municipality | Bank] = Municipality if name == "municipalities" else Bank
    columns = ("code", "name", "state") if model is Municipality else ("code", "ispb", "name")
    wanted = {}
    for number, row in enumerate(_rows(content), start=1):
        values = dict(zip(columns, (cell.strip() for cell in row), strict=False))
        values["code"] = values.get("code", "").zfill(CODE_LENGTHS[name])
        if len(values) != len(columns) or not values["code"].isdigit():
            if number == 1 and not any(cell.strip().isdigit() for cell in row):
                continue  # a header
            message = _("Line %(number)s cannot be read: %(columns)s are needed.")
            raise InvalidInput(
                "bad_list", message % {"number": number, "columns": ", ".join(columns)}
            )
        entry = model(**values, source=source)
        _clean(entry, "bad_list", rules=False)  # the database holds them; thousands of rows
        wanted[entry.pk] = entry
    rows: Any = model._default_manager
    known = rows.filter(pk__in=wanted).count()
    rows.bulk_create(
        wanted.values(),
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=[*columns[1:], "source"],
    )
    result = {"added": len(wanted) - known, "known": known}
    ctx.record("backoffice.official_list.imported", data={**result, "source": source, "list": name})
    return result


def _values(data: HolidayData) -> dict[str, Any]:
    given = asdict(data)
    return {"municipality_id": given.pop("municipality_code"), **given}


def _checked(row: LocalHoliday) -> LocalHoliday:
    _clean(row, "bad_holiday")
    if row.month and row.day:
        try:
            dt.date(2024, row.month, row.day)  # a leap year: 29 February is a day
        except ValueError as error:
            message = _("There is no such day.")
            raise InvalidInput("bad_holiday", message, fields={"day": message}) from error
    return row


def _clean(row: LocalHoliday | Municipality | Bank, code: str, *, rules: bool = True) -> None:
    try:
        row.full_clean(validate_unique=False, validate_constraints=rules)
    except ValidationError as error:
        wrong = {
            "day" if name == "__all__" else name: texts[0]
            for name, texts in error.message_dict.items()
        }
        message = next(iter(wrong.values()))
        raise InvalidInput(code, message, fields=wrong) from error


def _rows(content: bytes) -> Iterator[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252")
    first = text.partition("\n")[0]
    delimiter = next((mark for mark in ("\t", ";") if mark in first), ",")
    return (row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if any(row))


def _lines(content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    rows = _rows(content)
    header = [name.strip() for name in next(rows, [])]
    for number, row in enumerate(rows, start=2):
        yield number, dict(zip(header, (cell.strip() for cell in row), strict=False))


def _read_holiday(given: dict[str, str]) -> HolidayData:
    read: dict[str, Callable[[str], Any]] = {
        "day": int,
        "month": int,
        "easter_offset": int,
        "valid_from": dt.date.fromisoformat,
        "valid_to": dt.date.fromisoformat,
    }
    values = {
        field.name: read.get(field.name, str)(given[field.name])
        for field in fields(HolidayData)
        if given.get(field.name)
    }
    try:
        return HolidayData(**values)
    except TypeError as error:
        message = _("Municipality, name, act and first day are needed.")
        raise InvalidInput("bad_holiday", message) from error


def _why(refusal: Exception) -> str:
    return str(refusal.message) if isinstance(refusal, InvalidInput) else str(refusal)
