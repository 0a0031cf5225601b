"""``manage.py import_rows``: rows of a file become records, with the rules of the pages."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from typing_extensions import override

from backoffice.br import cnpj as cnpj_rules
from backoffice.commands import Channel, Context
from backoffice.errors import BusinessError
from backoffice.exchange import services
from backoffice.exchange.importers import IMPORTERS
from backoffice.exchange.models import DataImport, Verdict
from backoffice.identity.models import User
from backoffice.identity.selectors import access_of
from backoffice.jobs.services import run_pending
from backoffice.organization.models import Company

SHOWN = 50
"""Wrong rows that are printed; all of them stand on the page of the import."""


class Command(BaseCommand):
    """Check the rows of a file, and take the right ones in when asked to.

    It acts as the person who is named: what they may not do, this refuses, and the history names
    them. The import stands in their list afterwards; there wrong rows are mended and it is undone.
    """

    help = "Check the rows of a file (XLSX, ODS, CSV) and, with --apply, take the right ones in."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        """What is taken in, by whom, and whether it is only tried."""
        parser.add_argument("object", choices=sorted(IMPORTERS), help="into which list")
        parser.add_argument("file", type=Path)
        parser.add_argument("--as", dest="email", required=True, help="e-mail of who imports")
        parser.add_argument("--cnpj", required=True, help="of the company")
        parser.add_argument("--sheet", default="", help="of a workbook that has several")
        parser.add_argument(
            "--column",
            action="append",
            default=[],
            metavar="NUMBER=FIELD",
            help="what a column is, counted from 1, where its heading does not say it",
        )
        parser.add_argument("--apply", action="store_true", help="take the right rows in")
        parser.add_argument(
            "--partly", action="store_true", help="apply even when other rows are wrong"
        )

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        """Stage, check, print what is wrong, and apply."""
        try:
            made = self._checked(options)
            wrong = made.rows.filter(verdict=Verdict.WRONG).count()
            if options["apply"] and wrong and not options["partly"]:
                msg = f"Nothing was applied: {wrong} rows are wrong. See import {made.pk}."
                raise CommandError(msg)
            if options["apply"]:
                self._applied(options, made)
        except BusinessError as refusal:
            raise CommandError(str(refusal)) from None

    def _checked(self, options: dict[str, Any]) -> DataImport:
        path: Path = options["file"]
        if not path.is_file():
            msg = f"There is no file {path}."
            raise CommandError(msg)
        made = services.start_import(
            _acting(options),
            object_name=options["object"],
            name=path.name,
            content=path.read_bytes(),
            sheet=options["sheet"],
        )
        mapping = {**made.mapping, **dict(map(_column, options["column"]))}
        services.check_import(_acting(options), import_id=made.pk, mapping=mapping)
        run_pending(worker="import_rows", clock=timezone.now)
        made.refresh_from_db()
        counts = {
            str(label): made.rows.filter(verdict=value).count() for value, label in Verdict.choices
        }
        said = ", ".join(f"{label} {count}" for label, count in counts.items() if count)
        self.stdout.write(f"Import {made.pk}: {said}")
        for row in made.rows.filter(verdict=Verdict.WRONG).order_by("line")[:SHOWN]:
            errors = "; ".join(f"{field}: {text}" for field, text in row.errors.items())
            self.stdout.write(f"  {row.line}: {errors}")
        return made

    def _applied(self, options: dict[str, Any], made: DataImport) -> None:
        job = services.apply_import(_acting(options), data_import_id=made.pk)
        run_pending(worker="import_rows", clock=timezone.now)
        job.refresh_from_db()
        done = made.rows.filter(applied_at__isnull=False).count()
        self.stdout.write(f"Applied: {done} rows.")
        if refused := job.item_errors.count():
            msg = f"{refused} rows were refused meanwhile. See import {made.pk}."
            raise CommandError(msg)


def _column(text: str) -> tuple[str, str]:
    number, sign, field = text.partition("=")
    if not sign or not number.isdigit() or number == "0":
        msg = f"Write NUMBER=FIELD, not {text}."
        raise CommandError(msg)
    return str(int(number) - 1), field


def _acting(options: dict[str, Any]) -> Context:
    """The named person in the named company, now."""
    user = User.objects.filter(email__iexact=options["email"], is_active=True).first()
    company = Company.objects.filter(cnpj=cnpj_rules.normalise(options["cnpj"])).first()
    if user is None or company is None:
        msg = "There is no such account or company."
        raise CommandError(msg)
    access = access_of(user, company.pk, timezone.localdate())
    if access.company_id != company.pk:
        msg = f"{user.email} has no role in {company}."
        raise CommandError(msg)
    return Context(company_id=company.pk, at=timezone.now(), channel=Channel.SYSTEM, actor=access)
