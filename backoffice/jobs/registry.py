"""What kinds of long work exist: each subject registers its own in its ``tasks.py``."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from django.utils.functional import Promise

from backoffice.commands import Context
from backoffice.jobs.hints import BULK
from backoffice.jobs.models import Job
from backoffice.jobs.rules import Rhythm

Queue = Literal["payroll", "reports", "mail", "default"]


@dataclass(frozen=True, slots=True)
class ItemError:
    """One item that could not be done.

    Attributes:
        key: Identifies the item inside the chunk (an id, a line number).
        label: What people call it (a name, "line 12").
        code: Stable code of the reason.
        message: The reason, one sentence; say what would be right.
    """

    key: str
    label: str
    code: str
    message: str | Promise


@dataclass(frozen=True, slots=True)
class ChunkResult:
    """What came of a chunk: how many items are done, and which could not be."""

    done: int
    errors: tuple[ItemError, ...] = ()

    def __post_init__(self) -> None:
        """Refuse two reasons for one item: it is one failed item, and would be counted twice."""
        if len({error.key for error in self.errors}) != len(self.errors):
            msg = "an item fails with one reason; join them"
            raise ValueError(msg)


def _unheard(_done: int) -> None:
    """The heartbeat that nobody listens to."""


@dataclass(frozen=True, slots=True)
class ChunkWork:
    """What a handler gets.

    Attributes:
        params: Of the job, as given to ``create_job``.
        payload: Of this chunk.
        job_id: Of the job, for its result.
        heartbeat: Call it as often as you like with the number of items handled so far; it writes at
            most twice a second. It raises ``JobStopped`` once somebody cancelled the job: let it pass.
    """

    params: Mapping[str, Any]
    payload: Mapping[str, Any]
    job_id: int = 0
    heartbeat: Callable[[int], None] = field(default=_unheard)


class JobStopped(Exception):
    """The job was cancelled while a chunk was at work; its transaction is rolled back."""


@dataclass(frozen=True, kw_only=True, slots=True)
class JobKind:
    """One kind of long work.

    Attributes:
        name: ``area.subject.what``; stable, it stands in the database.
        title: What people call such jobs.
        run: Does one chunk inside one transaction with the starter's rights. A ``BusinessError`` sets
            the chunk aside at once; any other exception is tried again, five times in all.
        queue: Which workers do it.
        bulk: It may wait behind everything else of its queue.
        permission: The starter must still hold it when a chunk starts; empty for none.
        finish: Called exactly once for each round that ends, however it ended (``job.state``), in the
            transaction that finishes the job.
        retry_items: Payloads of new chunks for the keys of failed items; None when single items
            cannot be tried again from the job's page.
        target_url: Address of the page of the record that the job is about, from its key.
        item_url: Address of the page of an item, from the job and the item's key; empty for none.
    """

    name: str
    title: str | Promise
    run: Callable[[Context, ChunkWork], ChunkResult]
    queue: Queue = "default"
    bulk: bool = False
    permission: str = ""
    finish: Callable[[Context, Job], None] | None = None
    retry_items: Callable[[Job, Sequence[str]], Sequence[Mapping[str, Any]]] | None = None
    target_url: Callable[[int], str] | None = None
    item_url: Callable[[Job, str], str] | None = None


KINDS: dict[str, JobKind] = {}


def register(kind: JobKind) -> JobKind:
    """Make a kind known.

    Raises:
        ValueError: Another kind has the name.
    """
    known = KINDS.setdefault(kind.name, kind)
    if known.run.__module__ != kind.run.__module__ or known.run.__name__ != kind.run.__name__:
        msg = f"two kinds of job are named {kind.name}"
        raise ValueError(msg)
    return kind


@dataclass(frozen=True, kw_only=True, slots=True)
class Duty:
    """Something that is to be done again and again.

    Attributes:
        name: ``area.subject.what``; stable, it stands in the database.
        title: What people call it.
        run: Does it as the system, at the moment of the context, outside any transaction; says in a
            few words what came of it. Harmless twice. A ``BusinessError`` ends the run as failed.
        rhythm: Of a duty of the installation; None for one that companies schedule for themselves.
        queue: Which workers do it.
    """

    name: str
    title: str | Promise
    run: Callable[[Context], str]
    rhythm: Rhythm | None = None
    queue: Queue = "default"


DUTIES: dict[str, Duty] = {}


def register_duty(duty: Duty) -> Duty:
    """Make a duty known.

    Raises:
        ValueError: Another duty has the name.
    """
    known = DUTIES.setdefault(duty.name, duty)
    if known.run.__module__ != duty.run.__module__ or known.run.__name__ != duty.run.__name__:
        msg = f"two duties are named {duty.name}"
        raise ValueError(msg)
    return duty


def priority_of(kind: str) -> int:
    """How soon workers take the parts of a kind: 0 for first, 6 for bulk work."""
    known = KINDS.get(kind)
    return BULK if known is not None and known.bulk else 0


def queue_of(kind: str) -> str:
    """The queue of a kind by name; ``default`` for one that this installation does not know."""
    known = KINDS.get(kind)
    return known.queue if known else "default"


def kind_of(job: Job) -> JobKind:
    """The kind of a job.

    Raises:
        KeyError: This installation does not know it (an older worker during a deployment).
    """
    return KINDS[job.kind]
