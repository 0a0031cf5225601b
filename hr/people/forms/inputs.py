"""Inputs of the people commands, the same for pages and the API."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from backoffice.organization.models import Branch, CostCenter, Department
from backoffice.organization.selectors import in_use
from backoffice.resources.forms import CommandForm
from backoffice.web.choices import OfficialField
from backoffice.web.fields import (
    CepField,
    CpfField,
    DateField,
    MoneyField,
    PhoneField,
    PisField,
    PixKeyField,
    QuantityField,
)
from hr.people.models import (
    Dependent,
    Employee,
    JobTitle,
    Kinship,
    MaritalStatus,
    Sex,
    TermsReason,
)
from hr.people.selectors import visible_employees

STATES = [
    "AC",
    "AL",
    "AM",
    "AP",
    "BA",
    "CE",
    "DF",
    "ES",
    "GO",
    "MA",
    "MG",
    "MS",
    "MT",
    "PA",
    "PB",
    "PE",
    "PI",
    "PR",
    "RJ",
    "RN",
    "RO",
    "RR",
    "RS",
    "SC",
    "SE",
    "SP",
    "TO",
]

_NOT_GIVEN = [("", _("Not given"))]


class CivilFields(CommandForm):
    """The fields of a person's civil data, documents and address."""

    name = forms.CharField(label=_("Full name"), max_length=150)
    social_name = forms.CharField(
        label=_("Social name"),
        max_length=150,
        required=False,
        help_text=_("The name by which the person wants to be called."),
    )
    cpf = CpfField(label=_("CPF"))
    birth_date = DateField(label=_("Date of birth"))
    sex = forms.ChoiceField(label=_("Sex"), choices=[*_NOT_GIVEN, *Sex.choices], required=False)
    marital_status = forms.ChoiceField(
        label=_("Marital status"),
        choices=[*_NOT_GIVEN, *MaritalStatus.choices],
        required=False,
    )
    mother_name = forms.CharField(label=_("Mother's name"), max_length=150, required=False)
    identity_card = forms.CharField(label=_("Identity card"), max_length=20, required=False)
    pis = PisField(label=_("PIS"), required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = PhoneField(label=_("Phone"), required=False)
    postal_code = CepField(label=_("Postal code"), required=False)
    street = forms.CharField(label=_("Street"), max_length=120, required=False)
    street_number = forms.CharField(label=_("Number"), max_length=12, required=False)
    address_extra = forms.CharField(label=_("Complement"), max_length=60, required=False)
    district = forms.CharField(label=_("District"), max_length=60, required=False)
    municipality = forms.CharField(label=_("Municipality"), max_length=80, required=False)
    state = forms.ChoiceField(
        label=_("State"), choices=[("", "—"), *((s, s) for s in STATES)], required=False
    )

    PERSON: ClassVar = ("name", "social_name", "cpf", "birth_date")
    CIVIL: ClassVar = ("sex", "marital_status", "mother_name", "identity_card", "pis")
    CONTACT: ClassVar = ("email", "phone")
    ADDRESS: ClassVar = (
        "postal_code",
        "street",
        "street_number",
        "address_extra",
        "district",
        "municipality",
        "state",
    )


class PlaceFields(CommandForm):
    """Branch, department, cost centre and manager, all of the company."""

    branch = forms.ModelChoiceField(label=_("Branch"), queryset=Branch.objects.none())
    department = forms.ModelChoiceField(label=_("Department"), queryset=Department.objects.none())
    cost_center = forms.ModelChoiceField(
        label=_("Cost centre"), queryset=CostCenter.objects.none(), required=False
    )
    manager = forms.ModelChoiceField(
        label=_("Manager"), queryset=Employee.objects.none(), required=False
    )

    PLACE: ClassVar = ("branch", "department", "cost_center", "manager")

    @override
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, parts, order in (
            ("branch", Branch.objects.all(), "code"),
            ("department", Department.objects.all(), "name"),
            ("cost_center", CostCenter.objects.all(), "code"),
        ):
            mine = in_use(parts.filter(company_id=self.access.company_id), self.access.on)
            self.fields[name].queryset = mine.order_by(order)  # type: ignore[attr-defined]
        self.fields["manager"].queryset = visible_employees(self.access).order_by("party__name")  # type: ignore[attr-defined]


class TermsFields(CommandForm):
    """Job, salary and hours."""

    job_title = forms.ModelChoiceField(label=_("Job title"), queryset=JobTitle.objects.none())
    salary = MoneyField(label=_("Monthly salary"))
    weekly_hours = QuantityField(label=_("Hours a week"), help_text=_("Up to 44."))

    TERMS: ClassVar = ("job_title", "salary", "weekly_hours")

    @override
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        titles = JobTitle.objects.filter(company_id=self.access.company_id, active=True)
        self.fields["job_title"].queryset = titles.order_by("name")  # type: ignore[attr-defined]


class PayoutFields(CommandForm):
    """A bank account, or a Pix key."""

    bank_code = OfficialField(
        source="banks",
        label=_("Bank"),
        required=False,
        help_text=_("Type a part of the name, or the code of three digits."),
    )
    agency = forms.CharField(label=_("Agency"), max_length=6, required=False)
    account = forms.CharField(label=_("Account with digit"), max_length=20, required=False)
    pix_key = PixKeyField(
        label=_("Pix key"),
        max_length=77,
        required=False,
        help_text=_("Instead of the bank account."),
    )

    PAYOUT: ClassVar = ("bank_code", "agency", "account", "pix_key")


class HireForm(CivilFields, TermsFields, PlaceFields, PayoutFields):
    """All that hiring needs."""

    registration = forms.CharField(
        label=_("Registration number"),
        max_length=20,
        required=False,
        help_text=_("Empty: the next one that is free."),
    )
    admitted_on = DateField(label=_("Admitted on"))
    known_since = DateField(
        label=_("Data known since"),
        required=False,
        help_text=_("Only for people who worked here before their data were entered."),
    )

    groups: ClassVar = (
        (_("Person"), CivilFields.PERSON),
        (_("Contract"), ("registration", "admitted_on", "known_since", *TermsFields.TERMS)),
        (_("Place"), PlaceFields.PLACE),
        (_("Payment"), PayoutFields.PAYOUT),
        (_("Documents"), (*CivilFields.CIVIL, *CivilFields.CONTACT)),
        (_("Address"), CivilFields.ADDRESS),
    )


class EmployeeForm(CivilFields):
    """The civil data of an employee."""

    groups: ClassVar = (
        (_("Person"), CivilFields.PERSON),
        (_("Documents"), (*CivilFields.CIVIL, *CivilFields.CONTACT)),
        (_("Address"), CivilFields.ADDRESS),
    )


class PayoutForm(PayoutFields):
    """Where the employee is paid from a day on."""

    valid_from = DateField(label=_("Valid from"))


class TermsForm(TermsFields):
    """New terms of a contract from a day on."""

    reason = forms.ChoiceField(label=_("Reason"), choices=TermsReason.choices)
    valid_from = DateField(label=_("Valid from"))


class TransferForm(PlaceFields):
    """A new place from a day on."""

    valid_from = DateField(label=_("Valid from"))


class EndForm(CommandForm):
    """The last day of a contract."""

    ended_on = DateField(label=_("Last day"))


class TrialForm(CommandForm):
    """The last day of the first period of trial."""

    trial_until = DateField(
        label=_("Trial until"),
        help_text=_("Usually 45 days from the admission; 90 at most with the extension."),
    )


class ExtendTrialForm(CommandForm):
    """The last day of the second and last period."""

    trial_extended_until = DateField(label=_("Extended until"))


class DependentForm(CommandForm):
    """A dependant of an employee."""

    name = forms.CharField(label=_("Full name"), max_length=150)
    cpf = CpfField(label=_("CPF"))
    birth_date = DateField(label=_("Date of birth"))
    kinship = forms.ChoiceField(label=_("Kinship"), choices=Kinship.choices)
    for_irrf = forms.BooleanField(label=_("Counts for IRRF"), required=False)
    for_family_allowance = forms.BooleanField(
        label=_("Counts for family allowance"), required=False
    )
    disabled = forms.BooleanField(label=_("Unable to work"), required=False)
    valid_from = DateField(label=_("Valid from"))


class EndDependentForm(CommandForm):
    """The last day on which a dependant counts."""

    dependent = forms.ModelChoiceField(label=_("Dependant"), queryset=Dependent.objects.none())
    valid_to = DateField(label=_("Last day"))

    @override
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.record is not None:
            # Offered are those who still count; taken is any, so that a repeated request is the same.
            offered = {} if self.is_bound else {"valid_to__isnull": True}
            self.fields["dependent"].queryset = self.record.dependents.filter(**offered)  # type: ignore[attr-defined]


class JobTitleForm(CommandForm):
    """A job title."""

    name = forms.CharField(label=_("Name"), max_length=100)
    occupation_code = OfficialField(
        source="occupations",
        label=_("Occupation (CBO)"),
        help_text=_("Type a part of the title, or the code, as 4110-10."),
    )


class SalaryFloorForm(CommandForm):
    """The least that a job, or any job, is paid."""

    job_title = forms.ModelChoiceField(
        label=_("Job title"),
        queryset=JobTitle.objects.none(),
        required=False,
        help_text=_("Empty: holds for every job."),
    )
    amount = MoneyField(label=_("Monthly amount for 44 hours a week"))
    act = forms.CharField(label=_("Source (agreement, act)"), max_length=200)
    valid_from = DateField(label=_("Valid from"))

    @override
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        titles = JobTitle.objects.filter(company_id=self.access.company_id)
        self.fields["job_title"].queryset = titles.order_by("name")  # type: ignore[attr-defined]
