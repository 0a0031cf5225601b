"""What the list of documents can be narrowed by."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from backoffice.files.models import Attachment
from backoffice.files.registry import CATEGORY_CHOICES


class AttachmentFilter(django_filters.FilterSet):
    """Documents by category, validity, and the hash of what somebody holds in their hands."""

    category = django_filters.ChoiceFilter(label=_("Category"), choices=CATEGORY_CHOICES)
    valid_until = django_filters.DateFromToRangeFilter(label=_("Valid until"))
    sha256 = django_filters.CharFilter(
        label=_("SHA-256"),
        method="with_hash",
        help_text=_("Of the file as kept or as received."),
    )

    class Meta:
        model = Attachment
        fields = ["category", "valid_until"]

    def with_hash(self, rows: QuerySet[Attachment], _name: str, value: str) -> QuerySet[Attachment]:
        """Documents with a version that has this hash."""
        digest = value.strip().lower()
        same = Q(versions__file__sha256=digest) | Q(versions__file__received_sha256=digest)
        return rows.filter(pk__in=Attachment.objects.filter(same).values("pk"))
