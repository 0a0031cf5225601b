"""Commands on what a party is to the company of the context, and how it is reached."""

import datetime as dt
from dataclasses import asdict, dataclass
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from backoffice.br import tax_id as tax_id_rules
from backoffice.commands import Context, command, step
from backoffice.errors import InvalidInput, NotFound, WrongState
from backoffice.official.models import Municipality
from backoffice.parties.models import (
    Party,
    PartyAddress,
    PartyAlias,
    PartyContact,
    PartyKind,
    PartyRole,
)
from backoffice.parties.rules import ROLES, clean_contact

CHANGE = "backoffice.party.change"
CPF_LENGTH = 11
R = TypeVar("R", PartyRole, PartyAddress, PartyContact)


@dataclass(frozen=True, kw_only=True, slots=True)
class AddressData:
    """An address; ``municipality`` is the code of IBGE."""

    kind: str
    postal_code: str
    street: str
    street_number: str
    municipality: str
    valid_from: dt.date
    address_extra: str = ""
    district: str = ""


@command("backoffice.party.create")
def register_party(
    ctx: Context, *, tax_id: str, name: str, role: str, valid_from: dt.date, social_name: str = ""
) -> Party:
    """Make somebody known to the company in a role; who is known to another one is the same party.

    What is known of a party that is there already stays; only the role is added.

    Raises:
        InvalidInput: The number is wrong, or there is no such role.
        WrongState: ``known_already`` in this role, or ``merged`` into another one.
    """
    number = tax_id_rules.validate(tax_id)
    kind = PartyKind.PERSON if len(number) == CPF_LENGTH else PartyKind.COMPANY
    party, created = Party.objects.get_or_create(
        tax_id=number,
        defaults={"kind": kind, "name": name.strip(), "social_name": social_name.strip()},
    )
    refuse_merged(ctx, party)
    add = PartyRole(company_id=ctx.company, party=party, kind=_role(role), valid_from=valid_from)
    _save(add, "role")
    ctx.record("backoffice.party.created", target=party, data={"role": role, "new": created})
    return party


@command("backoffice.party.change")
def change_party(ctx: Context, *, party_id: int, name: str, social_name: str = "") -> Party:
    """Change what a party is called; the CPF or CNPJ itself does not change."""
    party = known_party(ctx, party_id)
    party.name, party.social_name = name.strip(), social_name.strip()
    party.save(update_fields=["name", "social_name"])
    ctx.record("backoffice.party.changed", target=party)
    return party


@command("backoffice.party.add_role", permission=CHANGE)
def add_role(ctx: Context, *, party_id: int, role: str, valid_from: dt.date) -> Party:
    """Let a party be one more thing to the company."""
    party = known_party(ctx, party_id)
    _save(
        PartyRole(company_id=ctx.company, party=party, kind=_role(role), valid_from=valid_from),
        "role",
    )
    ctx.record("backoffice.party.role_added", target=party, data={"role": role})
    return party


@command("backoffice.party.end_role", permission=CHANGE)
def end_role(ctx: Context, *, party_id: int, role: str, valid_to: dt.date) -> Party:
    """Say which day was the last of a role."""
    party = known_party(ctx, party_id)
    rows = PartyRole.objects.filter(company_id=ctx.company, party=party, kind=role)
    _end(rows.filter(valid_to=None).first(), valid_to, "role")
    ctx.record("backoffice.party.role_ended", target=party, data={"role": role})
    return party


