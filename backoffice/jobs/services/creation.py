"""Start long work in the transaction of the business change that asks for it."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from backoffice.commands import Context, step
from backoffice.errors import InvalidInput
from backoffice.jobs.hints import RUN_CHUNK, Hint, publish
from backoffice.jobs.models import Job, JobChunk
from backoffice.jobs.registry import KINDS, priority_of


@step
def create_job(
    ctx: Context,
    *,
    kind: str,
    title: str,
    params: Mapping[str, Any],
    chunks: Sequence[Mapping[str, Any]],
    total: int,
    target: Model | None = None,
) -> Job:
    """Put a job and its chunks into the caller's transaction; workers are told after its commit.

    Args:
        ctx: The starter's circumstances; the chunks run with this person's rights.
        kind: Name of a registered kind.
        title: What people see, in their language.
        params: JSON for all chunks: ids, dates, versions. What must not change while the job runs
            (a date that counts as today, versions of rules) belongs here.
        chunks: JSON for each chunk; a chunk is what fits in about ten seconds of work.
        total: Items in all chunks together, for the progress bar.
        target: The record that the job is about.

    Raises:
        InvalidInput: There is nothing to do.
        KeyError: No such kind is registered.
    """
    spec = KINDS[kind]
    if not chunks:
        raise InvalidInput("nothing_to_do", _("There is nothing to do."))
    job = Job.objects.create(
        company_id=ctx.company,
        kind=kind,
        title=title,
        params=dict(params),
        total=total,
        started_by_id=ctx.actor_id,
        on_behalf_of_id=ctx.on_behalf_of_id,
        token_id=ctx.token_id,
        reason=ctx.reason,
        request_id=ctx.request_id,
        target_type="" if target is None else target._meta.label_lower,
        target_id=None if target is None else target.pk,
        created_at=ctx.at,
    )
    add_chunks(job, chunks, first=1, queue=spec.queue)
    return job


def add_chunks(job: Job, chunks: Sequence[Mapping[str, Any]], *, first: int, queue: str) -> None:
    """Insert chunks numbered from ``first`` and tell workers of them after the commit."""
    rows = JobChunk.objects.bulk_create(
        JobChunk(job=job, seq=seq, payload=dict(payload))
        for seq, payload in enumerate(chunks, start=first)
    )
    hints = [Hint(RUN_CHUNK, row.pk, queue, priority_of(job.kind)) for row in rows]
    transaction.on_commit(partial(publish, hints))
