"""Make a company of any size for benchmarks."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection
from typing_extensions import override

from demo.generate import generate


class Command(BaseCommand):
    """``manage.py generate_company --employees N --seed S``."""

    help = "Create a company with N employees; the same seed makes the same company."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        """Number of employees and seed."""
        parser.add_argument("--employees", type=int, required=True)
        parser.add_argument("--seed", type=int, default=1)

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        """Make the company and print its key as JSON."""
        company = generate(options["employees"], seed=options["seed"])
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM hr_employment_contract WHERE company_id = %s", [company.pk]
            )
            contracts = cursor.fetchone()[0]
        self.stdout.write(json.dumps({"company": company.pk, "contracts": contracts}))
