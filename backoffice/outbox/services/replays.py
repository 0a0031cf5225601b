"""Commands that send deliveries to webhooks once more."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from backoffice.commands import Context, command
from backoffice.commands.rows import own
from backoffice.errors import WrongState
from backoffice.outbox.models import DeliveryState, Webhook, WebhookDelivery


@command("backoffice.webhook_delivery.replay")
def replay_delivery(ctx: Context, *, webhook_delivery_id: int) -> WebhookDelivery:
    """Send a delivery once more, with the same message id: the receiver tells repeats by it.

    Raises:
        NotFound: The company has no such delivery.
        WrongState: It still waits.
    """
    delivery = own(ctx, WebhookDelivery, webhook_delivery_id)
    if delivery.state == DeliveryState.PENDING:
        raise WrongState("still_waiting", _("This delivery still waits for its turn."))
    _again(delivery, ctx.at)
    ctx.record("backoffice.webhook_delivery.replayed", target=delivery)
    return delivery


@command("backoffice.webhook.replay_failed", permission="backoffice.webhook_delivery.replay")
def replay_failed(ctx: Context, *, webhook_id: int) -> Webhook:
    """Send everything once more that could not be delivered to a webhook.

    Raises:
        NotFound: The company has no such webhook.
        WrongState: Nothing failed.
    """
    hook = own(ctx, Webhook, webhook_id)
    failed = WebhookDelivery.objects.filter(webhook=hook, state=DeliveryState.FAILED)
    count = failed.update(state=DeliveryState.PENDING, due_at=ctx.at, attempts=0)
    if not count:
        raise WrongState("nothing_failed", _("Every delivery of this webhook arrived or waits."))
    ctx.record("backoffice.webhook.replayed", target=hook, data={"deliveries": count})
    return hook


def _again(delivery: WebhookDelivery, at: dt.datetime) -> None:
    delivery.state, delivery.due_at, delivery.delivered_at = DeliveryState.PENDING, at, None
    delivery.attempts = 0
    delivery.save(update_fields=["state", "due_at", "delivered_at", "attempts"])
