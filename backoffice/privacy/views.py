"""Pages about personal data: the report about a person, and one's own."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from backoffice.identity.requests import Request, context_of
from backoffice.privacy import services
from backoffice.privacy.forms import OwnReportForm, ReportForm
from backoffice.privacy.selectors import person_by_cpf


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def own_report(request: Request) -> HttpResponse:
    """Everything that the company keeps about me, as a file."""
    context_of(request, keyed=False).require(services.OWN_REPORT)
    form = OwnReportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        job = services.create_own_report(context_of(request), format=form.cleaned_data["format"])
        return _started(request, job.pk)
    context = {"form": form, "without_person": request.access.person_id is None}
    return render(request, "privacy/own_report.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def report(request: Request) -> HttpResponse:
    """Everything that the company keeps about the person with a CPF, as a file."""
    context_of(request, keyed=False).require(services.REPORT)
    form = ReportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        person = person_by_cpf(request.access.company_id, form.cleaned_data["cpf"])
        if person is None:
            form.add_error("cpf", _("The company keeps nothing about such a person."))
        else:
            job = services.create_report(
                context_of(request),
                person_id=person.party_id,
                format=form.cleaned_data["format"],
            )
            return _started(request, job.pk)
    status = 422 if form.errors else 200
    return render(request, "privacy/report.html", {"form": form}, status=status)


def _started(request: HttpRequest, job: int) -> HttpResponse:
    messages.success(request, _("The file is being made; it will be here to save."))
    return redirect("jobs:detail", job)
