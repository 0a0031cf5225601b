"""What a party is to one company, how it is reached there, and which other party it turned out to be."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from backoffice.audit.history import tracked
from backoffice.official.models import Municipality
from backoffice.organization.models import CompanyOwned, DateRange
from backoffice.parties.models.parties import Party, PayoutKind


def dates_in_order(model: str) -> models.CheckConstraint:
    """The last day is not before the first."""
    return models.CheckConstraint(
        condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
        name=f"{model}_dates_in_order",
        violation_error_message=_("The end comes before the start."),
    )


def one_at_a_time(model: str, message: str | Promise) -> ExclusionConstraint:
    """On any day one row of a kind, for a party in a company."""
    return ExclusionConstraint(
        name=f"{model}_one_at_a_time",
        expressions=[
            ("company", RangeOperators.EQUAL),
            ("party", RangeOperators.EQUAL),
            ("kind", RangeOperators.EQUAL),
            (DateRange(), RangeOperators.OVERLAPS),
        ],
        violation_error_message=message,  # type: ignore[arg-type]  # lazy text is text
    )


class OfParty(CompanyOwned):
    """What one company keeps of a party, from one day to another."""

    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        abstract = True


@tracked
class PartyRole(OfParty):
    """One row is what a party is to a company: supplier, customer, from one day to another."""

    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="roles", verbose_name=_("party")
    )
    kind = models.CharField(_("role"), max_length=30)

    class Meta:
        db_table = "backoffice_party_role"
        verbose_name = _("role of a party")
        verbose_name_plural = _("roles of parties")
        indexes: ClassVar = [
            models.Index(fields=["company", "kind", "party"], name="party_role_kind")
        ]
        constraints: ClassVar = [
            dates_in_order("party_role"),
            one_at_a_time("party_role", _("The party has this role on these days already.")),
        ]

    @override
    def __str__(self) -> str:
        return self.kind


class AddressKind(models.TextChoices):
    """What an address is for."""

    MAIN = "main", _("Main")
    BILLING = "billing", _("Billing")
    DELIVERY = "delivery", _("Delivery")


@tracked
class PartyAddress(OfParty):
    """One row is one address of a party, as a company knows it, from one day to another."""

    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="addresses", verbose_name=_("party")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=AddressKind)
    postal_code = models.CharField(_("postal code"), max_length=8)
    street = models.CharField(_("street"), max_length=120)
    street_number = models.CharField(_("number"), max_length=12)
    address_extra = models.CharField(_("complement"), max_length=60, blank=True)
    district = models.CharField(_("district"), max_length=60, blank=True)
    place = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,
        related_name="+",
        db_column="municipality_code",
        verbose_name=_("municipality"),
    )

    class Meta:
        db_table = "backoffice_party_address"
        verbose_name = _("address of a party")
        verbose_name_plural = _("addresses of parties")
        constraints: ClassVar = [
            dates_in_order("party_address"),
            one_at_a_time("party_address", _("There is an address of this kind on these days.")),
            models.CheckConstraint(
                condition=Q(postal_code__regex=r"^[0-9]{8}$"), name="party_address_postal_code_form"
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.street}, {self.street_number}"


class ContactKind(models.TextChoices):
    """How somebody is reached."""

    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Phone")


@tracked
class PartyContact(OfParty):
    """One row is one way to reach a party, and whom one reaches there."""

    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="contacts", verbose_name=_("party")
    )
    kind = models.CharField(_("kind"), max_length=5, choices=ContactKind)
    value = models.CharField(_("e-mail or phone"), max_length=254)
    person = models.CharField(_("contact person"), max_length=100, blank=True)
    purpose = models.CharField(_("for what"), max_length=60, blank=True)

    class Meta:
        db_table = "backoffice_party_contact"
        verbose_name = _("contact of a party")
        verbose_name_plural = _("contacts of parties")
        indexes: ClassVar = [models.Index(fields=["company", "value"], name="party_contact_value")]
        constraints: ClassVar = [
            dates_in_order("party_contact"),
            models.UniqueConstraint(
                fields=["company", "party", "value"],
                condition=Q(valid_to__isnull=True),
                name="party_contact_once",
                violation_error_message=_("This contact is known already."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.value


class ChangeState(models.TextChoices):
    """How far the change of an account got."""

    WAITING = "waiting", _("Waiting for a second person")
    DONE = "done", _("In force")
    RETURNED = "returned", _("Returned")
    WITHDRAWN = "withdrawn", _("Withdrawn")


@tracked
class PayoutChange(CompanyOwned):
    """One row is one wish to pay a party elsewhere; it counts only after a second person agreed."""

    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="payout_changes", verbose_name=_("party")
    )
    kind = models.CharField(_("kind"), max_length=4, choices=PayoutKind)
    bank_code = models.CharField(_("bank"), max_length=3, blank=True)
    agency = models.CharField(_("agency"), max_length=6, blank=True)
    account = models.CharField(_("account"), max_length=20, blank=True)
    pix_key = models.CharField(_("Pix key"), max_length=77, blank=True)
    valid_from = models.DateField(_("valid from"))
    why = models.CharField(_("how it was confirmed"), max_length=200)
    state = models.CharField(
        _("state"), max_length=10, choices=ChangeState, default=ChangeState.WAITING
    )

    class Meta:
        db_table = "backoffice_payout_change"
        verbose_name = _("change of an account")
        verbose_name_plural = _("changes of accounts")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "party"],
                condition=Q(state="waiting"),
                name="payout_change_one_waiting",
                violation_error_message=_("A change of this account waits already."),
            ),
            models.CheckConstraint(
                condition=Q(kind="bank", bank_code__regex=r"^[0-9]{3}$", pix_key="")
                & ~Q(account="")
                & ~Q(agency="")
                | Q(kind="pix", bank_code="", agency="", account="") & ~Q(pix_key=""),
                name="payout_change_complete",
                violation_error_message=_(
                    "Give bank, agency and account, or a Pix key, and not both."
                ),
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.pix_key or f"{self.bank_code} {self.agency} {self.account}"


@tracked
class PartyAlias(CompanyOwned):
    """One row says that a company takes one party for another; documents keep the party they name."""

    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="aliases", verbose_name=_("party")
    )
    kept = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="alias_of", verbose_name=_("taken for")
    )
    merged_on = models.DateField(_("merged on"))
    why = models.CharField(_("reason"), max_length=200)

    class Meta:
        db_table = "backoffice_party_alias"
        verbose_name = _("alias of a party")
        verbose_name_plural = _("aliases of parties")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "party"],
                name="party_alias_once",
                violation_error_message=_("This party was merged already."),
            ),
            models.CheckConstraint(
                condition=~Q(party=F("kept")),
                name="party_alias_of_another",
                violation_error_message=_("A party cannot be merged into itself."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.party_id} → {self.kept_id}"
