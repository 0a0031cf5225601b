"""Webhooks at work: which events go to whom, and the sending of what is due."""

import datetime as dt
import json
import time
from collections.abc import Callable, Iterable, Sequence

from django.conf import settings
from django.utils import timezone

from backoffice.effects.gateway import Unreachable, post
from backoffice.errors import InvalidInput
from backoffice.identity.selectors import access_of
from backoffice.integration.selectors import A, event_json, told_types, visible_of
from backoffice.outbox.models import Webhook, WebhookDelivery
from backoffice.outbox.registry import Consumer
from backoffice.outbox.rules import signature
from backoffice.outbox.selectors import StreamEvent, secret_of
from backoffice.outbox.services import Attempt, claim, consume, record_answer

NAME = "backoffice.webhooks"
BATCHES = 20
SECONDS = 20.0

PINGED = "backoffice.webhook.pinged"

# Told nobody: what webhooks themselves do would go round in circles.
SILENT = frozenset({"backoffice.webhook", "backoffice.webhookdelivery"})


def enqueue(events: Sequence[StreamEvent]) -> None:
    """Write a delivery for each event and each webhook that is to be told of it; harmless twice."""
    told = (event for event in events if event.target_type not in SILENT)
    companies = {event.company_id for event in told if event.company_id is not None}
    hooks = Webhook.objects.filter(active=True, company_id__in=companies)
    rows = [row for hook in hooks.select_related("owner") for row in _rows(hook, events)]
    WebhookDelivery.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1_000)


def _rows(hook: Webhook, events: Iterable[StreamEvent]) -> Iterable[WebhookDelivery]:
    """The deliveries of one webhook: of the objects it asked for, as far as its person sees them."""
    mine = [
        event
        for event in events
        if event.company_id == hook.company_id and event.at >= hook.created_at
    ]
    for event in _told(hook, mine, timezone.localdate(mine[-1].at)) if mine else ():
        yield WebhookDelivery(
            company_id=hook.company_id,
            webhook=hook,
            event_id=event.position.event_id,
            action=event.action,
            target_type=event.target_type,
            target_id=event.target_id,
            event_at=event.at,
            due_at=event.at,
        )


def _told(hook: Webhook, happened: Sequence[A], on: dt.date) -> list[A]:
    """What of it the webhook asked for and its person may see on a day."""
    access = access_of(hook.owner, hook.company_id, on)
    types = {
        label
        for label, resource in told_types(access).items()
        if resource.name in hook.objects_told and label not in SILENT
    }
    return visible_of(access, [each for each in happened if each.target_type in types])


CONSUMER = Consumer(NAME, enqueue)


def pump(now: Callable[[], dt.datetime], *, seconds: float = SECONDS) -> int:
    """Read events on and send what is due, for some seconds; any number of workers may.

    Args:
        now: The clock of the door that calls.
        seconds: When to stop taking further deliveries.

    Returns:
        How many deliveries were tried.
    """
    for _batch in range(BATCHES):
        if not consume(NAME, at=now()):
            break
    end = time.monotonic() + seconds
    tried = 0
    while time.monotonic() < end and (attempt := claim(at=now())) is not None:
        send(attempt, now)
        tried += 1
    return tried


def send(attempt: Attempt, now: Callable[[], dt.datetime]) -> None:
    """Make one attempt and write down how it ended."""
    delivery, hook = attempt.delivery, attempt.webhook
    at = now()
    if delivery.action != PINGED and not _told(hook, [delivery], timezone.localdate(at)):
        detail = "The person behind the webhook may not see this, or it is not told any more."
        record_answer(attempt, status=None, detail=detail, at=at, final=True)
        return
    try:
        answer = post(hook.url, *message(delivery, hook, at), seconds=settings.WEBHOOK_SECONDS)
    except InvalidInput as refusal:
        record_answer(attempt, status=None, detail=str(refusal), at=now(), final=True)
    except Unreachable as reason:
        record_answer(attempt, status=None, detail=str(reason), at=now())
    else:
        text = answer.body.decode("utf-8", "replace").replace("\x00", "")
        record_answer(attempt, status=answer.status, detail=text, at=now())


def message(
    delivery: WebhookDelivery, hook: Webhook, at: dt.datetime
) -> tuple[bytes, dict[str, str]]:
    """Body and headers of a message; the id is the same in every attempt, the time is not."""
    body = json.dumps(event_json(delivery), ensure_ascii=False).encode()
    message_id, timestamp = f"evt_{delivery.event_id}", int(at.timestamp())
    return body, {
        "Content-Type": "application/json",
        "User-Agent": "Retaguarda",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(secret_of(hook), message_id, timestamp, body),
    }
