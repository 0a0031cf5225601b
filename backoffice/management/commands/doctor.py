"""`manage.py doctor`: look at everything the product stands on; exit code 1 on a problem."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from typing_extensions import override

from backoffice.doctor.rules import Finding, Level
from backoffice.doctor.selectors import examine


class Command(BaseCommand):
    """Print the findings for a person, or as JSON for a monitor."""

    help = "Look at database, roles, migrations, broker, workers, scheduler, disk, clock and jobs."
    requires_system_checks = ()

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print JSON for a monitor")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        findings = examine(timezone.now())
        healthy = all(finding.level is not Level.PROBLEM for finding in findings)
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(findings, healthy=healthy), ensure_ascii=False))
        else:
            self._print(findings)
        if not healthy:
            sys.exit(1)

    def _print(self, findings: list[Finding]) -> None:
        styles = {
            Level.OK: self.style.SUCCESS,
            Level.WARNING: self.style.WARNING,
            Level.PROBLEM: self.style.ERROR,
        }
        for finding in findings:
            level = styles[finding.level](f"{finding.level:<8}")
            self.stdout.write(f"{level} {finding.name:<11} {finding.message}")


def _as_json(findings: list[Finding], *, healthy: bool) -> dict[str, Any]:
    return {
        "healthy": healthy,
        "findings": [
            {
                "name": finding.name,
                "level": finding.level,
                "message": str(finding.message),
                "value": finding.value,
            }
            for finding in findings
        ],
    }
