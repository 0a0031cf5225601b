"""Jobs over REST: the same rules and refusals as the pages."""

import pytest
from django.test import Client
from django.utils import timezone

from backoffice.commands import Context
from backoffice.identity.models import User
from backoffice.jobs.models import Job
from backoffice.organization.models import Company
from tests.backoffice.jobs.conftest import chunk_ids, new_user, run, run_all, start
from tests.factories.identity import browser, make_token

pytestmark = pytest.mark.django_db

JOBS = "/api/v1/jobs/"


@pytest.fixture
def me(starter: User, company: Company) -> Client:
    return browser(starter, company)


def test_a_job_tells_how_far_it_is(ctx: Context, me: Client, starter: User) -> None:
    job = start(ctx, {"codes": ["a", "b"], "bad": ["b"]}, {"codes": ["c", "d"]})
    run(chunk_ids(job)[0])
    answer = me.get(f"{JOBS}{job.pk}/")
    assert answer.status_code == 200
    found = answer.json()
    assert {
        name: found[name]
        for name in ("id", "kind", "state", "total", "done", "failed", "percent", "started_by")
    } == {
        "id": job.pk,
        "kind": "tests.probe",
        "state": "running",
        "total": 4,
        "done": 1,
        "failed": 1,
        "percent": 50,
        "started_by": starter.pk,
    }
    assert found["item_errors"] == [
        {"key": "b", "label": "Centro b", "code": "bad_code", "message": "This code is bad."}
    ]
    assert found["finished_at"] is None


def test_the_list_is_paged_by_key_newest_first(ctx: Context, me: Client) -> None:
    ids = [start(ctx, {"codes": []}).pk for _ in range(3)]
    first = me.get(JOBS, {"limit": 2}).json()
    assert [job["id"] for job in first["results"]] == [ids[2], ids[1]]
    second = me.get(first["next"]).json()
    assert [job["id"] for job in second["results"]] == [ids[0]]
    assert second["next"] is None


def test_the_list_is_narrowed_by_state(ctx: Context, me: Client) -> None:
    start(ctx)
    done = run_all(start(ctx, {"codes": ["x"]}))
    assert [job["id"] for job in me.get(JOBS, {"state": "done"}).json()["results"]] == [done.pk]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"state": "odd"}, "unknown_state"),
        ({"limit": "0"}, "bad_limit"),
        ({"limit": "201"}, "bad_limit"),
        ({"limit": "dez"}, "bad_limit"),
        ({"order": "id"}, "unknown_parameter"),
        ({"after": "!"}, "invalid_cursor"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused(
    me: Client, query: dict[str, str], code: str
) -> None:
    answer = me.get(JOBS, query)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert answer["Content-Type"] == "application/problem+json"


def test_cancel_and_retry(ctx: Context, me: Client) -> None:
    job = start(ctx)
    answer = me.post(f"{JOBS}{job.pk}/cancel/", content_type="application/json")
    assert answer.status_code == 200
    assert answer.json()["stop_requested_at"] is not None
    answer = me.post(f"{JOBS}{job.pk}/retry/", content_type="application/json")
    assert (answer.status_code, answer.json()["state"]) == (200, "pending")


def test_what_has_ended_cannot_be_cancelled(ctx: Context, me: Client) -> None:
    job = run_all(start(ctx))
    answer = me.post(f"{JOBS}{job.pk}/cancel/", content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (409, "job_ended")
    answer = me.post(f"{JOBS}{job.pk}/retry/", content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_failed")


def test_the_same_key_does_it_once(ctx: Context, me: Client) -> None:
    job = run_all(start(ctx, {"codes": ["a"], "behaviour": "refuse"}))
    headers = {"Idempotency-Key": "one"}
    for _ in range(2):
        answer = me.post(f"{JOBS}{job.pk}/retry/", content_type="application/json", headers=headers)
        assert answer.status_code == 200
    assert Job.objects.get(pk=job.pk).round == 2


def test_jobs_of_others_do_not_exist(ctx: Context, company: Company) -> None:
    job = start(ctx)
    stranger = browser(new_user(company, "hr_manager"), company)
    assert stranger.get(f"{JOBS}{job.pk}/").status_code == 404
    assert stranger.get(JOBS).json() == {"results": [], "next": None}
    for verb in ("cancel", "retry"):
        answer = stranger.post(f"{JOBS}{job.pk}/{verb}/", content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (404, "no_such_job")


def test_who_manages_jobs_sees_them_without_the_items(ctx: Context, company: Company) -> None:
    job = run_all(start(ctx, {"codes": ["a", "b"], "bad": ["b"]}))
    agent = browser(new_user(company, "it_agent"), company)
    found = agent.get(f"{JOBS}{job.pk}/").json()
    assert (found["failed"], found["item_errors"]) == (1, [])


def test_a_token_needs_the_right_to_see_jobs(ctx: Context, company: Company, starter: User) -> None:
    job = start(ctx)

    def ask(scope: str) -> int:
        fresh = make_token(starter, company, [scope], timezone.now())
        headers = {"Authorization": f"Bearer {fresh.secret.value}"}
        return Client().get(f"{JOBS}{job.pk}/", headers=headers).status_code

    assert ask("backoffice.job.view") == 200
    assert ask("backoffice.job.cancel") == 403


def test_strangers_are_refused(ctx: Context) -> None:
    job = start(ctx)
    for address in (JOBS, f"{JOBS}{job.pk}/"):
        assert Client().get(address).status_code == 401
