"""Named reads: what waits for a person, how a document came to where it is, how long work takes."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Model, Q, QuerySet
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from backoffice.identity.models import User
from backoffice.identity.rules import Access, Scope
from backoffice.organization.models import Company
from backoffice.work.models import (
    PHASES,
    Approval,
    ApprovalState,
    ApprovalVote,
    Decision,
    WorkEvent,
    WorkItem,
)
from backoffice.work.registry import APPROVALS, PROCESSES, process_of
from backoffice.work.rules import OPEN, Process

TONES = {Decision.APPROVE: "success", Decision.RETURN: "warning"}
ICONS = {Decision.APPROVE: "circle-check", Decision.RETURN: "arrow-back-up"}


def kinds_of(access: Access) -> list[str]:
    """The kinds of approval on which this person may vote at all."""
    return [permission for permission in APPROVALS if access.can(permission)]


def visible_approvals(access: Access) -> QuerySet[Approval]:
    """The requests of the company that concern this person: to vote on, voted on, or asked by them.

    All of the company for who may see all.
    """
    approvals = Approval.objects.filter(company_id=access.company_id)
    if access.scope("backoffice.approval.view_all") is Scope.COMPANY:
        return approvals
    mine = Q(permission__in=kinds_of(access)) | Q(approver_ids__contains=[access.user_id])
    asked = Q(requested_by_id=access.user_id) | Q(requested_for_id=access.user_id)
    voted = Q(pk__in=ApprovalVote.objects.filter(voter_id=access.user_id).values("approval_id"))
    return approvals.filter(mine | asked | voted)


def waiting_for(access: Access) -> list[Approval]:
    """Open requests on which this person may vote now and has not yet, oldest first.

    One's own requests are left out unless the company is too small for two people and says so.
    """
    found = (
        Approval.objects.filter(
            Q(approver_ids=[]) | Q(approver_ids__contains=[access.user_id]),
            company_id=access.company_id,
            state=ApprovalState.OPEN,
            permission__in=kinds_of(access),
        )
        .exclude(votes__voter_id=access.user_id)
        .select_related("requested_by")
        .order_by("requested_at", "pk")
    )
    others = [approval for approval in found if access.user_id not in approval.asked_by]
    if len(others) < len(found) and Company.objects.get(pk=access.company_id).allows_self_approval:
        return list(found)
    return others


def settled_by(access: Access, limit: int = 50) -> QuerySet[ApprovalVote]:
    """What this person voted in the company, newest first."""
    return (
        ApprovalVote.objects.filter(company_id=access.company_id, voter_id=access.user_id)
        .select_related("approval", "approval__requested_by")
        .order_by("-at", "-pk")[:limit]
    )


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing that happened to a document, as the timeline shows it.

    `spent` is the time in the state that was left; None where no state was left.
    """

    at: dt.datetime
    actor: str
    title: str
    text: str = ""
    icon: str = "point"
    tone: str = "neutral"
    spent: dt.timedelta | None = None
    changes: tuple[object, ...] = ()


def timeline(process: str, document_id: int) -> list[Entry]:
    """The moves of a document and the votes on it, newest first, in three statements."""
    declared = PROCESSES[process]
    moves = list(WorkEvent.objects.filter(item__process=process, item__document_id=document_id))
    votes = list(
        ApprovalVote.objects.filter(
            approval__document_type=declared.model.lower(), approval__document_id=document_id
        )
    )
    people = {move.actor_id for move in moves} | {vote.voter_id for vote in votes}
    names = _names(people)
    entries = [
        *((move.at, move.seq, _moved(declared, move, names)) for move in moves),
        *((vote.at, 0, _voted(vote, names)) for vote in votes),
    ]
    return [entry for _at, _seq, entry in sorted(entries, key=lambda e: e[:2], reverse=True)]


def way_of(record: Model, _access: Access) -> dict[str, Any] | None:
    """The timeline of a record, for a panel of its page (`work/timeline.html`)."""
    process = process_of(record)
    return None if process is None else {"entries": timeline(process.key, record.pk)}


