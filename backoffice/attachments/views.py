"""Pages through which documents come and go: add, replace, save, preview."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_POST, require_safe
from rest_framework.request import Request as ApiRequest
from typing_extensions import override

from backoffice.attachments import forms
from backoffice.audit.services import NewReading, record_reading
from backoffice.errors import BusinessError, NotAllowed, NotFound
from backoffice.errors.limits import count
from backoffice.files import registry, services, serving
from backoffice.files.models import Attachment
from backoffice.files.sandbox import WorkFailed
from backoffice.files.selectors import (
    MANAGE,
    documents_panel,
    owners_in_reach,
    versions_of,
    visible_attachments,
    visible_version,
)
from backoffice.identity.requests import Request, context_of
from backoffice.identity.rules import Access
from backoffice.resources.views import add_refusal

PAGES_SHOWN = 10


def may_change(access: Access, kind: registry.OwnerKind, pk: int) -> bool:
    """Whether this person sees the record and may change its documents."""
    if not (access.can(MANAGE) and access.can(kind.change)):
        return False
    rows = owners_in_reach(kind, access, kind.change)
    return rows.filter(pk=pk).exists()


def changeable(access: Access, pk: int) -> Attachment:
    """A document that this person may change; 404 for everybody else."""
    found = visible_attachments(access).filter(pk=pk, removed_at__isnull=True).first()
    if found is None:
        raise Http404
    if not may_change(access, registry.OWNERS[found.owner_type], found.owner_id):
        raise Http404
    return found


class UploadPage(View):
    """A form with a file; its command is run with what it holds."""

    template_name = "attachments/upload.html"

    @override
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Count what is brought before anybody looks into it."""
        if request.method == "POST":
            count("upload", cast("Request", request).access.user_id)
        return super().dispatch(request, *args, **kwargs)

    def answer(self, form: Any, context: dict[str, Any], status: int = 200) -> HttpResponse:  # noqa: ANN401
        """The page of the form."""
        return render(self.request, self.template_name, {"form": form, **context}, status=status)

    def run(self, form: Any, context: dict[str, Any], command: Any, **given: Any) -> HttpResponse:  # noqa: ANN401
        """Run the command; a refusal comes back in the form."""
        if not form.is_valid():
            return self.answer(form, context, 422)
        try:
            made = command(context_of(self.request), **given, **form.cleaned_data)
        except (NotFound, NotAllowed):
            raise  # their own pages
        except BusinessError as refusal:
            add_refusal(form, refusal)
            return self.answer(form, context, refusal.status)
        messages.success(self.request, _("Document kept."))
        return redirect("backoffice.attachment.detail", made.pk)


class AddDocument(UploadPage):
    """A new document for a record."""

    def get(self, request: HttpRequest, owner: str, pk: int) -> HttpResponse:
        """The empty form."""
        return self.answer(*self._form(owner, pk))

    def post(self, request: HttpRequest, owner: str, pk: int) -> HttpResponse:
        """Look into the file and attach it."""
        form, context = self._form(owner, pk)
        given = {"owner": context["kind"].model, "owner_id": pk}
        return self.run(form, context, services.add_attachment, **given)

    def _form(self, owner: str, pk: int) -> tuple[forms.AddForm, dict[str, Any]]:
        kind = registry.named(owner)
        if kind is None or not may_change(cast("Request", self.request).access, kind, pk):
            raise Http404
        form = forms.AddForm(self.request.POST or None, self.request.FILES or None)
        forms.offer_categories(form, kind.categories)
        back = kind.url(pk)
        return form, {"kind": kind, "back_url": back, "title": _("Add a document")}


