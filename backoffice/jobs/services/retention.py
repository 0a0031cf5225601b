"""Forget what nobody needs any more: old jobs, runs of schedules, expired sessions."""

import datetime as dt
from importlib import import_module

from django.conf import settings
from django.db import transaction

from backoffice.jobs.models import ALIVE, Job, RunState, ScheduleRun

BATCH = 200


def forget_old_jobs(*, at: dt.datetime) -> int:
    """Delete jobs that ended more than ``JOBS_KEEP_DAYS`` ago, with their parts and errors.

    What they did stays, and so do their events. Each batch is a transaction of its own.

    Returns:
        How many jobs went.
    """
    before = at - dt.timedelta(days=settings.JOBS_KEEP_DAYS)
    old = Job.objects.exclude(state__in=ALIVE).filter(finished_at__lt=before).order_by("pk")
    gone = 0
    while keys := list(old.values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            Job.objects.filter(pk__in=keys).delete()
        gone += len(keys)
    return gone


def forget_old_runs(*, at: dt.datetime) -> int:
    """Delete ended runs of schedules: after two days where they come many times a day, else 90."""
    ended = ScheduleRun.objects.exclude(state=RunState.PENDING)
    often = ended.filter(schedule__every="seconds", ended_at__lt=at - dt.timedelta(days=2))
    rare = ended.filter(ended_at__lt=at - dt.timedelta(days=90))
    return often.delete()[0] + rare.delete()[0]


def forget_sessions() -> None:
    """Delete the sessions that have expired."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
