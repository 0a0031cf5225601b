"""What the board of mails can be narrowed by."""

import django_filters
from django.utils.translation import gettext_lazy as _

from backoffice.notifications.models import Mail, MailState


class MailFilter(django_filters.FilterSet):
    """Mails by state."""

    state = django_filters.ChoiceFilter(label=_("State"), choices=MailState.choices)

    class Meta:
        model = Mail
        fields = ["state"]
