"""Fill an empty database with Comercial Ipê."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from typing_extensions import override

from backoffice.organization.models import Company
from backoffice.search import indexing
from demo.ipe import build


class Command(BaseCommand):
    """``manage.py create_demo``: the example company, with dates relative to today."""

    help = "Create the example company Comercial Ipê in an empty database."

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        """Build the company, unless there is one already."""
        if Company.objects.exists():
            raise CommandError("There is already a company in this database.")
        with translation.override("pt-br"):
            company = build(timezone.localdate())
            for _object in indexing.rebuild(at=timezone.now()):
                pass  # people search before the scheduler has caught up for the first time
        self.stdout.write(str(company))
