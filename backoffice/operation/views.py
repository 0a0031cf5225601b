"""The page that shows whether work flows: queues, workers, what is late."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from backoffice.identity.requests import Request, context_of
from backoffice.identity.rules import Access
from backoffice.jobs.models import Schedule
from backoffice.jobs.registry import DUTIES
from backoffice.jobs.services import next_runs
from backoffice.operation import selectors


@require_safe
def operation(request: Request) -> HttpResponse:
    """Queues with what waits in them, living workers, late and failed runs of schedules."""
    context_of(request).require("backoffice.job.manage")
    titles = {name: str(duty.title) for name, duty in DUTIES.items()}
    context = {
        "queues": selectors.queues(),
        "workers": selectors.workers(),
        "set_aside": selectors.set_aside(),
        "late": [
            (titles.get(run.schedule.duty, run.schedule.duty), run)
            for run in selectors.late_runs(request.company_id)
        ],
    }
    return render(request, "operation/operation.html", context)


def next_panel(record: Schedule, _access: Access) -> dict[str, Any]:
    """When the schedule is due the next times."""
    paused = record.paused_at is not None
    return {"runs": [] if paused else next_runs(record, timezone.now()), "paused": paused}