class ReplaceDocument(UploadPage):
    """A new version of a document."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The empty form."""
        return self.answer(*self._form(pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Look into the file and make it the present version."""
        form, context = self._form(pk)
        return self.run(form, context, services.replace_attachment, attachment_id=pk)

    def _form(self, pk: int) -> tuple[forms.ReplaceForm, dict[str, Any]]:
        document = changeable(cast("Request", self.request).access, pk)
        form = forms.ReplaceForm(self.request.POST or None, self.request.FILES or None)
        back = reverse("backoffice.attachment.detail", args=[pk])
        title = _("New version of %(title)s") % {"title": document.title}
        return form, {"document": document, "back_url": back, "title": title}


@require_POST
def drop(request: Request, owner: str, pk: int) -> JsonResponse:
    """A file that was dropped, pasted or photographed: kept at once, to be named better later."""
    kind = registry.named(owner)
    if kind is None or not may_change(request.access, kind, pk):
        raise Http404
    usual = "other" if "other" in kind.categories else next(iter(kind.categories))
    form = forms.AddForm({"category": usual}, request.FILES)
    forms.offer_categories(form, kind.categories)
    if not form.is_valid():
        return JsonResponse({"detail": next(iter(form.errors.values()))[0]}, status=422)
    try:
        made = services.add_attachment(
            context_of(request), owner=kind.model, owner_id=pk, **form.cleaned_data
        )
    except BusinessError as refusal:
        return JsonResponse({"detail": str(refusal)}, status=refusal.status)
    picture = made.file.content_type.startswith("image/")
    return JsonResponse(
        {
            "title": made.title,
            "url": reverse("backoffice.attachment.detail", args=[made.pk]),
            "preview": reverse("files:preview", args=[made.file.key, 1, 240]) if picture else "",
        },
        status=201,
    )


@require_safe
def panel(request: Request, owner: str, pk: int) -> HttpResponse:
    """The documents of a record again, after some were dropped on it."""
    kind = registry.named(owner)
    context = documents_panel(kind, pk, request.access) if kind else None
    if context is None:
        raise Http404
    return render(request, "attachments/panel.html", context)


@require_safe
def save(request: Request, key: UUID) -> HttpResponseBase:
    """The bytes of one version, for who sees the record that carries it."""
    return send(request, key)


@require_safe
def preview(request: Request, key: UUID, page: int, width: int) -> HttpResponse:
    """One page of a version as a picture."""
    version = visible_version(request.access, key)
    if version is None or width not in serving.WIDTHS or not 1 <= page <= version.file.pages:
        raise Http404
    try:
        return serving.as_preview(version.file, page, width)
    except (FileNotFoundError, WorkFailed) as error:
        raise Http404 from error


def send(request: HttpRequest | ApiRequest, key: UUID) -> HttpResponseBase:
    """The bytes behind a key, logged as a reading; 404 for everybody else."""
    version = visible_version(cast("Request", request).access, key)
    if version is None:
        raise Http404
    _log(request, [version.attachment_id])
    try:
        return serving.as_attachment(version.file, version.file_name)
    except FileNotFoundError as error:
        raise Http404 from error


def preview_panel(document: Attachment, access: Access) -> dict[str, Any] | None:
    """The first pages of a document as pictures."""
    if document.removed_at is not None:
        return None
    file = document.file
    return {
        "document": document,
        "pages": range(1, min(file.pages, PAGES_SHOWN) + 1),
        "hidden": max(0, file.pages - PAGES_SHOWN),
    }


def versions_panel(document: Attachment, access: Access) -> dict[str, Any]:
    """All versions with their hashes, and the ways to save one or to bring another."""
    kind = registry.OWNERS[document.owner_type]
    present = document.removed_at is None
    changes = present and may_change(access, kind, document.owner_id)
    return {
        "present": present,
        "versions": versions_of(document),
        "replace_url": reverse("files:replace", args=[document.pk]) if changes else "",
        "owner_url": kind.url(document.owner_id),
    }


def why_not_change(document: Attachment, access: Access) -> str | None:
    """Why this person cannot change the document, or None when they can."""
    kind = registry.OWNERS[document.owner_type]
    if may_change(access, kind, document.owner_id):
        return None
    return _("You see this document, and others change it.")


def record_url(document: Attachment) -> str:
    """The page of the record that carries a document, or carried it."""
    return registry.OWNERS[document.owner_type].url(document.owner_id)


def _log(request: HttpRequest | ApiRequest, ids: list[int]) -> None:
    ctx = context_of(request, keyed=False)
    record_reading(
        NewReading(
            at=ctx.at,
            kind="backoffice.attachment",
            ids=ids,
            company_id=ctx.company_id,
            user_id=ctx.actor_id,
            channel=ctx.channel.value,
            token_id=ctx.token_id,
            request_id=ctx.request_id,
        )
    )
