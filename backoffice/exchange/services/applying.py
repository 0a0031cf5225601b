"""Check, apply and undo the rows of an import, part by part; a part is one transaction."""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, Max, Model, OuterRef, ProtectedError, Q, QuerySet
from django.utils.translation import gettext as _

from backoffice.audit.models import Event
from backoffice.commands import COMMANDS, Context, command, step
from backoffice.errors import BusinessError, WrongState
from backoffice.exchange.importers import Importer
from backoffice.exchange.models import DataImport, ImportRow, ImportState, Verdict
from backoffice.exchange.rows import Outcome, Reader, rehearsal
from backoffice.exchange.selectors import IMPORT
from backoffice.exchange.services.imports import (
    RIGHT,
    importer_for,
    job_context,
    own_import,
    own_row,
    parts_of,
    person,
    refuse_unless,
)
from backoffice.jobs.models import Job
from backoffice.jobs.registry import ChunkResult, ChunkWork, ItemError
from backoffice.jobs.services import create_job

APPLY_JOB = "backoffice.exchange.apply"
UNDO_JOB = "backoffice.exchange.undo"
HEARTBEAT_EVERY = 50


@command("backoffice.data_import.fix_row", permission=IMPORT)
def fix_row(ctx: Context, *, import_id: int, line: int, texts: dict[str, str]) -> ImportRow:
    """Write other texts into cells of a row, and check it again.

    Args:
        ctx: Whose import it is.
        import_id: The import.
        line: The line.
        texts: Field -> text; only of columns that the import has.

    Raises:
        NotFound: There is no such row.
        WrongState: ``not_now``, ``row_applied``.
    """
    found = own_import(ctx, import_id)
    importer = importer_for(ctx, found.object_name)
    refuse_unless(found, ImportState.CHECKED, ImportState.APPLIED)
    row = own_row(found, line)
    places = {field: int(number) for number, field in found.mapping.items()}
    for field, text in texts.items():
        if field in places:
            row.cells[places[field]] = text.strip()[:5_000]
    typed = row.cells[places[importer.key]]
    row.key = importer.bare_key(typed)
    row.save(update_fields=["cells", "key"])
    reader = Reader(ctx, importer, person(ctx))
    with rehearsal():
        _judge(reader, found, found.rows.filter(pk=row.pk), {row.pk: row})
    _forget_made([row])
    _keep_judgement([row])
    return row


def check_chunk(ctx: Context, work: ChunkWork) -> ChunkResult:
    """Try every row of the part, keep what came of each, and take everything else back."""
    found, importer, rows = _part(ctx, work)
    waiting = rows.exclude(verdict=Verdict.SKIPPED)
    kept = {row.pk: row for row in waiting}
    with rehearsal():
        _judge(Reader(ctx, importer, person(ctx)), found, waiting, kept, work)
    _forget_made(kept.values())
    _keep_judgement(list(kept.values()))
    return ChunkResult(rows.count())


def finish_check(ctx: Context, job: Job) -> None:
    """The import is checked, as far as the job came."""
    _close(ctx, job, ImportState.CHECKED)


@command("backoffice.data_import.apply", permission=IMPORT)
def apply_import(ctx: Context, *, data_import_id: int) -> Job:
    """Take every right row in, as a job; wrong ones and those left out stay behind.

    Rows that were applied before are not applied again: after a stop it goes on where it was.

    Raises:
        NotFound: There is no such import.
        NotAllowed: They may not make or change such records any more.
        WrongState: ``not_now``, ``nothing_to_apply``.
    """
    found = own_import(ctx, data_import_id)
    importer = importer_for(ctx, found.object_name)
    refuse_unless(found, ImportState.CHECKED, ImportState.APPLIED)
    lines = list(_to_apply(found.rows.all()).order_by("line").values_list("line", flat=True))
    if not lines:
        raise WrongState("nothing_to_apply", _("No row is new or changes anything."))
    if importer.update is not None and found.rows.filter(verdict=Verdict.CHANGED).exists():
        ctx.require(COMMANDS[importer.update.name].permission)
    job = create_job(
        job_context(ctx, found),
        kind=APPLY_JOB,
        title=_("Import of %(file)s") % {"file": found.source},
        params={"import": found.pk},
        chunks=parts_of(lines),
        total=len(lines),
        target=found,
    )
    _to_state(found, ImportState.APPLYING, job)
    ctx.record("backoffice.data_import.apply_started", target=found, data={"rows": len(lines)})
    return job


