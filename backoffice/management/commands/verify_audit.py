"""`manage.py verify_audit`: was anything in the log of events changed or removed? Exit code 1 if so."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from typing_extensions import override

from backoffice.audit.models import EventBlock
from backoffice.audit.verification import (
    Fault,
    Head,
    count_events,
    find_faults,
    period_of,
    read_heads,
)


class Command(BaseCommand):
    """Recompute every sealed block, and compare with the heads that were exported."""

    help = "Recompute all sealed blocks of the log of events; compare them with exported heads."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print JSON for a monitor")
        parser.add_argument(
            "--heads", type=Path, help="a copy of the exported heads (default: AUDIT_HEADS_FILE)"
        )

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        heads = self._heads(options["heads"])
        faults = list(find_faults(at=timezone.now(), heads=heads))
        facts = {
            "blocks": EventBlock.objects.count(),
            "events": count_events(),
            "heads": len(heads),
            "faults": [asdict(fault) | {"message": str(fault.message)} for fault in faults],
        }
        if options["json"]:
            self.stdout.write(json.dumps(facts, ensure_ascii=False))
        else:
            self._print(facts, faults)
        if faults:
            sys.exit(1)

    def _heads(self, given: Path | None) -> list[Head]:
        """The exported heads; a file that was named must be there and whole."""
        path = given or settings.AUDIT_HEADS_FILE
        if path is None or (given is None and not path.exists()):
            return []
        try:
            return read_heads(path)
        except (OSError, ValueError) as error:
            message = f"{path}: {error}"
            raise CommandError(message) from error

    def _print(self, facts: dict[str, Any], faults: list[Fault]) -> None:
        self.stdout.write(
            f"{facts['events']} events, {facts['blocks']} blocks, {facts['heads']} exported heads"
        )
        for fault in faults:
            where = "log" if fault.block is None else f"block {fault.block}{_when(fault.block)}"
            self.stdout.write(f"{self.style.ERROR(fault.code)} {where}: {fault.message}")
        if not facts["heads"]:
            self.stdout.write(
                self.style.WARNING("no exported heads: a log cut off at its end goes unnoticed")
            )
        if not faults:
            self.stdout.write(self.style.SUCCESS("nothing was changed or removed"))


def _when(pk: int) -> str:
    """The time that a block's events cover, so that one knows where to look."""
    block = EventBlock.objects.filter(pk=pk).first()
    period = None if block is None else period_of(block)
    if period is None:
        return ""
    first, last = (timezone.localtime(moment) for moment in period)
    return f" ({first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M})"
