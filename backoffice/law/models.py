"""Dated tables of law with their act, source and verifier."""

import datetime as dt
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from backoffice.audit.history import tracked
from backoffice.law.rules import (
    KINDS,
    ChosenBy,
    Problem,
    TableVersion,
    check_payload,
    is_duty,
    kind_of,
)

KIND_TITLES: dict[str, str | Promise] = {
    "inss": _("INSS of employees"),
    "minimum_wage": _("Minimum wage"),
    "family_allowance": _("Family allowance"),
    "fgts": _("FGTS rates"),
    "irrf_monthly": _("Monthly IRRF"),
    "irrf_dependant": _("IRRF deduction per dependant"),
    "irrf_simplified": _("IRRF simplified discount"),
    "irrf_minimum": _("Smallest IRRF that is withheld"),
    "irrf_reduction": _("IRRF reduction"),
}

FIGURE_TITLES: dict[str, str | Promise] = {
    "up_to": _("Up to"),
    "rate": _("Rate"),
    "deduct": _("To deduct"),
    "amount": _("Amount"),
    "apprentice_rate": _("Rate of apprentices"),
    "quota": _("Quota for each child"),
    "limit": _("Limit of pay"),
    "limit_on": _("The limit is compared with"),
    "proportional_days": _("By days in the months of hire and leave"),
    "full_up_to": _("Full reduction up to"),
    "full": _("Full reduction"),
    "until": _("Falling reduction up to"),
    "constant": _("Constant"),
    "factor": _("Factor"),
    "name": _("Name of the duty"),
    "responsible": _("Who usually does it"),
    "counts_from": _("Counted from"),
    "only_month": _("Only in the month (1 to 12)"),
    "months_after": _("Months later"),
    "count": _("How the day is counted"),
    "day": _("Day"),
    "saturday_counts": _("Saturday counts as a business day"),
    "shift": _("When it is no business day"),
    "slices": _("Slices"),
}

CHOICE_TITLES: dict[str, str | Promise] = {
    "full_month": _("What would be due for the whole month"),
    "earned": _("What was earned"),
    "hr": _("People"),
    "finance": _("Finance"),
    "accountant": _("Accountant"),
    "competence": _("Month worked"),
    "payment": _("Month of payment"),
    "day": _("Day of the month"),
    "business_day": _("Business day of the month"),
    "last_business_day": _("Last business day of the month"),
    "earlier": _("The business day before"),
    "later": _("The business day after"),
    "none": _("Stays on that day"),
}

_PROBLEMS = {
    "lacking": _("%(path)s is lacking."),
    "unknown": _("%(path)s does not belong here."),
    "not_a_figure": _('%(path)s must be a figure in quotes, such as "0.075"; found %(found)s.'),
    "not_a_share": _("%(path)s must be a fraction below 1; found %(found)s."),
    "not_a_choice": _("%(path)s is not one of its choices; found %(found)s."),
    "not_a_count": _("%(path)s must be a whole number up to 31; found %(found)s."),
    "not_a_text": _("%(path)s must be written out."),
    "not_a_list": _("%(path)s must be a list of rows; found %(found)s."),
    "not_a_row": _("%(path)s must be a row with its figures; found %(found)s."),
    "must_be_open": _("%(path)s must be null: the last row has no limit."),
    "must_rise": _("%(path)s must be larger than in the row before; found %(found)s."),
}


def describe(problem: Problem) -> str:
    """A problem of a payload as a sentence in the active language."""
    return str(_PROBLEMS[problem.code] % {"path": _place(problem.path), "found": problem.found})


def _place(path: str) -> str:
    """Where in a payload, as people read it: the figure, and the row that it stands in."""
    head, _dot, rest = path.partition(".")
    if head == "slices" and rest:
        number, _dot, name = rest.partition(".")
        row = gettext("row %(number)d") % {"number": int(number) + 1}
        return f"{FIGURE_TITLES.get(name, name)} ({row})" if name else row.capitalize()
    return str(FIGURE_TITLES.get(path, path))


class Certainty(models.TextChoices):
    """How sure the figures are."""

    OFFICIAL = "official", _("Read in the act or in data of the government")
    SECONDARY = "secondary", _("Read in a public document that cites the act")
    UNVERIFIED = "unverified", _("To be checked: no document read")


