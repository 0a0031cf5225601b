"""Give somebody the first account of an installation, or any account from the shell."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from typing_extensions import override

from backoffice.br import cnpj as cnpj_rules
from backoffice.commands import Channel, Context
from backoffice.errors import BusinessError
from backoffice.identity.models import Role
from backoffice.identity.rules import Scope
from backoffice.identity.services import create_user
from backoffice.management import typing_in
from backoffice.organization.models import Company


class Command(BaseCommand):
    """``manage.py create_user ana@example.com "Ana Souza" --role administrator --cnpj ...``."""

    help = "Create a user with a role. The password is asked for, or read from standard input."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        """E-mail and name; role and company have usual values; never a password."""
        parser.add_argument("email")
        parser.add_argument("name")
        parser.add_argument("--role", default="administrator", help="code of a standard role")
        parser.add_argument("--cnpj", default="", help="company; needed when there are several")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        """Create the account as the system, with the role for the whole company."""
        company = self._company(options["cnpj"])
        role = Role.objects.filter(company=None, code=options["role"]).first()
        if role is None:
            known = ", ".join(Role.objects.filter(company=None).values_list("code", flat=True))
            msg = f"There is no standard role {options['role']}. There are: {known}."
            raise CommandError(msg)
        ctx = Context(
            company_id=company.pk,
            at=timezone.now(),
            channel=Channel.SYSTEM,
            reason="manage.py create_user",
        )
        try:
            user = create_user(
                ctx,
                email=options["email"],
                name=options["name"],
                role_id=role.pk,
                scope=Scope.COMPANY,
                password=typing_in.password(),
            )
        except BusinessError as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"{user.email}: {role.code}, {company}")

    def _company(self, typed: str) -> Company:
        companies = Company.objects.order_by("pk")
        if typed:
            companies = companies.filter(cnpj=cnpj_rules.normalise(typed))
        found = list(companies[:2])
        if len(found) != 1:
            msg = "Name one company by --cnpj." if found else "There is no such company yet."
            raise CommandError(msg)
        return found[0]
