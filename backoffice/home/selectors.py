"""The work that waits for a person, and what is late around them, from the log of all moves."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import connection

from backoffice.commands import COMMANDS
from backoffice.home import rules
from backoffice.home.rules import Room, Typical
from backoffice.identity.rules import Access
from backoffice.resources import registry as objects
from backoffice.work.models import WorkItem
from backoffice.work.registry import APPROVALS, PROCESSES, document_model
from backoffice.work.rules import Process, State, Step

HISTORY = dt.timedelta(days=400)
MOST = 500
MEMO = "home.work"

TYPICAL = """
    SELECT i.process, e.to_state, count(*),
           percentile_cont(0.5) WITHIN GROUP (ORDER BY
               CASE WHEN e.at < i.done_at THEN i.done_at ELSE i.closed_at END - e.at)
    FROM backoffice_work_item i JOIN backoffice_work_event e ON e.item_id = i.id
    WHERE i.company_id = %(company)s AND i.process = ANY(%(processes)s)
      AND i.done_at >= %(since)s AND e.at >= %(since)s
      AND (e.at < i.done_at OR e.at < i.closed_at)
    GROUP BY 1, 2
"""


@dataclass(frozen=True, kw_only=True)
class Todo:
    """A document on its way, with what can be done next and how much room its deadline leaves."""

    item: WorkItem
    process: Process
    steps: tuple[Step, ...]
    url: str
    due: dt.datetime | None
    typical: Typical | None

    @property
    def state(self) -> State:
        """Where the document stands."""
        return self.process.state[self.item.state]

    def slack(self, at: dt.datetime) -> dt.timedelta | None:
        """See ``rules.slack``."""
        return rules.slack(self.due, self.typical, at)

    def room(self, at: dt.datetime) -> Room:
        """See ``rules.room``."""
        return rules.room(self.due, self.typical, at)


def my_work(access: Access, at: dt.datetime) -> list[Todo]:
    """What this person can move on now, least slack first; work without a deadline, oldest first.

    What only an approval moves is not here: approvals have their own list.
    """
    mine = [todo for todo in _around(access, at) if _is_mine(todo, access)]
    return sorted(mine, key=lambda todo: _urgency(todo, at))


def late_around(access: Access, at: dt.datetime) -> list[Todo]:
    """What this person sees, others have to do, and cannot be in time at the usual pace."""
    late = [
        todo
        for todo in _around(access, at)
        if not _is_mine(todo, access) and todo.room(at) in {Room.LATE, Room.SHORT}
    ]
    return sorted(late, key=lambda todo: _urgency(todo, at))


def todo_of(access: Access, at: dt.datetime, item_id: int) -> Todo | None:
    """One document on its way that this person may see."""
    return next((todo for todo in _around(access, at) if todo.item.pk == item_id), None)


def _is_mine(todo: Todo, access: Access) -> bool:
    return bool(todo.steps) and todo.item.assignee_id in {None, access.user_id}


def _urgency(todo: Todo, at: dt.datetime) -> tuple[bool, dt.timedelta, dt.datetime, int]:
    spare = todo.slack(at)
    return (spare is None, spare or dt.timedelta(0), todo.item.state_since, todo.item.pk)


def _around(access: Access, at: dt.datetime) -> list[Todo]:
    """All open work that the person may see; read once for a request."""
    if MEMO not in access.memo:
        access.memo[MEMO] = list(_read(access, at))
    found: list[Todo] = access.memo[MEMO]
    return found


def _read(access: Access, at: dt.datetime) -> Iterator[Todo]:
    """Two statements, and one for each process with open work that the person may see."""
    shown = {
        process.key: resource
        for process in PROCESSES.values()
        if (resource := objects.of(document_model(process))) is not None
        and access.can(resource.view_permission)
    }
    items = list(
        WorkItem.objects.filter(
            company_id=access.company_id, process__in=list(shown), closed_at=None
        )
        .select_related("assignee")
        .order_by("due_at", "pk")[:MOST]
    )
    typical = typical_times(access.company_id, {item.process for item in items}, at)
    for key in sorted({item.process for item in items}):
        process, resource = PROCESSES[key], shown[key]
        of_process = [item for item in items if item.process == key]
        rows = resource.queryset(access).filter(pk__in=[item.document_id for item in of_process])
        seen = set(rows.values_list("pk", flat=True))
        for item in of_process:
            if item.document_id in seen:
                yield Todo(
                    item=item,
                    process=process,
                    steps=tuple(_steps_by(access, process, item.state)),
                    url=objects.url(resource, "detail", item.document_id),
                    due=None if item.state in process.reached else item.due_at,
                    typical=typical.get((key, item.state)),
                )


def _steps_by(access: Access, process: Process, state: str) -> Iterator[Step]:
    """The steps forward that this person may take: by a command, not by a vote or a job."""
    for step in process.steps_from(state):
        by_command = f"{process.key}.{step.action}" in COMMANDS and step.permission not in APPROVALS
        if by_command and not step.backward and access.can(step.permission):
            yield step


def typical_times(
    company_id: int, processes: Iterable[str], at: dt.datetime
) -> dict[tuple[str, str], Typical]:
    """For each process and state: the median time from arriving there to the purpose of the work.

    Of documents whose purpose was reached in the last 400 days, in clock time, rework included;
    after the purpose is reached, the time to the end of the process.
    """
    keys = sorted(processes)
    if not keys:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(TYPICAL, {"company": company_id, "processes": keys, "since": at - HISTORY})
        rows = cursor.fetchall()
    return {(process, state): Typical(time, items) for process, state, items, time in rows}
