"""Webhooks: who is told what, signed, tried again, replayed."""

import datetime as dt
import itertools
import threading
from dataclasses import replace
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from backoffice.audit.models import Event, ReadLog
from backoffice.commands import Context
from backoffice.errors import InvalidInput, NotAllowed, NotFound, WrongState
from backoffice.identity.rules import Scope
from backoffice.integration import delivery as sending
from backoffice.organization.models import Branch, Company
from backoffice.outbox import services
from backoffice.outbox.models import (
    DeliveryState,
    OutboxPosition,
    Webhook,
    WebhookAttempt,
    WebhookDelivery,
)
from backoffice.outbox.selectors import secret_of
from hr.payroll.services import submit_run
from tests.factories import identity, payroll, people
from tests.factories import webhooks as made
from tests.factories.receiver import receiving

pytestmark = [pytest.mark.django_db, pytest.mark.clone]


@pytest.fixture
def company() -> Company:
    return people.make_company()


@pytest.fixture(autouse=True)
def here(settings: LazySettings) -> None:
    settings.GATEWAY_PRIVATE_HOSTS = frozenset({"127.0.0.1"})


def system(company: Company) -> Context:
    return replace(people.system(company), at=timezone.now())


def pump() -> int:
    return sending.pump(timezone.now)


def begin(company: Company, url: str, **over: Any) -> Webhook:
    """A webhook that is told from now on."""
    hook = made.webhook(company, url=url, created_at=timezone.now(), **over)
    pump()
    return hook


def happen(branch: Branch) -> None:
    """Something that happens to a branch."""
    with transaction.atomic():
        ctx = system(Company.objects.get(pk=branch.company_id))
        ctx.record("backoffice.branch.changed", target=branch)


def test_what_happens_is_told_once_signed_and_without_values(company: Company) -> None:
    branch = identity.make_branch(company)
    with receiving() as receiver:
        hook = begin(company, receiver.url)
        receiver.secret = secret_of(hook)
        happen(branch)
        assert pump() == 1
        assert pump() == 0
    event = Event.objects.filter(target_type="backoffice.branch").latest("id")
    assert receiver.taken == {
        f"evt_{event.pk}": {
            "id": event.pk,
            "type": event.action,
            "at": event.at.isoformat(),
            "company": company.pk,
            "object": "backoffice.branch",
            "object_id": branch.pk,
            "url": f"/api/v1/backoffice/branches/{branch.pk}/",
        }
    }
    told = WebhookDelivery.objects.get()
    assert (told.state, told.status, told.attempts, told.due_at) == ("delivered", 204, 1, None)


def test_an_event_is_written_for_a_webhook_once_however_often_it_is_read(company: Company) -> None:
    branch = identity.make_branch(company)
    begin(company, "https://hooks.example.com/")
    happen(branch)
    before = OutboxPosition.objects.values().get()
    services.consume(sending.NAME, at=timezone.now())
    OutboxPosition.objects.update(**{k: before[k] for k in ("epoch", "xid", "event_id")})
    services.consume(sending.NAME, at=timezone.now())
    assert WebhookDelivery.objects.count() == 1


def test_only_the_chosen_objects_of_the_own_company_and_only_what_the_person_may_see(
    company: Company,
) -> None:
    branch = identity.make_branch(company)
    stranger = identity.make_branch(people.make_company())
    administrator = identity.make_user(company, "administrator")
    url = "https://hooks.example.com/"
    branches = begin(company, url)
    begin(company, url, objects_told=["backoffice.department"])
    begin(company, url, active=False)
    begin(company, url, owner=administrator, objects_told=["hr.employee"])
    nobody = identity.make_user()
    begin(company, url, owner=nobody)
    happen(branch)
    happen(stranger)
    people.hire(company)
    services.consume(sending.NAME, at=timezone.now())
    assert [row.webhook_id for row in WebhookDelivery.objects.all()] == [branches.pk]


def test_a_failure_is_tried_again_later_with_the_same_id_and_then_arrives(company: Company) -> None:
    branch = identity.make_branch(company)
    with receiving() as receiver:
        hook = begin(company, receiver.url)
        receiver.secret = secret_of(hook)
        receiver.answers = [500, 302]
        receiver.tolerance = 3600  # the clock of the test runs ahead of the receiver's
        happen(branch)
        now = timezone.now()
        clock = itertools.count()
        ticking = lambda: now + dt.timedelta(seconds=next(clock))  # noqa: E731
        sending.pump(ticking)
        row = WebhookDelivery.objects.get()
        assert (row.state, row.attempts, row.status) == ("pending", 1, 500)
        assert 50 < (row.due_at - now).total_seconds() < 70  # type: ignore[operator]
        assert sending.pump(ticking) == 0  # not yet
        assert sending.pump(lambda: now + dt.timedelta(seconds=90)) == 1
        assert sending.pump(lambda: now + dt.timedelta(seconds=500)) == 1
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("delivered", 3)
    assert len({seen["id"] for seen in receiver.seen}) == 1
    numbers = WebhookAttempt.objects.order_by("number").values_list("number", "status")
    assert list(numbers) == [(1, 500), (2, 302), (3, 204)]


