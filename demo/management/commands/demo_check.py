"""Play the open month of the demonstration through, against the running servers."""

import os
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from typing_extensions import override

from demo.checking import Check, CheckFailed


class Command(BaseCommand):
    """``manage.py demo_check``: exits 0 only when every step gave what it must."""

    help = "Run, mend, approve and close the open month over REST, and verify the results."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where the web server is."""
        parser.add_argument(
            "--address", default=os.environ.get("RETAGUARDA_ADDRESS", "http://localhost:8000")
        )

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        """Run all steps and print each with its time."""
        begun = time.monotonic()
        self.stdout.write(f"Checking {options['address']}")
        try:
            Check(options["address"], self.stdout.write).everything()
        except CheckFailed as failed:
            raise CommandError(str(failed)) from failed
        self.stdout.write(f"All is well, {time.monotonic() - begun:.1f} s.")
