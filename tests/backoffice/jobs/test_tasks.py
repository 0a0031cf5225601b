"""The doors: what the broker, the scheduler and the command line may call."""

import io

import pytest
from django.core.management import call_command

from backoffice.audit.models import EventBlock
from backoffice.commands import Context
from backoffice.jobs import tasks
from backoffice.jobs.models import JobAttempt, JobChunk, WorkerBeat
from backoffice.organization.models import Company
from tests.backoffice.jobs.conftest import NOON, chunk_ids, codes_of, ends, made, start, states

pytestmark = pytest.mark.clone


def test_the_task_of_a_chunk_does_it_whatever_else_a_newer_sender_says(
    ctx: Context, company: Company
) -> None:
    job = start(ctx)
    tasks.run_chunk(chunk_id=chunk_ids(job)[0], version=2)
    assert states(job) == ["done", "pending", "pending"]
    assert made(company.pk) == codes_of(1)
    assert "(" in JobAttempt.objects.get(job=job).worker


def test_the_task_of_an_end_finishes_the_job(ctx: Context) -> None:
    job = start(ctx)
    JobChunk.objects.filter(job=job).update(state="done", finished_at=NOON)
    tasks.finish_job(job_id=job.pk)
    assert ends(job) == [(f"FIM{job.pk}.1", "done")]


def test_the_sweep_signs_for_the_scheduler(db: None) -> None:
    tasks.sweep()
    assert list(WorkerBeat.objects.values_list("name", flat=True)) == [tasks.SCHEDULER]


def test_events_are_sealed(ctx: Context) -> None:
    job = start(ctx)
    for chunk_id in chunk_ids(job):
        tasks.run_chunk(chunk_id=chunk_id)
    tasks.seal(ctx)
    assert EventBlock.objects.get().count == 1


def test_partitions_are_ensured(ctx: Context) -> None:
    assert int(tasks.ensure_partitions(ctx)) >= 0


def test_every_task_takes_names_only_and_ignores_what_it_does_not_know() -> None:
    import inspect

    own = [
        tasks.run_chunk,
        tasks.finish_job,
        tasks.sweep,
        tasks.run_duty,
    ]
    for task in own:
        kinds = {parameter.kind for parameter in inspect.signature(task.run).parameters.values()}
        assert kinds <= {inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.VAR_KEYWORD}
        assert inspect.Parameter.VAR_KEYWORD in kinds


def test_the_command_line_drains_what_waits(ctx: Context, company: Company) -> None:
    job = start(ctx)
    out = io.StringIO()
    call_command("run_jobs", "--once", stdout=out)
    assert "3 attempts" in out.getvalue()
    job.refresh_from_db()
    assert job.state == "done"
    assert len(made(company.pk)) == 6
