"""Take a file in: its rows are kept as they came, checked all at once, and mended one by one."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from django.db import connection
from django.utils.translation import gettext as _

from backoffice.commands import COMMANDS, Context, command, step
from backoffice.errors import InvalidInput, NotAllowed, NotFound, WrongState
from backoffice.exchange import mapping as columns
from backoffice.exchange import reading
from backoffice.exchange.importers import IMPORTERS, Importer, plain
from backoffice.exchange.models import (
    DataImport,
    ImportMapping,
    ImportRow,
    ImportState,
    Verdict,
)
from backoffice.exchange.selectors import IMPORT
from backoffice.identity.rules import Access
from backoffice.jobs.models import Job
from backoffice.jobs.services import create_job

CHECK_JOB = "backoffice.exchange.check"
ROWS_IN_A_PART = 500
RIGHT = (Verdict.NEW, Verdict.CHANGED, Verdict.SAME)

SET_KEYS = """
    UPDATE backoffice_import_row
       SET verdict = CASE WHEN verdict = 'skipped' THEN 'skipped' ELSE 'waiting' END,
           errors = '{}', before = '{}', after = '{}', record_id = NULL,
           key = left(CASE WHEN %s THEN upper(regexp_replace(cells->>%s, '[^0-9A-Za-z]', '', 'g'))
                           ELSE btrim(cells->>%s) END, 200)
     WHERE data_import_id = %s AND company_id = %s
