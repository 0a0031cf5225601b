"""The pages of an import: the file, its columns, its rows, and what undoing would do."""

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_POST, require_safe
from typing_extensions import override

from backoffice.errors import BusinessError, NotAllowed, NotFound
from backoffice.errors.limits import count
from backoffice.exchange import mapping as columns
from backoffice.exchange import selectors, writing
from backoffice.exchange.cells import Format, harmless
from backoffice.exchange.forms import ColumnsForm, SourceForm
from backoffice.exchange.importers import IMPORTERS, Importer
from backoffice.exchange.models import DataImport, ImportRow, Verdict
from backoffice.exchange.rows import rehearsal
from backoffice.exchange.services import applying, check_import, fix_row, skip_row, start_import
from backoffice.exchange.services.imports import importer_for
from backoffice.exchange.views import made_at_once
from backoffice.identity.requests import Request, context_of
from backoffice.identity.rules import Access
from backoffice.resources import registry
from backoffice.resources.records import Kind
from backoffice.resources.views import add_refusal

AT_ONCE = 300
SHOWN = 25
SAMPLES = 3
TRIED = 500
"""Rows of which a page says beforehand whether they could be taken back."""


def access_of(request: HttpRequest) -> Access:
    """Who asks."""
    return cast("Request", request).access


def opened(request: HttpRequest, pk: int) -> tuple[DataImport, Importer]:
    """An import whose rows this person may see; 404 for everybody else."""
    access = access_of(request)
    found = selectors.visible_imports(access).filter(pk=pk).first()
    if found is None or not selectors.may_open(access, found):
        raise Http404
    return found, IMPORTERS[found.object_name]