def apply_chunk(ctx: Context, work: ChunkWork) -> ChunkResult:
    """Take the right rows of the part in; one that is refused by now becomes wrong."""
    found, importer, rows = _part(ctx, work)
    wanted = _to_apply(rows)
    kept = {row.pk: row for row in wanted}
    _judge(Reader(ctx, importer, person(ctx)), found, wanted, kept, work)
    right = [row for row in kept.values() if row.verdict in RIGHT]
    wrong = [row for row in kept.values() if row.verdict not in RIGHT]
    newest = _newest_events(importer, right)
    for row in right:
        row.applied_at = ctx.at
        row.last_event_id = newest.get(row.record_id or 0, 0)
    _keep_judgement([*right, *wrong])
    errors = [
        ItemError(str(row.line), _("Line %(line)s") % {"line": row.line}, "refused", _first(row))
        for row in wrong
    ]
    return ChunkResult(len(right), tuple(errors))


def finish_apply(ctx: Context, job: Job) -> None:
    """The import is applied; when it was stopped before its end, it can go on."""
    _close(ctx, job, ImportState.APPLIED)


@command("backoffice.data_import.undo", permission=IMPORT)
def undo_import(ctx: Context, *, data_import_id: int) -> Job:
    """Take back what an import did, as a job: only records that nobody touched since.

    Raises:
        NotFound: There is no such import.
        WrongState: ``not_now``, ``nothing_to_undo``.
    """
    found = own_import(ctx, data_import_id)
    importer_for(ctx, found.object_name)
    refuse_unless(found, ImportState.APPLIED, ImportState.UNDONE)
    lines = list(to_undo(found.rows.all()).order_by("line").values_list("line", flat=True))
    if not lines:
        raise WrongState("nothing_to_undo", _("This import changed nothing that could be undone."))
    job = create_job(
        job_context(ctx, found),
        kind=UNDO_JOB,
        title=_("Undoing %(file)s") % {"file": found.source},
        params={"import": found.pk},
        chunks=parts_of(lines)[::-1],
        total=len(lines),
        target=found,
    )
    _to_state(found, ImportState.UNDOING, job)
    ctx.record("backoffice.data_import.undo_started", target=found, data={"rows": len(lines)})
    return job


def undo_chunk(ctx: Context, work: ChunkWork) -> ChunkResult:
    """Take the part back, last line first; what was touched since is kept, with the reason."""
    found, importer, rows = _part(ctx, work)
    kept = undo_rows(ctx, importer, found, list(to_undo(rows).order_by("-line")), work)
    errors = [
        ItemError(str(row.line), _("Line %(line)s") % {"line": row.line}, "kept", row.kept_because)
        for row in kept
        if row.kept_because
    ]
    return ChunkResult(len(kept) - len(errors), tuple(errors))


@step
def undo_rows(
    ctx: Context,
    importer: Importer,
    found: DataImport,
    rows: list[ImportRow],
    work: ChunkWork | None = None,
) -> list[ImportRow]:
    """Take rows back where nothing happened to their records since, and say why of the others.

    Inside the caller's transaction.
    """
    reader = Reader(ctx, importer, person(ctx))
    newest = _newest_events(importer, rows)
    for count, row in enumerate(rows, start=1):
        row.kept_because = _undo(reader, row, newest.get(row.record_id or 0, 0))[:300]
        if not row.kept_because:
            row.undone_at = ctx.at
        if work is not None and count % HEARTBEAT_EVERY == 0:
            work.heartbeat(count)
    ImportRow.objects.bulk_update(rows, ["kept_because", "undone_at"], batch_size=500)
    return rows


def finish_undo(ctx: Context, job: Job) -> None:
    """The import is undone, as far as that was possible."""
    _close(ctx, job, ImportState.UNDONE)


def _undo(reader: Reader, row: ImportRow, newest: int) -> str:
    """Take one row back; why not, when it was not."""
    pk = row.record_id or 0
    if newest > (row.last_event_id or 0):
        return _("Somebody changed or used it since.")
    now = reader.texts_of(pk)
    if reader.importer.update is not None and now != row.after:
        return _("It is not any more as the import left it.")
    try:
        with transaction.atomic():
            if row.verdict == Verdict.CHANGED:
                reader.put_back(row.before, pk)
            else:
                reader.remove(pk)
    except BusinessError as refusal:
        return str(refusal)
    except (ProtectedError, IntegrityError):
        return _("Other records refer to it by now.")
    return ""


def _judge(
    reader: Reader,
    found: DataImport,
    rows: QuerySet[ImportRow],
    kept: dict[int, ImportRow],
    work: ChunkWork | None = None,
) -> None:
    """Handle each row, and write into the rows of ``kept`` what came of it."""
    importer = reader.importer
    known = importer.found(
        importer.resource.queryset(reader.access), {row.key for row in kept.values()}
    )
    again = set(_repeated(rows).values_list("pk", flat=True))
    fields = {int(number): field for number, field in found.mapping.items()}
    for count, row in enumerate(sorted(kept.values(), key=lambda each: each.line), start=1):
        texts = {field: row.cells[number] for number, field in fields.items()}
        _note(row, _outcome(reader, row, texts, known.get(row.key), again))
        if work is not None and count % HEARTBEAT_EVERY == 0:
            work.heartbeat(count)


