"""What the pages of approvals show."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from backoffice.identity.rules import Access
from backoffice.web.waiting import Waiting
from backoffice.work.models import Approval, ApprovalState, ApprovalVote
from backoffice.work.registry import APPROVALS
from backoffice.work.selectors import waiting_for


def waiting_rows(access: Access) -> list[Waiting]:
    """What waits for this person's vote, oldest first."""
    return [Waiting(each, APPROVALS[each.permission]) for each in waiting_for(access)]


def count_waiting(access: Access) -> int:
    """How much waits for this person's vote."""
    return len(waiting_for(access))


def content_of(approval: Approval, _access: Access) -> dict[str, Any] | None:
    """The panel with what is to be approved; None for a kind that no longer exists."""
    kind = APPROVALS.get(approval.permission)
    return None if kind is None else {"row": Waiting(approval, kind)}


def votes_of(approval: Approval, _access: Access) -> QuerySet[ApprovalVote]:
    """The votes on a request, in their order."""
    return ApprovalVote.objects.filter(approval=approval).order_by("pk")


def why_not_vote(approval: Approval, access: Access) -> str | None:
    """Why this person cannot vote on a request now, or None when they can."""
    if approval.state != ApprovalState.OPEN:
        return _("This is no longer waiting for approval.")
    if approval not in waiting_for(access):
        return _("This waits for other people.")
    return None


def vote_summary(approval: Approval, _access: Access) -> str:
    """What a vote is about, with its numbers, for the page of the vote."""
    kind = APPROVALS.get(approval.permission)
    pairs = kind.summary(approval.content) if kind else ()
    numbers = "; ".join(f"{label}: {value}" for label, value in pairs)
    return _("You vote on %(title)s. %(numbers)s.") % {"title": approval.title, "numbers": numbers}
