"""Named reads: what a person was told, and the mails of a company."""

from django.db.models import QuerySet

from backoffice.identity.rules import Access
from backoffice.identity.selectors import in_scope
from backoffice.notifications.models import (
    Delivery,
    Mail,
    Notification,
    NotificationChoice,
    NotificationHours,
)
from backoffice.notifications.registry import KINDS

MAILS = "backoffice.mail.view"


def notifications_of(access: Access) -> QuerySet[Notification]:
    """What this person was told in the company, newest first."""
    return Notification.objects.filter(
        user_id=access.user_id, company_id=access.company_id
    ).order_by("-pk")


def unread_count(access: Access) -> int:
    """How much of it was not read yet."""
    return notifications_of(access).filter(read_at__isnull=True).count()


def visible_mails(access: Access) -> QuerySet[Mail]:
    """The mails of the company, for who looks after them."""
    return in_scope(Mail.objects.all(), access, MAILS)


def delivery_of(user_id: int, kind: str) -> Delivery:
    """How a person wants to hear of a kind."""
    choice = NotificationChoice.objects.filter(user_id=user_id, kind=kind).first()
    return Delivery(choice.delivery) if choice else KINDS[kind].default


def hours_of(user_id: int) -> NotificationHours:
    """When mails to a person rest; the usual hours for who chose none."""
    found = NotificationHours.objects.filter(user_id=user_id).first()
    return found or NotificationHours(user_id=user_id)
