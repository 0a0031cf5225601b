"""Bring municipal holidays from a file into the database."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from typing_extensions import override

from backoffice.commands import Channel, Context
from backoffice.errors import BusinessError
from backoffice.official.services import import_holidays


class Command(BaseCommand):
    """``manage.py import_local_holidays FILE``."""

    help = (
        "Import municipal holidays (CSV with a header: municipality_code, name, day, month,"
        " easter_offset, act, valid_from, valid_to; dates as 2026-12-31)."
    )

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        context = Context(company_id=None, at=timezone.now(), channel=Channel.SYSTEM)
        try:
            result = import_holidays(context, content=options["file"].read_bytes())
        except (OSError, BusinessError) as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{result['added']} added, {result['known']} known already")