@command("backoffice.party.set_address", permission=CHANGE)
def set_address(ctx: Context, *, party_id: int, address: AddressData) -> Party:
    """Give a party an address of a kind from a day on; the one before ends the day before.

    Raises:
        InvalidInput: There is no such municipality, or a later address of the kind is known already.
    """
    party = known_party(ctx, party_id)
    given = asdict(address)
    place = Municipality.objects.filter(pk=given.pop("municipality")).first()
    if place is None:
        message = _("Choose one of the list.")
        raise InvalidInput("no_municipality", message, fields={"municipality": message})
    rows = PartyAddress.objects.filter(company_id=ctx.company, party=party, kind=address.kind)
    before = rows.filter(valid_to=None).first()
    if before is not None:
        _end(before, address.valid_from - dt.timedelta(days=1), "valid_from")
    _save(PartyAddress(company_id=ctx.company, party=party, place=place, **given), "valid_from")
    ctx.record("backoffice.party.address_set", target=party, data={"kind": address.kind})
    return party


@command("backoffice.party.add_contact", permission=CHANGE)
def add_contact(
    ctx: Context,
    *,
    party_id: int,
    value: str,
    valid_from: dt.date,
    person: str = "",
    purpose: str = "",
) -> Party:
    """Add an e-mail address or a phone number at which a party is reached.

    Raises:
        InvalidInput: It is neither, or known already.
    """
    party = known_party(ctx, party_id)
    kind, clean = clean_contact(value)
    contact = PartyContact(
        company_id=ctx.company,
        party=party,
        kind=kind,
        value=clean,
        person=person.strip(),
        purpose=purpose.strip(),
        valid_from=valid_from,
    )
    _save(contact, "value")
    ctx.record("backoffice.party.contact_added", target=party, data={"contact": contact.pk})
    return party


@command("backoffice.party.end_contact", permission=CHANGE)
def end_contact(ctx: Context, *, party_id: int, contact_id: int, valid_to: dt.date) -> Party:
    """Say which day was the last on which a contact was of use."""
    party = known_party(ctx, party_id)
    rows = PartyContact.objects.filter(company_id=ctx.company, party=party, pk=contact_id)
    _end(rows.filter(valid_to=None).first(), valid_to, "contact")
    ctx.record("backoffice.party.contact_ended", target=party, data={"contact": contact_id})
    return party


@step
def unregister_party(ctx: Context, party: Party) -> None:
    """Take back that the company knows a party; the party goes when nobody else knows it.

    Raises:
        ProtectedError: More is kept of it by now than its roles.
    """
    PartyRole.objects.filter(company_id=ctx.company, party=party).delete()
    ctx.record("backoffice.party.unregistered", target=party)
    try:
        with transaction.atomic():
            party.delete()
    except (IntegrityError, ProtectedError):
        return  # an employee, an account, or another company has business with it


@step
def known_party(ctx: Context, party_id: int) -> Party:
    """A party that is, or was, something to the company of the context; locked.

    Raises:
        NotFound: The company does not know it.
        WrongState: ``merged``: the company takes it for another one.
    """
    known = PartyRole.objects.filter(company_id=ctx.company, party_id=party_id)
    found = Party.objects.select_for_update(no_key=True).filter(pk=party_id).first()
    if found is None or not known.exists():
        raise NotFound("not_found", _("There is no such record."))
    refuse_merged(ctx, found)
    return found


@step
def refuse_merged(ctx: Context, party: Party) -> None:
    """Nothing new is kept of a party that the company takes for another one.

    Raises:
        WrongState: ``merged``.
    """
    alias = PartyAlias.objects.filter(company_id=ctx.company, party=party).first()
    if alias is not None:
        message = _("This party was merged into %(name)s; use that one.")
        raise WrongState("merged", message % {"name": alias.kept.display_name})


def _role(kind: str) -> str:
    if kind not in ROLES:
        message = _("There is no such role.")
        raise InvalidInput("no_role", message, fields={"role": message})
    return kind


def _save(row: R, field: str) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        for constraint in row._meta.constraints:
            if constraint.name == name:
                message = constraint.violation_error_message or str(error)
                raise InvalidInput("refused", message, fields={field: message}) from error
        raise


def _end(row: R | None, valid_to: dt.date, field: str) -> None:
    if row is None:
        message = _("This ended already.")
        raise InvalidInput("ended_already", message, fields={field: message})
    row.valid_to = valid_to
    _save(row, field)
