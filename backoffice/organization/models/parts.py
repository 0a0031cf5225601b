"""Companies, their parts, and where in them a person stood at any day."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from backoffice.audit.history import tracked, tracked_without
from backoffice.official.models import Municipality


class DateRange(Func):
    """``daterange(from, to, '[]')``: a null end is open."""

    function = "daterange"
    output_field = models.TextField()

    def __init__(self, start: str = "valid_from", end: str = "valid_to") -> None:
        super().__init__(F(start), F(end), models.Value("[]"))


class TaxRegime(models.TextChoices):
    """How the company is taxed; decides the employer's contributions."""

    SIMPLES = "simples", _("Simples Nacional")
    SIMPLES_IV = "simples_iv", _("Simples Nacional, annex IV")
    PRESUMED = "presumed", _("Lucro presumido")
    REAL = "real", _("Lucro real")


class TimeZone(models.TextChoices):
    """The clocks of Brazil by their usual names; what counts is the zone of the IANA database."""

    SAO_PAULO = "America/Sao_Paulo", "Brasília"
    NORONHA = "America/Noronha", "Fernando de Noronha"
    BAHIA = "America/Bahia", "Salvador"
    BELEM = "America/Belem", "Belém"
    FORTALEZA = "America/Fortaleza", "Fortaleza"
    RECIFE = "America/Recife", "Recife"
    MACEIO = "America/Maceio", "Maceió"
    ARAGUAINA = "America/Araguaina", "Palmas"
    CAMPO_GRANDE = "America/Campo_Grande", "Campo Grande"
    CUIABA = "America/Cuiaba", "Cuiabá"
    MANAUS = "America/Manaus", "Manaus"
    PORTO_VELHO = "America/Porto_Velho", "Porto Velho"
    BOA_VISTA = "America/Boa_Vista", "Boa Vista"
    RIO_BRANCO = "America/Rio_Branco", "Rio Branco"


@tracked_without("opening_views")
class Company(models.Model):
    """One row is one legal person whose back office is kept here.

    ``opening_views`` copies which shared view opens a list: every page reads its company anyway.
    """

    cnpj = models.CharField(_("CNPJ"), max_length=14, unique=True)
    legal_name = models.CharField(_("legal name"), max_length=150)
    trade_name = models.CharField(_("trade name"), max_length=150)
    tax_regime = models.CharField(
        _("tax regime"), max_length=12, choices=TaxRegime, default=TaxRegime.PRESUMED
    )
    time_zone = models.CharField(
        _("time zone"), max_length=40, choices=TimeZone, default=TimeZone.SAO_PAULO
    )
    allows_self_approval = models.BooleanField(
        _("allows approval of one's own requests"),
        default=False,
        help_text=_("Only for companies too small for two people; shown on every report."),
    )
    opening_views = models.JSONField(
        _("views that open lists"), default=dict, blank=True, editable=False
    )

    class Meta:
        db_table = "backoffice_company"
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(cnpj__regex=r"^[A-Z0-9]{12}[0-9]{2}$"),
                name="company_cnpj_form",
                violation_error_message=_("A CNPJ has 14 characters."),
            )
        ]

    @override
    def __str__(self) -> str:
        return self.trade_name


class CompanyOwned(models.Model):
    """What belongs to exactly one company; references inside it are held by composite keys in SQL."""

    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="+", verbose_name=_("company")
    )

    class Meta:
        abstract = True


class Coded(CompanyOwned):
    """What a company names by a short code."""

    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        abstract = True

    @override
    def __str__(self) -> str:
        return self.name


class CodedPart(Coded):
    """A part of a company; closed after its last day."""

    closed_on = models.DateField(_("last day"), null=True, blank=True)

    class Meta:
        abstract = True


def code_once(model: str) -> models.UniqueConstraint:
    """A code names one part of a kind in a company."""
    return models.UniqueConstraint(
        fields=["company", "code"],
        name=f"{model}_code_once",
        violation_error_message=_("This code is already in use."),
    )


