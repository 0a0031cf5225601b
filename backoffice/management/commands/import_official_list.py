"""Bring a later edition of the official list of municipalities or banks into the database."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from typing_extensions import override

from backoffice.commands import Channel, Context
from backoffice.errors import BusinessError
from backoffice.official.services import CODE_LENGTHS, import_list


class Command(BaseCommand):
    """``manage.py import_official_list municipalities|banks FILE --source TEXT``."""

    help = "Import municipalities (code, name, state) or banks (code, ISPB, name)."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", choices=sorted(CODE_LENGTHS))
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", required=True, help="origin and date of the file")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        context = Context(company_id=None, at=timezone.now(), channel=Channel.SYSTEM)
        try:
            result = import_list(
                context,
                name=options["name"],
                content=options["file"].read_bytes(),
                source=options["source"],
            )
        except (OSError, BusinessError) as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{result['added']} added, {result['known']} known already")
