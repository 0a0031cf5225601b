"""Processes as data: the states a document goes through and the steps between them."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Label: TypeAlias = str | _StrPromise

OPEN = "open"  # the action of the first event of every item; no step may take the name


class Phase(StrEnum):
    """The five steps of every back office, in their order; labels stand in `models`."""

    RECEPTION = "reception"
    PROCESSING = "processing"
    EXECUTION = "execution"
    FOLLOW_UP = "follow_up"
    REPORTING = "reporting"

    @property
    def rank(self) -> int:
        """Place in the order of the five, from 0."""
        return tuple(Phase).index(self)


class Clock(StrEnum):
    """What the clock of the work does while a document stands in a state."""

    RUN = "run"
    PAUSE = "pause"
    STOP = "stop"


class Mode(StrEnum):
    """How many approvals a decision needs: one, so many, or everybody who was named."""

    ANY = "any"
    N = "n"
    ALL = "all"


@dataclass(frozen=True, kw_only=True)
class State:
    """One state of a process.

    `done` marks the one state in which the purpose of the process is reached; `closed` marks states in
    which nothing is left to do (reached or given up). `waits_on` says for whom we wait there.
    """

    key: str
    label: "Label"
    phase: Phase
    clock: Clock
    waits_on: "Label" = ""
    initial: bool = False
    done: bool = False
    closed: bool = False
    colour: str = "neutral"


@dataclass(frozen=True, kw_only=True)
class Step:
    """One way on: an action that takes a document from any of `sources` to `target`.

    `backward` marks rework (it is counted); `needs_reason` refuses the step without a written reason.
    """

    action: str
    label: "Label"
    sources: frozenset[str]
    target: str
    permission: str
    backward: bool = False
    needs_reason: bool = False


@dataclass(frozen=True, kw_only=True)
class Process:
    """A state machine of one kind of document.

    `model` is the label of the document ("hr.PayrollRun"); its column `state_field` always holds the
    same state as the work item, the database sees to that.
    """

    key: str
    label: "Label"
    model: str
    states: tuple[State, ...]
    steps: tuple[Step, ...]
    state_field: str = "state"

    @cached_property
    def state(self) -> Mapping[str, State]:
        """The states by key."""
        return {state.key: state for state in self.states}

    @cached_property
    def step(self) -> Mapping[str, Step]:
        """The steps by action."""
        return {step.action: step for step in self.steps}

    @cached_property
    def initial(self) -> State:
        """The state in which every document of the process starts."""
        return next(state for state in self.states if state.initial)

    @cached_property
    def reached(self) -> frozenset[str]:
        """States in which the purpose is reached: the done state and those only behind it.

        A state that can also be entered around the done state (cancelled, say) is not among them.
        """
        done = {state.key for state in self.states if state.done}
        around = _reachable(self, {self.initial.key} - done, avoid=done)
        return frozenset(self.state) - around

    def ahead(self, state: str) -> frozenset[str]:
        """The states that a document in this state can still come to, with the state itself."""
        return _reachable(self, {state})

    def steps_from(self, state: str) -> tuple[Step, ...]:
        """The steps that leave a state, in the order in which they are declared."""
        return tuple(step for step in self.steps if state in step.sources)


def check(process: Process) -> tuple[str, ...]:
    """Everything that is wrong with a declaration, as English sentences; empty when it is sound.

    Sound means: known and unique names, exactly one initial and one done state, every state reachable, a
    way from every state to a closed one, closed states stop the clock, and moves to an earlier phase are
    declared as backward.
    """
    problems = [*_names(process)]
    if problems:
        return tuple(problems)
    problems += [*_marks(process)]
    if problems:
        return tuple(problems)
    return (*_ways(process), *_directions(process))


def content_hash(content: object) -> str:
    """SHA-256 in hexadecimal digits of a JSON value in its canonical form.

    Canonical: keys sorted, no spaces, UTF-8, no NaN; equal values give equal hashes whatever the order in
    which they were built. Raises TypeError for what JSON cannot say (a Decimal goes in as text).
    """
    text = json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return hashlib.sha256(text.encode()).hexdigest()


def votes_needed(mode: Mode, required: int, approvers: Iterable[int]) -> int:
    """How many approvals settle a request.

    Raises ValueError when the three do not fit together: fewer than one vote, more votes than named
    approvers, or "all" without naming anybody.
    """
    named = len(set(approvers))
    if mode is Mode.ALL:
        if not named:
            msg = "all: name the approvers"
            raise ValueError(msg)
        return named
    needed = 1 if mode is Mode.ANY else required
    if needed < 1 or (named and needed > named):
        msg = f"{needed} of {named or 'any'} approvals cannot be reached"
        raise ValueError(msg)
    return needed


def _names(process: Process) -> Iterable[str]:
    if not process.states:
        yield "has no states"
    for what, names in (
        ("state", [state.key for state in process.states]),
        ("action", [step.action for step in process.steps]),
    ):
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield f"{what} {name} is declared twice"
        if "" in names:
            yield f"{what} without a name"
    if OPEN in process.step:
        yield f"action {OPEN} is reserved for the first event"
    for step in process.steps:
        for name in sorted({*step.sources, step.target} - process.state.keys()):
            yield f"action {step.action} names the unknown state {name}"
        if not step.sources:
            yield f"action {step.action} starts nowhere"
        if not step.permission:
            yield f"action {step.action} has no permission"


def _marks(process: Process) -> Iterable[str]:
    for mark, keys in (
        ("initial", [state.key for state in process.states if state.initial]),
        ("done", [state.key for state in process.states if state.done]),
    ):
        if len(keys) != 1:
            yield f"needs exactly one {mark} state, has {', '.join(keys) or 'none'}"
    for state in process.states:
        if not isinstance(state.phase, Phase):
            yield f"state {state.key} has no phase"
        if not isinstance(state.clock, Clock):
            yield f"state {state.key} has no clock"
        if state.closed and state.clock is not Clock.STOP:
            yield f"state {state.key} is closed and does not stop the clock"
        if state.closed and state.initial:
            yield f"state {state.key} is closed from the start"


def _ways(process: Process) -> Iterable[str]:
    reachable = _reachable(process, {process.initial.key})
    for key in process.state:
        if key not in reachable:
            yield f"state {key} cannot be reached"
    closed = {state.key for state in process.states if state.closed}
    for state in process.states:
        if not state.closed and not process.steps_from(state.key):
            yield f"state {state.key} has no exit"
        elif not closed & _reachable(process, {state.key}):
            yield f"state {state.key} leads to no closed state"


def _directions(process: Process) -> Iterable[str]:
    for step in process.steps:
        latest = max(process.state[key].phase.rank for key in step.sources)
        if process.state[step.target].phase.rank < latest and not step.backward:
            yield f"action {step.action} goes to an earlier phase and is not declared backward"


def _reachable(
    process: Process, start: set[str], avoid: Iterable[str] = frozenset()
) -> frozenset[str]:
    blocked = set(avoid)
    found, edge = set(start), list(start)
    while edge:
        state = edge.pop()
        for step in process.steps_from(state):
            if step.target not in found and step.target not in blocked:
                found.add(step.target)
                edge.append(step.target)
    return frozenset(found)
