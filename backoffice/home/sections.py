"""What the home page says of a person's own day: their work, what is late around them, what is new."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from backoffice.home.rules import Room
from backoffice.home.selectors import Todo, late_around, my_work
from backoffice.identity.rules import Access
from backoffice.identity.selectors import users_visible_to
from backoffice.jobs.models import JobState
from backoffice.jobs.selectors import visible_jobs
from backoffice.notifications.models import MailState
from backoffice.notifications.selectors import notifications_of, visible_mails
from backoffice.web.home import Figure

SHOWN = 10
NEWS_SHOWN = 5
WEEK = dt.timedelta(days=7)
TONES = {
    Room.LATE: "danger",
    Room.SHORT: "danger",
    Room.SOON: "warning",
    Room.ENOUGH: "success",
    Room.OPEN: "neutral",
}


def work_section(request: HttpRequest) -> dict[str, Any] | None:
    """What this person can move on, least slack first."""
    return _as_section(my_work(_access(request), timezone.now()))


def late_section(request: HttpRequest) -> dict[str, Any] | None:
    """What others have to do and is late, among what this person sees."""
    return _as_section(late_around(_access(request), timezone.now()))


def news_section(request: HttpRequest) -> dict[str, Any] | None:
    """What this person was told and has not read; one statement."""
    unread = list(notifications_of(_access(request)).filter(read_at=None)[: NEWS_SHOWN + 1])
    if not unread:
        return None
    return {
        "rows": unread[:NEWS_SHOWN],
        "link_url": reverse("alerts:inbox"),
        "link_label": _("All notifications"),
    }


def _access(request: HttpRequest) -> Access:
    access: Access = request.access  # type: ignore[attr-defined]
    return access


def _as_section(todos: list[Todo]) -> dict[str, Any] | None:
    if not todos:
        return None
    at = timezone.now()
    return {"count": len(todos), "rows": [row_of(todo, at) for todo in todos[:SHOWN]]}


def row_of(todo: Todo, at: dt.datetime) -> dict[str, Any]:
    """A document on its way, in words."""
    waits_on = todo.item.assignee or todo.state.waits_on
    return {
        "todo": todo,
        "tone": TONES[todo.room(at)],
        "spare": spare_words(todo, at),
        "waits_on": "" if todo.steps else waits_on,
        "typical": timesince(at, at + todo.typical.time) if todo.typical else "",
        "why_url": reverse("home:why", args=[todo.item.pk]),
    }


def spare_words(todo: Todo, at: dt.datetime) -> str:
    """The room that is left, as people say it; empty where there is no deadline."""
    room, spare = todo.room(at), todo.slack(at)
    if todo.due is None or spare is None:
        return ""
    if room is Room.LATE:
        return _("%(time)s late") % {"time": timesince(todo.due, at, depth=1)}
    if room is Room.SHORT:
        return _("%(time)s short") % {"time": timesince(at + spare, at, depth=1)}
    return _("%(time)s to spare") % {"time": timesince(at, at + spare, depth=1)}


# --- key figures of who looks after the system ------------------------------------------------


def failed_jobs(request: HttpRequest) -> Figure:
    """Jobs of the last seven days that failed, in whole or for some items."""
    bad = (JobState.FAILED, JobState.DONE_WITH_ERRORS)
    since = timezone.now() - WEEK
    found = visible_jobs(_access(request)).filter(finished_at__gte=since, state__in=bad).count()
    return _to_nothing(found, reverse("jobs:list"), hint=_("in seven days"))


def stuck_mails(request: HttpRequest) -> Figure:
    """Mails that failed, or of which nobody knows whether they arrived."""
    bad = (MailState.FAILED, MailState.UNCERTAIN)
    found = visible_mails(_access(request)).filter(state__in=bad).count()
    return _to_nothing(found, reverse("backoffice.mail.list"), hint=_("of all mails"))


def without_second_factor(request: HttpRequest) -> Figure:
    """People with an open account that nothing but a password protects."""
    people = users_visible_to(_access(request)).filter(is_active=True)
    bare = people.filter(authenticator=None).count()
    return _to_nothing(bare, reverse("backoffice.user.list"), hint=_("of the open accounts"))


def _to_nothing(found: int, url: str, *, hint: str) -> Figure:
    """A number that should be nought."""
    reached = found == 0
    return Figure(
        value=found,
        url=url,
        delta=_("on target") if reached else "",
        tone="success" if reached else "warning",
        target="0",
        hint=hint,
    )
