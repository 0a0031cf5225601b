"""Commands on sessions: where an account is logged in, and how to end that."""

import datetime as dt
from dataclasses import dataclass

from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from backoffice.accounts.models import UserSession
from backoffice.accounts.selectors import live_sessions
from backoffice.commands import Context, command, step
from backoffice.errors import NotFound
from backoffice.identity.services.guards import locked_user

KEPT_FOR = dt.timedelta(days=180)
AGENT_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Visit:
    """What a request tells of the browser: its session, the key it had before, address and name."""

    session_key: str
    former_key: str
    ip: str
    agent: str


@step
def note_session(ctx: Context, *, user_id: int, visit: Visit) -> None:
    """Note that an account was seen in a browser; a new browser is a new row.

    A session that got a new key (after the password changed) keeps its row. Rows of browsers that
    nobody used for half a year go when their person logs in somewhere.
    """
    rows = UserSession.objects.filter(user_id=user_id)
    known = rows.filter(session_key__in=[visit.session_key, visit.former_key])
    if known.update(session_key=visit.session_key, seen_at=ctx.at, ip=visit.ip, ended_at=None):
        return
    rows.filter(seen_at__lt=ctx.at - KEPT_FOR).delete()
    UserSession.objects.create(
        user_id=user_id,
        session_key=visit.session_key,
        began_at=ctx.at,
        seen_at=ctx.at,
        ip=visit.ip,
        agent=visit.agent[:AGENT_LENGTH],
    )


@command("backoffice.session.end")
def end_session(ctx: Context, *, user_session_id: int) -> None:
    """Log the actor out of one browser, with this commit.

    Raises:
        NotFound: No such session of the actor.
    """
    rows = live_sessions(ctx.actor_id or 0, ctx.at).filter(pk=user_session_id)
    if not _end(ctx, rows):
        raise NotFound("not_found", _("There is no such session."))


@command("backoffice.session.end_others", permission="backoffice.session.end")
def end_other_sessions(ctx: Context, *, but: str) -> int:
    """Log the actor out everywhere but in the browser with the session key ``but``; how many."""
    return _end(ctx, live_sessions(ctx.actor_id or 0, ctx.at).exclude(session_key=but))


@command("backoffice.user.end_sessions")
def end_sessions_of(ctx: Context, *, user_id: int) -> int:
    """Log another account out everywhere: a lost telephone, a machine left behind; how many.

    Raises:
        NotFound: No such account in the actor's companies.
    """
    user = locked_user(ctx, user_id, "backoffice.user.end_sessions")
    ended = _end(ctx, live_sessions(user.pk, ctx.at))
    ctx.record("backoffice.user.logged_out", target=user, data={"sessions": ended})
    return ended


def _end(ctx: Context, rows: QuerySet[UserSession]) -> int:
    chosen = list(rows.select_for_update(of=("self",)))
    Session.objects.filter(session_key__in=[row.session_key for row in chosen]).delete()
    for row in chosen:
        row.ended_at = ctx.at
        row.save(update_fields=["ended_at"])
        ctx.record("backoffice.session.ended", target=row, data={"user_id": row.user_id})
    return len(chosen)
