"""A whole list as a file, made by a worker in one reading of the database."""

import tempfile
from array import array
from collections.abc import Iterator
from typing import Any, BinaryIO, cast

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from backoffice.audit.services import NewReading, record_reading
from backoffice.commands import CHECKED_INSIDE, Context, command
from backoffice.errors import InvalidInput, NotAllowed, WrongState
from backoffice.exchange import asking, writing
from backoffice.exchange.cells import Format, writers
from backoffice.identity.rules import Access
from backoffice.jobs.models import Job
from backoffice.jobs.registry import ChunkResult, ChunkWork
from backoffice.jobs.services import create_job, keep_result
from backoffice.resources import listing
from backoffice.resources.listing import Listing
from backoffice.resources.records import Column, Resource

EXPORT = "backoffice.export.create"
EXPORT_PERSONAL = "backoffice.export.create_personal"

PLAIN_JOB = "backoffice.exchange.export"
PERSONAL_JOB = "backoffice.exchange.export_personal"

AT_ONCE = 5_000
"""Rows up to which a page waits for the file."""

READ_AT_ONCE = 2_000
IDS_IN_A_READING = 10_000


def is_personal(resource: Resource) -> bool:
    """Whether the rows are about people, so that taking them out asks for more."""
    return bool(resource.personal or resource.person or resource.restricted)


def permission_for(resource: Resource) -> str:
    """What somebody needs to save this list, besides reading it."""
    return EXPORT_PERSONAL if is_personal(resource) else EXPORT


@command("backoffice.export.create", permission=CHECKED_INSIDE)
def export_list(ctx: Context, *, resource: str, query: str, format: str) -> Job:  # noqa: A002
    """Save the rows that a list's address asks for, in its columns and order, as a job with a file.

    Lists about people ask for a permission of their own, and for a fresh proof of identity.

    Args:
        ctx: Who asks; the file holds what they may see.
        resource: Name of the object.
        query: The address of the list after the question mark; its page does not matter.
        format: ``xlsx``, ``csv-br`` or ``csv``.

    Raises:
        NotFound: There is no such list.
        NotAllowed: They may not read it, or not take it out.
        ProofNeeded: It is about people, and the last proof is too old.
        InvalidInput: ``unknown_format``, ``query_too_long``, ``too_many_rows``.
        BadQuery: The address asks for what the list does not have.
        WrongState: ``nothing_to_export``.
    """
    access = _person(ctx)
    found = asking.object_named(resource, access)
    ctx.require(permission_for(found))
    if format not in set(Format):
        message = _("Choose one of: %(formats)s.") % {"formats": ", ".join(Format)}
        raise InvalidInput("unknown_format", message, fields={"format": message})
    asked = asking.question(query)
    wanted = asking.ask(found, asked, access)
    count = wanted.rows.order_by().count()
    if not count:
        raise WrongState("nothing_to_export", _("This list is empty: there is nothing to save."))
    if format == Format.XLSX and count > writing.MOST_ROWS:
        message = _("A workbook holds %(most)s rows. Narrow the list, or save it as CSV.")
        raise InvalidInput("too_many_rows", message % {"most": writing.MOST_ROWS})
    keys = [column.key for column in wanted.columns]
    ctx.record(
        "backoffice.export.created",
        data={
            "object": found.name,
            "query": asked.urlencode(),
            "format": format,
            "rows": count,
            "columns": keys,
        },
    )
    return create_job(
        ctx,
        kind=PERSONAL_JOB if is_personal(found) else PLAIN_JOB,
        title=_("Export: %(list)s") % {"list": found.label_plural},
        params={"object": found.name, "query": asked.urlencode(), "format": format},
        chunks=[{}],
        total=count,
    )


def export_chunk(ctx: Context, work: ChunkWork) -> ChunkResult:
    """Write the file and keep it as the job's result, with what its starter may see today.

    All rows come from one statement behind a cursor of the server: they are of one moment, whatever
    changes meanwhile, and never all in memory.
    """
    access = _person(ctx)
    resource = asking.object_named(str(work.params["object"]), access)
    form = Format(work.params["format"])
    wanted = asking.ask(resource, asking.question(str(work.params["query"])), access)
    ids = array("q")
    with tempfile.TemporaryFile() as file:
        out = cast("BinaryIO", file)
        rows = _told(_cells(resource, wanted, form, ids), work)
        writing.write(form, headings_of(wanted.columns, form), rows, out)
        _log_reading(ctx, resource, wanted.columns, ids)
        keep_result(
            ctx,
            job_id=work.job_id,
            stream=out,
            name=file_name(resource, ctx, form),
            content_type=form.content_type,
        )
    return ChunkResult(len(ids))


def headings_of(columns: list[Column], form: Format) -> list[writing.Heading]:
    """The heads of the columns: words for people, keys for programs."""
    names = [c.key if form is Format.CSV else str(c.label) for c in columns]
    return [writing.Heading(name, c.kind) for name, c in zip(names, columns, strict=True)]


def file_name(resource: Resource, ctx: Context, form: Format) -> str:
    """What the file is called: the list and the day."""
    words = slugify(str(resource.label_plural)) or resource.slug
    return f"{words}-{timezone.localdate(ctx.at):%Y-%m-%d}{form.suffix}"


def _cells(
    resource: Resource, wanted: Listing, form: Format, ids: "array[int]"
) -> Iterator[list[Any]]:
    """The rows as cells, in the order of the list; their keys are kept for the log of readings."""
    columns = wanted.columns
    rows, paths = listing.annotated(wanted.rows, columns)
    write = writers(resource, columns, form)
    for pk, *values in _in_order(rows, wanted).values_list("pk", *paths).iterator(READ_AT_ONCE):
        ids.append(pk)
        yield [each(value) for each, value in zip(write, values, strict=True)]


def _in_order(rows: QuerySet[Any], wanted: Listing) -> QuerySet[Any]:
    """The order of the list: its own, ties broken by the key."""
    sign = "-" if wanted.sort.descending else ""
    order = ["pk"] if wanted.sort.path == "pk" else [wanted.sort.path, "pk"]
    return rows.order_by(*(f"{sign}{path}" for path in order))


def _told(rows: Iterator[list[Any]], work: ChunkWork) -> Iterator[list[Any]]:
    for count, row in enumerate(rows, start=1):
        yield row
        if count % READ_AT_ONCE == 0:
            work.heartbeat(count)


def _log_reading(
    ctx: Context, resource: Resource, columns: list[Column], ids: "array[int]"
) -> None:
    """Write down whose restricted values went into the file; it commits with the file itself."""
    if resource.restricted.keys().isdisjoint(column.key for column in columns):
        return
    for start in range(0, len(ids), IDS_IN_A_READING):
        record_reading(
            NewReading(
                at=ctx.at,
                kind=resource.name,
                ids=ids[start : start + IDS_IN_A_READING].tolist(),
                company_id=ctx.company_id,
                user_id=ctx.actor_id,
                channel=ctx.channel.value,
                token_id=ctx.token_id,
                request_id=ctx.request_id,
            )
        )


def _person(ctx: Context) -> Access:
    """Whose eyes see the list; the system has none.

    Raises:
        NotAllowed: ``no_person``.
    """
    if not isinstance(ctx.actor, Access):
        raise NotAllowed("no_person", _("Lists are saved for a person, with what they may see."))
    return ctx.actor
