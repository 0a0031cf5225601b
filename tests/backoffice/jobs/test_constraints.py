"""What the database itself refuses."""

import pytest
from django.db import DatabaseError, transaction

from backoffice.commands import Context
from backoffice.jobs.models import (
    ChunkState,
    Job,
    JobAttempt,
    JobChunk,
    JobItemError,
    Outcome,
)
from tests.backoffice.jobs.conftest import (
    NOON,
    chunk_ids,
    start,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"state": ChunkState.DONE}, "job_chunk_finished_at_iff_finished"),
        ({"done": 1}, "job_chunk_counts_when_done"),
        (
            {"state": ChunkState.POISONED, "finished_at": NOON},
            "job_chunk_set_aside_says_why",
        ),
        ({"state": "lost", "finished_at": NOON}, "job_chunk_state_known"),
    ],
)
def test_the_database_refuses_a_chunk_that_contradicts_itself(
    ctx: Context, change: dict[str, object], constraint: str
) -> None:
    chunk_id = chunk_ids(start(ctx))[0]
    with pytest.raises(DatabaseError, match=constraint), transaction.atomic():
        JobChunk.objects.filter(pk=chunk_id).update(**change)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"state": "done"}, "job_finished_at_iff_finished"),
        ({"finished_at": NOON}, "job_finished_at_iff_finished"),
        ({"state": "cancelled", "finished_at": NOON}, "job_cancelled_by_request"),
        ({"state": "failed", "finished_at": NOON}, "job_failed_says_why"),
        ({"state": "odd", "finished_at": NOON}, "job_state_known"),
    ],
)
def test_the_database_refuses_a_job_that_contradicts_itself(
    ctx: Context, change: dict[str, object], constraint: str
) -> None:
    job = start(ctx)
    with pytest.raises(DatabaseError, match=constraint), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(**change)


def test_the_database_refuses_what_would_count_twice(ctx: Context) -> None:
    job = start(ctx)
    chunk_id = chunk_ids(job)[0]
    with pytest.raises(DatabaseError, match="job_chunk_once"), transaction.atomic():
        JobChunk.objects.create(job=job, seq=1, payload={})
    JobItemError.objects.create(
        job=job, chunk_id=chunk_id, key="a", label="A", code="x", message="X"
    )
    with pytest.raises(DatabaseError, match="job_item_error_once"), transaction.atomic():
        JobItemError.objects.create(
            job=job, chunk_id=chunk_id, key="a", label="A", code="y", message="Y"
        )
    with pytest.raises(DatabaseError, match="job_item_error_says_why"), transaction.atomic():
        JobItemError.objects.create(
            job=job, chunk_id=chunk_id, key="b", label="B", code="", message="Y"
        )


def test_the_database_refuses_an_attempt_that_contradicts_itself(ctx: Context) -> None:
    job = start(ctx)
    with pytest.raises(DatabaseError, match="job_attempt_ended_at_iff"), transaction.atomic():
        JobAttempt.objects.create(job=job, round=1, worker="w", outcome=Outcome.DONE)
    with pytest.raises(DatabaseError, match="job_attempt_outcome_known"), transaction.atomic():
        JobAttempt.objects.create(job=job, round=1, worker="w", outcome="odd", ended_at=NOON)
