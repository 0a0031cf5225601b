"""Inputs of the commands of the organization, the same for pages and the API."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.organization.models import Department, TaxRegime, TimeZone
from backoffice.resources.forms import CommandForm
from backoffice.structure.selectors import visible_departments
from backoffice.web.fields import CnpjField


class CompanyForm(CommandForm):
    """A new company."""

    cnpj = CnpjField(label=_("CNPJ"))
    legal_name = forms.CharField(label=_("Legal name"), max_length=150)
    trade_name = forms.CharField(label=_("Trade name"), max_length=150)
    tax_regime = forms.ChoiceField(label=_("Tax regime"), choices=TaxRegime.choices)
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=TimeZone.choices, initial=TimeZone.SAO_PAULO
    )


class CompanyChangeForm(CommandForm):
    """What can change of a company."""

    legal_name = forms.CharField(label=_("Legal name"), max_length=150)
    trade_name = forms.CharField(label=_("Trade name"), max_length=150)
    tax_regime = forms.ChoiceField(label=_("Tax regime"), choices=TaxRegime.choices)
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=TimeZone.choices, initial=TimeZone.SAO_PAULO
    )
    allows_self_approval = forms.BooleanField(
        label=_("Allows approval of one's own requests"),
        required=False,
        help_text=_("Only for companies too small for two people; shown on every report."),
    )


class CostCenterForm(CommandForm):
    """A new cost centre."""

    code = forms.CharField(label=_("Code"), max_length=20)
    name = forms.CharField(label=_("Name"), max_length=120)


class CostCenterChangeForm(CostCenterForm):
    """A change of a cost centre."""

    active = forms.BooleanField(label=_("Active"), required=False)


class DepartmentForm(CostCenterForm):
    """A new department."""

    parent = forms.ModelChoiceField(
        label=_("Parent department"), queryset=Department.objects.none(), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        parent = cast("forms.ModelChoiceField[Department]", self.fields["parent"])
        parent.queryset = visible_departments(self.access)


class DepartmentChangeForm(DepartmentForm):
    """A change of a department."""

    active = forms.BooleanField(label=_("Active"), required=False)


class BranchForm(CostCenterForm):
    """A new branch."""

    cnpj = CnpjField(label=_("CNPJ"))
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    municipality = forms.CharField(label=_("Municipality"), max_length=80)
    state = forms.RegexField(
        regex=r"^[A-Za-z]{2}$",
        label=_("State"),
        max_length=2,
        error_messages={"invalid": _("A state has two letters.")},
    )


class BranchChangeForm(BranchForm):
    """A change of a branch."""

    active = forms.BooleanField(label=_("Active"), required=False)