def _moved(process: Process, move: WorkEvent, names: dict[int | None, str]) -> Entry:
    state = process.state.get(move.to_state)
    step = process.step.get(move.action)
    to_label = str(state.label) if state else move.to_state
    tone = state.colour if state else "neutral"
    if move.action == OPEN:
        text, title, spent = to_label, _("Opened"), None
    else:
        left = process.state.get(move.from_state)
        spent = dt.timedelta(microseconds=int(move.wall_seconds * 1_000_000))
        text = _("%(before)s → %(after)s, after %(time)s") % {
            "before": left.label if left else move.from_state,
            "after": to_label,
            "time": timesince(move.at - spent, move.at),
        }
        title = str(step.label) if step else move.action
    return Entry(
        at=move.at,
        actor=names.get(move.actor_id, _("The system")),
        title=title,
        text="\n".join(filter(None, (text, move.reason))),
        icon="arrow-back-up" if move.backward else "arrow-right",
        tone=tone,
        spent=spent,
    )


def _voted(vote: ApprovalVote, names: dict[int | None, str]) -> Entry:
    own = _("On their own request, which the company's settings allow.") if vote.own else ""
    decision = Decision(vote.decision)
    return Entry(
        at=vote.at,
        actor=names.get(vote.voter_id, ""),
        title=_("Voted: %(decision)s") % {"decision": decision.label},
        text="\n".join(filter(None, (vote.comment, own))),
        icon=ICONS[decision],
        tone=TONES[decision],
    )


def _names(ids: Iterable[int | None]) -> dict[int | None, str]:
    known = [pk for pk in ids if pk is not None]
    return dict(User.objects.filter(pk__in=known).values_list("pk", "name"))


@dataclass(frozen=True, kw_only=True)
class PhaseTime:
    """How long documents stay in one phase before their purpose is reached."""

    phase: str
    label: str
    items: int
    average: dt.timedelta
    median: dt.timedelta


@dataclass(frozen=True, kw_only=True)
class ProcessTimes:
    """How a process went in a time: documents done, their time in all and by phase, and rework.

    `backward_rate` is the part of the documents that took at least one step back, from 0 to 1; None when no
    document was done.
    """

    items: int
    average: dt.timedelta | None
    median: dt.timedelta | None
    backward_rate: Decimal | None
    phases: tuple[PhaseTime, ...]


def phase_times(
    company_id: int, process: str, since: dt.datetime, until: dt.datetime
) -> ProcessTimes:
    """Wall-clock times of the documents whose purpose was reached in a half-open time, in one statement.

    Counts every stay before the purpose was reached, so that rework counts in the phase where it is done;
    a document that never was in a phase does not count for it.
    """
    with connection.cursor() as cursor:
        cursor.execute(PHASE_TIMES, [company_id, process, since, until])
        rows = {row[0]: row[1:] for row in cursor.fetchall()}
    items, average, median, backward = rows.pop("")
    return ProcessTimes(
        items=items,
        average=average,
        median=median,
        backward_rate=Decimal(backward) / items if items else None,
        phases=tuple(
            PhaseTime(
                phase=phase,
                label=str(label),
                items=rows[phase][0],
                average=rows[phase][1],
                median=rows[phase][2],
            )
            for phase, label in PHASES
            if phase in rows
        ),
    )


PHASE_TIMES = """
    WITH done AS (
        SELECT id, opened_at, done_at, backward_count FROM backoffice_work_item
        WHERE company_id = %s AND process = %s AND done_at >= %s AND done_at < %s
    ), spent AS (
        SELECT d.id, e.from_phase AS phase, make_interval(secs => sum(e.wall_seconds)::float8) AS time, 0 AS back
        FROM done d JOIN backoffice_work_event e ON e.item_id = d.id AND e.at BETWEEN d.opened_at AND d.done_at
        WHERE e.from_phase <> '' GROUP BY 1, 2
        UNION ALL
        SELECT id, '', done_at - opened_at, (backward_count > 0)::integer FROM done
    )
    SELECT phase, count(*), avg(time), percentile_cont(0.5) WITHIN GROUP (ORDER BY time), sum(back)
    FROM spent GROUP BY phase
    UNION ALL
    SELECT '', 0, NULL, NULL, 0 WHERE NOT EXISTS (SELECT FROM done)
"""


def item_of(process: str, document_id: int) -> WorkItem | None:
    """The work item of a document, if it is on its way."""
    return WorkItem.objects.filter(process=process, document_id=document_id).first()