class SourcePage(View):
    """The file, or the rows that were copied."""

    @override
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse early who may not import into this list."""
        try:
            self.importer = importer_for(context_of(request, keyed=False), kwargs["name"])
        except NotAllowed as refusal:
            raise PermissionDenied from refusal
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        """The empty form."""
        return self.show(SourceForm())

    def post(self, request: HttpRequest, name: str) -> HttpResponse:
        """Keep the rows, and go on to their columns."""
        count("upload", access_of(request).user_id)
        form = SourceForm(request.POST, request.FILES)
        if form.is_valid():
            given = {key: form.cleaned_data[key] for key in ("name", "content", "sheet")}
            try:
                made = start_import(context_of(request), object_name=name, **given)
            except BusinessError as refusal:
                add_refusal(form, refusal)
            else:
                return redirect("exchange:import-columns", made.pk)
        return self.show(form, 422)

    def show(self, form: Form, status: int = 200) -> HttpResponse:
        """The page of the form."""
        resource = self.importer.resource
        fields = columns.fields_of(self.importer, access_of(self.request))
        context = {
            "form": form,
            "resource": resource,
            "list_url": registry.url(resource),
            "fields": [(f.label or n, f.required) for n, f in fields.items()],
            "key": fields[self.importer.key].label,
        }
        return render(self.request, "exchange/source.html", context, status=status)


class ColumnsPage(View):
    """Which column is which field."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What was guessed."""
        found, importer = opened(request, pk)
        initial = {f"column_{number}": field for number, field in found.mapping.items()}
        return self.show(found, self._form(found, importer, initial=initial))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Check all rows."""
        found, importer = opened(request, pk)
        form = self._form(found, importer, data=request.POST)
        if not form.is_valid():
            return self.show(found, form, 422)
        try:
            job = check_import(context_of(request), import_id=pk, mapping=form.mapping)
        except BusinessError as refusal:
            add_refusal(form, refusal)
            return self.show(found, form, refusal.status)
        if job.total <= AT_ONCE:
            made_at_once(job)
        return redirect("backoffice.data_import.detail", pk)

    def _form(self, found: DataImport, importer: Importer, **given: Any) -> ColumnsForm:  # noqa: ANN401
        fields = columns.fields_of(importer, access_of(self.request))
        choices = {name: field.label or name for name, field in fields.items()}
        return ColumnsForm(headings=found.headings, choices=choices, **given)

    def show(self, found: DataImport, form: ColumnsForm, status: int = 200) -> HttpResponse:
        """The columns with the first cells of each."""
        rows = [row.cells for row in found.rows.order_by("line")[:SAMPLES]]
        samples = [", ".join(filter(None, cells)) for cells in zip(*rows, strict=True)]
        context = {
            "found": found,
            "form": form,
            "columns": list(zip(form, samples, strict=True)),
            "detail_url": reverse("backoffice.data_import.detail", args=[found.pk]),
        }
        return render(self.request, "exchange/columns.html", context, status=status)


@require_safe
def rows_page(request: Request, pk: int) -> HttpResponse:
    """Rows with what is wrong with each cell, to be mended here; and what the right ones change."""
    found, importer = opened(request, pk)
    verdict = request.GET.get("verdict", Verdict.WRONG.value)
    chosen = found.rows.filter(verdict=verdict) if verdict in Verdict.values else found.rows.all()
    if "kept" in request.GET:
        chosen = found.rows.exclude(kept_because="")
    page = Paginator(chosen.order_by("line"), SHOWN).get_page(request.GET.get("page"))
    counted = selectors.tally(found)
    context = {
        "found": found,
        "lines": selectors.lines(found, importer, request.access, list(page)),
        "page": page,
        "verdict": verdict,
        "kept": "kept" in request.GET,
        "mends": found.state in {"checked", "applied"},
        "tabs": [
            {
                "label": each.label,
                "url": f"?verdict={each.value}",
                "count": counted.of(each),
                "active": each == verdict and "kept" not in request.GET,
            }
            for each in Verdict
            if counted.of(each)
        ],
        "detail_url": reverse("backoffice.data_import.detail", args=[pk]),
    }
    return render(request, "exchange/rows.html", context)


@require_POST
def mend(request: Request, pk: int, line: int) -> HttpResponse:
    """Write other texts into a row and check it again, or leave it out."""
    opened(request, pk)
    ctx = context_of(request, keyed=False)
    try:
        if "skip" in request.POST:
            skip_row(ctx, import_id=pk, line=line, skip=request.POST["skip"] == "1")
            row = None
            if request.POST["skip"] != "1":
                row = fix_row(ctx, import_id=pk, line=line, texts={})
        else:
            texts = {
                name.removeprefix("cell_"): str(text)
                for name, text in request.POST.items()
                if name.startswith("cell_")
            }
            row = fix_row(ctx, import_id=pk, line=line, texts=texts)
    except NotFound as error:
        raise Http404 from error
    except BusinessError as refusal:
        messages.error(request, str(refusal))
        row = None
    if row is not None and row.verdict != Verdict.WRONG:
        messages.success(request, _("Line %(line)s is right now.") % {"line": line})
    elif row is not None:
        messages.error(request, _("Line %(line)s is still wrong.") % {"line": line})
    return redirect(f"{reverse('exchange:import-rows', args=[pk])}?{request.GET.urlencode()}")


@require_safe
def wrong_rows(request: Request, pk: int) -> HttpResponse:
    """The wrong rows as a file, with what is wrong in a last column: to be mended and sent again."""
    found, _importer = opened(request, pk)
    form = Format.CSV_BR
    answer = HttpResponse(content_type=form.content_type)
    answer["Content-Disposition"] = f'attachment; filename="linhas-com-erro-{pk}.csv"'
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "no-store"
    headings = [writing.Heading(text, Kind.TEXT) for text in (*found.headings, _("What is wrong"))]
    rows = (
        [harmless(text) for text in (*row.cells, " ".join(row.errors.values()))]
        for row in _of(found, Verdict.WRONG)
    )
    writing.write(form, headings, rows, cast("Any", answer))
    return answer


class UndoPage(View):
    """What undoing would take back, and what it would leave, row by row; tried, not done."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The rows that would be left, with the reason."""
        found, importer = opened(request, pk)
        done = applying.to_undo(found.rows.all())
        rows = list(done.order_by("-line")[:TRIED])
        with rehearsal():
            applying.undo_rows(context_of(request, keyed=False), importer, found, rows)
        context = {
            "found": found,
            "count": done.count(),
            "tried": len(rows),
            "left": [row for row in rows if row.kept_because],
            "detail_url": reverse("backoffice.data_import.detail", args=[pk]),
            "do_url": registry.url(
                registry.RESOURCES["backoffice.data_import"], "command", pk, "undo"
            ),
        }
        return render(request, "exchange/undo.html", context)


def _of(found: DataImport, verdict: Verdict) -> QuerySet[ImportRow]:
    return found.rows.filter(verdict=verdict).order_by("line")