@tracked
class Branch(CodedPart):
    """One row is one establishment of a company, with a CNPJ of its own."""

    cnpj = models.CharField(_("CNPJ"), max_length=14)
    address = models.CharField(_("address"), max_length=200, blank=True)
    municipality = models.CharField(_("municipality"), max_length=80)
    state = models.CharField(_("state"), max_length=2)
    place = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_column="municipality_code",
        verbose_name=_("IBGE code"),
    )
    state_registration = models.CharField(_("state registration"), max_length=14, blank=True)
    work_calendar = models.ForeignKey(
        "backoffice.WorkCalendar",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="branches",
        verbose_name=_("work calendar"),
        help_text=_("Empty: the standard calendar of the company."),
    )

    class Meta:
        db_table = "backoffice_branch"
        verbose_name = _("branch")
        verbose_name_plural = _("branches")
        constraints: ClassVar = [
            code_once("branch"),
            models.UniqueConstraint(
                fields=["company", "cnpj"],
                name="branch_cnpj_once",
                violation_error_message=_("There is already a branch with this CNPJ."),
            ),
            models.CheckConstraint(
                condition=Q(cnpj__regex=r"^[A-Z0-9]{12}[0-9]{2}$"),
                name="branch_cnpj_form",
                violation_error_message=_("A CNPJ has 14 characters."),
            ),
            models.CheckConstraint(
                condition=Q(state__regex=r"^[A-Z]{2}$"),
                name="branch_state_form",
                violation_error_message=_("A state has two letters."),
            ),
        ]


def merged_when_closed(model: str) -> models.CheckConstraint:
    """What was merged into another part is closed."""
    return models.CheckConstraint(
        condition=Q(merged_into__isnull=True)
        | (Q(closed_on__isnull=False) & ~Q(merged_into=F("id"))),
        name=f"{model}_merged_when_closed",
        violation_error_message=_("What was merged into another part is closed."),
    )


@tracked
class Department(CodedPart):
    """One row is one department; departments form a tree (``migrations/sql/structure.sql``)."""

    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("parent department"),
    )
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("merged into"),
    )

    class Meta:
        db_table = "backoffice_department"
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        constraints: ClassVar = [
            code_once("department"),
            merged_when_closed("department"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="department_not_its_own_parent",
                violation_error_message=_("A department cannot stand below itself."),
            ),
        ]


@tracked
class CostCenter(CodedPart):
    """One row is one cost centre, to which pay and expenses are charged."""

    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("merged into"),
    )

    class Meta:
        db_table = "backoffice_cost_center"
        verbose_name = _("cost centre")
        verbose_name_plural = _("cost centres")
        constraints: ClassVar = [code_once("cost_center"), merged_when_closed("cost_center")]


@tracked
class Placement(CompanyOwned):
    """One row is the place of one person's employment, and their manager, from one day to another.

    Person, manager and employment are plain numbers: people stand above the organization.
    """

    person_id = models.BigIntegerField(_("person"))
    employment_id = models.BigIntegerField(_("employment"))
    branch = models.ForeignKey(
        Branch, on_delete=models.PROTECT, related_name="+", verbose_name=_("branch")
    )
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="+", verbose_name=_("department")
    )
    cost_center = models.ForeignKey(
        CostCenter,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("cost centre"),
    )
    manager_person_id = models.BigIntegerField(_("manager"), null=True, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        db_table = "backoffice_placement"
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        indexes: ClassVar = [
            models.Index(fields=["company", "manager_person_id"], name="placement_manager"),
            models.Index(fields=["company", "person_id"], name="placement_person"),
        ]
        constraints: ClassVar = [
            ExclusionConstraint(
                name="placement_one_at_a_time",
                expressions=[
                    ("employment_id", RangeOperators.EQUAL),
                    (DateRange(), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("The person already has a place on these days."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="placement_dates_in_order",
                violation_error_message=_("The end comes before the start."),
            ),
            models.CheckConstraint(
                condition=Q(manager_person_id__isnull=True) | ~Q(manager_person_id=F("person_id")),
                name="placement_not_own_manager",
                violation_error_message=_("Nobody is their own manager."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.person_id} @ {self.department_id}"
