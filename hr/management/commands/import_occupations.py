"""Bring the official list of occupations (CBO 2002) into the database."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from typing_extensions import override

from backoffice.commands import Channel, Context
from backoffice.errors import BusinessError
from hr.people.services import import_occupations


class Command(BaseCommand):
    """``manage.py import_occupations FILE --source TEXT``."""

    help = "Import the CBO list as the ministry publishes it (CODIGO;TITULO)."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", required=True, help="origin and date of the file")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        context = Context(company_id=None, at=timezone.now(), channel=Channel.SYSTEM)
        try:
            result = import_occupations(
                context, content=options["file"].read_bytes(), source=options["source"]
            )
        except (OSError, BusinessError) as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{result['added']} added, {result['changed']} changed")
