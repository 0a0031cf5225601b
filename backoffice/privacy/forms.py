"""Inputs about personal data, the same for pages and the API."""

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.privacy.services import ReportFormat
from backoffice.web.fields import CpfField


class OwnReportForm(forms.Form):
    """As what the report is made."""

    format = forms.ChoiceField(
        label=_("Format"),
        choices=[
            (ReportFormat.PDF.value, _("PDF, for people")),
            (ReportFormat.JSON.value, _("JSON, for programs")),
        ],
        initial=ReportFormat.PDF.value,
        widget=forms.RadioSelect,
    )


class ReportForm(OwnReportForm):
    """About whom, and as what."""

    cpf = CpfField(label=_("CPF"))
    field_order = ("cpf", "format")
