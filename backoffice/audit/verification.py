"""Is the log of events what it was? Recompute the chain, and compare it with heads kept elsewhere.

The chain alone shows what was changed inside it; that its end was cut off shows only in a copy of the
heads outside the database.
"""

import datetime as dt
import fcntl
import hmac
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from django.db import connection
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from backoffice.audit.models import Event, EventBlock
from backoffice.audit.services import NO_BLOCK, Bounds, block_hash, digest_of, sign

OVERDUE = dt.timedelta(hours=1)
"""Events are sealed every few minutes; what is unsealed for longer shows that sealing stopped."""


@dataclass(frozen=True, slots=True)
class Head:
    """What is kept outside of one block: enough to notice that it was replaced or removed."""

    block: int
    epoch: int
    first_xid: int
    next_xid: int
    count: int
    hash: str
    signature: str
    sealed_at: str


@dataclass(frozen=True, slots=True)
class Fault:
    """One disagreement: the block it concerns (None for the log as a whole), and what is wrong."""

    code: str
    block: int | None
    message: StrOrPromise


def head_of(block: EventBlock) -> Head:
    """The head of a block."""
    return Head(
        block=block.pk,
        epoch=block.epoch,
        first_xid=block.first_xid,
        next_xid=block.next_xid,
        count=block.count,
        hash=block.hash,
        signature=block.signature,
        sealed_at=block.sealed_at.isoformat(),
    )


def export_heads(path: Path) -> int:
    """Append the heads that the file does not hold yet, and have them on the disk when this returns.

    Harmless twice and from several workers: the file is locked meanwhile.

    Returns:
        How many were appended.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        last = max((head.block for head in _parse(file)), default=0)
        heads = [head_of(block) for block in EventBlock.objects.filter(pk__gt=last).order_by("pk")]
        file.writelines(json.dumps(asdict(head)) + "\n" for head in heads)
        file.flush()
        os.fsync(file.fileno())
    return len(heads)


def read_heads(path: Path) -> list[Head]:
    """The heads of a file that ``export_heads`` wrote.

    Raises:
        ValueError: A line is no head.
    """
    with path.open(encoding="utf-8") as file:
        return list(_parse(file))


def _parse(lines: Iterable[str]) -> Iterator[Head]:
    for number, line in enumerate(lines, start=1):
        try:
            yield Head(**json.loads(line))
        except (TypeError, json.JSONDecodeError) as error:
            message = f"line {number} is not the head of a block"
            raise ValueError(message) from error


def find_faults(*, at: dt.datetime, heads: Iterable[Head] = ()) -> Iterator[Fault]:
    """Everything in which the log disagrees with its blocks, or the blocks with exported heads.

    Args:
        at: Now; what is unsealed for more than an hour is a fault as well.
        heads: From a copy outside the database.
    """
    kept = {head.block: head for head in heads}
    previous = NO_BLOCK
    ends: dict[int, int] = {}
    for block in EventBlock.objects.order_by("pk").iterator():
        yield from _faults_of(block, previous, ends.get(block.epoch, 0))
        yield from _differences(block, kept.pop(block.pk, None))
        previous, ends[block.epoch] = block.hash, block.next_xid
    for head in kept.values():
        forged = not _signed(head.hash, head.signature)
        code = "forged_head" if forged else "removed"
        yield Fault(code, head.block, MESSAGES[code])
    if has_overdue(at):
        yield Fault("overdue", None, MESSAGES["overdue"])


MESSAGES: Mapping[str, StrOrPromise] = {
    "altered": _("Its events are not those that were sealed: some were changed, added or removed."),
    "unlinked": _("It does not follow the block before: a block between them was removed."),
    "forged": _("Its signature was not made with the key of this installation."),
    "replaced": _("It is not the block whose head was exported."),
    "removed": _("Its head was exported, but the block is gone."),
    "forged_head": _("The exported head itself was not signed with the key of this installation."),
    "overdue": _("Events wait for more than an hour to be sealed."),
}


def _faults_of(block: EventBlock, previous: str, begin: int) -> Iterator[Fault]:
    bounds = Bounds(block.epoch, block.first_xid, block.next_xid)
    if block.previous_hash != previous or block.first_xid != begin:
        yield Fault("unlinked", block.pk, MESSAGES["unlinked"])
    count, digest = digest_of(bounds)
    if block_hash(block.previous_hash, bounds, count, digest) != block.hash:
        yield Fault("altered", block.pk, MESSAGES["altered"])
    if not _signed(block.hash, block.signature):
        yield Fault("forged", block.pk, MESSAGES["forged"])


def _signed(head: str, signature: str) -> bool:
    return hmac.compare_digest(sign(head).encode(), signature.encode())


def _differences(block: EventBlock, head: Head | None) -> Iterator[Fault]:
    if head is not None and (head.hash, head.signature) != (block.hash, block.signature):
        yield Fault("replaced", block.pk, MESSAGES["replaced"])


def has_overdue(at: dt.datetime) -> bool:
    """Whether events of more than an hour ago are in no block."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT EXISTS (
                SELECT FROM backoffice_event_epoch epoch, LATERAL (
                    SELECT coalesce(max(next_xid), 0)::text::xid8 AS sealed
                    FROM backoffice_event_block block WHERE block.epoch = epoch.id) done
                JOIN backoffice_event event ON event.xid >= done.sealed
                WHERE event.epoch = epoch.id AND event.recorded_at < %s)
            """,
            [at - OVERDUE],
        )
        found: bool = cursor.fetchone()[0]
    return found


def period_of(block: EventBlock) -> tuple[dt.datetime, dt.datetime] | None:
    """From when to when the events of a block were recorded; None when none is left."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT min(recorded_at), max(recorded_at) FROM backoffice_event
            WHERE epoch = %s AND xid >= %s::text::xid8 AND xid < %s::text::xid8
            """,
            [block.epoch, str(block.first_xid), str(block.next_xid)],
        )
        first, last = cursor.fetchone()
    return None if first is None else (first, last)


def count_events() -> int:
    """How many events the log holds."""
    return Event.objects.count()
