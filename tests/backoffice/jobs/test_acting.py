"""In whose name a worker acts: the starter's, with the rights and the language of today."""

import datetime as dt

import pytest

from backoffice.commands import Channel, Context
from backoffice.identity.models import ApiToken, RoleGrant, User
from backoffice.jobs import registry
from backoffice.jobs.registry import ChunkResult
from backoffice.jobs.rules import MAX_ATTEMPTS
from backoffice.organization.models import Company
from tests.backoffice.jobs.conftest import (
    NOON,
    chunk_ids,
    codes_of,
    context_for,
    ends,
    made,
    new_user,
    outcomes,
    run,
    run_all,
    start,
    states,
)

pytestmark = pytest.mark.django_db


def test_the_work_is_done_in_the_starters_name(
    ctx: Context, starter: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Context] = []

    def watch(inner: Context, _work: object) -> ChunkResult:
        seen.append(inner)
        return ChunkResult(1)

    monkeypatch.setitem(
        registry.KINDS, "tests.probe", registry.JobKind(name="tests.probe", title="", run=watch)
    )
    reasoned = Context(
        company_id=ctx.company_id,
        at=ctx.at,
        channel=Channel.WEB,
        actor=ctx.actor,
        on_behalf_of_id=7,
        reason="Fechamento",
        request_id="r1",
    )
    job = run_all(start(reasoned, {"codes": ["a"]}))
    (inner,) = seen
    assert inner.actor_id == starter.pk
    assert (inner.company_id, inner.channel, inner.at) == (ctx.company_id, Channel.JOB, NOON)
    assert (inner.on_behalf_of_id, inner.reason, inner.request_id, inner.key) == (
        7,
        "Fechamento",
        "r1",
        None,
    )
    assert job.state == "done"


def test_messages_are_kept_in_the_starters_language(ctx: Context, starter: User) -> None:
    User.objects.filter(pk=starter.pk).update(language="en")
    job = start(ctx, {"codes": ["a"], "behaviour": "break"})
    for _ in range(MAX_ATTEMPTS):
        run(chunk_ids(job)[0])
    assert job.chunks.get().message == "An unexpected fault happened each time it was tried."


def test_a_starter_who_lost_the_right_stops_the_job_with_the_reason(company: Company) -> None:
    manager = new_user(company, "hr_manager")
    job = start(context_for(manager, company), kind="tests.guarded")
    first, second, third = chunk_ids(job)
    assert run(first)
    RoleGrant.objects.filter(user=manager).update(ended_at=NOON)
    assert run(second)
    job.refresh_from_db()
    assert states(job) == ["done", "cancelled", "cancelled"]
    assert (job.state, job.stop_code) == ("failed", "permission_lost")
    assert "backoffice.user.view" in job.stop_message
    assert outcomes(second) == ["refused"]
    assert not run(third)
    assert made(company.pk) == codes_of(1)
    assert ends(job) == [(f"FIM{job.pk}.1", "failed")]


def test_a_closed_account_stops_the_job(ctx: Context, company: Company, starter: User) -> None:
    job = start(ctx)
    User.objects.filter(pk=starter.pk).update(is_active=False)
    run(chunk_ids(job)[0])
    job.refresh_from_db()
    assert (job.state, job.stop_code) == ("failed", "starter_inactive")
    assert made(company.pk) == []


def _by_token(user: User, company: Company, *scopes: str) -> Context:
    """The context of a request that came with a token with these scopes."""
    token = ApiToken.objects.create(
        company=company,
        user=user,
        name="ponto",
        prefix="rtg_abcdef",
        digest=f"{ApiToken.objects.count():064x}",
        scopes=list(scopes),
        created_at=NOON,
        expires_at=NOON + dt.timedelta(days=1),
    )
    return Context(
        company_id=company.pk,
        at=NOON,
        channel=Channel.API,
        actor=context_for(user, company).actor,
        token_id=token.pk,
    )


def test_a_job_started_by_a_token_has_no_more_rights_than_the_token(company: Company) -> None:
    manager = new_user(company, "hr_manager")
    wide = _by_token(manager, company, "backoffice.user.view")
    assert run_all(start(wide, {"codes": ["a"]}, kind="tests.guarded")).state == "done"
    narrow = _by_token(manager, company, "backoffice.role.view")
    assert run_all(start(narrow, {"codes": ["b"]}, kind="tests.guarded")).stop_code == (
        "permission_lost"
    )
    assert made(company.pk) == ["a"]


def test_a_revoked_token_stops_what_it_started(ctx: Context, company: Company) -> None:
    user = new_user(company)
    job = start(_by_token(user, company, "backoffice.job.view"))
    ApiToken.objects.filter(user=user).update(revoked_at=NOON)
    assert run_all(job).stop_code == "token_revoked"
    assert made(company.pk) == []


def test_the_system_may_start_jobs_too(company: Company) -> None:
    system = Context(company_id=company.pk, at=NOON, channel=Channel.SYSTEM)
    job = run_all(start(system, {"codes": ["a"]}, kind="tests.guarded"))
    assert (job.state, job.started_by) == ("done", None)
