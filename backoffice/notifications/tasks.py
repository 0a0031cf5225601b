"""What the scheduler asks of notifications."""

from celery import shared_task
from django.db import close_old_connections
from django.utils import timezone

from backoffice.notifications import collecting, sending
from backoffice.outbox.services.consuming import consume


@shared_task(name="backoffice.notifications.tell")
def tell(**_: object) -> None:
    """Tell people of what happened, make digests whose hour has come, send what is due."""
    close_old_connections()
    now = timezone.now()
    while consume(collecting.CONSUMER.name, at=now):
        pass
    collecting.make_digests(at=now)
    sending.send_due(at=now)
