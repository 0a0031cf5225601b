"""What the scheduler calls; PostgreSQL knows what is due, so that a lost message costs a moment."""

from celery import shared_task
from django.db import close_old_connections
from django.utils import timezone

from backoffice.integration import delivery


@shared_task(name="backoffice.integration.pump")
def pump(**_: object) -> None:
    """Read events on and send what is due; harmless twice and at the same time."""
    close_old_connections()
    delivery.pump(timezone.now)
