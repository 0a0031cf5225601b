"""Say something about a record, correct it, take it back; watch a record or mute it."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from backoffice.collaboration.models import (
    MOST_CHARACTERS,
    Comment,
    CommentVersion,
    Mention,
    Watch,
    WatchLevel,
)
from backoffice.collaboration.registry import KINDS, RecordKind
from backoffice.collaboration.rules import may_still_edit, mentions_in
from backoffice.collaboration.selectors import VIEW, WRITE, colleagues, rows_for, who_sees
from backoffice.commands import Context, command
from backoffice.errors import InvalidInput, NotAllowed, NotFound, WrongState
from backoffice.identity.rules import Access


@command("backoffice.comment.add", permission=WRITE)
def add_comment(ctx: Context, *, record: str, record_id: int, text: str) -> Comment:
    """Say something about a record; who says it watches it from then on, unless they muted it.

    Args:
        ctx: Who does it; a person.
        record: Name of the object, such as ``hr.employee``.
        record_id: Its key.
        text: Markdown; ``@Name`` tells a person who sees the record.

    Raises:
        NotFound: There is no such record within reach.
        InvalidInput: ``empty_comment``, ``long_comment``.
    """
    kind = _kind(ctx, record, record_id, WRITE)
    made = Comment.objects.create(
        company_id=ctx.company,
        record_type=record,
        record_id=record_id,
        author_id=_person(ctx),
        text=_checked(text),
        at=ctx.at,
    )
    told = _mention(ctx, kind, made)
    Watch.objects.get_or_create(
        company_id=ctx.company,
        record_type=record,
        record_id=record_id,
        user_id=made.author_id,
        defaults={"level": WatchLevel.WATCHING, "since": ctx.at},
    )
    ctx.record("backoffice.comment.added", target=made, data=_facts(made, told))
    return made


@command("backoffice.comment.edit", permission=WRITE)
def edit_comment(ctx: Context, *, comment_id: int, text: str) -> Comment:
    """Correct an own comment within an hour; what it said before stays readable.

    Raises:
        NotFound: There is no such comment within reach.
        NotAllowed: ``not_the_author``.
        WrongState: ``too_late``, ``comment_deleted``.
        InvalidInput: ``empty_comment``, ``long_comment``.
    """
    comment = _own(ctx, comment_id)
    if not may_still_edit(comment.at, ctx.at):
        raise WrongState("too_late", _("A comment can be corrected within an hour."))
    wanted = _checked(text)
    if wanted == comment.text:
        return comment
    CommentVersion.objects.create(
        company_id=ctx.company,
        comment=comment,
        number=comment.versions.count() + 1,
        text=comment.text,
        until=ctx.at,
    )
    comment.text, comment.edited_at = wanted, ctx.at
    comment.save(update_fields=["text", "edited_at"])
    told = _mention(ctx, KINDS[comment.record_type], comment)
    ctx.record("backoffice.comment.edited", target=comment, data=_facts(comment, told))
    return comment


@command("backoffice.comment.delete", permission=WRITE)
def delete_comment(ctx: Context, *, comment_id: int) -> Comment:
    """Take back an own comment: its words and their history go, who and when stay.

    Raises:
        NotFound: There is no such comment within reach.
        NotAllowed: ``not_the_author``.
        WrongState: ``comment_deleted``.
    """
    comment = _own(ctx, comment_id)
    comment.text, comment.deleted_at = "", ctx.at
    comment.save(update_fields=["text", "deleted_at"])
    comment.versions.all().delete()
    ctx.record("backoffice.comment.deleted", target=comment, data=_facts(comment, ()))
    return comment


@command("backoffice.watch.choose")
def choose_watch(ctx: Context, *, record: str, record_id: int, level: str) -> str:
    """Say what one wants to hear of a record: ``watching``, ``muted``, or "" for mentions only.

    Raises:
        NotFound: There is no such record within reach.
        InvalidInput: ``unknown_choice``.
    """
    if level not in {"", *WatchLevel.values}:
        raise InvalidInput("unknown_choice", _("A record is watched or muted."))
    kind = KINDS.get(record)
    if kind is None or not _seen(ctx, kind, record_id):
        raise NotFound("not_found", _("There is no such record."))
    rows = Watch.objects.filter(
        company_id=ctx.company, record_type=record, record_id=record_id, user_id=_person(ctx)
    )
    if not level:
        rows.delete()
    elif not rows.update(level=level, since=ctx.at):
        Watch.objects.create(
            company_id=ctx.company,
            record_type=record,
            record_id=record_id,
            user_id=_person(ctx),
            level=level,
            since=ctx.at,
        )
    return level


def _seen(ctx: Context, kind: RecordKind, pk: int) -> bool:
    """Whether who acts sees the record at all."""
    assert isinstance(ctx.actor, Access)  # noqa: S101  ``_person`` has refused everybody else
    return kind.rows(ctx.actor, "").filter(pk=pk).exists()


def _person(ctx: Context) -> int:
    """Who acts; the system says nothing and watches nothing."""
    if ctx.actor_id is None:
        raise NotAllowed("no_person", _("Only people do this."))
    return ctx.actor_id


def _kind(ctx: Context, record: str, pk: int, permission: str) -> RecordKind:
    """The kind of the record, if who acts may say something about exactly this one."""
    _person(ctx)
    kind = KINDS.get(record)
    if kind is None or not isinstance(ctx.actor, Access):
        raise NotFound("not_found", _("There is no such record."))
    if not rows_for(kind, ctx.actor, permission).filter(pk=pk).exists():
        raise NotFound("not_found", _("There is no such record."))
    return kind


def _own(ctx: Context, pk: int) -> Comment:
    """The comment, held by this transaction, if who acts wrote it and it still has its words."""
    comment = (
        Comment.objects.select_for_update(no_key=True).filter(company_id=ctx.company, pk=pk).first()
    )
    if comment is None:
        raise NotFound("not_found", _("There is no such record."))
    _kind(ctx, comment.record_type, comment.record_id, VIEW)
    if comment.author_id != ctx.actor_id:
        raise NotAllowed("not_the_author", _("Only who wrote a comment changes it."))
    if comment.deleted_at is not None:
        raise WrongState("comment_deleted", _("This comment was deleted."))
    return comment


def _checked(text: str) -> str:
    """The text without blanks around it.

    Raises:
        InvalidInput: There is nothing, or too much.
    """
    wanted = text.replace("\x00", "").strip()
    if not wanted:
        message = _("Write something.")
        raise InvalidInput("empty_comment", message, fields={"text": message})
    if len(wanted) > MOST_CHARACTERS:
        message = _("A comment has at most 10,000 characters.")
        raise InvalidInput("long_comment", message, fields={"text": message})
    return wanted


def _mention(ctx: Context, kind: RecordKind, comment: Comment) -> list[int]:
    """Keep whom the comment names among those who see the record.

    Returns:
        Who was not named before; each is told once.
    """
    if "@" not in comment.text:
        return []
    on = ctx.actor.on if isinstance(ctx.actor, Access) else ctx.at.date()
    named = colleagues(ctx.company, on)
    meant = {who for _begin, _end, who in mentions_in(comment.text, named)}
    known = set(comment.mentions.values_list("user_id", flat=True))
    new = sorted(meant - known - {comment.author_id})
    seeing = who_sees(kind, comment.record_id, new, company_id=ctx.company, on=on)
    Mention.objects.bulk_create(
        Mention(company_id=ctx.company, comment=comment, user_id=who, label=named[who])
        for who in seeing
    )
    return seeing


def _facts(comment: Comment, told: Iterable[int]) -> dict[str, object]:
    """What the log of events keeps of a comment; never its words."""
    return {
        "record": comment.record_type,
        "record_id": comment.record_id,
        "mentioned": list(told),
    }
