"""Begin an installation: its first company, the head office, and who lets everybody else in."""

from argparse import ArgumentParser
from typing import Any
from urllib.parse import quote

from allauth.account import app_settings
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils import timezone
from typing_extensions import override

from backoffice.br import cnpj as cnpj_rules
from backoffice.commands import Channel, Context
from backoffice.errors import BusinessError
from backoffice.identity.models import Role, User
from backoffice.identity.rules import Scope
from backoffice.identity.selectors import grants_on
from backoffice.identity.services import create_user, set_up_first_company
from backoffice.management import typing_in
from backoffice.organization.models import Company, TaxRegime, TimeZone
from backoffice.organization.services import CompanyData, HeadOffice

QUESTIONS = {
    "cnpj": "CNPJ",
    "legal_name": "Legal name (razão social)",
    "trade_name": "Trade name (nome fantasia)",
    "municipality": "Municipality of the head office",
    "state": "State (two letters)",
    "admin_name": "Name of the first administrator",
    "admin_email": "E-mail of the first administrator",
}
ROLES = ("administrator", "owner")


class Command(BaseCommand):
    """``manage.py create_first_company``: asks at a terminal, takes everything as options elsewhere.

    Each part is done only where it is missing, so running it again changes nothing.
    """

    help = (
        "Create the first company with its head office and its first administrator. What is not "
        "given is asked for; the password is asked for, or read from standard input."
    )

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        """Everything but the password."""
        for name, question in QUESTIONS.items():
            parser.add_argument(f"--{name.replace('_', '-')}", default="", help=question)
        parser.add_argument("--address", default="", help="street and number of the head office")
        parser.add_argument("--branch-name", default="Matriz", help="name of the head office")
        parser.add_argument("--tax-regime", default=TaxRegime.PRESUMED, choices=TaxRegime.values)
        parser.add_argument("--time-zone", default=TimeZone.SAO_PAULO, choices=TimeZone.values)
        parser.add_argument(
            "--role",
            default=ROLES[0],
            choices=ROLES,
            help="an administrator gives roles and sees no pay; an owner may do everything",
        )
        parser.add_argument(
            "--invite",
            action="store_true",
            help="print a link, good once and for an hour, by which the password is chosen",
        )

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        """Do what is missing, as the system."""
        answers = typing_in.ask_missing(options, QUESTIONS)
        ctx = Context(
            company_id=None,
            at=timezone.now(),
            channel=Channel.SYSTEM,
            reason="manage.py create_first_company",
        )
        try:
            company = self._company(ctx, {**options, **answers})
            self._administrator(ctx, company, {**options, **answers})
        except BusinessError as refusal:
            raise CommandError(str(refusal)) from None

    def _company(self, ctx: Context, given: dict[str, Any]) -> Company:
        found = Company.objects.filter(cnpj=cnpj_rules.normalise(given["cnpj"])).first()
        if found is not None:
            self.stdout.write(f"Company {found} is there already; nothing was changed.")
            return found
        data = CompanyData(
            **{name: given[name] for name in ("cnpj", "legal_name", "trade_name")},
            tax_regime=given["tax_regime"],
            time_zone=given["time_zone"],
        )
        office = HeadOffice(
            name=given["branch_name"],
            **{name: given[name] for name in ("municipality", "state", "address")},
        )
        made = set_up_first_company(ctx, data=data, head_office=office)
        self.stdout.write(f"Company {made}, CNPJ {made.cnpj}, with branch {office.name}.")
        return made

    def _administrator(self, ctx: Context, company: Company, given: dict[str, Any]) -> None:
        holds = grants_on(timezone.localdate(ctx.at)).filter(
            company=company, role__permissions__contains=["backoffice.role_grant.assign"]
        )
        if (grant := holds.select_related("user").first()) is not None:
            self.stdout.write(f"{grant.user.email} gives roles already; nothing was changed.")
            return
        user = create_user(
            Context(company_id=company.pk, at=ctx.at, channel=ctx.channel, reason=ctx.reason),
            email=given["admin_email"],
            name=given["admin_name"],
            role_id=Role.objects.get(company=None, code=given["role"]).pk,
            scope=Scope.COMPANY,
            password=None if given["invite"] else typing_in.password(),
        )
        self.stdout.write(f"{user.email}: {given['role']} of {company}.")
        if given["invite"]:
            self.stdout.write(f"Open once, within an hour, to choose the password: {_link(user)}")


def _link(user: User) -> str:
    """The address of the page that sets a password, as a mail for a forgotten one has it."""
    key = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
    path = path.replace("UID-KEY", quote(f"{user_pk_to_url_str(user)}-{key}"))
    hosts = [host for host in settings.ALLOWED_HOSTS if not host.startswith((".", "*"))]
    return f"https://{hosts[0]}{path}" if hosts else path
