"""The page of guided tasks, and the panel that follows through the pages while one is done."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from backoffice.errors import BusinessError
from backoffice.home import services
from backoffice.home.guided import FOLLOWED, TASKS, GuidedStep, all_standings, standing
from backoffice.identity.requests import Request, context_of


@require_safe
def page(request: Request) -> HttpResponse:
    """Every task with its steps and how far the person is."""
    rows = [(each, each.task.is_for(request.access)) for each in all_standings(request.access)]
    context = {"rows": rows, "followed": request.session.get(FOLLOWED, "")}
    return render(request, "home/training.html", context)


@require_POST
def start(request: Request, name: str) -> HttpResponse:
    """Begin or go on, and open the page of the first step that is not done."""
    if name not in TASKS:
        raise Http404
    services.start_task(context_of(request), task=name, anew="anew" in request.POST)
    request.session[FOLLOWED] = name
    current = standing(request.access, TASKS[name]).next
    return redirect(str(current.url) if current else "home:training")


@require_POST
def leave(request: Request) -> HttpResponse:
    """Put the panel away; what was done stays."""
    name = request.session.pop(FOLLOWED, "")
    if name in TASKS:
        services.leave_task(context_of(request), task=name)
    return redirect("home:training")


@require_safe
def panel(request: Request) -> HttpResponse:
    """The panel as it stands now; nothing when no task is followed."""
    name = request.session.get(FOLLOWED, "")
    found = standing(request.access, TASKS[name]) if name in TASKS else None
    if found is None or found.progress is None:
        return HttpResponse("")
    return render(request, "home/guided_panel.html", {"standing": found})


class GuidedMiddleware:
    """Notes which pages of a followed task were opened; costs others nothing but a look at the session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then note the page if it was one of the task's."""
        answer = self.get_response(request)
        user = getattr(request, "user", None)
        if request.method == "GET" and answer.status_code == 200 and user is not None:
            _note(request)
        return answer


def _is_seen(step: GuidedStep, request: HttpRequest) -> bool:
    return step.is_seen_at(request.path) or step.is_seen_at(request.get_full_path())


def _note(request: HttpRequest) -> None:
    task = TASKS.get(request.session.get(FOLLOWED, ""))
    if task is None or not request.user.is_authenticated:
        return
    seen = [step.name for step in task.steps if _is_seen(step, request)]
    if not seen:
        return
    try:
        services.note_seen(context_of(request, keyed=False), task=task.name, steps=seen)
    except BusinessError:
        request.session.pop(FOLLOWED, None)  # another company, or taken away meanwhile
