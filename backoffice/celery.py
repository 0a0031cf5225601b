"""The Celery application: ``celery -A backoffice.celery worker`` and ``... beat``."""

import logging.config
import os
from typing import Any

from celery import Celery, signals
from celery.bootsteps import StartStopStep
from typing_extensions import override

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backoffice.settings.dev")

log = logging.getLogger(__name__)


class SignOfLife(StartStopStep):
    """Writes every few seconds that the worker's own loop turns, for ``manage.py doctor``."""

    requires = ("celery.worker.components:Timer",)
    interval = 15

    def __init__(self, parent: Any, **kwargs: Any) -> None:  # noqa: ANN401  Celery's types
        super().__init__(parent, **kwargs)
        self.entry: Any = None

    @override
    def start(self, parent: Any) -> None:
        """Begin when the worker begins."""
        self.beat(parent)
        self.entry = parent.timer.call_repeatedly(self.interval, self.beat, (parent,))

    @override
    def stop(self, parent: Any) -> None:
        """End when the worker ends."""
        if self.entry is not None:
            self.entry.cancel()

    def beat(self, worker: Any) -> None:  # noqa: ANN401
        """Write one sign of life; without a database there is none, which is what it should say."""
        from django.db import DatabaseError, connection

        from backoffice.jobs.services import record_beat

        try:
            record_beat(worker.hostname, sorted(worker.app.amqp.queues.consume_from))
        except DatabaseError as error:
            log.warning("no sign of life could be written: %s", error)
        finally:
            connection.close()  # children are forked from this process: they must not inherit it


def write_lines(**_more: object) -> None:
    """Workers and scheduler write the same lines as web processes; Celery asks for it by a signal."""
    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)


signals.setup_logging.connect(write_lines)

app = Celery("backoffice")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.set_default()
app.steps["worker"].add(SignOfLife)