def test_after_the_last_attempt_it_has_failed_and_can_be_sent_again(company: Company) -> None:
    hook = made.webhook(company)
    row = made.delivery(company, webhook=hook, state="pending", attempts=7, due_at=timezone.now())
    attempt = services.claim(at=timezone.now())
    assert attempt is not None
    state = services.record_answer(attempt, status=503, detail="no", at=timezone.now())
    assert state == DeliveryState.FAILED
    ctx = system(company)
    services.replay_delivery(ctx, webhook_delivery_id=row.pk)
    row.refresh_from_db()
    assert (row.state, row.attempts, row.tried) == ("pending", 0, 1)
    with pytest.raises(WrongState):
        services.replay_delivery(ctx, webhook_delivery_id=row.pk)
    with pytest.raises(NotFound):
        services.replay_delivery(ctx, webhook_delivery_id=10**9)


def test_all_that_failed_is_sent_again_at_once(company: Company) -> None:
    hook = made.webhook(company)
    for _each in range(3):
        made.delivery(company, webhook=hook)
    other = made.delivery(company)
    ctx = system(company)
    services.replay_failed(ctx, webhook_id=hook.pk)
    assert WebhookDelivery.objects.filter(webhook=hook, state="pending").count() == 3
    other.refresh_from_db()
    assert other.state == "failed"
    with pytest.raises(WrongState):
        services.replay_failed(ctx, webhook_id=hook.pk)
    with pytest.raises(NotFound):
        services.replay_failed(ctx, webhook_id=10**9)


def test_410_stops_the_webhook(company: Company) -> None:
    branch = identity.make_branch(company)
    with receiving() as receiver:
        hook = begin(company, receiver.url)
        receiver.secret = secret_of(hook)
        receiver.answers = [410]
        happen(branch)
        happen(branch)
        assert pump() == 1
    hook.refresh_from_db()
    assert (hook.active, hook.stopped_because) == (False, "410 Gone")
    assert Event.objects.filter(action="backoffice.webhook.stopped").count() == 1
    states = sorted(WebhookDelivery.objects.values_list("state", flat=True))
    assert states == ["failed", "pending"]


def test_a_wrong_secret_is_refused_by_the_other_side(company: Company) -> None:
    branch = identity.make_branch(company)
    with receiving() as receiver:
        hook = begin(company, receiver.url)
        receiver.secret = secret_of(hook)
        services.renew_secret(system(company), webhook_id=hook.pk)
        happen(branch)
        pump()
        assert WebhookDelivery.objects.get().status == 401
        assert receiver.seen == []


def test_an_address_that_turned_private_is_never_called(
    company: Company, settings: LazySettings
) -> None:
    branch = identity.make_branch(company)
    with receiving() as receiver:
        begin(company, receiver.url)
        settings.GATEWAY_PRIVATE_HOSTS = frozenset()
        happen(branch)
        pump()
        assert receiver.seen == []
    row = WebhookDelivery.objects.get()
    assert (row.state, row.status) == ("failed", None)
    assert WebhookAttempt.objects.get().detail != ""


def test_a_right_that_was_lost_meanwhile_stops_what_waits(company: Company) -> None:
    branch = identity.make_branch(company)
    with receiving() as receiver:
        hook = begin(company, receiver.url)
        happen(branch)
        services.consume(sending.NAME, at=timezone.now())
        hook.owner.role_grants.update(ended_at=timezone.now())
        pump()
        assert receiver.seen == []
    assert WebhookDelivery.objects.get().state == "failed"


def test_a_worker_that_dies_leaves_the_delivery_to_the_next_one(company: Company) -> None:
    made.delivery(company, state="pending", attempts=0, due_at=timezone.now())
    now = timezone.now()
    first = services.claim(at=now)
    assert first is not None
    assert services.claim(at=now) is None  # under way
    later = now + services.deliveries.LEASE + dt.timedelta(seconds=1)
    second = services.claim(at=later)
    assert second is not None
    assert second.number == 2
    services.record_answer(second, status=200, detail="", at=later)
    # the first one was only slow: what it says comes too late to matter
    assert services.record_answer(first, status=500, detail="", at=later) == "delivered"


