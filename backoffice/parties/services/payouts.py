"""Steps that other subjects use to know a person once and to say where to pay them."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from backoffice.br import cpf as cpf_rules
from backoffice.commands import Context, step
from backoffice.errors import InvalidInput
from backoffice.parties.models import Party, PartyKind, PayoutAccount, PayoutKind


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonData:
    """What identifies a natural person."""

    cpf: str
    name: str
    social_name: str = ""
    birth_date: dt.date | None = None
    email: str = ""
    phone: str = ""


@step
def know_person(ctx: Context, *, data: PersonData) -> Party:
    """The party with this CPF, made or brought up to date; a field left empty keeps what was known.

    Raises:
        InvalidInput: ``bad_cpf``, when the check digits do not agree.
    """
    number = cpf_rules.normalise(data.cpf)
    if not cpf_rules.is_valid(number):
        message = _("This CPF is not valid: its check digits do not agree.")
        raise InvalidInput("bad_cpf", message, fields={"cpf": message})
    party, _created = Party.objects.get_or_create(
        tax_id=number, defaults={"kind": PartyKind.PERSON, "name": data.name.strip()}
    )
    changed = []
    for name in ("name", "social_name", "birth_date", "email", "phone"):
        value = getattr(data, name)
        if value and getattr(party, name) != value:
            setattr(party, name, value)
            changed.append(name)
    if changed:
        party.save(update_fields=changed)
    return party


@dataclass(frozen=True, kw_only=True, slots=True)
class PayoutData:
    """A bank account, or a Pix key; never both."""

    bank_code: str = ""
    agency: str = ""
    account: str = ""
    pix_key: str = ""

    @property
    def given(self) -> bool:
        """Whether anything was filled in."""
        return bool(self.bank_code or self.agency or self.account or self.pix_key)


@step
def set_payout_account(
    ctx: Context, *, party: Party, data: PayoutData, valid_from: dt.date
) -> PayoutAccount:
    """Pay the party to this account from a day on; the one before ends the day before.

    Raises:
        InvalidInput: Neither a complete bank account nor a Pix key, or both.
    """
    refuse_incomplete(data)
    accounts = PayoutAccount.objects.select_for_update().filter(company_id=ctx.company, party=party)
    accounts.filter(valid_from__gte=valid_from).delete()
    for before in accounts.filter(valid_to__isnull=True):
        before.valid_to = valid_from - dt.timedelta(days=1)
        before.save(update_fields=["valid_to"])
    return PayoutAccount.objects.create(
        company_id=ctx.company,
        party=party,
        kind=PayoutKind.PIX if data.pix_key else PayoutKind.BANK,
        bank_code=data.bank_code,
        agency=data.agency,
        account=data.account,
        pix_key=data.pix_key,
        valid_from=valid_from,
    )


@step
def take_back_payout_account(ctx: Context, *, account_id: int) -> None:
    """Take back one account as if it had never been set; the one that it ended goes on.

    Accounts from other days, and one that was set since, stay as they are.
    """
    rows = PayoutAccount.objects.select_for_update().filter(company_id=ctx.company)
    account = rows.filter(pk=account_id).first()
    if account is None:
        return
    others = rows.filter(party=account.party).exclude(pk=account.pk)
    day_before = account.valid_from - dt.timedelta(days=1)
    ended, goes_on = others.filter(valid_to=day_before).first(), account.valid_to
    account.delete()
    if ended is not None:
        ended.valid_to = goes_on
        ended.save(update_fields=["valid_to"])


def refuse_incomplete(data: PayoutData) -> None:
    """Refuse what is neither a complete bank account nor a Pix key, or both.

    Raises:
        InvalidInput: ``payout_incomplete``.
    """
    bank = bool(data.bank_code and data.agency and data.account)
    partial_bank = bool(data.bank_code or data.agency or data.account)
    if bool(data.pix_key) == partial_bank or (partial_bank and not bank):
        message = _("Give bank, agency and account, or a Pix key, and not both.")
        raise InvalidInput("payout_incomplete", message, fields={"bank_code": message})
