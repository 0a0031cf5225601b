"""Inputs of the payroll commands, the same for pages and the API."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.identity.rules import Access
from backoffice.periods.rules import add_months, month_start
from backoffice.resources.forms import CommandForm
from backoffice.web.fields import CompetenceField, DateField
from hr.payroll.models import PayrollRun, ReceiptProof
from hr.payroll.selectors.runs import last_competence


class OpenRunForm(CommandForm):
    """The month to open, and when it is paid."""

    competence = CompetenceField(label=_("Competence"), help_text=_("The month worked: mm/yyyy."))
    payment_date = DateField(
        label=_("Payment date"),
        required=False,
        help_text=_("Empty: the business day that the payroll settings name."),
    )


class ConcludeForm(CommandForm):
    """How it is proved that everybody was paid."""

    proof = forms.ChoiceField(
        label=_("Proof of payment"), choices=ReceiptProof.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=500,
        help_text=_("Where the proof is kept, or what was special."),
    )


def open_initial(access: Access, record: PayrollRun | None) -> dict[str, Any]:
    """The month after the last one that was opened; the present month for the first."""
    last: dt.date | None = last_competence(access.company_id)
    return {"competence": month_start(access.on) if last is None else add_months(last, 1)}