@tracked
class LegalTable(models.Model):
    """One row is one version of one table of law: its figures, when they hold, and who says so.

    A verified row never changes its figures; a correction is a new row that replaces it from the
    day on which it became known, and results computed before keep the row they used.
    """

    kind = models.CharField(_("table"), max_length=40)
    valid_from = models.DateField(
        _("valid from"),
        help_text=_("First competence or payment date, as the table is chosen by."),
    )
    valid_to = models.DateField(
        _("valid to"), null=True, blank=True, help_text=_("Empty while no act has ended it.")
    )
    confirmed_through = models.DateField(
        _("confirmed through"),
        null=True,
        blank=True,
        help_text=_(
            "Last day for which somebody looked whether the table still holds; later days are"
            " refused until it is confirmed again. Empty for figures that no act renews."
        ),
    )
    known_from = models.DateField(_("known from"))
    act = models.CharField(_("act"), max_length=200)
    source = models.CharField(_("source"), max_length=300)
    certainty = models.CharField(_("certainty"), max_length=10, choices=Certainty)
    payload = models.JSONField(_("figures"))
    corrects = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="correction",
        verbose_name=_("corrects"),
    )
    replaced_on = models.DateField(_("replaced on"), null=True, blank=True, editable=False)
    entered_by_id = models.BigIntegerField(_("entered by"), null=True, editable=False)
    verified_by_id = models.BigIntegerField(_("verified by user"), null=True, editable=False)
    verified_by = models.CharField(_("verified by"), max_length=150, blank=True, editable=False)
    verified_on = models.DateField(_("verified on"), null=True, editable=False)
    verified_at = models.DateTimeField(_("verified at"), null=True, editable=False)

    class Meta:
        db_table = "backoffice_legal_table"
        verbose_name = _("legal table")
        verbose_name_plural = _("legal tables")
        ordering: ClassVar = ["kind", "-valid_from", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "valid_from", "known_from"],
                name="legal_table_once",
                violation_error_message=_("This version of the table was already entered."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="legal_table_dates_in_order",
                violation_error_message=_("The end comes before the start."),
            ),
            models.CheckConstraint(
                condition=Q(verified_on__isnull=True, verified_by="")
                | (Q(verified_on__isnull=False) & ~Q(verified_by="")),
                name="legal_table_verified_by_somebody",
                violation_error_message=_("A verified table names who verified it."),
            ),
            models.CheckConstraint(
                condition=Q(replaced_on__isnull=True) | Q(verified_on__isnull=False),
                name="legal_table_replaced_after_verified",
                violation_error_message=_("Only a verified table can be replaced."),
            ),
            models.CheckConstraint(
                condition=Q(verified_by_id__isnull=True)
                | Q(entered_by_id__isnull=True)
                | ~Q(verified_by_id=F("entered_by_id")),
                name="legal_table_four_eyes",
                violation_error_message=_("Who entered a table cannot verify it."),
            ),
            models.CheckConstraint(
                condition=Q(verified_on__isnull=True)
                | Q(entered_by_id__isnull=True)
                | Q(verified_by_id__isnull=False, verified_at__isnull=False),
                name="legal_table_verifier_known",
                violation_error_message=_("What a person entered, another known person verifies."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.title} {self.valid_from:%d/%m/%Y}"

    @property
    def title(self) -> str:
        """Name of the table or duty in the active language."""
        return str(self.payload.get("name", self.kind)) if self.is_duty else kind_title(self.kind)

    @property
    def is_duty(self) -> bool:
        """Whether it is the rule of a duty."""
        return is_duty(self.kind)

    @property
    def chosen_by(self) -> ChosenBy:
        """Whether it is picked by the competence or by the payment date."""
        return kind_of(self.kind).chosen_by

    @override
    def clean(self) -> None:
        """Refuse figures that no rule could read.

        Raises:
            ValidationError: With a sentence for each problem of the payload.
        """
        if self.kind not in KINDS and not is_duty(self.kind):
            raise ValidationError({"kind": _("The product knows no such table.")})
        if not isinstance(self.payload, dict):
            raise ValidationError({"payload": _("The figures must be an object with names.")})
        problems = check_payload(self.kind, self.payload)
        if problems:
            raise ValidationError({"payload": [describe(problem) for problem in problems]})

    def as_version(
        self, confirmations: tuple[tuple[dt.datetime, dt.date], ...] = ()
    ) -> TableVersion:
        """The row as rules read it.

        Args:
            confirmations: When it was confirmed for longer, and through which day before that.
        """
        values = {name: getattr(self, name) for name in VERSION_FIELDS}
        return TableVersion(**values, confirmations=confirmations)


VERSION_FIELDS: tuple[str, ...] = tuple(
    name for name in TableVersion.__slots__ if name != "confirmations"
)


class LegalTableConfirmation(models.Model):
    """One row says that somebody looked and that a verified table still holds through a later day.

    Append-only: the days through which a table was confirmed at an earlier moment follow from it.
    """

    table = models.ForeignKey(LegalTable, on_delete=models.PROTECT, related_name="confirmations")
    before = models.DateField(_("confirmed before"))
    through = models.DateField(_("confirmed through"))
    source = models.CharField(_("source"), max_length=300)
    by_id = models.BigIntegerField(_("confirmed by"), null=True)
    at = models.DateTimeField(_("when"))

    class Meta:
        db_table = "backoffice_legal_table_confirmation"
        verbose_name = _("confirmation of a legal table")
        verbose_name_plural = _("confirmations of legal tables")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["table", "before"],
                name="legal_table_confirmed_from_once",
                violation_error_message=_("This table is confirmed through that day already."),
            ),
            models.CheckConstraint(
                condition=Q(through__gt=F("before")),
                name="legal_table_confirmed_for_longer",
                violation_error_message=_("Choose a later day."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.table_id} → {self.through:%d/%m/%Y}"


def kind_title(kind: str) -> str:
    """Name of a table of figures in the active language."""
    return str(KIND_TITLES.get(kind, kind))
