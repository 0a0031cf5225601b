"""Commands that start the back office of a company and let somebody in."""

from dataclasses import replace

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.commands import CHECKED_INSIDE, Actor, Context, command
from backoffice.errors import NotAllowed, WrongState
from backoffice.identity.models import Role, RoleGrant
from backoffice.identity.rules import Scope
from backoffice.identity.services.guards import held_by_actor
from backoffice.organization.models import Company, TaxRegime, TimeZone
from backoffice.organization.services import CompanyData, HeadOffice, add_company

CREATE = "backoffice.company.create"


@command(CREATE)
def create_company(
    ctx: Context,
    *,
    cnpj: str,
    legal_name: str,
    trade_name: str,
    tax_regime: str = TaxRegime.PRESUMED,
    time_zone: str = TimeZone.SAO_PAULO,
) -> Company:
    """Start the back office of one more company.

    The creator gets there the roles that let them do it here: otherwise nobody could enter it.

    Raises:
        InvalidInput: As in ``organization.services.add_company``.
    """
    data = CompanyData(
        cnpj=cnpj,
        legal_name=legal_name,
        trade_name=trade_name,
        tax_regime=tax_regime,
        time_zone=time_zone,
    )
    company = add_company(ctx, data=data)
    if ctx.actor is not None:
        _let_in(ctx, ctx.actor, company)
    return company


@command("backoffice.company.set_up_first", permission=CHECKED_INSIDE)
def set_up_first_company(ctx: Context, *, data: CompanyData, head_office: HeadOffice) -> Company:
    """Start the first company of an installation with its head office, from the server's shell.

    Two at the same moment come one after the other, so that only one of them finds no company.

    Raises:
        NotAllowed: Called for a person; they use the page of companies.
        WrongState: There is a company already.
        InvalidInput: As in ``organization.services.add_company``.
    """
    if ctx.actor is not None:
        raise NotAllowed("only_the_system", _("Only the server's shell does this."))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('company.set_up_first'))")
    if Company.objects.exists():
        raise WrongState("not_the_first", _("This installation has a company already."))
    return add_company(ctx, data=data, head_office=head_office)


def _let_in(ctx: Context, actor: Actor, company: Company) -> None:
    standard = Role.objects.filter(company=None)
    held = standard.filter(grants__in=held_by_actor(ctx, CREATE).filter(company_id=ctx.company))
    there = replace(ctx, company_id=company.pk)
    for role in held.distinct() or standard.filter(code="administrator"):
        grant = RoleGrant.objects.create(
            company=company,
            user_id=actor.user_id,
            role=role,
            scope=Scope.COMPANY,
            valid_from=timezone.localdate(ctx.at),
        )
        there.record("backoffice.role_grant.assigned", target=grant, data={"role": role.code})