"""


@command("backoffice.data_import.create")
def start_import(
    ctx: Context, *, object_name: str, name: str, content: bytes, sheet: str = ""
) -> DataImport:
    """Keep the rows of a file, or of a paste, and guess what its columns are.

    Args:
        ctx: Who imports; must be able to make such records.
        object_name: Name of the object: ``hr.employee``.
        name: Of the file; empty for a paste.
        content: Its bytes.
        sheet: Which sheet of a workbook; may be empty when only one has rows.

    Raises:
        NotFound: Nothing can be imported under this name.
        NotAllowed: They may not import, or not make such records.
        InvalidInput: What ``reading.read`` refuses; ``which_sheet``.
    """
    importer, who = importer_for(ctx, object_name), person(ctx)
    chosen = _chosen(reading.read(name, content), sheet)
    saved = ImportMapping.objects.filter(company_id=ctx.company, object_name=object_name).first()
    guessed = columns.guess(
        importer, who, chosen.headings, saved.fields if saved is not None else {}
    )
    made = DataImport.objects.create(
        company_id=ctx.company,
        object_name=object_name,
        source=(name or _("Pasted rows"))[-150:],
        sha256=hashlib.sha256(content).hexdigest(),
        headings=chosen.headings,
        mapping={str(number): field for number, field in guessed.items()},
        created_by_id=who.user_id,
        created_at=ctx.at,
    )
    _stage(made, chosen.rows)
    ctx.record(
        "backoffice.data_import.created",
        target=made,
        data={"object": object_name, "sha256": made.sha256, "rows": len(chosen.rows)},
    )
    return made


@command("backoffice.data_import.check", permission=IMPORT)
def check_import(ctx: Context, *, import_id: int, mapping: Mapping[str, str]) -> Job:
    """Say what the columns are, and check every row against the rules of the object, as a job.

    What is said is remembered for the next file of this object.

    Args:
        ctx: Whose import it is.
        import_id: The import.
        mapping: Number of a column, from 0 -> field; columns that are not named are left out.

    Raises:
        NotFound: There is no such import.
        WrongState: ``not_now``: it is at work or was applied.
        InvalidInput: ``no_key``, ``unknown_field``, ``field_twice``.
    """
    found = own_import(ctx, import_id)
    importer = importer_for(ctx, found.object_name)
    refuse_unless(found, ImportState.MAPPING, ImportState.CHECKED)
    clean = _clean_mapping(ctx, importer, found, mapping)
    found.mapping, found.state = clean, ImportState.CHECKING
    fields = {plain(found.headings[int(n)]): field for n, field in clean.items()}
    ImportMapping.objects.update_or_create(
        company_id=ctx.company, object_name=found.object_name, defaults={"fields": fields}
    )
    place = next(int(number) for number, field in clean.items() if field == importer.key)
    with connection.cursor() as cursor:
        cursor.execute(SET_KEYS, [importer.identifier, place, place, found.pk, ctx.company])
    job = _import_job(ctx, found, CHECK_JOB, _("Check of %(file)s"))
    found.job_id = job.pk
    found.save(update_fields=["mapping", "state", "job_id"])
    return job


@command("backoffice.data_import.skip_row", permission=IMPORT)
def skip_row(ctx: Context, *, import_id: int, line: int, skip: bool = True) -> ImportRow:
    """Leave a row out, or take it in again (then it is to be checked).

    Raises:
        NotFound: There is no such row.
        WrongState: ``not_now``, ``row_applied``.
    """
    found = own_import(ctx, import_id)
    importer_for(ctx, found.object_name)
    refuse_unless(found, ImportState.CHECKED, ImportState.APPLIED)
    row = own_row(found, line)
    row.verdict = Verdict.SKIPPED if skip else Verdict.WAITING
    row.errors = {}
    row.save(update_fields=["verdict", "errors"])
    return row


def importer_for(ctx: Context, object_name: str) -> Importer:
    """The importer of an object, for who may import and make such records.

    Raises:
        NotFound: There is none.
        NotAllowed: A permission is missing.
    """
    importer = IMPORTERS.get(object_name)
    if importer is None:
        raise NotFound("not_found", _("Rows cannot be imported into this list."))
    ctx.require(IMPORT)
    ctx.require(COMMANDS[importer.create.name].permission)
    return importer


def person(ctx: Context) -> Access:
    """Whose rights the rows are taken in with.

    Raises:
        NotAllowed: ``no_person``: the system imports nothing.
    """
    if not isinstance(ctx.actor, Access):
        raise NotAllowed("no_person", _("Rows are imported by a person, with what they may do."))
    return ctx.actor


@step
def own_import(ctx: Context, import_id: int) -> DataImport:
    """An import of the company, locked; what it holds asks for the rights of its object.

    Raises:
        NotFound: There is none.
    """
    found = (
        DataImport.objects.select_for_update(no_key=True)
        .filter(company_id=ctx.company, pk=import_id)
        .first()
    )
    if found is None:
        raise NotFound("not_found", _("There is no such import."))
    return found


def own_row(found: DataImport, line: int) -> ImportRow:
    """A row that is not applied yet.

    Raises:
        NotFound: The import has no such line.
        WrongState: ``row_applied``.
    """
    row = found.rows.select_for_update().filter(line=line).first()
    if row is None:
        raise NotFound("not_found", _("There is no such line."))
    if row.applied_at is not None:
        raise WrongState("row_applied", _("This line was applied already."))
    return row


def refuse_unless(found: DataImport, *states: ImportState) -> None:
    """Refuse what is not possible in the state of the import.

    Raises:
        WrongState: ``not_now``.
    """
    if found.state not in states:
        state = ImportState(found.state).label
        message = _("This is not possible now: the import is “%(state)s”.")
        raise WrongState("not_now", message % {"state": state})


def job_context(ctx: Context, found: DataImport) -> Context:
    """The same person, with the import as the reason of whatever is done."""
    reason = _("Import %(number)s: %(file)s") % {"number": found.pk, "file": found.source}
    return replace(ctx, reason=reason)


def parts_of(lines: Sequence[int]) -> list[dict[str, Any]]:
    """The parts of a job, each some lines one after the other."""
    return [
        {"first": lines[start], "last": lines[min(start + ROWS_IN_A_PART, len(lines)) - 1]}
        for start in range(0, len(lines), ROWS_IN_A_PART)
    ]


def _import_job(ctx: Context, found: DataImport, kind: str, title: str) -> Job:
    lines = list(found.rows.order_by("line").values_list("line", flat=True))
    return create_job(
        job_context(ctx, found),
        kind=kind,
        title=title % {"file": found.source},
        params={"import": found.pk},
        chunks=parts_of(lines),
        total=len(lines),
        target=found,
    )


def _chosen(sheets: list[reading.Sheet], wanted: str) -> reading.Sheet:
    named = {plain(sheet.name): sheet for sheet in sheets}
    if wanted and plain(wanted) in named:
        return named[plain(wanted)]
    if wanted or len(sheets) > 1:
        names = ", ".join(sheet.name for sheet in sheets)
        message = _("Say which sheet: %(names)s.") % {"names": names}
        raise InvalidInput("which_sheet", message, fields={"sheet": message})
    return sheets[0]


def _stage(made: DataImport, rows: list[tuple[int, list[str]]]) -> None:
    """Copy the rows in: a hundred thousand take about two seconds."""
    names = (
        "company_id, data_import_id, line, cells, verdict, errors, before, after, key, kept_because"
    )
    with (
        connection.cursor() as cursor,
        cast("Any", cursor).copy(f"COPY backoffice_import_row ({names}) FROM STDIN") as copy,
    ):
        for line, cells in rows:
            text = json.dumps(cells, ensure_ascii=False)
            copy.write_row(
                [made.company_id, made.pk, line, text, "waiting", "{}", "{}", "{}", "", ""]
            )


def _clean_mapping(
    ctx: Context, importer: Importer, found: DataImport, mapping: Mapping[str, str]
) -> dict[str, str]:
    fields = columns.fields_of(importer, person(ctx))
    clean = {number: field for number, field in mapping.items() if field}
    for number, field in clean.items():
        if not number.isdigit() or int(number) >= len(found.headings) or field not in fields:
            message = _("There is no such column or field.")
            raise InvalidInput("unknown_field", message, fields={f"column_{number}": message})
        if list(clean.values()).count(field) > 1:
            message = _("Two columns are “%(field)s”.") % {"field": fields[field].label}
            raise InvalidInput("field_twice", message, fields={f"column_{number}": message})
    if importer.key not in clean.values():
        label = fields[importer.key].label
        message = _("Say which column is “%(field)s”: by it a row is known.") % {"field": label}
        raise InvalidInput("no_key", message)
    return clean
