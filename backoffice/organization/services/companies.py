"""Commands and steps on companies themselves."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from backoffice.br import cnpj as cnpj_rules
from backoffice.commands import Context, command, step
from backoffice.errors import InvalidInput, NotFound
from backoffice.official.selectors import municipality_named
from backoffice.organization.models import Branch, Company, TaxRegime, TimeZone


@dataclass(frozen=True, kw_only=True, slots=True)
class CompanyData:
    """What is known of a company when its back office starts."""

    cnpj: str
    legal_name: str
    trade_name: str
    tax_regime: str = TaxRegime.PRESUMED
    time_zone: str = TimeZone.SAO_PAULO


@dataclass(frozen=True, kw_only=True, slots=True)
class HeadOffice:
    """The first branch of a company; its CNPJ is that of the company."""

    name: str
    municipality: str
    state: str
    address: str = ""
    code: str = "01"


@step
def keep_opening(ctx: Context, *, name: str, value: list[Any] | None) -> None:
    """Keep beside the company which shared view opens a list; none: none does."""
    company = Company.objects.select_for_update(no_key=True).get(pk=ctx.company)
    kept = {key: each for key, each in company.opening_views.items() if key != name}
    wanted = kept if value is None else {**kept, name: value}
    if wanted != company.opening_views:
        company.opening_views = wanted
        company.save(update_fields=["opening_views"])


@step
def add_company(
    ctx: Context, *, data: CompanyData, head_office: HeadOffice | None = None
) -> Company:
    """Start the back office of a company, with its head office where that is known.

    Who may enter it is decided by the commands of ``identity`` that call this.

    Raises:
        InvalidInput: The CNPJ is wrong or already in use, or there is no such regime or time zone.
    """
    number = valid_cnpj(data.cnpj)
    if Company.objects.filter(cnpj=number).exists():
        message = _("There is already a company with this CNPJ.")
        raise InvalidInput("cnpj_in_use", message, fields={"cnpj": message})
    require_choices(tax_regime=data.tax_regime, time_zone=data.time_zone)
    company = Company.objects.create(
        cnpj=number,
        legal_name=data.legal_name,
        trade_name=data.trade_name,
        tax_regime=data.tax_regime,
        time_zone=data.time_zone,
    )
    ctx.record("backoffice.company.created", target=company)
    if head_office is not None:
        branch = Branch(
            company=company,
            code=head_office.code,
            name=head_office.name,
            cnpj=number,
            address=head_office.address,
        )
        locate(branch, head_office.municipality, head_office.state)
        branch.save()
    return company


@command("backoffice.company.change")
def change_company(
    ctx: Context,
    *,
    company_id: int,
    legal_name: str,
    trade_name: str,
    tax_regime: str,
    time_zone: str,
    allows_self_approval: bool,
) -> Company:
    """Change what a company is called, how it is taxed, and whether one may approve one's own.

    The CNPJ stays: another CNPJ is another company.
    """
    if company_id != ctx.company:
        raise NotFound("not_found", _("There is no such record."))
    require_choices(tax_regime=tax_regime, time_zone=time_zone)
    company = Company.objects.select_for_update().get(pk=company_id)
    company.legal_name = legal_name
    company.trade_name = trade_name
    company.tax_regime = tax_regime
    company.time_zone = time_zone
    company.allows_self_approval = allows_self_approval
    company.save()
    ctx.record("backoffice.company.changed", target=company)
    return company


def valid_cnpj(value: str) -> str:
    """A CNPJ in its bare form.

    Raises:
        InvalidInput: Its check digits do not agree.
    """
    number = cnpj_rules.normalise(value)
    if not cnpj_rules.is_valid(number):
        message = _("This CNPJ is not valid: its check digits do not agree.")
        raise InvalidInput("bad_cnpj", message, fields={"cnpj": message})
    return number


def require_choices(*, tax_regime: str, time_zone: str) -> None:
    """Refuse a regime or a time zone that does not exist.

    Raises:
        InvalidInput: Naming the field.
    """
    if tax_regime not in TaxRegime.values:
        message = _("There is no such tax regime.")
        raise InvalidInput("bad_tax_regime", message, fields={"tax_regime": message})
    if time_zone not in TimeZone.values:
        message = _("There is no such time zone in Brazil.")
        raise InvalidInput("bad_time_zone", message, fields={"time_zone": message})


def locate(branch: Branch, municipality: str, state: str) -> None:
    """Put a branch into a municipality of the official list.

    Raises:
        InvalidInput: The state has no municipality of this name.
    """
    place = municipality_named(municipality, _state(state))
    if place is None:
        message = _("This state has no municipality of this name.")
        raise InvalidInput("no_municipality", message, fields={"municipality": message})
    branch.place, branch.municipality, branch.state = place, place.name, place.state


def _state(value: str) -> str:
    state = value.strip().upper()
    if len(state) != 2 or not state.isalpha() or not state.isascii():
        message = _("A state has two letters.")
        raise InvalidInput("bad_state", message, fields={"state": message})
    return state
