"""Webhooks and their deliveries as registered objects."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from backoffice.identity.rules import Access
from backoffice.integration import forms, selectors
from backoffice.integration.api import DeliverySerializer, WebhookSerializer
from backoffice.integration.delivery import CONSUMER
from backoffice.integration.filters import DeliveryFilter, WebhookFilter
from backoffice.integration.views import CHANGE
from backoffice.outbox import registry as outbox
from backoffice.outbox.models import (
    OutboxPosition,
    OutboxSetAside,
    Webhook,
    WebhookAttempt,
    WebhookDelivery,
)
from backoffice.resources import registry
from backoffice.resources.records import (
    Column,
    Command,
    Fact,
    Facts,
    Kind,
    Lines,
    Menu,
    Panel,
    Related,
    Resource,
    Table,
)
from backoffice.resources.shapes import values_of
from backoffice.search import sources

TONES = {"pending": "warning", "delivered": "success", "failed": "danger"}
NAME = Column(key="name", label=_("Name"), kind=Kind.LINK)
URL = Column(key="url", label=_("Address"))
ACTIVE = Column(key="active", label=_("Active"), kind=Kind.BOOLEAN)
WAITING = Column(key="waiting", label=_("Waiting"), kind=Kind.INTEGER)
FAILED = Column(key="failed", label=_("Failed"), kind=Kind.INTEGER)

ACTION = Column(key="action", label=_("What happened"), kind=Kind.LINK)
EVENT_AT = Column(key="event_at", label=_("Happened at"), kind=Kind.DATETIME)
STATE = Column(key="state", label=_("State"), kind=Kind.STATE, tones=TONES)
STATUS = Column(key="status", label=_("Last answer"), kind=Kind.INTEGER)
ATTEMPTS = Column(key="attempts", label=_("Attempts"), kind=Kind.INTEGER)
DUE = Column(key="due_at", label=_("Next attempt"), kind=Kind.DATETIME)
DELIVERED = Column(key="delivered_at", label=_("Delivered at"), kind=Kind.DATETIME)


def secret_panel(hook: Webhook, access: Access) -> dict[str, Any] | None:
    """Where the secret is shown, and the objects that are told, in words."""
    told = [str(each.label_plural) for each in registry.RESOURCES.values() if _told(each, hook)]
    may = access.can(CHANGE)
    url = reverse("backoffice.webhook.secret", args=[hook.pk]) if may else ""
    return {"told": sorted(told), "secret_url": url, "reason": hook.stopped_because}


def _told(resource: Resource, hook: Webhook) -> bool:
    return resource.name in hook.objects_told


def why_not_ping(hook: Webhook, _access: Access) -> str | None:
    """A stopped webhook is told nothing."""
    return None if hook.active else now("This webhook is stopped.")


def why_not_replay(hook: Any, _access: Access) -> str | None:  # noqa: ANN401  with its counts
    """Without a failed delivery there is nothing to send again."""
    return None if hook.failed else now("Every delivery of this webhook arrived or waits.")


def renew_summary(_hook: Webhook, _access: Access) -> str:
    """What a new secret breaks."""
    return now("Messages are signed with a new secret at once; the other side must know it.")


registry.register(
    Resource(
        name="backoffice.webhook",
        model=Webhook,
        slug="webhooks",
        label=_("Webhook"),
        label_plural=_("Webhooks"),
        icon="bolt",
        view_permission=selectors.VIEW,
        queryset=selectors.visible_webhooks,
        empty=_("Addresses of other systems that are told what happens here."),
        table=Table(columns=(NAME, URL, ACTIVE, WAITING, FAILED), order="name", search=("name",)),
        filters=WebhookFilter,
        events={
            "secret_renewed": _("New secret"),
            "pinged": _("Trial sent"),
            "replayed": _("Sent again"),
            "stopped": _("Stopped"),
        },
        panels=(
            Panel(
                title=_("What is told"),
                icon="list-details",
                template="integration/webhook.html",
                context=secret_panel,
            ),
            Facts(
                title=_("Webhook"),
                icon="bolt",
                facts=(
                    URL,
                    ACTIVE,
                    Fact(key="owner", label=_("With the rights of"), source="owner__name"),
                    Fact(key="created_at", label=_("Created at"), kind=Kind.DATETIME),
                    WAITING,
                    FAILED,
                ),
            ),
            Lines(
                title=_("Deliveries"),
                icon="send",
                rows=selectors.last_deliveries,
                table=Table(
                    columns=(ACTION, EVENT_AT, STATE, STATUS, ATTEMPTS, DUE), order="-event_at"
                ),
                resource="backoffice.webhook_delivery",
                more="webhook",
            ),
        ),
        related=(Related(resource="backoffice.webhook_delivery", filter="webhook"),),
        serializer=WebhookSerializer,
        create=Command(
            name="backoffice.webhook.create",
            label=_("New webhook"),
            icon="plus",
            form=forms.WebhookForm,
            done=_("Webhook created. Give its secret to the other side."),
        ),
        update=Command(
            name="backoffice.webhook.change",
            label=_("Change"),
            icon="edit",
            form=forms.WebhookChangeForm,
            initial=values_of("name", "url", "objects_told", "active"),
            done=_("Webhook changed."),
        ),
        commands=(
            Command(
                name="backoffice.webhook.ping",
                label=_("Send a trial"),
                icon="send",
                available=why_not_ping,
                done=_("The trial is on its way."),
            ),
            Command(
                name="backoffice.webhook.replay_failed",
                label=_("Send failed ones again"),
                icon="refresh",
                available=why_not_replay,
                done=_("They are on their way again."),
            ),
            Command(
                name="backoffice.webhook.renew_secret",
                label=_("New secret"),
                icon="key",
                summary=renew_summary,
                danger=True,
                done=_("From now on the new secret counts."),
            ),
        ),
        menu=Menu(order=95, group="system"),
    ),
    Resource(
        name="backoffice.webhook_delivery",
        lacks={
            "attachments": "A message to another system, kept for a while only.",
            "history": "Its attempts are rows of their own, shown on its page.",
        },
        model=WebhookDelivery,
        slug="webhook-deliveries",
        label=_("Delivery"),
        label_plural=_("Deliveries"),
        icon="send",
        view_permission=selectors.VIEW,
        queryset=selectors.visible_deliveries,
        empty=_("What was told to other systems, and how it went."),
        state="state",
        table=Table(
            columns=(
                ACTION,
                Column(key="webhook", label=_("Webhook"), source="webhook__name"),
                EVENT_AT,
                STATE,
                STATUS,
                ATTEMPTS,
                DUE,
            ),
            order="-event_at",
            groups=("state", "webhook"),
            search=("action",),
        ),
        filters=DeliveryFilter,
        events={"replayed": _("Sent again")},
        panels=(
            Facts(
                title=_("Delivery"),
                icon="send",
                facts=(
                    Fact(key="webhook", label=_("Webhook"), source="webhook__name"),
                    Fact(key="event", label=_("Number of the event"), source="event_id"),
                    EVENT_AT,
                    STATUS,
                    ATTEMPTS,
                    DUE,
                    DELIVERED,
                ),
            ),
            Lines(
                title=_("Attempts"),
                icon="refresh",
                rows=selectors.attempts_of,
                table=Table(
                    columns=(
                        Column(key="number", label=_("Attempt"), kind=Kind.INTEGER),
                        Column(key="started_at", label=_("Started at"), kind=Kind.DATETIME),
                        Column(key="ended_at", label=_("Ended at"), kind=Kind.DATETIME),
                        Column(key="status", label=_("Answer"), kind=Kind.INTEGER),
                        Column(key="detail", label=_("Detail")),
                    ),
                    order="-number",
                ),
            ),
        ),
        serializer=DeliverySerializer,
        commands=(
            Command(
                name="backoffice.webhook_delivery.replay",
                label=_("Send again"),
                icon="refresh",
                bulk=True,
                states=frozenset({"delivered", "failed"}),
                done=_("It is on its way again."),
            ),
        ),
    ),
)
registry.internal("Attempts at a delivery, shown on its page.", WebhookAttempt)
registry.internal("How far events were read, shown by the doctor.", OutboxPosition, OutboxSetAside)
outbox.register(CONSUMER)
sources.declare("backoffice.webhook", keyed="scope", hint=())
sources.exclude("Deliveries are found through their webhook.", "backoffice.webhook_delivery")
