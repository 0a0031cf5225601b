"""What lists of letters and templates can be narrowed by."""

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from backoffice.letters.models import Letter, LetterState, LetterTemplate
from backoffice.links.fields import read
from backoffice.links.objects import OBJECTS


class TemplateFilter(django_filters.FilterSet):
    """Templates by where they stand."""

    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[
            ("draft", _("Draft")),
            ("active", _("In use")),
            ("changed", _("In use, with a newer draft")),
            ("retired", _("No longer used")),
        ],
    )

    class Meta:
        model = LetterTemplate
        fields: tuple[str, ...] = ()


class LetterFilter(django_filters.FilterSet):
    """Letters by record, template, date and state."""

    about = django_filters.CharFilter(
        label=_("About"), method="of_record", help_text=_("Such as hr.employee:7.")
    )
    template = django_filters.NumberFilter(label=_("Template"), field_name="version__template_id")
    issued_on = django_filters.DateFromToRangeFilter(label=_("Date"))
    state = django_filters.ChoiceFilter(label=_("State"), choices=LetterState.choices)

    class Meta:
        model = Letter
        fields: tuple[str, ...] = ()

    def of_record(self, rows: QuerySet[Letter], _name: str, value: str) -> QuerySet[Letter]:
        """Letters about one record."""
        ref = read(value)
        kind = OBJECTS.answer.kind(ref.kind) if ref else None
        if ref is None or kind is None:
            return rows.none()
        return rows.filter(subject_type=kind.model, subject_id=ref.pk)
