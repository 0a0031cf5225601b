"""`manage.py rebuild_search`: make all that can be found anew from the records."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from typing_extensions import override

from backoffice.search import indexing


class Command(BaseCommand):
    """Needed after a change of words or rules; what records say is followed by itself."""

    help = "Make all entries of the search anew from the records, object by object."

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        total = 0
        for name, made in indexing.rebuild(at=timezone.now()):
            self.stdout.write(f"{name}: {made}")
            total += made
        self.stdout.write(self.style.SUCCESS(f"{total}"))
