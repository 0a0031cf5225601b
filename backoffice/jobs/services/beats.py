"""Signs of life of workers and of the scheduler, for ``doctor``."""

import datetime as dt
from collections.abc import Sequence

from django.db.models.functions import Now

from backoffice.jobs.models import WorkerBeat

FORGOTTEN_AFTER = dt.timedelta(days=1)


def record_beat(name: str, queues: Sequence[str] = ()) -> None:
    """Write that a process lives, and forget those that have not been heard of for a day."""
    WorkerBeat.objects.bulk_create(
        [WorkerBeat(name=name, queues=list(queues), at=Now())],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["queues", "at"],
    )
    WorkerBeat.objects.filter(at__lt=Now() - FORGOTTEN_AFTER).delete()
