"""`manage.py restore FOLDER`: a backup into an empty database, with proofs."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from typing_extensions import override

from backoffice.recovery.copies import restore
from backoffice.recovery.manifest import BadBackup


class Command(BaseCommand):
    """Restore, bring to this version, and prove that nothing is missing."""

    help = "Restore a backup into an empty database, and prove that nothing is missing."
    requires_migrations_checks = False
    requires_system_checks = ()

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="what `manage.py backup` wrote")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = restore(options["folder"], at=timezone.now())
        except BadBackup as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"restored the backup of {manifest.made_at}: {sum(manifest.rows.values())} rows,"
            f" {len(manifest.files)} files; counts equal, log of events whole"
        )
