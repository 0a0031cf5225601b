"""Named reads: who sees what is said about a record, and what that is."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from backoffice.collaboration.models import Comment, Watch
from backoffice.collaboration.registry import KINDS, RecordKind
from backoffice.collaboration.rules import folded, labels
from backoffice.identity.models import User
from backoffice.identity.rules import Access
from backoffice.identity.selectors import access_of, grants_on

VIEW = "backoffice.comment.view"
WRITE = "backoffice.comment.write"
SHOWN = 200
TRIED = 60
"""How many people the search for names looks at before it gives up."""


def rows_for(kind: RecordKind, access: Access, permission: str) -> QuerySet[Any]:
    """The records of a kind about which this person may read (or write) what is said.

    Those that they see, within the reach of ``permission``; but nobody reads what colleagues say about
    them: records about the person themselves are left out.
    """
    rows = kind.rows(access, permission)
    if not access.can(permission):
        return rows.none()
    if kind.person and access.person_id is not None:
        rows = rows.exclude(**{kind.person: access.person_id})
    return rows


def comments_on(company_id: int, record_type: str, record_id: int) -> QuerySet[Comment]:
    """What was said about a record, oldest first; the caller has asked whether it may be read."""
    return (
        Comment.objects.filter(company_id=company_id, record_type=record_type, record_id=record_id)
        .select_related("author")
        .prefetch_related("mentions", "versions")
        .order_by("pk")
    )


def visible_comment(access: Access, pk: int, permission: str = VIEW) -> Comment | None:
    """A comment, if this person may read what is said about its record."""
    found = Comment.objects.filter(company_id=access.company_id, pk=pk).first()
    if found is None or found.record_type not in KINDS:
        return None
    kind = KINDS[found.record_type]
    seen = rows_for(kind, access, permission).filter(pk=found.record_id).exists()
    return found if seen else None


def watch_of(access: Access, record_type: str, record_id: int) -> str:
    """What the person wants to hear of a record: ``watching``, ``muted``, or nothing chosen."""
    return (
        Watch.objects.filter(
            company_id=access.company_id,
            record_type=record_type,
            record_id=record_id,
            user_id=access.user_id,
        )
        .values_list("level", flat=True)
        .first()
        or ""
    )


def colleagues(company_id: int, on: dt.date) -> dict[int, str]:
    """How each person is named behind an ``@`` who may read comments on anything in the company."""
    grants = grants_on(on).filter(company_id=company_id, role__permissions__contains=[VIEW])
    found = User.objects.filter(pk__in=grants.values("user_id"), owner__isnull=True)
    return labels(dict(found.order_by("name", "pk").values_list("pk", "name")))


def who_sees(
    kind: RecordKind, pk: int, users: Iterable[int], *, company_id: int, on: dt.date
) -> list[int]:
    """Those of the people who may read what is said about a record, in the same order."""
    known = User.objects.in_bulk(list(users))
    return [
        user_id
        for user_id in users
        if user_id in known
        and rows_for(kind, access_of(known[user_id], company_id, on), VIEW).filter(pk=pk).exists()
    ]


def to_mention(
    kind: RecordKind, pk: int, access: Access, q: str, limit: int = 6
) -> list[dict[str, Any]]:
    """People whom a comment on the record can name, whose names have a word that begins so."""
    wanted = folded(q.strip())
    fitting = [
        (user_id, label)
        for user_id, label in colleagues(access.company_id, access.on).items()
        if user_id != access.user_id
        and any(place.startswith(wanted) for place in _beginnings(folded(label)))
    ][:TRIED]
    found: list[dict[str, Any]] = []
    for user_id, label in fitting:
        if len(found) == limit:
            break
        if who_sees(kind, pk, [user_id], company_id=access.company_id, on=access.on):
            found.append({"id": user_id, "label": label})
    return found


def _beginnings(name: str) -> list[str]:
    """The name from each of its words on."""
    words = name.split(" ")
    return [" ".join(words[place:]) for place in range(len(words))]
