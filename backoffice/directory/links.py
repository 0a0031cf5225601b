"""What the kernel itself links to a party: accounts of users, and what waits for a second person."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backoffice.directory.registry import Entry, Links, Text
from backoffice.identity.models import User
from backoffice.identity.rules import Access
from backoffice.identity.selectors import users_visible_to
from backoffice.parties.models import PayoutChange
from backoffice.work.models import Approval
from backoffice.work.selectors import visible_approvals


def users_of(access: Access, party_ids: Sequence[int]) -> list[Entry]:
    """Accounts with which the person logs in."""
    rows = users_visible_to(access).filter(person_id__in=party_ids).order_by("name", "pk")
    return [
        Entry(
            text=user.name,
            detail=user.email or "",
            url=reverse("backoffice.user.detail", args=[user.pk]),
        )
        for user in rows
    ]


def approvals_of(access: Access, party_ids: Sequence[int]) -> list[Entry]:
    """Requests to pay the party elsewhere, the latest first."""
    changes = PayoutChange.objects.filter(company_id=access.company_id, party_id__in=party_ids)
    rows = visible_approvals(access).filter(
        document_type=PayoutChange._meta.label_lower, document_id__in=changes.values("pk")
    )
    return [_approval(row) for row in rows.order_by("-pk")[:20]]


def _approval(row: Approval) -> Entry:
    return Entry(
        text=row.title,
        detail=row.get_state_display(),
        url=reverse("backoffice.approval.detail", args=[row.pk]),
        day=row.requested_at.date(),
    )


def keeps_user(company_id: int, party_id: int) -> Text | None:
    """A person who logs in, in whichever company, is not merged away: the account stays with them."""
    del company_id
    if User.objects.filter(person_id=party_id).exists():
        return _("This person has an account of a user. Merge the other one into this one.")
    return None


LINKS = (
    Links(label=_("Users"), icon="user", permission="backoffice.user.view", rows=users_of),
    Links(
        label=_("Approvals"),
        icon="checks",
        permission="backoffice.approval.view",
        rows=approvals_of,
    ),
)
