"""Inputs of the commands on parties, the same for pages and the API."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from backoffice.directory.selectors import visible_parties
from backoffice.parties.models import AddressKind, Party, PartyContact
from backoffice.parties.rules import ROLES
from backoffice.parties.services import AddressData, PayoutData
from backoffice.resources.forms import CommandForm
from backoffice.resources.records import Row
from backoffice.web.choices import OfficialField
from backoffice.web.fields import CepField, DateField, PixKeyField, TaxIdField

ACCOUNT = ("bank_code", "agency", "account", "pix_key")


class PartyChangeForm(CommandForm):
    """What a party is called."""

    name = forms.CharField(label=_("Name"), max_length=150)
    social_name = forms.CharField(
        label=_("Social or trade name"),
        max_length=150,
        required=False,
        help_text=_("The name by which the party wants to be called."),
    )


class RoleForm(CommandForm):
    """What a party is to the company, from a day on."""

    role = forms.ChoiceField(label=_("Role"), choices=list(ROLES.items()))
    valid_from = DateField(label=_("Valid from"))


class PartyForm(PartyChangeForm, RoleForm):
    """A party that the company gets to know."""

    tax_id = TaxIdField(label=_("CPF or CNPJ"))
    field_order = ("tax_id", "name", "social_name", "role", "valid_from")


class EndRoleForm(CommandForm):
    """The last day of a role."""

    role = forms.ChoiceField(label=_("Role"), choices=list(ROLES.items()))
    valid_to = DateField(label=_("Last day"))


class AddressForm(CommandForm):
    """An address from a day on."""

    kind = forms.ChoiceField(label=_("Kind"), choices=AddressKind.choices)
    postal_code = CepField(label=_("Postal code"))
    street = forms.CharField(label=_("Street"), max_length=120)
    street_number = forms.CharField(label=_("Number"), max_length=12)
    address_extra = forms.CharField(label=_("Complement"), max_length=60, required=False)
    district = forms.CharField(label=_("District"), max_length=60, required=False)
    municipality = OfficialField(source="municipalities", label=_("Municipality"))
    valid_from = DateField(label=_("Valid from"))


class ContactForm(CommandForm):
    """An e-mail address or a phone number."""

    value = forms.CharField(label=_("E-mail or phone"), max_length=254)
    person = forms.CharField(label=_("Contact person"), max_length=100, required=False)
    purpose = forms.CharField(
        label=_("For what"),
        max_length=60,
        required=False,
        help_text=_("Such as orders, invoices, collection."),
    )
    valid_from = DateField(label=_("Valid from"))


class EndContactForm(CommandForm):
    """The last day on which a contact was of use."""

    contact = forms.ModelChoiceField(label=_("Contact"), queryset=PartyContact.objects.none())
    valid_to = DateField(label=_("Last day"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        if self.record is not None:
            rows = PartyContact.objects.filter(company_id=self.access.company_id, party=self.record)
            # Offered are those in use; taken is any, so that a repeated request is the same.
            offered = rows if self.is_bound else rows.filter(valid_to=None)
            cast("forms.ModelChoiceField[Any]", self.fields["contact"]).queryset = offered


class AccountForm(CommandForm):
    """A bank account or a Pix key, and how it was confirmed."""

    bank_code = OfficialField(source="banks", label=_("Bank"), required=False)
    agency = forms.CharField(label=_("Agency"), max_length=6, required=False)
    account = forms.CharField(label=_("Account with digit"), max_length=20, required=False)
    pix_key = PixKeyField(
        label=_("Pix key"),
        max_length=77,
        required=False,
        help_text=_("Instead of the bank account."),
    )
    why = forms.CharField(
        label=_("How it was confirmed"),
        max_length=200,
        help_text=_(
            "Such as a call to the number that was known before; never one from the request."
        ),
    )
    valid_from = DateField(label=_("Valid from"))


class MergeForm(CommandForm):
    """For which party this one is taken from now on."""

    into = forms.ModelChoiceField(label=_("Is the same as"), queryset=Party.objects.none())
    why = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        rows: QuerySet[Any] = visible_parties(self.access).order_by("name", "pk")
        rows = rows.exclude(state="merged")
        if self.record is not None:
            rows = rows.filter(kind=self.record.kind).exclude(pk=self.record.pk)
        cast("forms.ModelChoiceField[Any]", self.fields["into"]).queryset = rows


def address_payload(data: Mapping[str, Any], record: Row) -> dict[str, Any]:
    """Arguments of ``set_address``."""
    return {"party_id": record.pk, "address": AddressData(**data)}


def account_payload(data: Mapping[str, Any], record: Row) -> dict[str, Any]:
    """Arguments of ``ask_for_account``."""
    payout = PayoutData(**{name: data[name] or "" for name in ACCOUNT})
    given = {name: data[name] for name in ("why", "valid_from")}
    return {"party_id": record.pk, "payout": payout, **given}
