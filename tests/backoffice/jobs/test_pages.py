"""What people see of long work, who sees what, and what the buttons do."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backoffice.accounts.middleware import SEEN, SEEN_NOTED_EVERY
from backoffice.commands import Context
from backoffice.identity.models import User
from backoffice.jobs import services
from backoffice.jobs.models import Job, JobHeartbeat
from backoffice.jobs.rules import MAX_ATTEMPTS
from backoffice.organization.models import Company
from tests.backoffice.jobs.conftest import (
    chunk_ids,
    context_for,
    new_company,
    new_user,
    run,
    run_all,
    start,
)
from tests.factories.identity import browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def me(starter: User, company: Company) -> Client:
    User.objects.filter(pk=starter.pk).update(language="en")
    return browser(starter, company)


def visitor(company: Company, role: str) -> Client:
    user = new_user(company, role)
    User.objects.filter(pk=user.pk).update(language="en")
    return browser(user, company)


def text_of(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return " ".join(answer.content.decode().split())


def page_of(job: Job) -> str:
    return f"/jobs/{job.pk}/"


def test_the_state_beside_the_title_follows_the_live_part(ctx: Context, me: Client) -> None:
    job = start(ctx)
    page = text_of(me, page_of(job))
    assert page.count('id="job-state"') == 1
    assert "hx-swap-oob" not in page[page.index('id="job-state"') :][:60]
    live = text_of(me, f"/jobs/{job.pk}/live/")
    assert '<span id="job-state" hx-swap-oob="true">' in live
    run(chunk_ids(job)[0])
    assert "Running" in text_of(me, f"/jobs/{job.pk}/live/")


def test_a_running_job_shows_figures_and_can_be_cancelled(ctx: Context, me: Client) -> None:
    job = start(ctx)
    run(chunk_ids(job)[0])
    html = text_of(me, page_of(job))
    assert f'hx-get="/jobs/{job.pk}/live/"' in html
    assert 'hx-trigger="every 1s"' in html
    assert 'aria-valuenow="33"' in html
    assert f'action="/jobs/{job.pk}/do/cancel/"' in html
    assert f'action="/jobs/{job.pk}/do/retry/"' not in html
    assert "2 of 6 items are done and stay done." in html
    assert "Traceback" not in html


def test_progress_inside_a_running_part_counts(ctx: Context, me: Client) -> None:
    job = start(ctx)
    first, second, _third = chunk_ids(job)
    run(first)
    JobHeartbeat.objects.create(chunk_id=second, done=1, at=timezone.now())
    assert 'aria-valuenow="50"' in text_of(me, page_of(job))
    JobHeartbeat.objects.create(chunk_id=first, done=2, at=timezone.now())  # its part is done
    assert 'aria-valuenow="50"' in text_of(me, page_of(job))


def test_the_live_part_reloads_the_page_at_the_end_and_only_then(ctx: Context, me: Client) -> None:
    job = start(ctx)
    answer = me.get(f"/jobs/{job.pk}/live/")
    assert answer.status_code == 200
    assert "HX-Refresh" not in answer
    assert b"hx-get" in answer.content
    run_all(job)
    answer = me.get(f"/jobs/{job.pk}/live/")
    assert answer["HX-Refresh"] == "true"
    assert b"hx-get" not in answer.content


def test_failed_items_are_listed_with_their_reasons(ctx: Context, me: Client) -> None:
    job = run_all(start(ctx, {"codes": ["a", "b"], "bad": ["b"]}))
    html = text_of(me, page_of(job))
    assert "Centro b" in html
    assert "This code is bad." in html
    assert "Centro a" not in html
    assert f'action="/jobs/{job.pk}/do/retry/"' in html
    assert 'hx-trigger="every 1s"' not in html


def test_who_manages_jobs_sees_attempts_but_not_the_items_of_others(
    ctx: Context, me: Client, company: Company
) -> None:
    job = start(ctx, {"codes": ["a", "b"], "bad": ["b"]}, {"codes": ["c"], "behaviour": "break"})
    good, bad = chunk_ids(job)
    run(good)
    for _ in range(MAX_ATTEMPTS):
        run(bad)
    agent = text_of(visitor(company, "it_agent"), page_of(job))
    assert "RuntimeError: the probe breaks" in agent
    assert "Centro b" not in agent
    assert "Which items failed is shown to who started the job" in agent
    mine = text_of(me, page_of(job))
    assert "RuntimeError" not in mine
    assert "Centro b" in mine
    assert "An unexpected fault happened each time it was tried." in mine


def test_a_failed_job_says_why(ctx: Context, me: Client) -> None:
    job = run_all(start(ctx, {"codes": ["a"], "behaviour": "refuse"}))
    html = text_of(me, page_of(job))
    assert "Why it ended" in html
    assert "The probe refuses this part." in html


def test_the_buttons_cancel_and_retry(ctx: Context, me: Client) -> None:
    job = start(ctx)
    answer = me.post(f"/jobs/{job.pk}/do/cancel/", follow=True)
    assert "The job is being cancelled." in answer.content.decode()
    job.refresh_from_db()
    assert job.stop_requested_at is not None
    assert "Being cancelled" in answer.content.decode()
    run_all(job)
    services.finish_if_complete(job.pk, worker="w", at=timezone.now())
    me.post(f"/jobs/{job.pk}/do/retry/")
    job.refresh_from_db()
    assert (job.state, job.round) == ("pending", 2)


def test_a_refusal_comes_back_as_a_message(ctx: Context, me: Client) -> None:
    job = run_all(start(ctx))
    answer = me.post(f"/jobs/{job.pk}/do/cancel/", follow=True)
    assert answer.status_code == 200
    assert "This job has already ended." in answer.content.decode()


def test_looking_changes_nothing(ctx: Context, me: Client) -> None:
    job = start(ctx)
    for verb in ("cancel", "retry"):
        assert me.get(f"/jobs/{job.pk}/do/{verb}/").status_code == 405
    job.refresh_from_db()
    assert job.stop_requested_at is None


@pytest.mark.parametrize("role", ["hr_manager", "auditor", "employee"])
def test_jobs_of_others_do_not_exist(ctx: Context, company: Company, role: str) -> None:
    job = start(ctx)
    stranger = visitor(company, role)
    for address in (page_of(job), f"/jobs/{job.pk}/live/"):
        text_of(stranger, address, 404)
    for verb in ("cancel", "retry"):
        assert stranger.post(f"/jobs/{job.pk}/do/{verb}/").status_code == 404
    assert "Centros de custo" not in text_of(stranger, "/jobs/")
    assert "Centros de custo" not in text_of(stranger, "/jobs/tray/")
    job.refresh_from_db()
    assert job.stop_requested_at is None


def test_jobs_of_another_company_do_not_exist(ctx: Context) -> None:
    job = start(ctx)
    elsewhere = new_company()
    agent = visitor(elsewhere, "it_agent")
    text_of(agent, page_of(job), 404)
    assert "Centros de custo" not in text_of(agent, "/jobs/")


def test_the_list_shows_own_jobs_by_group(ctx: Context, me: Client) -> None:
    running, done = start(ctx), run_all(start(ctx, {"codes": ["x"]}))
    assert f'href="{page_of(running)}"' in text_of(me, "/jobs/?state=running")
    assert f'href="{page_of(done)}"' not in text_of(me, "/jobs/?state=running")
    assert f'href="{page_of(done)}"' in text_of(me, "/jobs/?state=done")
    html = text_of(me, "/jobs/")
    assert html.index(page_of(done)) < html.index(page_of(running))  # newest first
    assert "No jobs in this state." in text_of(me, "/jobs/?state=failed")


def test_who_manages_jobs_sees_all_of_the_company(
    ctx: Context, company: Company, starter: User
) -> None:
    job = start(ctx)
    html = text_of(visitor(company, "it_agent"), "/jobs/")
    assert f'href="{page_of(job)}"' in html
    assert starter.name in html


def test_a_long_list_is_paged_by_key(ctx: Context, me: Client) -> None:
    first = start(ctx, {"codes": []})
    last = [start(ctx, {"codes": []}) for _ in range(50)][-1]
    html = text_of(me, "/jobs/")
    assert f'href="{page_of(last)}"' in html
    assert f'href="{page_of(first)}"' not in html
    after = html.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    html = text_of(me, after)
    assert f'href="{page_of(first)}"' in html
    assert f'href="{page_of(last)}"' not in html


def test_an_empty_list_says_what_jobs_are(me: Client) -> None:
    assert "No jobs yet." in text_of(me, "/jobs/")


def test_the_tray_shows_what_runs_and_what_just_ended(ctx: Context, me: Client) -> None:
    running, done = start(ctx), run_all(start(ctx, {"codes": ["x"]}))
    html = text_of(me, "/jobs/tray/")
    assert html.index(page_of(running)) < html.index(page_of(done))
    assert 'hx-trigger="every 2s"' in html
    assert 'popovertarget="jobs"' in html
    again = me.get("/jobs/tray/", headers={"HX-Target": "job-tray-content"}).content.decode()
    assert "popovertarget" not in again
    assert 'hx-swap-oob="true"' in again


def test_the_tray_looks_seldom_while_nothing_runs(
    ctx: Context, me: Client, company: Company
) -> None:
    other = context_for(new_user(company), company)
    start(other)
    html = text_of(me, "/jobs/tray/")
    assert 'hx-trigger="every 30s"' in html
    assert "Nothing runs, and nothing ended a moment ago." in html


def test_pages_cost_a_fixed_number_of_queries(ctx: Context, me: Client) -> None:
    def count(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            text_of(me, address)
        return len(queries)

    job = run_all(start(ctx, {"codes": ["a"], "bad": ["a"]}))
    text_of(me, "/jobs/")  # the first visit of a session writes to it
    few = [count(address) for address in ("/jobs/", "/jobs/tray/", page_of(job))]
    for number in range(5):
        start(ctx, {"codes": [f"{number}"]})
    more = [count(address) for address in ("/jobs/", "/jobs/tray/", page_of(job))]
    assert more == few


def test_a_page_that_asks_by_itself_keeps_no_session_alive(ctx: Context, me: Client) -> None:
    job = start(ctx)
    me.get("/jobs/")
    long_ago = int(timezone.now().timestamp()) - SEEN_NOTED_EVERY - 60
    session = me.session
    session[SEEN] = long_ago
    session.save()
    for address in ("/jobs/tray/", f"/jobs/{job.pk}/live/"):
        assert "X-Background" in me.get(address, headers={"X-Background": "true"}).content.decode()
    assert me.session[SEEN] == long_ago
    me.get("/jobs/")
    assert me.session[SEEN] > long_ago


def test_strangers_are_sent_to_the_login(ctx: Context) -> None:
    job = start(ctx)
    for address in ("/jobs/", "/jobs/tray/", page_of(job)):
        answer = Client().get(address)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/account/login/")
