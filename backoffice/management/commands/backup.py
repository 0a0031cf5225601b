"""`manage.py backup FOLDER`: database and files of one moment, with a signed manifest."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from typing_extensions import override

from backoffice.recovery.copies import back_up
from backoffice.recovery.manifest import BadBackup


class Command(BaseCommand):
    """Write a backup; copy the folder to another place afterwards."""

    help = "Back up database and files into an empty folder, with a signed manifest."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="an empty folder, made when it is not there")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = back_up(options["folder"], at=timezone.now())
        except BadBackup as error:
            raise CommandError(str(error)) from error
        total = sum(manifest.rows.values())
        self.stdout.write(
            f"{total} rows of {len(manifest.rows)} tables, {len(manifest.files)} files: {options['folder']}"
        )
