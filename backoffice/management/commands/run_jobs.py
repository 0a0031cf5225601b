"""``manage.py run_jobs``: do the jobs that wait without Redis and without Celery."""

import signal
import threading
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils import timezone
from typing_extensions import override

from backoffice.jobs.services import record_beat, run_due, run_pending

PAUSE = 1.0
"""Seconds between two looks at the database."""


class Command(BaseCommand):
    """Emergency mode: the database knows what waits, so nothing else is needed to do it."""

    help = "Do the jobs that wait, in this process: for when Redis or the workers are down."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        """Once (the default) or until stopped."""
        mode = parser.add_mutually_exclusive_group()
        mode.add_argument("--once", action="store_true", help="end when nothing waits (default)")
        mode.add_argument("--loop", action="store_true", help="go on until stopped by Ctrl+C")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        """Drain, and in a loop drain again."""
        stop = threading.Event()

        def end(_number: int, _frame: FrameType | None) -> None:
            stop.set()

        if options["loop"]:
            signal.signal(signal.SIGINT, end)
            signal.signal(signal.SIGTERM, end)
        while True:
            close_old_connections()
            duties = run_due(at=timezone.now())
            done = run_pending(worker="run_jobs", clock=timezone.now)
            if duties:
                self.stdout.write(f"{duties} duties")
            if done or not options["loop"]:
                self.stdout.write(f"{done} attempts")
            if not options["loop"]:
                return
            record_beat("run_jobs")
            if stop.wait(PAUSE):
                return
