"""What people do around a record: comment, name somebody, watch, keep drafts."""

import json
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backoffice.collaboration import drafts, presence, services
from backoffice.collaboration.models import Comment
from backoffice.collaboration.registry import KINDS, RecordKind
from backoffice.collaboration.selectors import WRITE, rows_for, to_mention, visible_comment
from backoffice.errors import InvalidInput, WrongState
from backoffice.identity.models import User
from backoffice.identity.requests import Request, context_of
from backoffice.resources import registry
from backoffice.resources.views import add_refusal
from backoffice.teamwork.forms import CommentForm


def timeline_url(name: str, pk: int) -> str:
    """The timeline of a record: a page, or for htmx the entries alone."""
    return registry.url(registry.RESOURCES[name], "history", pk)


def found_kind(request: Request, name: str, pk: int, permission: str) -> RecordKind:
    """The kind of a record about which this person may read (or write); 404 for everybody else."""
    kind = KINDS.get(name)
    if kind is None or not rows_for(kind, request.access, permission).filter(pk=pk).exists():
        raise Http404
    return kind


@require_POST
def add(request: Request, name: str, pk: int) -> HttpResponse:
    """Say something about a record, and show its timeline again."""
    found_kind(request, name, pk, WRITE)
    text = request.POST.get("text", "")
    try:
        services.add_comment(context_of(request), record=name, record_id=pk, text=text)
    except InvalidInput as refusal:
        context = {"name": name, "pk": pk, "text": text, "error": str(refusal)}
        answer = render(request, _compose(request), context, status=refusal.status)
        answer["HX-Retarget"] = "#compose"
        return answer
    return redirect(timeline_url(name, pk))


def _compose(request: HttpRequest) -> str:
    """The form alone for htmx; a whole page for who has no scripts."""
    return f"teamwork/compose{'' if 'HX-Request' in request.headers else '_page'}.html"


def _own(request: Request, pk: int) -> tuple[Comment, dict[str, Any]]:
    """An own comment and what its pages show around it; 404 for everybody else."""
    comment = visible_comment(request.access, pk, WRITE)
    if comment is None or comment.author_id != request.access.user_id:
        raise Http404
    kind = KINDS[comment.record_type]
    back = f"{kind.url(comment.record_id)}#conversation"
    return comment, {"back_url": back, "kind": kind, "comment": comment}


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    """Correct an own comment."""
    comment, context = _own(request, pk)
    form = CommentForm(request.POST or None, initial={"text": comment.text})
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                services.edit_comment(context_of(request), comment_id=pk, **form.cleaned_data)
            except (InvalidInput, WrongState) as refusal:
                add_refusal(form, refusal)
            else:
                return redirect(context["back_url"])
    return render(request, "teamwork/edit.html", {"form": form, **context}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: Request, pk: int) -> HttpResponse:
    """Take back an own comment, after the page has said what stays."""
    _comment, context = _own(request, pk)
    if request.method == "POST":
        services.delete_comment(context_of(request), comment_id=pk)
        return redirect(context["back_url"])
    return render(request, "teamwork/delete.html", context)


@require_POST
def watch(request: Request, name: str, pk: int) -> HttpResponse:
    """Watch a record, mute it, or hear of mentions only."""
    level = request.POST.get("level", "")
    services.choose_watch(context_of(request), record=name, record_id=pk, level=level)
    return redirect(timeline_url(name, pk))


@require_safe
def people(request: Request, name: str, pk: int) -> JsonResponse:
    """Whom a comment on the record can name: colleagues who see it."""
    kind = found_kind(request, name, pk, WRITE)
    found = to_mention(kind, pk, request.access, request.GET.get("q", "")[:80])
    return JsonResponse({"results": found})


@never_cache
@require_safe
def here(request: Request, name: str, pk: int) -> HttpResponse:
    """Give a sign of life at a record, and see who else has it open among those who see it too."""
    kind = KINDS.get(name)
    if kind is None or not kind.rows(request.access, "").filter(pk=pk).exists():
        raise Http404
    place, user_id = f"{request.access.company_id}:{name}:{pk}", request.access.user_id
    if request.GET.get("leave"):
        presence.leave(place, user_id)
        return HttpResponse(status=204)
    editing = request.GET.get("editing") == "1"
    others = presence.sign(place, user_id, editing=editing, at=timezone.now().timestamp())
    names = User.objects.filter(pk__in=others).order_by("name").values_list("pk", "name")
    people = [{"name": who, "editing": others[key]} for key, who in names] if others else []
    return render(request, "teamwork/presence.html", {"people": people})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: Request) -> JsonResponse:
    """What the person typed into a form and did not save: read, kept, or (without values) forgotten."""
    if request.method != "POST":
        found = drafts.draft_of(request.access, request.GET.get("form", ""), at=timezone.now())
        if found is None:
            return JsonResponse({})
        return JsonResponse({"at": found.at.timestamp() * 1000, "values": found.values})
    form, typed = request.POST.get("form", ""), request.POST.get("values", "")
    ctx = context_of(request, keyed=False)
    if not typed:
        return JsonResponse({"kept": 0, "gone": drafts.discard_draft(ctx, form=form)})
    try:
        values = json.loads(typed)
    except ValueError:
        values = None
    if not isinstance(values, list):
        return JsonResponse({"detail": _("This is no draft.")}, status=422)
    return JsonResponse({"kept": drafts.keep_draft(ctx, form=form, values=values)})
