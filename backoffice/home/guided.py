"""Guided tasks: two minutes each, declared as data; the product itself knows which steps are done.

A step is done when the person opened a page that ``visit`` matches, or when the log of events tells that
they did one of ``events``, both since they started the task.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from django.utils.functional import Promise

from backoffice.audit.models import Event
from backoffice.home.models import GuidedProgress
from backoffice.identity.rules import Access

Text = str | Promise

FOLLOWED = "guided"
"""Key of the session: the task whose panel follows through the pages."""


@dataclass(frozen=True, kw_only=True)
class GuidedStep:
    """One thing to do.

    Attributes:
        name: Unique in the task.
        say: What to do, as an order in one or two sentences.
        url: Where it begins.
        visit: Pattern of the whole path that is to be opened.
        events: Names of events, one of which the person is to cause.
    """

    name: str
    say: Text
    url: Text
    visit: str = ""
    events: tuple[str, ...] = ()

    @cached_property
    def pattern(self) -> re.Pattern[str] | None:
        """The pattern, ready."""
        return re.compile(self.visit) if self.visit else None

    def is_seen_at(self, path: str) -> bool:
        """Whether opening this path does the step."""
        return self.pattern is not None and self.pattern.fullmatch(path) is not None


@dataclass(frozen=True, kw_only=True)
class GuidedTask:
    """A task of about two minutes.

    Attributes:
        name: Unique: ``ask-why``.
        title: What is done, as an infinitive.
        teaches: What one knows afterwards, in one sentence.
        order: Place in the list.
        permissions: What it takes to do all its steps.
        steps: In their order.
    """

    name: str
    title: Text
    teaches: Text
    order: int
    permissions: tuple[str, ...]
    steps: tuple[GuidedStep, ...]

    def is_for(self, access: Access) -> bool:
        """Whether this person can do it."""
        return all(access.can(permission) for permission in self.permissions)


TASKS: dict[str, GuidedTask] = {}


def register(*tasks: GuidedTask) -> None:
    """Add tasks.

    Raises:
        ValueError: Another one has the same name, or a step can never be done.
    """
    for task in tasks:
        if task.name in TASKS:
            msg = f"two guided tasks are named {task.name}"
            raise ValueError(msg)
        for step in task.steps:
            if not step.visit and not step.events:
                msg = f"nothing tells when step {step.name} of {task.name} is done"
                raise ValueError(msg)
        TASKS[task.name] = task


@dataclass(frozen=True)
class Standing:
    """A task of a person: its row, if they ever started it, and the steps that are done."""

    task: GuidedTask
    progress: GuidedProgress | None
    done: frozenset[str]

    @property
    def next(self) -> GuidedStep | None:
        """The first step that is not done."""
        return next((step for step in self.task.steps if step.name not in self.done), None)

    @property
    def steps(self) -> Iterator[tuple[GuidedStep, str]]:
        """The steps as the step list shows them: done, current, todo."""
        current = self.next
        for step in self.task.steps:
            state = "done" if step.name in self.done else "todo"
            yield step, "current" if step is current else state

    @property
    def number(self) -> int:
        """Place of the current step, from 1."""
        current = self.next
        return self.task.steps.index(current) + 1 if current else len(self.task.steps)


def standing(access: Access, task: GuidedTask) -> Standing:
    """How far the person is, in two statements; one when they never started."""
    found = GuidedProgress.objects.filter(
        company_id=access.company_id, user_id=access.user_id, task=task.name
    ).first()
    return standing_of(access, task, found)


def standing_of(access: Access, task: GuidedTask, found: GuidedProgress | None) -> Standing:
    """How far the person is with a row that is at hand."""
    if found is None:
        return Standing(task, None, frozenset())
    if found.done_at is not None:
        return Standing(task, found, frozenset(step.name for step in task.steps))
    wanted = {name for step in task.steps for name in step.events}
    caused = set(
        Event.objects.filter(
            company_id=access.company_id,
            actor_id=access.user_id,
            action__in=wanted,
            at__gte=found.started_at,
        ).values_list("action", flat=True)
        if wanted
        else ()
    )
    done = {step.name for step in task.steps if caused.intersection(step.events)}
    return Standing(task, found, frozenset(done.union(found.seen)))


def all_standings(access: Access) -> list[Standing]:
    """Every task in its order; a statement for the rows, and one for each task that is under way."""
    rows = {
        row.task: row
        for row in GuidedProgress.objects.filter(
            company_id=access.company_id, user_id=access.user_id
        )
    }
    ordered = sorted(TASKS.values(), key=lambda task: task.order)
    return [standing_of(access, task, rows.get(task.name)) for task in ordered]
