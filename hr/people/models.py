"""Employees, those who depend on them, their contracts, and the terms that hold at any day."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from typing_extensions import override

from backoffice.audit.history import tracked
from backoffice.money.fields import figure_field, money_field
from backoffice.organization.models import CompanyOwned, DateRange
from backoffice.parties.models import Party


class Sex(models.TextChoices):
    """Sex in the civil register, as eSocial asks for it."""

    FEMALE = "F", _("Female")
    MALE = "M", _("Male")


class MaritalStatus(models.TextChoices):
    """Marital status with the codes of eSocial."""

    SINGLE = "1", pgettext_lazy("marital status", "Single")
    MARRIED = "2", pgettext_lazy("marital status", "Married")
    DIVORCED = "3", pgettext_lazy("marital status", "Divorced")
    SEPARATED = "4", pgettext_lazy("marital status", "Separated")
    WIDOWED = "5", pgettext_lazy("marital status", "Widowed")


@tracked
class Employee(CompanyOwned):
    """One row is one person in the employ of one company, with civil data and documents."""

    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="employments", verbose_name=_("person")
    )
    sex = models.CharField(_("sex"), max_length=1, choices=Sex, blank=True)
    marital_status = models.CharField(
        _("marital status"), max_length=1, choices=MaritalStatus, blank=True
    )
    mother_name = models.CharField(_("mother's name"), max_length=150, blank=True)
    identity_card = models.CharField(_("identity card"), max_length=20, blank=True)
    pis = models.CharField(_("PIS"), max_length=11, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=8, blank=True)
    street = models.CharField(_("street"), max_length=120, blank=True)
    street_number = models.CharField(_("number"), max_length=12, blank=True)
    address_extra = models.CharField(_("complement"), max_length=60, blank=True)
    district = models.CharField(_("district"), max_length=60, blank=True)
    municipality = models.CharField(_("municipality"), max_length=80, blank=True)
    state = models.CharField(_("state"), max_length=2, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        db_table = "hr_employee"
        verbose_name = _("employee")
        verbose_name_plural = _("employees")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "party"],
                name="employee_once_for_a_company",
                violation_error_message=_("This person is already an employee of the company."),
            ),
            models.CheckConstraint(
                condition=Q(pis="") | Q(pis__regex=r"^[0-9]{11}$"),
                name="employee_pis_form",
                violation_error_message=_("A PIS has 11 digits."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.party.display_name


class Kinship(models.TextChoices):
    """What the dependant is to the employee, with the codes of eSocial table 7."""

    SPOUSE = "01", _("Spouse")
    PARTNER = "02", _("Partner")
    CHILD = "03", _("Child or stepchild")
    STUDENT = "04", _("Child or stepchild in higher education, up to 24 years")
    WARD = "06", _("Sibling, grandchild or great-grandchild under custody")
    PARENT = "09", _("Parent, grandparent or great-grandparent")
    OTHER = "99", _("Other")


@tracked
class Dependent(CompanyOwned):
    """One row is one person who depends on an employee, and for what, from one day to another."""

    employee = models.ForeignKey(
        Employee, on_delete=models.PROTECT, related_name="dependents", verbose_name=_("employee")
    )
    cpf = models.CharField(_("CPF"), max_length=11)
    name = models.CharField(_("name"), max_length=150)
    birth_date = models.DateField(_("date of birth"))
    kinship = models.CharField(_("kinship"), max_length=2, choices=Kinship)
    for_irrf = models.BooleanField(_("counts for IRRF"), default=False)
    for_family_allowance = models.BooleanField(_("counts for family allowance"), default=False)
    disabled = models.BooleanField(_("unable to work"), default=False)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        db_table = "hr_dependent"
        verbose_name = _("dependant")
        verbose_name_plural = _("dependants")
        constraints: ClassVar = [
            ExclusionConstraint(
                name="dependent_once_for_an_employee",
                expressions=[
                    ("employee", RangeOperators.EQUAL),
                    ("cpf", RangeOperators.EQUAL),
                    (DateRange(), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This dependant is already registered for these days."),
            ),
            models.CheckConstraint(
                condition=Q(cpf__regex=r"^[0-9]{11}$"),
                name="dependent_cpf_form",
                violation_error_message=_("A CPF has 11 digits."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="dependent_dates_in_order",
                violation_error_message=_("The end comes before the start."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.name


class Occupation(models.Model):
    """One row is one occupation of the Classificação Brasileira de Ocupações (CBO 2002)."""

    code = models.CharField(_("CBO"), max_length=6, primary_key=True)
    title = models.CharField(_("title"), max_length=150)
    source = models.CharField(_("source"), max_length=150)

    class Meta:
        db_table = "hr_occupation"
        verbose_name = _("occupation (CBO)")
        verbose_name_plural = _("occupations (CBO)")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(code__regex=r"^[0-9]{6}$"),
                name="occupation_code_form",
                violation_error_message=_("A CBO code has six digits."),
            )
        ]

    @override
    def __str__(self) -> str:
        return f"{self.code[:4]}-{self.code[4:]} {self.title}"


@tracked
class JobTitle(CompanyOwned):
    """One row is one job title of a company, with the occupation that the state knows it by."""

    name = models.CharField(_("name"), max_length=100)
    occupation = models.ForeignKey(
        Occupation, on_delete=models.PROTECT, related_name="+", verbose_name=_("occupation (CBO)")
    )
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        db_table = "hr_job_title"
        verbose_name = _("job title")
        verbose_name_plural = _("job titles")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "name"],
                name="job_title_once",
                violation_error_message=_("There is already a job title with this name."),
            )
        ]

    @override
    def __str__(self) -> str:
        return self.name


@tracked
class SalaryFloor(CompanyOwned):
    """One row is the least that a job (or, without one, any job) is paid for full-time work.

    Comes from a collective agreement or a company rule; the legal minimum wage holds besides.
    """

    job_title = models.ForeignKey(
        JobTitle,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="floors",
        verbose_name=_("job title"),
    )
    amount = money_field(_("monthly amount for 44 hours a week"))
    act = models.CharField(_("source (agreement, act)"), max_length=200)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        db_table = "hr_salary_floor"
        verbose_name = _("salary floor")
        verbose_name_plural = _("salary floors")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="salary_floor_positive",
                violation_error_message=_("The amount must be greater than zero."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="salary_floor_dates_in_order",
                violation_error_message=_("The end comes before the start."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.act} {self.amount}"


class WorkerCategory(models.TextChoices):
    """Categories of eSocial table 1 that the payroll computes today."""

    CLT = "101", _("Employee (CLT)")


@tracked
class EmploymentContract(CompanyOwned):
    """One row is one employment contract under one registration number."""

    employee = models.ForeignKey(
        Employee, on_delete=models.PROTECT, related_name="contracts", verbose_name=_("employee")
    )
    registration = models.CharField(_("registration number"), max_length=20)
    category = models.CharField(
        _("category"), max_length=3, choices=WorkerCategory, default=WorkerCategory.CLT
    )
    admitted_on = models.DateField(_("admitted on"))
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    trial_until = models.DateField(_("trial until"), null=True, blank=True)
    trial_extended_until = models.DateField(_("trial extended until"), null=True, blank=True)

    class Meta:
        db_table = "hr_employment_contract"
        verbose_name = _("employment contract")
        verbose_name_plural = _("employment contracts")
        constraints: ClassVar = [
            ExclusionConstraint(
                name="contract_registration_once",
                expressions=[
                    ("company", RangeOperators.EQUAL),
                    ("registration", RangeOperators.EQUAL),
                    (DateRange("admitted_on", "ended_on"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_(
                    "This registration number is already in use on these days."
                ),
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("admitted_on")),
                name="contract_dates_in_order",
                violation_error_message=_("The end comes before the admission."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.registration


class TermsReason(models.TextChoices):
    """Why the terms of a contract changed."""

    ADMISSION = "admission", _("Admission")
    RAISE = "raise", _("Raise")
    PROMOTION = "promotion", _("Promotion")
    AGREEMENT = "agreement", _("Collective agreement")
    HOURS = "hours", _("Change of working hours")
    CORRECTION = "correction", _("Correction")


@tracked
class ContractTerms(CompanyOwned):
    """One row is what a contract says of job, pay and hours, from one day to another."""

    contract = models.ForeignKey(
        EmploymentContract,
        on_delete=models.PROTECT,
        related_name="terms",
        verbose_name=_("contract"),
    )
    job_title = models.ForeignKey(
        JobTitle, on_delete=models.PROTECT, related_name="+", verbose_name=_("job title")
    )
    salary = money_field(_("monthly salary"))
    weekly_hours = figure_field(_("hours a week"), whole=2, places=2)
    reason = models.CharField(
        _("reason"), max_length=12, choices=TermsReason, default=TermsReason.ADMISSION
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        db_table = "hr_contract_terms"
        verbose_name = _("contract terms")
        verbose_name_plural = _("contract terms")
        constraints: ClassVar = [
            ExclusionConstraint(
                name="contract_terms_one_at_a_time",
                expressions=[
                    ("contract", RangeOperators.EQUAL),
                    (DateRange(), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("The contract already has terms for these days."),
            ),
            models.CheckConstraint(
                condition=Q(salary__gt=0),
                name="contract_terms_salary_positive",
                violation_error_message=_("The salary must be greater than zero."),
            ),
            models.CheckConstraint(
                condition=Q(weekly_hours__gt=0) & Q(weekly_hours__lte=44),
                name="contract_terms_hours_legal",
                violation_error_message=_("The working week has up to 44 hours."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="contract_terms_dates_in_order",
                violation_error_message=_("The end comes before the start."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.job_title} {self.salary}"


class LateFact(CompanyOwned):
    """One row is a fact that became known after months it affects were closed.

    It never alters what was closed; the payroll shows it until a complementary run takes it up.
    """

    contract = models.ForeignKey(
        EmploymentContract,
        on_delete=models.PROTECT,
        related_name="late_facts",
        verbose_name=_("contract"),
    )
    kind = models.CharField(_("kind"), max_length=40)
    first_month = models.DateField(_("first month affected"))
    last_month = models.DateField(_("last month affected"))
    recorded_at = models.DateTimeField(_("recorded at"))
    event_id = models.BigIntegerField()

    class Meta:
        db_table = "hr_late_fact"
        verbose_name = _("late fact")
        verbose_name_plural = _("late facts")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(first_month__day=1)
                & Q(last_month__day=1)
                & Q(last_month__gte=F("first_month")),
                name="late_fact_months",
                violation_error_message=_("The months are not in order."),
            )
        ]

    @override
    def __str__(self) -> str:
        return f"{self.kind} {self.first_month:%m/%Y}"