def test_of_one_webhook_one_delivery_is_under_way_and_others_are_not_held_up(
    company: Company,
) -> None:
    slow, quick = made.webhook(company), made.webhook(company)
    now = timezone.now()
    for hook in (slow, slow, quick):
        made.delivery(company, webhook=hook, state="pending", attempts=0, due_at=now)
    claimed = [services.claim(at=now) for _each in range(3)]
    assert [each and each.webhook.pk for each in claimed] == [slow.pk, quick.pk, None]


def test_a_trial_is_sent_whatever_objects_are_told(company: Company) -> None:
    with receiving() as receiver:
        hook = begin(company, receiver.url)
        receiver.secret = secret_of(hook)
        ctx = system(company)
        services.ping_webhook(ctx, webhook_id=hook.pk)
        assert pump() == 1
        assert [each["type"] for each in receiver.seen] == ["backoffice.webhook.pinged"]
        Webhook.objects.filter(pk=hook.pk).update(active=False)
        with pytest.raises(WrongState):
            services.ping_webhook(ctx, webhook_id=hook.pk)


def test_a_webhook_has_the_rights_of_who_made_or_last_changed_it(company: Company) -> None:
    first, second = identity.make_user(company, "owner"), identity.make_user(company, "owner")
    given: dict[str, Any] = {
        "name": "ERP",
        "url": "https://hooks.example.com/",
        "objects_told": ["hr.employee"],
    }
    hook = services.create_webhook(identity.acting_as(first, company), **given)
    assert hook.owner == first
    with pytest.raises(InvalidInput):
        services.create_webhook(identity.acting_as(first, company), **given)
    ctx = identity.acting_as(second, company)
    changed = services.change_webhook(ctx, webhook_id=hook.pk, **given, active=True)
    assert changed.owner == second
    calls: list[tuple[Any, dict[str, Any]]] = [
        (services.create_webhook, {}),
        (services.change_webhook, {"webhook_id": hook.pk, "active": True}),
    ]
    for call, more in calls:
        with pytest.raises(NotAllowed):
            call(people.system(company), **given, **more)
    with pytest.raises(NotFound):
        services.renew_secret(people.system(people.make_company()), webhook_id=hook.pk)


def test_the_database_keeps_what_was_told_and_to_whom(company: Company) -> None:
    row = made.delivery(company)
    other = made.webhook(people.make_company())
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        WebhookDelivery.objects.filter(pk=row.pk).update(event_id=1)
    with pytest.raises(IntegrityError, match="same_company"), transaction.atomic():
        made.delivery(company, webhook=other)
    attempt = row.tries.create(number=1, started_at=timezone.now(), ended_at=timezone.now())
    with pytest.raises(IntegrityError, match="stays as it was"), transaction.atomic():
        WebhookAttempt.objects.filter(pk=attempt.pk).update(status=200)
    with pytest.raises(IntegrityError, match="webhook_delivery_state"), transaction.atomic():
        WebhookDelivery.objects.filter(pk=row.pk).update(state="delivered")
    with pytest.raises(IntegrityError, match="webhook_attempt_once"), transaction.atomic():
        row.tries.create(number=1, started_at=timezone.now())


def test_the_secret_is_shown_to_who_may_change_it_and_looking_is_logged(company: Company) -> None:
    hook = made.webhook(company)
    owner = identity.make_user(company, "owner")
    page = identity.browser(owner, company).get(f"/backoffice/webhooks/{hook.pk}/secret/")
    assert secret_of(hook) in page.content.decode()
    logged = ReadLog.objects.get(kind="backoffice.webhook_secret")
    assert (logged.user_id, logged.ids) == (owner.pk, [hook.pk])
    agent = identity.browser(identity.make_user(company, "it_agent"), company)
    assert agent.get(f"/backoffice/webhooks/{hook.pk}/secret/").status_code == 403
    seen = agent.get(f"/api/v1/backoffice/webhooks/{hook.pk}/").content.decode()
    assert "whsec_" not in seen


def test_an_address_inside_is_refused_in_the_form(company: Company) -> None:
    browser = identity.browser(identity.make_user(company, "owner"), company)
    given = {"name": "x", "url": "https://10.0.0.1/", "objects_told": ["backoffice.branch"]}
    answer = browser.post("/api/v1/backoffice/webhooks/", given, content_type="application/json")
    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json()["errors"]] == ["#/url"]
    assert not Webhook.objects.exists()


