"""One command for many records: which can, which cannot and why; then row by row, each on its own."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django import forms as django_forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.commands import CHECKED_INSIDE, COMMANDS, Context, command
from backoffice.commands.registry import run_within
from backoffice.database import keyset
from backoffice.errors import BusinessError, InvalidInput, NotFound
from backoffice.jobs.models import Job
from backoffice.jobs.registry import ChunkResult, ChunkWork, JobKind
from backoffice.jobs.registry import register as register_job
from backoffice.jobs.services import create_job, each_item
from backoffice.resources import forms, listing, panels, registry
from backoffice.resources.records import Command, Resource, Row

if TYPE_CHECKING:
    from backoffice.identity.rules import Access

AT_ONCE = 25
"""So many rows are done while the person waits; more become a job."""

IN_A_CHUNK = 50
LOOKED_AT = 500
"""So many rows are asked one by one before; of more, the first ones stand for the rest."""

JOB = "backoffice.list.bulk"

Texts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a command would find among selected rows.

    Attributes:
        total: Rows selected.
        looked_at: Of these, so many were asked.
        possible: Of those asked, so many can.
        reasons: Why the others cannot, with the number of each and one of them as example.
    """

    total: int
    looked_at: int
    possible: int
    reasons: list[tuple[str, int, str]]


def offered(resource: Resource, slug: str) -> Command | None:
    """The command of that name which the object offers for many records."""
    return next((c for c in resource.commands if c.bulk and c.slug == slug), None)


def _reach(resource: Resource, command: Command, access: "Access") -> QuerySet[Any]:
    """The rows for which this person may run the command."""
    return listing.reachable(resource, access, COMMANDS[command.name].permission)


def selection(asked: listing.Listing, ids: Sequence[str], *, everything: bool) -> list[int]:
    """The keys of the selected rows, in the order of the table: those named, or all of the filter.

    Raises:
        InvalidInput: Nothing is selected, too much is, or a key is no number.
    """
    if everything:
        found = list(asked.rows.order_by("pk").values_list("pk", flat=True)[: keyset.COUNT_CAP + 1])
    elif all(each.isascii() and each.isdigit() and len(each) < 19 for each in ids):
        found = sorted({int(each) for each in ids})
    else:
        raise InvalidInput("bad_selection", _("A row is named by its number."))
    if not found:
        raise InvalidInput("nothing_selected", _("Select at least one row."))
    if len(found) > keyset.COUNT_CAP:
        raise InvalidInput(
            "too_many_rows",
            _("At most %(most)d rows at once; narrow the filter.") % {"most": keyset.COUNT_CAP},
        )
    return found


def preview(resource: Resource, command: Command, access: "Access", ids: list[int]) -> Preview:
    """How many of the rows the command is possible for now, and why not for the others."""
    asked = ids[:LOOKED_AT]
    rows = {row.pk: row for row in _reach(resource, command, access).filter(pk__in=asked)}
    reasons: Counter[str] = Counter()
    example: dict[str, str] = {}
    for pk in asked:
        row = rows.get(pk)
        reason = _unreachable() if row is None else panels.why_not(resource, command, row, access)
        if reason:
            reasons[str(reason)] += 1
            example.setdefault(str(reason), str(resource.title(row)) if row is not None else "")
    return Preview(
        total=len(ids),
        looked_at=len(asked),
        possible=len(asked) - reasons.total(),
        reasons=[(reason, count, example[reason]) for reason, count in reasons.most_common()],
    )


def _unreachable() -> str:
    return _("There is no such record, or you may not do this with it.")


# --- the form ------------------------------------------------------------------------------------


def shared_form(
    resource: Resource,
    command: Command,
    access: "Access",
    ids: list[int],
    data: Any = None,  # noqa: ANN401  posted data
) -> django_forms.Form:
    """The command's form for many records: what is left empty stays as it is in each of them.

    What the first record has a value of its own for need not be filled in.
    """
    form = forms.make_form(replace(command, initial=None), access, None, data)
    first = _reach(resource, command, access).filter(pk__in=ids[:LOOKED_AT]).first()
    if command.initial is not None and first is not None:
        for name in command.initial(access, first).keys() & form.fields.keys():
            form.fields[name].required = False
    return form


def given_texts(form: django_forms.Form, data: Any) -> dict[str, Any]:  # noqa: ANN401  posted data
    """What somebody filled in, by the name of its field; as JSON."""
    found: dict[str, Any] = {}
    for name, field in form.fields.items():
        value = field.widget.value_from_datadict(data, {}, name)
        if value not in (None, "", [], False):
            found[name] = forms.form_text(field, value) if not isinstance(value, str) else value
    return found


