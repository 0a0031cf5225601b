"""Deliveries to webhooks, for the worker: claimed one by one, tried, written down, tried again."""

import datetime as dt
from dataclasses import dataclass

from django.db import connection, transaction

from backoffice.commands import Channel, Context
from backoffice.outbox.models import DeliveryState, Webhook, WebhookAttempt, WebhookDelivery
from backoffice.outbox.rules import next_attempt
from backoffice.outbox.services.webhooks import stop_webhook

LEASE = dt.timedelta(seconds=60)
"""How long an attempt may take; whoever dies in it is made up for afterwards."""

GONE = 410
DETAIL = 500


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt that was written down and is now to be made."""

    number: int
    delivery: WebhookDelivery
    webhook: Webhook


@transaction.atomic(durable=True)
def claim(*, at: dt.datetime) -> Attempt | None:
    """Take the delivery that has waited longest, and write its attempt down before it is made.

    Of one webhook only one delivery is on its way at a time, so that a slow address holds up one
    worker and no other webhook. A worker that dies leaves its lease to run out.

    Returns:
        None when nothing is due.
    """
    _let_the_disk_follow()
    chosen = _choose(at)
    if chosen is None:
        return None
    delivery = WebhookDelivery.objects.select_related("webhook").get(pk=chosen)
    delivery.attempts += 1
    delivery.tried += 1
    delivery.due_at = at + LEASE
    delivery.save(update_fields=["attempts", "tried", "due_at"])
    WebhookAttempt.objects.create(delivery=delivery, number=delivery.tried, started_at=at)
    return Attempt(delivery.tried, delivery, delivery.webhook)


def _choose(at: dt.datetime) -> int | None:
    """The delivery to try next, with its webhook held by this transaction.

    The webhook's row is the lock. What is due and whether an attempt is under way is asked again
    after it: the statement that waited for the lock saw the time before.
    """
    passed: list[int] = []
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_WEBHOOK, {"at": at, "passed": passed})
            webhook = cursor.fetchone()
            if webhook is None:
                return None
            cursor.execute(_DUE, {"at": at, "webhook": webhook[0]})
            found = cursor.fetchone()
        if found is not None:
            pk: int = found[0]
            return pk
        passed.append(webhook[0])


_WEBHOOK = """
    SELECT w.id FROM backoffice_webhook w
    CROSS JOIN LATERAL (
        SELECT d.id, d.due_at FROM backoffice_webhook_delivery d
        WHERE d.webhook_id = w.id AND d.state = 'pending' AND d.due_at <= %(at)s
        ORDER BY d.due_at, d.id LIMIT 1
    ) d
    WHERE w.active AND w.id <> ALL(%(passed)s)
    ORDER BY d.due_at, d.id LIMIT 1 FOR UPDATE OF w SKIP LOCKED
"""
_DUE = """
    SELECT d.id FROM backoffice_webhook_delivery d
    WHERE d.webhook_id = %(webhook)s AND d.state = 'pending' AND d.due_at <= %(at)s AND NOT EXISTS (
        SELECT FROM backoffice_webhook_attempt a JOIN backoffice_webhook_delivery o ON o.id = a.delivery_id
        WHERE o.webhook_id = d.webhook_id AND o.state = 'pending' AND a.ended_at IS NULL
          AND a.number = o.tried AND o.due_at > %(at)s
    )
    ORDER BY d.due_at, d.id LIMIT 1
"""


def _let_the_disk_follow() -> None:
    """What a crash of the server forgets is sent once more, which its receiver tells by the id."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit TO off")


@transaction.atomic(durable=True)
def record_answer(
    attempt: Attempt,
    *,
    status: int | None,
    detail: str,
    at: dt.datetime,
    final: bool = False,
) -> DeliveryState:
    """Write how an attempt ended: delivered, tried again later, or failed.

    An answer of 2xx delivers; 410 says that nobody is there any more and stops the webhook.

    Args:
        attempt: As it was claimed.
        status: Of the answer; None when there was none.
        detail: Beginning of the answer, or why there was none.
        at: Now.
        final: Trying again would lead nowhere.
    """
    _let_the_disk_follow()
    delivery = WebhookDelivery.objects.select_for_update().get(pk=attempt.delivery.pk)
    WebhookAttempt.objects.filter(delivery=delivery, number=attempt.number).update(
        ended_at=at, status=status, detail=detail[:DETAIL]
    )
    if delivery.tried != attempt.number or delivery.state != DeliveryState.PENDING:
        return DeliveryState(delivery.state)  # the lease ran out, another attempt decides
    delivery.status = status
    later = None if final or status == GONE else next_attempt(delivery.attempts, at)
    if status is not None and 200 <= status < 300:
        delivery.state, delivery.due_at, delivery.delivered_at = DeliveryState.DELIVERED, None, at
    elif later is None:
        delivery.state, delivery.due_at = DeliveryState.FAILED, None
    else:
        delivery.due_at = later
    delivery.save(update_fields=["state", "due_at", "delivered_at", "status"])
    if status == GONE:
        ctx = Context(company_id=delivery.company_id, at=at, channel=Channel.SYSTEM)
        stop_webhook(ctx, delivery.webhook_id, "410 Gone")
    return DeliveryState(delivery.state)
