"""What the scheduler calls; the marks stand in PostgreSQL, so that a lost message costs a moment."""

from celery import shared_task
from django.db import close_old_connections
from django.utils import timezone

from backoffice.search import indexing


@shared_task(name="backoffice.search.catch_up")
def catch_up(**_: object) -> None:
    """Make entries of what changed; harmless twice and at the same time."""
    close_old_connections()
    while indexing.catch_up(at=timezone.now()):
        pass
