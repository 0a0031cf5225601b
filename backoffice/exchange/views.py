"""Pages on which lists are saved as files, and what small jobs need to be done at once."""

import time
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View
from typing_extensions import override

from backoffice.errors.limits import count
from backoffice.exchange import asking
from backoffice.exchange.forms import ExportForm
from backoffice.exchange.services import exports
from backoffice.identity.requests import Request, context_of
from backoffice.identity.rules import Access
from backoffice.jobs.models import ALIVE, Job, JobResult
from backoffice.jobs.services import run_chunk
from backoffice.resources import registry
from backoffice.resources.listing import Listing
from backoffice.resources.records import Resource

PATIENCE = 3.0
"""Seconds that a page waits for a small file that a worker was faster to begin."""


class ExportPage(View):
    """What would be saved, in which format; and the file, or the job that makes it."""

    resource: Resource
    access: Access

    @override
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse early who may not read the list or take it out, or must prove first who they are."""
        self.access = cast("Request", request).access
        self.resource = asking.object_named(kwargs["name"], self.access)
        context_of(request, keyed=False).require(exports.permission_for(self.resource))
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        """How many rows, which columns, and the choice of format."""
        return export_page(request, self.resource, ExportForm())

    def post(self, request: HttpRequest, name: str) -> HttpResponse:
        """Make a small file at once, and a job for a large one."""
        form = ExportForm(request.POST)
        if not form.is_valid():
            return export_page(request, self.resource, form, status=422)
        count("export", self.access.user_id)
        job = exports.export_list(
            context_of(request),
            resource=name,
            query=request.GET.urlencode(),
            format=form.cleaned_data["format"],
        )
        if job.total <= exports.AT_ONCE and made_at_once(job) and has_result(job):
            return redirect("jobs:result", job.pk)
        messages.success(request, _("The file is being made; it will be here to save."))
        return redirect("jobs:detail", job.pk)


def export_page(
    request: HttpRequest, resource: Resource, form: ExportForm, status: int = 200
) -> HttpResponse:
    """What would be saved, and the form."""
    query = asking.question(request.GET.urlencode())
    asked = asking.ask(resource, query, cast("Request", request).access)
    address = registry.url(resource)
    context = {
        "form": form,
        "resource": resource,
        "area": registry.AREAS[resource.area],
        "count": asked.rows.order_by().count(),
        "columns": [column.label for column in asked.columns],
        "restricted": restricted_columns(resource, asked),
        "narrowed": asked.narrowed,
        "personal": exports.is_personal(resource),
        "at_once": exports.AT_ONCE,
        "list_url": f"{address}?{query.urlencode()}" if query else address,
    }
    return render(request, "exchange/export.html", context, status=status)


def restricted_columns(resource: Resource, asked: Listing) -> list[str]:
    """The columns that not everybody sees, and whose reading is written down."""
    return [str(c.label) for c in asked.columns if c.key in resource.restricted]


def made_at_once(job: Job) -> bool:
    """Do the job here and now; when a worker was faster, wait for it a moment."""
    for chunk_id in job.chunks.order_by("seq").values_list("pk", flat=True):
        run_chunk(chunk_id, worker="web", at=timezone.now())
    end = time.monotonic() + PATIENCE
    while True:
        state = Job.objects.values_list("state", flat=True).get(pk=job.pk)
        if state not in ALIVE or time.monotonic() > end:
            return state not in ALIVE
        time.sleep(0.05)


def has_result(job: Job) -> bool:
    """Whether the job made its file."""
    return JobResult.objects.filter(job=job).exists()
