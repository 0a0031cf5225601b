"""Tell people of what happened: reads the outbox, writes inboxes and mails."""

import datetime as dt
import logging
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from backoffice.identity.models import User
from backoffice.notifications.models import Delivery, Mail, Notification
from backoffice.notifications.registry import KINDS, NoticeKind, Told
from backoffice.notifications.rules import after_quiet, message_id, next_digest
from backoffice.notifications.selectors import delivery_of, hours_of
from backoffice.outbox import registry as outbox
from backoffice.outbox.selectors import StreamEvent

log = logging.getLogger(__name__)


def tell(events: Sequence[StreamEvent]) -> None:
    """Tell people of what happened; a consumer of the outbox, called in its transaction.

    Harmless twice: a person is told of an event once, the database sees to that. A kind that fails
    tells nobody of that event, is logged, and stops no other.
    """
    by_action: dict[str, list[NoticeKind]] = {}
    for kind in KINDS.values():
        for action in set(kind.events()):
            by_action.setdefault(action, []).append(kind)
    for event in events:
        for kind in by_action.get(event.action, ()):
            _tell(kind, event)


CONSUMER = outbox.Consumer("backoffice.notifications", tell)
outbox.register(CONSUMER)


def _tell(kind: NoticeKind, event: StreamEvent) -> None:
    known = Notification.objects.filter(kind=kind.name, event_id=event.position.event_id)
    if known.exists():
        return
    try:
        with transaction.atomic():
            for told in kind.tell(event):
                _notify(kind, event, told)
    except Exception:
        log.exception("nobody could be told of event %s", event.position.event_id)


def _notify(kind: NoticeKind, event: StreamEvent, told: Told) -> None:
    user = User.objects.filter(pk=told.user_id, is_active=True).first()
    if user is None or event.company_id is None:
        return
    wanted = delivery_of(user.pk, kind.name)
    with translation.override(user.language or settings.LANGUAGE_CODE):
        text = told.text()[:300]
        mail = None
        if wanted == Delivery.NOW and user.email:  # who logs in by CPF finds it in the inbox
            mail = queue_mail(
                company_id=event.company_id,
                key=f"{kind.name}:{event.position.event_id}:{user.pk}",
                recipient=user.email,
                subject=text[:200],
                body=_body([(text, told.url)]),
                due_at=_allowed(user.pk, event.at),
                at=event.at,
            )
    Notification.objects.create(
        company_id=event.company_id,
        user=user,
        kind=kind.name,
        event_id=event.position.event_id,
        text=text,
        url=told.url,
        at=event.at,
        digest=wanted == Delivery.DIGEST and user.email is not None,
        mail=mail,
    )


@transaction.atomic(durable=True)
def make_digests(*, at: dt.datetime) -> int:
    """One mail for each person and company of what waits for the digest, once its hour has come.

    Returns:
        How many mails were made.
    """
    waiting = Notification.objects.filter(digest=True, mail__isnull=True, user__is_active=True)
    made = 0
    for user_id, company_id in waiting.values_list("user_id", "company_id").distinct().order_by():
        mine = list(
            waiting.select_for_update(of=("self",))
            .filter(user_id=user_id, company_id=company_id)
            .order_by("pk")
        )
        hour = hours_of(user_id).digest_hour
        if not mine or at < next_digest(timezone.localtime(mine[0].at), hour):
            continue
        user = User.objects.get(pk=user_id)
        if user.email is None:
            continue
        with translation.override(user.language or settings.LANGUAGE_CODE):
            mail = queue_mail(
                company_id=company_id,
                key=f"digest:{user_id}:{company_id}:{mine[-1].pk}",
                recipient=user.email,
                subject=_("What happened: %(count)d notices") % {"count": len(mine)},
                body=_body([(each.text, each.url) for each in mine]),
                due_at=_allowed(user_id, at),
                at=at,
            )
        Notification.objects.filter(pk__in=[each.pk for each in mine]).update(mail=mail)
        made += 1
    return made


def queue_mail(
    *,
    company_id: int,
    key: str,
    recipient: str,
    subject: str,
    body: str,
    due_at: dt.datetime,
    at: dt.datetime,
) -> Mail:
    """Commit the intent of a mail with the caller's transaction; the same key makes one mail."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"
    given = {
        "company_id": company_id,
        "message_id": message_id(key, domain),
        "recipient": recipient,
        "subject": " ".join(subject.split()),
        "body": body,
        "due_at": due_at,
        "created_at": at,
    }
    mail, _made = Mail.objects.get_or_create(key=key, defaults=given)
    return mail


def _allowed(user_id: int, at: dt.datetime) -> dt.datetime:
    hours = hours_of(user_id)
    return after_quiet(timezone.localtime(at), hours.quiet_from, hours.quiet_to)


def _body(rows: list[tuple[str, str]]) -> str:
    lines = [f"{text}\n{settings.PUBLIC_URL}{url}" for text, url in rows]
    foot = _("You choose what you hear of, and when: %(url)s") % {
        "url": f"{settings.PUBLIC_URL}/notifications/preferences/"
    }
    return "\n\n".join([*lines, f"-- \n{foot}"])
