"""Inputs about personal data, the same for pages and the API."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from backoffice.parties.models import Party
from backoffice.privacy.models import RequestKind
from backoffice.privacy.selectors import people_of
from backoffice.privacy.services import ReportFormat
from backoffice.resources.forms import CommandForm
from backoffice.resources.records import Row
from backoffice.web.fields import CpfField, DateField

FORMATS = [
    (ReportFormat.PDF.value, _("PDF, for people")),
    (ReportFormat.JSON.value, _("JSON, for programs")),
]


class OwnReportForm(forms.Form):
    """As what the report is made."""

    format = forms.ChoiceField(
        label=_("Format"),
        choices=FORMATS,
        initial=ReportFormat.PDF.value,
        widget=forms.RadioSelect,
    )


class ReportForm(OwnReportForm):
    """About whom, and as what."""

    cpf = CpfField(label=_("CPF"))
    field_order = ("cpf", "format")


class PersonForm(CommandForm):
    """Somebody of whom the company keeps something."""

    person = forms.ModelChoiceField(label=_("Person"), queryset=Party.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        rows: QuerySet[Any] = people_of(self.access.company_id)
        cast("forms.ModelChoiceField[Any]", self.fields["person"]).queryset = rows


class RequestForm(PersonForm):
    """What a data subject asks for."""

    kind = forms.ChoiceField(label=_("Asks for"), choices=RequestKind.choices)
    said = forms.CharField(label=_("Request"), widget=forms.Textarea, max_length=4000)
    received_on = DateField(label=_("Received on"))


class AnswerForm(CommandForm):
    """What the data subject is told."""

    answer = forms.CharField(label=_("Answer"), widget=forms.Textarea, max_length=4000)


class ReportFormatForm(CommandForm):
    """As what the report for a request is made."""

    format = forms.ChoiceField(
        label=_("Format"), choices=FORMATS, initial=ReportFormat.PDF.value, widget=forms.RadioSelect
    )


class HoldForm(PersonForm):
    """Whose data are kept, why, and how long."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea, max_length=2000)
    since = DateField(label=_("Since"))
    until = DateField(label=_("Until"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self.fields["person"].required = False
        self.fields["person"].help_text = _("Nobody chosen: all data of the company.")


class ReleaseForm(CommandForm):
    """Why a hold is no longer needed."""

    why = forms.CharField(label=_("Reason"), widget=forms.Textarea, max_length=2000)


def person_payload(data: Mapping[str, Any], _record: Row) -> dict[str, Any]:
    """The arguments with the key of the person."""
    person = data["person"]
    rest = {name: value for name, value in data.items() if name != "person"}
    return {**rest, "person_id": None if person is None else person.pk}
