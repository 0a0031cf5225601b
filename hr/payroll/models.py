"""Pay items, payroll runs, and the payslips they produce."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from typing_extensions import override

from backoffice.audit.history import tracked
from backoffice.money.fields import figure_field, money_field
from backoffice.organization.models import Company, CompanyOwned, DateRange
from hr.people.models import EmploymentContract


class PayItemKind(models.TextChoices):
    """What a pay item does to the net pay."""

    EARNING = "earning", _("Earning")
    DEDUCTION = "deduction", _("Deduction")
    INFORMATION = "information", _("Information")


@tracked
class PayItem(models.Model):
    """One row is one kind of line of a payslip (rubrica), standard or of one company.

    ``nature`` is natRubr of eSocial table 3; the incidence codes are those of tables 20, 21 and 23.
    """

    company = models.ForeignKey(
        Company,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("company"),
    )
    code = models.CharField(_("code"), max_length=10)
    key = models.SlugField(_("key in the rules"), max_length=40)
    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=12, choices=PayItemKind)
    nature = models.CharField(_("nature (eSocial table 3)"), max_length=4)
    incidence_cp = models.CharField(_("incidence on INSS"), max_length=2)
    incidence_irrf = models.CharField(_("incidence on IRRF"), max_length=4)
    incidence_fgts = models.CharField(_("incidence on FGTS"), max_length=2)
    source = models.CharField(_("source"), max_length=200)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        db_table = "hr_pay_item"
        verbose_name = _("pay item")
        verbose_name_plural = _("pay items")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "code", "valid_from"],
                nulls_distinct=False,
                name="pay_item_code_once",
                violation_error_message=_("This code is already in use."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="pay_item_dates_in_order",
                violation_error_message=_("The end comes before the start."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.code} {self.name}"


@tracked
class PayrollSettings(CompanyOwned):
    """One row is how a company wants its payroll computed, from one day to another."""

    irrf_minimum = models.BooleanField(
        _("does not withhold IRRF up to R$ 10.00"),
        default=True,
        help_text=_("Lei 9.430/1996, art. 67. Check with your accountant."),
    )
    payment_business_day = models.PositiveSmallIntegerField(
        _("payment on the business day of the next month"),
        default=5,
        help_text=_("CLT, art. 459, § 1: the fifth at the latest."),
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        db_table = "hr_payroll_settings"
        verbose_name = _("payroll settings")
        verbose_name_plural = _("payroll settings")
        constraints: ClassVar = [
            ExclusionConstraint(
                name="payroll_settings_one_at_a_time",
                expressions=[
                    ("company", RangeOperators.EQUAL),
                    (DateRange(), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("There are already settings for these days."),
            ),
            models.CheckConstraint(
                condition=Q(payment_business_day__gte=1) & Q(payment_business_day__lte=5),
                name="payroll_settings_payment_day",
                violation_error_message=_("Salaries are paid by the fifth business day."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.company_id} {self.valid_from}"


class RunKind(models.TextChoices):
    """Kinds of payroll runs; each has its own rules."""

    MONTHLY = "monthly", _("Monthly payroll")


class RunState(models.TextChoices):
    """Where a payroll run stands; the steps between are in ``process.py``."""

    OPEN = "open", pgettext_lazy("payroll run", "Open")
    COMPUTING = "computing", pgettext_lazy("payroll run", "Computing")
    COMPUTED = "computed", pgettext_lazy("payroll run", "Computed")
    SUBMITTED = "submitted", pgettext_lazy("payroll run", "Waiting for approval")
    APPROVED = "approved", pgettext_lazy("payroll run", "Approved")
    CLOSED = "closed", pgettext_lazy("payroll run", "Closed")
    REPORTED = "reported", pgettext_lazy("payroll run", "Concluded")


FINAL = (RunState.CLOSED, RunState.REPORTED)
"""States in which a run and its payslips never change any more."""


class ReceiptProof(models.TextChoices):
    """How the company can prove that everybody was paid (CLT art. 464)."""

    BANK = "bank", _("Proof of the deposit in each person's account")
    SIGNED = "signed", _("Receipts signed by each person")
    BOTH = "both", _("Proof of deposit and signed receipts")


class PayrollRun(CompanyOwned):
    """One row is one payroll of one company for one competence; amounts are sums of its payslips."""

    number = models.CharField(_("number"), max_length=40, blank=True, default="")
    competence = models.DateField(_("competence"))
    kind = models.CharField(_("kind"), max_length=12, choices=RunKind, default=RunKind.MONTHLY)
    payment_date = models.DateField(_("payment date"))
    state = models.CharField(_("state"), max_length=12, choices=RunState, default=RunState.OPEN)
    job_id = models.BigIntegerField(_("job"), null=True)
    payslip_count = models.IntegerField(_("payslips"), default=0)
    error_count = models.IntegerField(_("errors"), default=0)
    earnings = money_field(_("earnings"), default=0)
    deductions = money_field(_("deductions"), default=0)
    net = money_field(_("net pay"), default=0)
    inss = money_field(_("INSS withheld"), default=0)
    irrf = money_field(_("IRRF withheld"), default=0)
    fgts = money_field(_("FGTS of the month"), default=0)

    class Meta:
        db_table = "hr_payroll_run"
        verbose_name = _("payroll run")
        verbose_name_plural = _("payroll runs")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "number"],
                condition=~Q(number=""),
                name="payroll_run_number_once",
                violation_error_message=_("There is a payroll with this number."),
            ),
            models.UniqueConstraint(
                fields=["company", "competence", "kind"],
                name="payroll_run_once",
                violation_error_message=_("This competence is already open."),
            ),
            models.CheckConstraint(
                condition=Q(competence__day=1),
                name="payroll_run_competence_first_day",
                violation_error_message=_("A competence is written as its first day."),
            ),
            models.CheckConstraint(
                condition=Q(payment_date__gte=F("competence")),
                name="payroll_run_paid_after_start",
                violation_error_message=_("The payment date comes before the competence."),
            ),
            models.CheckConstraint(
                condition=Q(net=F("earnings") - F("deductions")),
                name="payroll_run_net",
                violation_error_message=_("Net pay is earnings less deductions."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.competence:%m/%Y}"


class PayslipState(models.TextChoices):
    """Whether a payslip could be computed."""

    OK = "ok", _("Computed")
    ERROR = "error", _("Error")


class Payslip(CompanyOwned):
    """One row is what one run found for one contract: the facts it used and the sums it reached.

    ``inputs`` and the versions of rules and tables are stored, and no prose: the explanation is
    recomputed from them and must equal the stored lines to the cent. ``snapshot`` is what the printed
    payslip shows of employer and employee as they were.
    """

    run = models.ForeignKey(
        PayrollRun, on_delete=models.PROTECT, related_name="payslips", verbose_name=_("run")
    )
    contract = models.ForeignKey(
        EmploymentContract,
        on_delete=models.PROTECT,
        related_name="payslips",
        verbose_name=_("contract"),
    )
    state = models.CharField(_("state"), max_length=5, choices=PayslipState)
    inputs = models.JSONField(default=dict)
    snapshot = models.JSONField(default=dict)
    rule = models.CharField(_("rule version"), max_length=30, blank=True)
    tables = ArrayField(models.BigIntegerField(), default=list, verbose_name=_("legal tables"))
    earnings = money_field(_("earnings"), default=0)
    deductions = money_field(_("deductions"), default=0)
    net = money_field(_("net pay"), default=0)
    base_inss = money_field(_("INSS base"), default=0)
    base_irrf = money_field(_("IRRF base"), default=0)
    base_fgts = money_field(_("FGTS base"), default=0)
    inss = money_field(_("INSS"), default=0)
    irrf = money_field(_("IRRF"), default=0)
    fgts = money_field(_("FGTS of the month"), default=0)
    error_code = models.CharField(_("error"), max_length=60, blank=True)
    error_message = models.TextField(_("what is wrong"), blank=True)

    class Meta:
        db_table = "hr_payslip"
        verbose_name = _("payslip")
        verbose_name_plural = _("payslips")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["run", "contract"],
                name="payslip_once_for_a_contract",
                violation_error_message=_("There is already a payslip for this contract."),
            ),
            models.CheckConstraint(
                condition=Q(net=F("earnings") - F("deductions")),
                name="payslip_net",
                violation_error_message=_("Net pay is earnings less deductions."),
            ),
            models.CheckConstraint(
                condition=(Q(state="error") & ~Q(error_code="")) | Q(state="ok", error_code=""),
                name="payslip_error_iff_state",
                violation_error_message=_("A failed payslip says why, and no other does."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.run_id}/{self.contract_id}"


class PayslipLine(CompanyOwned):
    """One row is one line of a payslip; amounts are positive, the pay item says their direction."""

    payslip = models.ForeignKey(
        Payslip, on_delete=models.CASCADE, related_name="lines", verbose_name=_("payslip")
    )
    pay_item = models.ForeignKey(
        PayItem, on_delete=models.PROTECT, related_name="+", verbose_name=_("pay item")
    )
    sequence = models.SmallIntegerField(_("sequence"))
    quantity = figure_field(_("quantity"), whole=8, places=4, null=True)
    base = money_field(_("base"), null=True)
    rate = figure_field(_("rate"), whole=3, places=6, null=True)
    amount = money_field(_("amount"))

    class Meta:
        db_table = "hr_payslip_line"
        verbose_name = _("payslip line")
        verbose_name_plural = _("payslip lines")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["payslip", "sequence"],
                name="payslip_line_sequence_once",
                violation_error_message=_("Two lines of a payslip have the same place."),
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0),
                name="payslip_line_amount_positive",
                violation_error_message=_("The amount of a line is never negative."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.payslip_id}/{self.sequence}"