def _outcome(
    reader: Reader, row: ImportRow, texts: dict[str, str], pk: int | None, again: set[int]
) -> Outcome:
    if row.pk in again:
        message = _("An earlier line has the same value.")
        return Outcome(Verdict.WRONG, {reader.importer.key: message})
    return reader.handle(texts, pk)


def _note(row: ImportRow, outcome: Outcome) -> None:
    row.verdict, row.errors = outcome.verdict, outcome.errors
    row.before, row.after = outcome.before, outcome.after
    row.record_id = outcome.record_id


def _keep_judgement(rows: list[ImportRow]) -> None:
    names = ["verdict", "errors", "before", "after", "record_id", "applied_at", "last_event_id"]
    ImportRow.objects.bulk_update(rows, names, batch_size=500)


def _forget_made(rows: Iterable[ImportRow]) -> None:
    """What a rehearsal made is not there."""
    for row in rows:
        if row.verdict == Verdict.NEW:
            row.record_id = None


def _repeated(rows: QuerySet[ImportRow]) -> QuerySet[ImportRow]:
    """Rows whose key stands in an earlier line of the import."""
    earlier = ImportRow.objects.filter(
        data_import=OuterRef("data_import"), key=OuterRef("key"), line__lt=OuterRef("line")
    ).exclude(verdict=Verdict.SKIPPED)
    return rows.exclude(key="").filter(Exists(earlier))


def _part(ctx: Context, work: ChunkWork) -> tuple[DataImport, Importer, QuerySet[ImportRow]]:
    found = DataImport.objects.get(company_id=ctx.company, pk=work.params["import"])
    between = Q(line__gte=work.payload["first"], line__lte=work.payload["last"])
    return found, importer_for(ctx, found.object_name), found.rows.filter(between)


def _to_apply(rows: QuerySet[ImportRow]) -> QuerySet[ImportRow]:
    return rows.filter(verdict__in=(Verdict.NEW, Verdict.CHANGED), applied_at=None)


def to_undo(rows: QuerySet[ImportRow]) -> QuerySet[ImportRow]:
    """Rows that did something which was not taken back yet."""
    done = rows.filter(applied_at__isnull=False, undone_at=None)
    return done.filter(verdict__in=(Verdict.NEW, Verdict.CHANGED))


def _newest_events(importer: Importer, rows: list[ImportRow]) -> dict[int, int]:
    """Record -> the newest event of it and of its parts; two statements for each kind of part."""
    keys = [row.record_id for row in rows if row.record_id]
    newest = _last_events(importer.resource.model, keys)
    for model, path in importer.parts:
        parts = model._meta.base_manager.filter(**{f"{path}__in": keys})
        owners = dict(parts.values_list("pk", path))
        for part, event in _last_events(model, list(owners)).items():
            newest[owners[part]] = max(newest.get(owners[part], 0), event)
    return newest


def _last_events(model: type[Model], keys: list[int]) -> dict[int, int]:
    events: Any = Event.objects.filter(target_type=model._meta.label_lower, target_id__in=keys)
    return dict(
        events.values("target_id").annotate(last=Max("id")).values_list("target_id", "last")
    )


def _first(row: ImportRow) -> str:
    return "; ".join(str(text) for text in row.errors.values())


def _to_state(found: DataImport, state: ImportState, job: Job) -> None:
    found.state, found.job_id = state, job.pk
    found.save(update_fields=["state", "job_id"])


def _close(ctx: Context, job: Job, state: ImportState) -> None:
    found = DataImport.objects.select_for_update(no_key=True).get(pk=job.params["import"])
    rows = found.rows.order_by()
    counts: dict[str, Any] = {
        "rows": rows.count(),
        "applied": rows.filter(applied_at__isnull=False, undone_at=None).count(),
        "undone": rows.filter(undone_at__isnull=False).count(),
    }
    if state is ImportState.APPLIED and counts["applied"]:
        found.applied_at = ctx.at
    elif state is ImportState.UNDONE and counts["undone"]:
        found.undone_at = ctx.at
    elif state is not ImportState.CHECKED:  # stopped before anything was done
        state = ImportState.APPLIED if state is ImportState.UNDONE else ImportState.CHECKED
    found.state = state
    found.save(update_fields=["state", "applied_at", "undone_at"])
    if state is ImportState.CHECKED:
        ctx.record("backoffice.data_import.checked", target=found, data=counts)
    elif state is ImportState.APPLIED:
        ctx.record("backoffice.data_import.applied", target=found, data=counts)
    else:
        ctx.record("backoffice.data_import.undone", target=found, data=counts)