def row_form(command: Command, access: "Access", record: Row, texts: Texts) -> django_forms.Form:
    """The command's form for one record: what was said for all, and the record's own for the rest."""
    empty = forms.make_form(command, access, record)
    own = {
        name: forms.form_text(field, empty.get_initial_for_field(field, name))
        for name, field in empty.fields.items()
    }
    return forms.make_form(command, access, record, {**own, **texts})


def _checked(form: django_forms.Form) -> django_forms.Form:
    if not form.is_valid():
        texts = [str(text) for errors in form.errors.values() for text in errors]
        raise InvalidInput("invalid", " ".join(texts))
    return form


# --- a few rows, at once -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one row: done, or why not."""

    pk: int
    label: str
    url: str
    code: str = ""
    reason: str = ""


def run_now(
    ctx: Context, resource: Resource, command: Command, ids: list[int], texts: Texts
) -> Iterator[Outcome]:
    """Run the command for each row in a transaction of its own; a refusal costs only its row.

    Under the caller's key each row has a key of its own: repeated, it gets its first answer.
    """
    access: Any = ctx.actor
    rows = {row.pk: row for row in _reach(resource, command, access).filter(pk__in=ids)}
    for pk in ids:
        row = rows.get(pk)
        if row is None:
            yield Outcome(pk, f"#{pk}", "", "not_found", _unreachable())
            continue
        label, url = str(resource.title(row)), registry.url(resource, "detail", pk)
        own = replace(ctx, key=_key_of(ctx.key, pk))
        try:
            form = _checked(row_form(command, access, row, texts))
            forms.run(resource, command, own, form, row)
        except BusinessError as refusal:
            yield Outcome(pk, label, url, refusal.code, str(refusal))
        else:
            yield Outcome(pk, label, url)


def _key_of(key: str | None, pk: int) -> str | None:
    return hashlib.sha256(f"{key}:{pk}".encode()).hexdigest() if key else None


# --- many rows, as a job -------------------------------------------------------------------------


@command("backoffice.list.run_bulk", permission=CHECKED_INSIDE)
def start_bulk(
    ctx: Context, *, resource: str, slug: str, ids: list[int], texts: dict[str, Any]
) -> Job:
    """Start a job that runs the command for each row, with the starter's rights.

    Raises:
        NotAllowed: The starter may not run the command.
        NotFound: The object has no such command for many rows.
    """
    found = registry.RESOURCES[resource]
    chosen = offered(found, slug)
    if chosen is None:
        raise NotFound("not_found", _("There is no such command."))
    if permission := COMMANDS[chosen.name].permission:
        ctx.require(permission)
    job = create_job(
        ctx,
        kind=JOB,
        title=f"{chosen.label}: {found.label_plural}",
        params={"resource": resource, "command": slug, "texts": texts},
        chunks=_chunks(ids),
        total=len(ids),
    )
    ctx.record(
        "backoffice.list.bulk_started", target=job, data={"command": chosen.name, "rows": len(ids)}
    )
    return job


def _chunks(ids: Sequence[int]) -> list[dict[str, list[int]]]:
    return [{"ids": list(ids[at : at + IN_A_CHUNK])} for at in range(0, len(ids), IN_A_CHUNK)]


def run_chunk(ctx: Context, work: ChunkWork) -> ChunkResult:
    """Run the command for each row of a chunk; a refused one becomes an error of the job."""
    resource = registry.RESOURCES[work.params["resource"]]
    chosen = offered(resource, work.params["command"])
    if chosen is None:
        raise NotFound("not_found", _("There is no such command."))
    access: Any = ctx.actor
    ids = work.payload["ids"]
    rows = {row.pk: row for row in _reach(resource, chosen, access).filter(pk__in=ids)}

    def do(pk: int) -> None:
        row = rows.get(pk)
        if row is None:
            raise NotFound("not_found", _unreachable())
        form = _checked(row_form(chosen, access, row, work.params["texts"]))
        run_within(ctx, chosen.name, **forms.arguments(resource, chosen, form, row))

    def name(pk: int) -> tuple[str, str]:
        return str(pk), str(resource.title(rows[pk])) if pk in rows else f"#{pk}"

    return each_item(ids, do, work=work, name=name)


def _item_url(job: Job, key: str) -> str:
    resource = registry.RESOURCES.get(job.params["resource"])
    return registry.url(resource, "detail", int(key)) if resource else ""


register_job(
    JobKind(
        name=JOB,
        title=gettext_lazy("Command for many records"),
        run=run_chunk,
        retry_items=lambda _job, keys: _chunks([int(key) for key in keys]),
        item_url=_item_url,
    )
)
