"""`/metrics`: figures for a monitor in the text format of Prometheus, read from the database.

Counts of requests and their times are in the structured log, one line for each request: web
processes share no memory, and the database is not asked to count them.
"""

import hmac
import json
from collections.abc import Iterator

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from backoffice.doctor import rules
from backoffice.jobs.selectors import living, oldest_pending_age
from backoffice.jobs.tasks import SCHEDULER

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

COUNTS = {
    "retaguarda_job_parts": (
        "Parts of jobs by state and kind.",
        """SELECT jsonb_build_object('state', chunk.state, 'kind', job.kind)::text, count(*)
           FROM backoffice_job_chunk chunk JOIN backoffice_job job ON job.id = chunk.job_id
           WHERE chunk.state <> 'done' GROUP BY 1""",
    ),
    "retaguarda_approvals_open": (
        "Approvals that wait for votes.",
        "SELECT '{}', count(*) FROM backoffice_approval WHERE state = 'open'",
    ),
    "retaguarda_sessions": (
        "Logins that have not ended.",
        "SELECT '{}', count(*) FROM django_session WHERE expire_date > now()",
    ),
    "retaguarda_database_bytes": (
        "Size of the database.",
        "SELECT '{}', pg_database_size(current_database())",
    ),
    "retaguarda_events_unsealed": (
        "Events that no sealed block holds yet.",
        """SELECT '{}', count(*) FROM backoffice_event event
           WHERE event.epoch = backoffice_current_epoch() AND event.xid >= (
               SELECT coalesce(max(next_xid), 0)::text::xid8 FROM backoffice_event_block block
               WHERE block.epoch = backoffice_current_epoch())""",
    ),
}


@login_not_required
@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """All figures, for who brings METRICS_TOKEN; without such a setting there is no such page."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    wanted = settings.METRICS_TOKEN
    if not wanted or not hmac.compare_digest(given.encode(), wanted.encode()):
        raise Http404
    return HttpResponse("".join(lines()), content_type=CONTENT_TYPE)


def lines() -> Iterator[str]:
    """The figures, each with its explanation."""
    with connection.cursor() as cursor:
        for name, (explanation, query) in COUNTS.items():
            cursor.execute(query)
            yield from _gauge(name, explanation, cursor.fetchall())
    waiting = oldest_pending_age()
    age = 0.0 if waiting is None else waiting.total_seconds()
    yield from _gauge(
        "retaguarda_oldest_pending_seconds", "Age of the oldest part that waits.", [("{}", age)]
    )
    alive = living(within=rules.WORKER_SILENT)
    yield from _gauge(
        "retaguarda_workers",
        "Workers that gave a sign of life in the last minute.",
        [("{}", alive.exclude(name=SCHEDULER).count())],
    )
    yield from _gauge(
        "retaguarda_scheduler_alive",
        "Whether the scheduler is heard through broker and worker.",
        [("{}", int(alive.filter(name=SCHEDULER).exists()))],
    )


def _gauge(name: str, explanation: str, rows: list[tuple[str, float]]) -> Iterator[str]:
    """One figure; labels come as JSON, whose escapes are those of the format."""
    yield f"# HELP {name} {explanation}\n# TYPE {name} gauge\n"
    for labels, value in rows:
        yield f"{name}{_labels(labels)} {value}\n"


def _labels(found: str) -> str:
    pairs = json.loads(found)
    written = ",".join(f"{key}={json.dumps(value)}" for key, value in sorted(pairs.items()))
    return f"{{{written}}}" if written else ""
