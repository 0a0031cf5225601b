"""What is said about a record, ready for its timeline."""

import datetime as dt
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from backoffice.collaboration.follow_ups import reminder_of
from backoffice.collaboration.models import Comment, FollowUp
from backoffice.collaboration.registry import KINDS
from backoffice.collaboration.rules import may_still_edit
from backoffice.collaboration.selectors import VIEW, WRITE, comments_on, rows_for, watch_of
from backoffice.collaboration.writing import write
from backoffice.identity.rules import Access


@dataclass(frozen=True, slots=True)
class Said:
    """One comment as HTML, at its place in the timeline."""

    at: dt.datetime
    actor: str
    html: SafeString


@dataclass(frozen=True, slots=True)
class Talk:
    """What the timeline of a record offers one person.

    Attributes:
        reads: Whether the person may read what is said about the record.
        writes: Whether they may say something.
        level: Whether they watch the record or muted it.
        said: The comments; empty for who may not read them.
        reminder: What they want to be reminded of.
    """

    reads: bool
    writes: bool
    level: str
    said: list[Said]
    reminder: FollowUp | None = None


def talk(name: str, pk: int, access: Access, *, at: dt.datetime) -> Talk:
    """What is said about a record that this person sees.

    Args:
        name: Of the object.
        pk: Of the record; the caller has found it among the rows of this person.
        access: Who reads.
        at: The moment that counts as now: an author corrects for an hour.
    """
    kind = KINDS[name]
    reads, writes = (
        access.can(permission) and rows_for(kind, access, permission).filter(pk=pk).exists()
        for permission in (VIEW, WRITE)
    )
    said = []
    if reads:
        rows = comments_on(access.company_id, name, pk)
        said = [
            Said(each.at, each.author.name, comment_html(each, access, writes=writes, at=at))
            for each in rows
        ]
    return Talk(reads, writes, watch_of(access, name, pk), said, reminder_of(access, name, pk))


def comment_html(comment: Comment, access: Access, *, writes: bool, at: dt.datetime) -> SafeString:
    """One comment with its earlier texts, and what its author can still do with it."""
    named = {each.user_id: each.label for each in comment.mentions.all()}
    mine = writes and comment.author_id == access.user_id and comment.deleted_at is None
    context = {
        "comment": comment,
        "text": write(comment.text, named),
        "names_me": access.user_id in named,
        "earlier": [
            (each.until, write(each.text, named))
            for each in sorted(comment.versions.all(), key=lambda each: -each.number)
        ],
        "may_edit": mine and may_still_edit(comment.at, at),
        "may_delete": mine,
    }
    return render_to_string("teamwork/comment.html", context)
