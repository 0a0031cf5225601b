"""Webhooks and deliveries for tests and the conformance suite."""

from itertools import count
from typing import Any

from django.utils import timezone

from backoffice.organization.models import Company
from backoffice.outbox.models import DeliveryState, Webhook, WebhookDelivery
from tests.factories import identity
from tests.factories.objects import body_for, factory_for, record_for
from tests.factories.people import AT

_numbers = count(1)


@factory_for("backoffice.webhook")
def webhook(company: Company, **over: Any) -> Webhook:
    given = {
        "name": f"Sistema {next(_numbers)}",
        "url": "https://hooks.example.com/retaguarda",
        "objects_told": ["backoffice.branch"],
        "created_at": AT,
        **over,
    }
    if "owner" not in given:
        given["owner"] = identity.make_user(company, "owner")
    return Webhook.objects.create(company=company, **given)


@factory_for("backoffice.webhook_delivery")
def delivery(company: Company, **over: Any) -> WebhookDelivery:
    given = {"state": DeliveryState.FAILED, "attempts": 8, **over}
    hook = given.pop("webhook", None) or webhook(company)
    return WebhookDelivery.objects.create(
        company=company,
        webhook=hook,
        event_id=next(_numbers),
        action="backoffice.branch.changed",
        target_type="backoffice.branch",
        target_id=1,
        event_at=timezone.now(),
        **given,
    )


@record_for("backoffice.webhook.replay_failed")
def with_failed(company: Company) -> Webhook:
    return delivery(company).webhook


@body_for("backoffice.webhook.create")
def webhook_body(company: Company, record: Any) -> dict[str, Any]:
    url = "https://hooks.example.com/retaguarda"
    return {
        "name": f"Sistema novo {next(_numbers)}",
        "url": url,
        "objects_told": ["backoffice.branch"],
    }


@body_for("backoffice.webhook.change")
def webhook_change(company: Company, record: Any) -> dict[str, Any]:
    return {"name": f"Sistema mudado {next(_numbers)}"}
