"""What the scheduler asks of files."""

from celery import shared_task
from django.db import close_old_connections
from django.utils import timezone

from backoffice.files.sweeping import sweep_files


@shared_task(name="backoffice.files.sweep")
def sweep(**_: object) -> None:
    """Take away what nobody needs any more."""
    close_old_connections()
    sweep_files(at=timezone.now())