# --- the feed -------------------------------------------------------------------------------------

FEED = "/api/v1/changes/"


def types(client: Client, after: str = "") -> list[str]:
    query = f"?after={after}" if after else ""
    return [each["object"] for each in client.get(f"{FEED}{query}").json()["results"]]


def test_the_feed_gives_what_happened_behind_a_place_and_nothing_twice(company: Company) -> None:
    browser = identity.browser(identity.make_user(company, "owner"), company)
    branch = identity.make_branch(company)
    start = browser.get(f"{FEED}?after=latest").json()
    assert start["results"] == []
    happen(branch)
    happen(branch)
    first = browser.get(f"{FEED}?after={start['next']}&limit=1").json()
    assert (len(first["results"]), first["more"]) == (1, True)
    second = browser.get(f"{FEED}?after={first['next']}&limit=5").json()
    assert (len(second["results"]), second["more"]) == (1, False)
    assert first["results"][0]["id"] < second["results"][0]["id"]
    assert second["results"][0]["url"] == f"/api/v1/backoffice/branches/{branch.pk}/"
    assert browser.get(f"{FEED}?after={second['next']}").json()["results"] == []


def test_the_feed_tells_of_the_own_company_and_of_what_one_may_see(company: Company) -> None:
    people.hire(company)
    happen(identity.make_branch(company))
    other = people.make_company()
    happen(identity.make_branch(other))
    analyst = identity.browser(identity.make_user(company, "hr_analyst"), company)
    seen = set(types(analyst))
    assert {"hr.employee", "backoffice.branch"} <= seen
    assert "backoffice.role_grant" not in seen
    administrator = identity.browser(identity.make_user(company, "administrator"), company)
    assert "hr.employee" not in set(types(administrator))
    employee = identity.browser(identity.make_user(company, "employee", scope=Scope.OWN), company)
    assert types(employee) == []
    owner = identity.browser(identity.make_user(company, "owner"), company)
    rows = owner.get(f"{FEED}?limit=1000").json()["results"]
    assert {each["company"] for each in rows} == {company.pk}
    assert "values" not in rows[0]
    assert "data" not in rows[0]


def test_a_token_is_told_only_of_its_scopes(company: Company, client: Client) -> None:
    people.hire(company)
    happen(identity.make_branch(company))
    owner = identity.make_user(company, "owner")
    token = identity.make_token(
        owner, company, ["backoffice.branch.view", "backoffice.change.view"]
    )
    headers = {"Authorization": f"Bearer {token.secret.value}"}
    rows = client.get(FEED, headers=headers).json()["results"]
    assert {each["object"] for each in rows} == {"backoffice.branch"}


@pytest.mark.parametrize("query", ["after=x", "limit=0", "limit=1001", "limit=x", "since=1"])
def test_the_feed_ignores_nothing_in_silence(company: Company, query: str) -> None:
    browser = identity.browser(identity.make_user(company, "owner"), company)
    assert browser.get(f"{FEED}?{query}").status_code == 400


def test_strangers_are_told_nothing(client: Client) -> None:
    assert client.get(FEED).status_code == 401


def test_sixteen_workers_never_have_two_deliveries_of_one_webhook_under_way(
    company: Company,
) -> None:
    hooks = [made.webhook(company) for _each in range(3)]
    now = timezone.now()
    for hook in hooks:
        for _each in range(6):
            made.delivery(company, webhook=hook, state="pending", attempts=0, due_at=now)
    claimed: list[int] = []
    barrier = threading.Barrier(16)

    def work() -> None:
        barrier.wait()
        attempt = services.claim(at=now)
        if attempt is not None:
            claimed.append(attempt.webhook.pk)
        connection.close()

    threads = [threading.Thread(target=work) for _each in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(claimed) == len(set(claimed))
    assert WebhookAttempt.objects.count() == len(claimed)


def test_of_an_object_that_shows_only_some_records_only_those_are_told(company: Company) -> None:
    """Who may see approvals sees those that concern them, whatever the scope of the role."""
    people.hire(company)
    run = payroll.computed_run(company)
    submit_run(system(company), payroll_run_id=run.pk)
    manager = identity.browser(identity.make_user(company, "hr_manager"), company)
    analyst = identity.browser(identity.make_user(company, "hr_analyst"), company)
    assert "backoffice.approval" in types(manager)  # may vote on it
    assert "backoffice.approval" not in types(analyst)
    assert "hr.payroll_run" in types(analyst)
