"""What another system may be told: what its person may see of the whole company."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Protocol, TypeVar

from django.db.models import Count, Q, QuerySet

from backoffice.identity.rules import Access
from backoffice.identity.selectors import in_scope
from backoffice.outbox.models import DeliveryState, Webhook, WebhookAttempt, WebhookDelivery
from backoffice.outbox.rules import Position
from backoffice.outbox.selectors import Page, StreamEvent, events_after
from backoffice.resources import registry
from backoffice.resources.api import api_url
from backoffice.resources.records import Resource

VIEW = "backoffice.webhook.view"
EVERYTHING = "backoffice.event.view"


def told_types(access: Access) -> dict[str, Resource]:
    """Models of whose records a person may see all in the company, by label, with their object."""
    found: dict[str, Resource] = {}
    for resource in registry.RESOURCES.values():
        reach = access.reach(resource.view_permission)
        if reach is not None and reach.company:
            found.setdefault(resource.model._meta.label_lower, resource)
    return found


class About(Protocol):
    """Something that happened to a record."""

    @property
    def target_type(self) -> str:
        """Label of the record's model, in lower case."""
        ...

    @property
    def target_id(self) -> int | None:
        """Key of the record."""
        ...


A = TypeVar("A", bound=About)


def sees_every_event(access: Access) -> bool:
    """Whether a person may see the log of events of the whole company."""
    reach = access.reach(EVERYTHING)
    return reach is not None and reach.company


def visible_of(access: Access, happened: Sequence[A]) -> list[A]:
    """What happened to records that this person can see, in one statement for each kind of record.

    Who may see the log of events sees all of it, also what happened to records that are gone.
    """
    if sees_every_event(access):
        return list(happened)
    seen: set[tuple[str, int | None]] = set()
    types = told_types(access)
    for label in {each.target_type for each in happened} & types.keys():
        asked = [each.target_id for each in happened if each.target_type == label]
        rows = types[label].queryset(access).filter(pk__in=[pk for pk in asked if pk is not None])
        seen.update((label, pk) for pk in rows.values_list("pk", flat=True))
    return [each for each in happened if (each.target_type, each.target_id) in seen]


def changes_after(access: Access, after: Position, limit: int) -> Page:
    """What happened in the company behind a place, as far as the person may see it, in order."""
    types = None if sees_every_event(access) else sorted(told_types(access))
    page = events_after(after, limit=limit, company_id=access.company_id, target_types=types)
    return replace(page, events=tuple(visible_of(access, page.events)))


def event_json(event: StreamEvent | WebhookDelivery) -> dict[str, Any]:
    """An event as other systems read it: what happened to which record, and where to read it.

    It carries no values of the record: whoever is told asks for them with their own rights.
    """
    delivered = isinstance(event, WebhookDelivery)
    pk = event.event_id if isinstance(event, WebhookDelivery) else event.position.event_id
    at: dt.datetime = event.event_at if delivered else event.at  # type: ignore[union-attr]
    resource = _resource(event.target_type)
    known = resource is not None and event.target_id is not None
    return {
        "id": pk,
        "type": event.action,
        "at": at.isoformat(),
        "company": event.company_id,
        "object": resource.name if resource is not None else "",
        "object_id": event.target_id,
        "url": api_url(resource, event.target_id) if known else "",  # type: ignore[arg-type]
    }


def _resource(label: str) -> Resource | None:
    return next(
        (each for each in registry.RESOURCES.values() if each.model._meta.label_lower == label),
        None,
    )


def visible_webhooks(access: Access) -> QuerySet[Webhook]:
    """The webhooks of the company, with how much waits and failed."""
    rows = in_scope(Webhook.objects.all(), access, VIEW)
    return rows.annotate(
        waiting=Count("deliveries", filter=Q(deliveries__state=DeliveryState.PENDING)),
        failed=Count("deliveries", filter=Q(deliveries__state=DeliveryState.FAILED)),
    )


def visible_deliveries(access: Access) -> QuerySet[WebhookDelivery]:
    """What was, or is to be, delivered to the company's webhooks."""
    return in_scope(WebhookDelivery.objects.all(), access, VIEW)


def attempts_of(delivery: WebhookDelivery, _access: Access) -> QuerySet[WebhookAttempt]:
    """The attempts at a delivery, the last one first."""
    return WebhookAttempt.objects.filter(delivery=delivery).order_by("-number")


def last_deliveries(webhook: Webhook, access: Access) -> QuerySet[WebhookDelivery]:
    """The newest deliveries to a webhook."""
    return visible_deliveries(access).filter(webhook=webhook).order_by("-pk")
