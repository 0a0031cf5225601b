"""Pages of links: tie a record to another one, take a link away, look records up."""

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_safe

from backoffice.errors import BusinessError, NotAllowed, NotFound
from backoffice.identity.requests import Request, context_of
from backoffice.identity.rules import Access
from backoffice.linking import forms
from backoffice.linking.selectors import as_shown
from backoffice.links import services
from backoffice.links.fields import title_of
from backoffice.links.models import Link
from backoffice.links.objects import OBJECTS, ObjectKind
from backoffice.links.selectors import MANAGE, visible_links
from backoffice.links.services import RecordRef
from backoffice.resources.views import add_refusal


@require_safe
def records(request: HttpRequest) -> JsonResponse:
    """Records that this person may link, for what was typed (``?q=``)."""
    access = cast("Request", request).access
    found = OBJECTS.answer.find(access, MANAGE, request.GET.get("q", ""), frozenset())
    results = [{"value": each.value, "text": each.text, "hint": each.hint} for each in found]
    return JsonResponse({"results": results})


class AddLink(View):
    """Tie the record at hand to another one."""

    def get(self, request: HttpRequest, name: str, pk: int) -> HttpResponse:
        """The empty form."""
        kind, title, access = _record(request, name, pk)
        form = forms.LinkForm(access=access, model=kind.model)
        return _form_page(request, form, (kind, pk, title))

    def post(self, request: HttpRequest, name: str, pk: int) -> HttpResponse:
        """Make the link; a refusal comes back in the form."""
        kind, title, access = _record(request, name, pk)
        form = forms.LinkForm(request.POST, access=access, model=kind.model)
        if not form.is_valid():
            return _form_page(request, form, (kind, pk, title), 422)
        given = dict(form.cleaned_data)
        ends = RecordRef(name, pk), given.pop("other")
        chosen = given.pop("kind")
        source, target = reversed(ends) if chosen.startswith(forms.BACKWARD) else ends
        named = chosen.removeprefix(forms.BACKWARD)
        try:
            services.add_link(
                context_of(request), kind=named, source=source, target=target, **given
            )
        except (NotFound, NotAllowed):
            raise  # their own pages
        except BusinessError as refusal:
            add_refusal(form, refusal)
            return _form_page(request, form, (kind, pk, title), refusal.status)
        messages.success(request, _("Linked."))
        return redirect(OBJECTS.answer.url(kind, pk))


def _record(request: HttpRequest, name: str, pk: int) -> tuple[ObjectKind, str, Access]:
    """The record at hand, if this person may link it; 404 for everybody else."""
    access = cast("Request", request).access
    kind = OBJECTS.answer.kind(name)
    title = title_of(access, RecordRef(name, pk), MANAGE)
    if kind is None or title is None:
        raise Http404
    return kind, title, access


def _form_page(
    request: HttpRequest,
    form: forms.LinkForm,
    record: tuple[ObjectKind, int, str],
    status: int = 200,
) -> HttpResponse:
    kind, pk, title = record
    back = OBJECTS.answer.url(kind, pk)
    context = {"form": form, "kind": kind, "title": title, "back_url": back}
    return render(request, "links/form.html", context, status=status)


class RemoveLink(View):
    """Take a link away, with the reason."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What will be taken away, and the question why."""
        return self._page(forms.RemoveLinkForm(), self._link(pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take it away, and go back to the record that it led from."""
        link = self._link(pk)
        form = forms.RemoveLinkForm(request.POST)
        if not form.is_valid():
            return self._page(form, link, 422)
        try:
            services.remove_link(context_of(request), link_id=pk, why=form.cleaned_data["why"])
        except (NotFound, NotAllowed):
            raise
        except BusinessError as refusal:
            add_refusal(form, refusal)
            return self._page(form, link, refusal.status)
        messages.success(request, _("Link removed."))
        return redirect(_source_url(link))

    def _link(self, pk: int) -> Link:
        access = cast("Request", self.request).access
        found = visible_links(access, pk).first() if access.can(MANAGE) else None
        if found is None:
            raise Http404
        return found

    def _page(self, form: forms.RemoveLinkForm, link: Link, status: int = 200) -> HttpResponse:
        shown = as_shown(cast("Request", self.request).access, link)
        source = RecordRef(link.source_type, link.source_id)
        title = title_of(cast("Request", self.request).access, source, MANAGE)
        context = {"form": form, "shown": shown, "title": title, "back_url": _source_url(link)}
        return render(self.request, "links/remove.html", context, status=status)


def _source_url(link: Link) -> str:
    kind: Any = OBJECTS.answer.kind(link.source_type)
    return OBJECTS.answer.url(kind, link.source_id)
