"""What the lists of webhooks and deliveries can be narrowed by."""

import django_filters
from django.utils.translation import gettext_lazy as _

from backoffice.outbox.models import DeliveryState, Webhook, WebhookDelivery


class WebhookFilter(django_filters.FilterSet):
    """Webhooks in use, or not."""

    active = django_filters.BooleanFilter(label=_("Active"))

    class Meta:
        model = Webhook
        fields = ["active"]


class DeliveryFilter(django_filters.FilterSet):
    """Deliveries of one webhook, in one state."""

    webhook = django_filters.NumberFilter(label=_("Webhook"), field_name="webhook_id")
    state = django_filters.ChoiceFilter(label=_("State"), choices=DeliveryState.choices)

    class Meta:
        model = WebhookDelivery
        fields = ["webhook", "state"]
