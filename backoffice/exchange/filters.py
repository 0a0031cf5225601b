"""What the list of imports can be narrowed by."""

import django_filters
from django.utils.translation import gettext_lazy as _

from backoffice.exchange.importers import CHOICES
from backoffice.exchange.models import DataImport, ImportState


class DataImportFilter(django_filters.FilterSet):
    """Imports by object and state."""

    object_name = django_filters.ChoiceFilter(label=_("Into"), choices=CHOICES)
    state = django_filters.ChoiceFilter(label=_("State"), choices=ImportState.choices)

    class Meta:
        model = DataImport
        fields = ["object_name", "state"]
