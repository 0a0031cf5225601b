"""Tie records together, and take links away."""

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.commands import Context, command, step
from backoffice.errors import InvalidInput, NotFound, WrongState
from backoffice.identity.rules import Access
from backoffice.links.kinds import KINDS, LinkKind
from backoffice.links.models import Link
from backoffice.links.objects import OBJECTS
from backoffice.links.selectors import MANAGE

if TYPE_CHECKING:
    from django.utils.functional import Promise

ONCE = "link_once"
ELSEWHERE = "has no such records to link"


class RecordRef(NamedTuple):
    """A record by the name of its kind (``hr.employee``) or the label of its model, and its key."""

    kind: str
    pk: int


@step
def link_records(
    ctx: Context,
    *,
    kind: LinkKind,
    source: Model,
    target: Model,
    note: str = "",
) -> Link:
    """Tie two records of the company together; for commands of any subject.

    Raises:
        WrongState: ``already_linked``.
        ValueError: The kind does not lead from the one to the other.
    """
    one, other = source._meta.label_lower, target._meta.label_lower
    if not kind.fits(one, other):
        msg = f"{kind.name} does not lead from {one} to {other}"
        raise ValueError(msg)
    today = timezone.localdate(ctx.at)
    return _save(
        ctx, kind, RecordRef(one, source.pk), RecordRef(other, target.pk), since=today, note=note
    )


@step
def unlink_records(ctx: Context, *, link: Link, why: str) -> None:
    """Take a link away; that it was there stays known."""
    link.removed_at, link.removed_by_id, link.removed_why = ctx.at, ctx.actor_id, why
    link.save(update_fields=["removed_at", "removed_by", "removed_why"])
    _tell_both(ctx, link, "unlinked")


@command("backoffice.link.add", permission=MANAGE)
def add_link(
    ctx: Context,
    *,
    kind: str,
    source: RecordRef,
    target: RecordRef,
    since: dt.date | None = None,
    note: str = "",
) -> Link:
    """Tie two records together that the person sees both.

    Args:
        ctx: Who does it.
        kind: Name of a kind that people may make.
        source: From which record.
        target: To which one.
        since: First day on which it holds; by default today.
        note: What else there is to say.

    Raises:
        NotFound: One of the records is not within the person's reach.
        InvalidInput: ``unknown_link``, ``link_does_not_fit``, ``same_record``, ``link_in_future``.
        WrongState: ``already_linked``.
    """
    chosen = KINDS.get(kind)
    if chosen is None or not chosen.by_people:
        raise _refusal("unknown_link", _("There is no such link."))
    one, other = _reachable(ctx, source), _reachable(ctx, target)
    if one == other:
        raise _refusal("same_record", _("A record is not linked to itself."), "target")
    if not chosen.fits(one.kind, other.kind):
        message = _("This link does not lead from the one record to the other.")
        raise _refusal("link_does_not_fit", message)
    today = timezone.localdate(ctx.at)
    if since is not None and since > today:
        raise _refusal("link_in_future", _("This day is still to come."), "since")
    return _save(ctx, chosen, one, other, since=since or today, note=note.strip())


@command("backoffice.link.remove", permission=MANAGE)
def remove_link(ctx: Context, *, link_id: int, why: str) -> Link:
    """Take away a link that people made, between records that the person sees both.

    Raises:
        NotFound: There is none within the person's reach.
        WrongState: ``link_of_a_command``: it says what a command did.
        InvalidInput: ``reason_needed``.
    """
    rows = Link.objects.select_for_update().filter(company_id=ctx.company, removed_at__isnull=True)
    link = rows.filter(pk=link_id).first()
    if link is None:
        raise _no_record()
    for ref in (
        RecordRef(link.source_type, link.source_id),
        RecordRef(link.target_type, link.target_id),
    ):
        _reachable(ctx, ref)
    kind = KINDS.get(link.kind)
    if kind is None or not kind.by_people:
        raise WrongState("link_of_a_command", _("This link says what was done; it stays."))
    if not why.strip():
        raise _refusal("reason_needed", _("Say why."), "why")
    unlink_records(ctx, link=link, why=why.strip())
    return link


def _reachable(ctx: Context, ref: RecordRef) -> RecordRef:
    """The record with the label of its model, if the person sees it and may link it.

    For the system the database alone looks whether it is there, in the company.
    """
    objects = OBJECTS.answer
    kind = objects.kind(ref.kind)
    if kind is None:
        raise _no_record()
    if isinstance(ctx.actor, Access):
        rows = objects.rows(kind, ctx.actor, MANAGE)
        if not rows.filter(pk=ref.pk).exists():
            raise _no_record()
    return RecordRef(kind.model, ref.pk)


def _save(
    ctx: Context, kind: LinkKind, one: RecordRef, other: RecordRef, *, since: dt.date, note: str
) -> Link:
    link = Link(
        company_id=ctx.company,
        kind=kind.name,
        source_type=one.kind,
        source_id=one.pk,
        target_type=other.kind,
        target_id=other.pk,
        since=since,
        note=note,
        created_at=ctx.at,
        created_by_id=ctx.actor_id,
    )
    try:
        with transaction.atomic():
            link.save()
    except IntegrityError as error:
        if ELSEWHERE in str(error.__cause__):
            raise _no_record() from error
        if ONCE not in str(error):
            raise
        message = _("These records are already linked this way.")
        raise WrongState("already_linked", message) from error
    _tell_both(ctx, link, "linked")
    return link


def _tell_both(ctx: Context, link: Link, what: str) -> None:
    """Both records tell of it in their histories, each without naming the other."""
    for model, pk in ((link.source_type, link.source_id), (link.target_type, link.target_id)):
        record = apps.get_model(model)(pk=pk)
        ctx.record(
            f"backoffice.record.{what}", target=record, data={"link": link.pk, "kind": link.kind}
        )


def _refusal(code: str, message: "Promise", field: str = "kind") -> InvalidInput:
    return InvalidInput(code, message, fields={field: message})


def _no_record() -> NotFound:
    return NotFound("not_found", _("There is no such record."))
