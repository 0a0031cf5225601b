"""Pages of long work: my jobs, one job with live progress, and the tray of the top bar."""

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from rest_framework.request import Request as ApiRequest

from backoffice.audit.services import NewReading, record_reading
from backoffice.database.keyset import Sort, page
from backoffice.errors import BusinessError, NotFound
from backoffice.files.serving import as_attachment
from backoffice.identity.requests import Request, context_of
from backoffice.jobs import selectors, services
from backoffice.jobs.display import ShownJob, item_url, show
from backoffice.jobs.models import ALIVE, Job, JobState

PER_PAGE = 50
ERRORS_SHOWN = 200
ATTEMPTS_SHOWN = 100

GROUPS = {
    "running": ALIVE,
    "failed": (JobState.FAILED, JobState.DONE_WITH_ERRORS),
    "done": (JobState.DONE, JobState.CANCELLED),
}
"""What the tabs of the list mean."""


@require_safe
def job_list(request: Request) -> HttpResponse:
    """The jobs that this person may see, newest first."""
    group = request.GET.get("state", "")
    rows = selectors.visible_jobs(request.access)
    if group in GROUPS:
        rows = rows.filter(state__in=GROUPS[group])
    found = page(
        rows,
        ["pk"],
        Sort("-id", "pk", nullable=False),
        limit=PER_PAGE,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    now = timezone.now()
    jobs = selectors.with_counts(rows.filter(pk__in=[pk for (pk,) in found.rows]))
    context = {
        "jobs": [show(job, now=now) for job in jobs],
        "tabs": [_tab(group, code, label) for code, label in _tab_labels()],
        "group": group,
        "shows_starter": selectors.manages(request.access),
        "previous_url": _address(group, before=found.previous),
        "next_url": _address(group, after=found.next),
    }
    return render(request, "jobs/list.html", context)


@require_safe
def detail(request: Request, pk: int) -> HttpResponse:
    """One job: how far it is, what failed and why, and what can be done about it."""
    shown = _shown(request, pk)
    job = shown.job
    sees_items = selectors.may_see_items(request.access, job)
    manages = selectors.manages(request.access)
    errors = selectors.open_errors(job) if sees_items else job.item_errors.none()
    context: dict[str, Any] = {
        "shown": shown,
        "job": job,
        "errors": [(error, item_url(job, error.key)) for error in errors[:ERRORS_SHOWN]],
        "errors_hidden": max(0, shown.progress.failed - ERRORS_SHOWN) if sees_items else 0,
        "sees_items": sees_items,
        "set_aside": selectors.set_aside_parts(job),
        "attempts": selectors.attempts_of(job)[:ATTEMPTS_SHOWN] if manages else (),
        "parts": selectors.counts_of(job.pk),
        "result": selectors.result_of(request.access, job),
        "now": timezone.now(),
        "can_cancel": job.is_alive and not job.is_stopping,
        "can_retry": selectors.can_be_retried(job),
    }
    return render(request, "jobs/detail.html", context)


@require_safe
def live(request: Request, pk: int) -> HttpResponse:
    """The part of the job's page that changes; once the job has ended the page is loaded anew."""
    shown = _shown(request, pk)
    response = render(request, "jobs/live_answer.html", {"shown": shown, "job": shown.job})
    if not shown.job.is_alive:
        response["HX-Refresh"] = "true"
    return response


@require_safe
def tray(request: Request) -> HttpResponse:
    """The tray of the top bar: own jobs that run, or ended a moment ago.

    Afterwards it refreshes its content and its counter alone: an open flyout stays open.
    """
    now = timezone.now()
    jobs = [show(job, now=now) for job in selectors.tray_jobs(request.access, now=now)]
    running = [each for each in jobs if each.job.is_alive]
    refreshes = request.headers.get("HX-Target") == "job-tray-content"
    template = "jobs/tray_refresh.html" if refreshes else "jobs/tray.html"
    return render(request, template, {"jobs": jobs, "running": running})


@require_safe
def result(request: Request, pk: int) -> HttpResponseBase:
    """The file that the job made; 404 when there is none, or none any more."""
    return send_result(request, _shown(request, pk).job)


@require_POST
def cancel(request: Request, pk: int) -> HttpResponseRedirect:
    """Stop the job."""
    return _do(request, pk, services.cancel_job, _("The job is being cancelled."))


@require_POST
def retry(request: Request, pk: int) -> HttpResponseRedirect:
    """Try again what failed."""
    return _do(request, pk, services.retry_failed, _("What failed is being tried again."))


def send_result(request: Request | ApiRequest, job: Job) -> HttpResponseBase:
    """The result of a job for who started it, logged as a reading."""
    ctx = context_of(request, keyed=False)
    found = selectors.result_of(cast("Request", request).access, job)
    if found is None or found.expires_at <= ctx.at:
        raise Http404
    record_reading(
        NewReading(
            at=ctx.at,
            kind="backoffice.job_result",
            ids=[job.pk],
            company_id=ctx.company_id,
            user_id=ctx.actor_id,
            channel=ctx.channel.value,
            token_id=ctx.token_id,
            request_id=ctx.request_id,
        )
    )
    try:
        return as_attachment(found.file, found.name)
    except FileNotFoundError as error:
        raise Http404 from error


def _do(request: Request, pk: int, command: Any, done: str) -> HttpResponseRedirect:  # noqa: ANN401
    """Run a command of a job and go back to its page, whatever came of it."""
    try:
        command(context_of(request), job_id=pk)
    except NotFound as error:
        raise Http404 from error
    except BusinessError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("jobs:detail", pk)


def _shown(request: Request, pk: int) -> ShownJob:
    """The job if this person may see it."""
    jobs = selectors.with_counts(selectors.visible_jobs(request.access))
    job: Job | None = jobs.filter(pk=pk).first()
    if job is None:
        raise Http404
    return show(job, now=timezone.now())


def _tab_labels() -> tuple[tuple[str, str], ...]:
    return (
        ("", _("All")),
        ("running", _("Running")),
        ("failed", _("With errors")),
        ("done", _("Finished")),
    )


def _tab(group: str, code: str, label: str) -> dict[str, Any]:
    return {"label": label, "url": _address(code, first=True), "active": group == code}


def _address(group: str, *, first: bool = False, after: str = "", before: str = "") -> str:
    """The address of a page of the list; empty when there is no such page."""
    if not (first or after or before):
        return ""
    query = {"state": group, "after": after, "before": before}
    return reverse("jobs:list", query={name: text for name, text in query.items() if text} or None)
