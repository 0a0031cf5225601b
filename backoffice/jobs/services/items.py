"""Handle the items of a chunk one by one, so that a bad one costs only itself."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext_lazy as _

from backoffice.errors import BusinessError
from backoffice.jobs.registry import ChunkResult, ChunkWork, ItemError, JobStopped

log = logging.getLogger(__name__)

T = TypeVar("T")


def each_item(
    items: Iterable[T],
    do: Callable[[T], None],
    *,
    work: ChunkWork,
    name: Callable[[T], tuple[str, str]],
) -> ChunkResult:
    """Call ``do`` for each item inside a savepoint; an item that fails becomes an error.

    For items that take milliseconds of their own (a letter, a document). What can be written in sets
    should be, without it: a savepoint costs two statements.

    Args:
        items: What to handle.
        do: Handles one; raises ``BusinessError`` to refuse it.
        work: Of the chunk, for its heartbeat.
        name: Key and label of an item, for its error.
    """
    done = 0
    errors: list[ItemError] = []
    for count, item in enumerate(items, start=1):
        try:
            with transaction.atomic():
                do(item)
            done += 1
        except BusinessError as refusal:
            errors.append(ItemError(*name(item), refusal.code, refusal.message))
        except (OperationalError, InterfaceError, JobStopped):
            raise  # not the item's fault
        except Exception:
            log.exception("item %s failed", name(item)[0])
            errors.append(ItemError(*name(item), "fault", _("An unexpected fault; it was logged.")))
        work.heartbeat(count)
    return ChunkResult(done, tuple(errors))
