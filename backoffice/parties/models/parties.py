"""People and companies, each known once; employee, supplier, customer are what they are to us."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from backoffice.audit.history import tracked
from backoffice.organization.models import CompanyOwned, DateRange


class PartyKind(models.TextChoices):
    """A natural or a legal person."""

    PERSON = "person", _("Person")
    COMPANY = "company", _("Company")


@tracked
class Party(models.Model):
    """One row is one natural or legal person, whatever it is to any of our companies.

    Identity is per database (the CPF or CNPJ); roles, contacts and bank data are per company.
    """

    kind = models.CharField(_("kind"), max_length=8, choices=PartyKind)
    tax_id = models.CharField(_("CPF or CNPJ"), max_length=14, unique=True)
    name = models.CharField(_("name"), max_length=150)
    social_name = models.CharField(_("social name"), max_length=150, blank=True)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)

    class Meta:
        db_table = "backoffice_party"
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind="person", tax_id__regex=r"^[0-9]{11}$")
                | Q(kind="company", tax_id__regex=r"^[A-Z0-9]{12}[0-9]{2}$"),
                name="party_tax_id_form",
                violation_error_message=_("A CPF has 11 digits and a CNPJ 14 characters."),
            )
        ]

    @override
    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """The name by which the person wants to be called: the social name, if there is one."""
        return self.social_name or self.name


class PayoutKind(models.TextChoices):
    """How money reaches a party."""

    BANK = "bank", _("Bank account")
    PIX = "pix", _("Pix key")


@tracked
class PayoutAccount(CompanyOwned):
    """One row is where a company pays a party, from one day to another."""

    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="payout_accounts", verbose_name=_("party")
    )
    kind = models.CharField(_("kind"), max_length=4, choices=PayoutKind)
    bank_code = models.CharField(_("bank"), max_length=3, blank=True)
    agency = models.CharField(_("agency"), max_length=6, blank=True)
    account = models.CharField(_("account"), max_length=20, blank=True)
    pix_key = models.CharField(_("Pix key"), max_length=77, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        db_table = "backoffice_payout_account"
        verbose_name = _("payout account")
        verbose_name_plural = _("payout accounts")
        constraints: ClassVar = [
            ExclusionConstraint(
                name="payout_account_one_at_a_time",
                expressions=[
                    ("company", RangeOperators.EQUAL),
                    ("party", RangeOperators.EQUAL),
                    (DateRange(), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("There is already an account for these days."),
            ),
            models.CheckConstraint(
                condition=Q(kind="bank", bank_code__regex=r"^[0-9]{3}$", pix_key="")
                & ~Q(account="")
                & ~Q(agency="")
                | Q(kind="pix", bank_code="", agency="", account="") & ~Q(pix_key=""),
                name="payout_account_complete",
                violation_error_message=_(
                    "Give bank, agency and account, or a Pix key, and not both."
                ),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="payout_account_dates_in_order",
                violation_error_message=_("The end comes before the start."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.pix_key or f"{self.bank_code} {self.agency} {self.account}"
