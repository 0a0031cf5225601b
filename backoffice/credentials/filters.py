"""What the list of certificates can be narrowed by."""

import django_filters
from django.utils.translation import gettext_lazy as _

from backoffice.secrets.models import Certificate


class CertificateFilter(django_filters.FilterSet):
    """Certificates by the end of their validity."""

    valid_to = django_filters.DateFromToRangeFilter(label=_("Valid to"))

    class Meta:
        model = Certificate
        fields = ["valid_to"]
