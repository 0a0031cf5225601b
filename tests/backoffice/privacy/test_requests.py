"""Requests of data subjects and legal holds: what was asked stays, answers come in time, holds hold."""

import datetime as dt
import json
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import RequestFactory

from backoffice.audit.models import Event
from backoffice.errors import BusinessError, InvalidInput, NotAllowed, NotFound, WrongState
from backoffice.identity.models import User
from backoffice.identity.rules import Scope
from backoffice.jobs.models import Job
from backoffice.organization.models import Company
from backoffice.privacy import services
from backoffice.privacy.figures import in_time
from backoffice.privacy.models import LegalHold, PersonRequest
from backoffice.privacy.selectors import visible_holds
from backoffice.work.models import WorkItem
from tests.backoffice.exchange.conftest import folder, saved, work
from tests.factories import identity, people
from tests.factories.privacy import TODAY, make_hold, make_request

pytestmark = pytest.mark.django_db
__all__ = ["folder"]


@pytest.fixture
def company() -> Company:
    return people.make_company()


@pytest.fixture(autouse=True)
def _own_folder(folder: Any) -> None:
    """Nothing is written beside the test's own files."""


@pytest.fixture
def manager(company: Company) -> User:
    return identity.make_user(company, "hr_manager")


def test_a_request_is_due_fifteen_days_after_it_came(company: Company) -> None:
    asked = make_request(company, received_on=dt.date(2026, 11, 10))
    item = WorkItem.objects.get(process="backoffice.person_request", document_id=asked.pk)
    assert asked.due_on == dt.date(2026, 11, 25)
    assert item.due_at is not None
    assert item.due_at.isoformat() == "2026-11-26T02:59:59.999999+00:00"
    assert "Quais" not in item.title


def test_an_answer_is_kept_and_ends_the_request(company: Company, manager: User) -> None:
    ctx = identity.acting_as(manager, company)
    asked = make_request(company)
    done = services.answer_request(ctx, person_request_id=asked.pk, answer=" Segue. ")
    assert (done.state, done.answer, done.answered_on) == ("answered", "Segue.", TODAY)
    for again in (services.answer_request, services.refuse_request):
        with pytest.raises(WrongState):
            again(ctx, person_request_id=asked.pk, answer="Outra")
    refused = services.refuse_request(
        ctx, person_request_id=make_request(company).pk, answer="Dever legal"
    )
    assert (refused.state, refused.answer) == ("refused", "Dever legal")
    told = ("created", "answered", "refused")
    names = [f"backoffice.person_request.{each}" for each in told]
    actions = Event.objects.filter(action__in=names).order_by("pk")
    assert list(actions.values_list("action", flat=True)) == [
        "backoffice.person_request.created",
        "backoffice.person_request.answered",
        "backoffice.person_request.created",
        "backoffice.person_request.refused",
    ]
    asked.refresh_from_db()
    assert asked.answer == "Segue."


@pytest.mark.parametrize(
    ("over", "code"),
    [
        ({"kind": "other"}, "unknown_kind"),
        ({"said": "  "}, "text_needed"),
        ({"received_on": TODAY + dt.timedelta(days=1)}, "date_in_future"),
    ],
)
def test_what_cannot_be_taken_in(company: Company, over: dict[str, Any], code: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        make_request(company, **over)
    assert refusal.value.code == code
    assert not PersonRequest.objects.exists()


def test_strangers_and_empty_answers_are_refused(company: Company, manager: User) -> None:
    elsewhere = people.hire(people.make_company()).party_id
    with pytest.raises(NotFound):
        make_request(company, person_id=elsewhere)
    with pytest.raises(NotFound):
        make_hold(company, person_id=elsewhere)
    ctx = identity.acting_as(manager, company)
    asked = make_request(company)
    with pytest.raises(InvalidInput):
        services.answer_request(ctx, person_request_id=asked.pk, answer=" ")
    other = make_request(people.make_company())
    with pytest.raises(NotFound):
        services.answer_request(ctx, person_request_id=other.pk, answer="x")
    asked.refresh_from_db()
    assert (asked.state, asked.answer) == ("received", "")


def test_everybody_sees_their_own_requests_and_answers_none(company: Company) -> None:
    employee = people.hire(company)
    mine = make_request(company, person_id=employee.party_id)
    other = make_request(company)
    user = identity.make_user(company, "employee", person=employee.party, scope=Scope.OWN)
    client = identity.browser(user, company)
    assert client.get(f"/backoffice/person-requests/{mine.pk}/").status_code == 200
    assert client.get(f"/backoffice/person-requests/{other.pk}/").status_code == 404
    with pytest.raises(NotAllowed):
        services.answer_request(
            identity.acting_as(user, company), person_request_id=mine.pk, answer="x"
        )


def test_the_file_is_made_from_the_request(company: Company, manager: User) -> None:
    asked = make_request(company)
    ctx = identity.acting_as(manager, company)
    job = services.report_for_request(ctx, person_request_id=asked.pk, format="json")
    assert work(job).state == "done"
    report = json.loads(saved(identity.browser(manager, company), job))
    assert report["person"]["id"] == asked.person_id
    rows = next(s["rows"] for s in report["sections"] if s["model"] == "backoffice.PersonRequest")
    assert rows[0]["values"]["said"] == "Quais dados?"
    with pytest.raises(BusinessError):
        services.report_for_request(ctx, person_request_id=asked.pk, format="xml")
    assert Job.objects.count() == 1


def test_the_database_keeps_what_was_asked_and_answered(company: Company) -> None:
    ctx = people.system(company)
    asked = make_request(company)
    services.answer_request(ctx, person_request_id=asked.pk, answer="Segue")
    row = PersonRequest.objects.filter(pk=asked.pk)
    for attack in ({"said": "outra"}, {"due_on": TODAY}, {"answer": "outra"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            row.update(**attack)
    with pytest.raises(DatabaseError), transaction.atomic():
        row.delete()


def test_how_many_were_answered_in_time(company: Company, manager: User) -> None:
    request: Any = RequestFactory().get("/")
    request.access = identity.access(manager, company)
    assert in_time(request) is None
    ctx = people.system(company)
    services.answer_request(ctx, person_request_id=make_request(company).pk, answer="x")
    late = make_request(company, received_on=dt.date(2026, 10, 1))
    make_request(company)
    figure = in_time(request)
    assert figure is not None
    assert (figure.value, figure.target, figure.tone) == ("1/2", "2/2", "warning")
    services.answer_request(ctx, person_request_id=late.pk, answer="x")
    figure = in_time(request)
    assert figure is not None
    assert figure.value == "1/2"


def test_a_hold_is_placed_and_released_once_with_reasons(company: Company, manager: User) -> None:
    ctx = identity.acting_as(manager, company)
    hold = make_hold(company)
    everything = make_hold(company, person_id=None)
    assert (hold.person_id is None, everything.person_id) == (False, None)
    with pytest.raises(InvalidInput):
        services.release_hold(ctx, legal_hold_id=hold.pk, why=" ")
    done = services.release_hold(ctx, legal_hold_id=hold.pk, why="Acordo")
    assert (done.release_reason, done.released_by_id, done.released_at) == (
        "Acordo",
        manager.pk,
        people.AT,
    )
    with pytest.raises(WrongState):
        services.release_hold(ctx, legal_hold_id=hold.pk, why="De novo")
    with pytest.raises(NotFound):
        services.release_hold(ctx, legal_hold_id=make_hold(people.make_company()).pk, why="x")
    seen: Any = visible_holds(identity.access(manager, company))
    assert dict(seen.values_list("pk", "state")) == {hold.pk: "released", everything.pk: "in_force"}


@pytest.mark.parametrize(
    ("over", "code"),
    [
        ({"reason": " "}, "reason_needed"),
        ({"until": dt.date(2025, 1, 1)}, "ends_before_it_begins"),
    ],
)
def test_a_hold_that_makes_no_sense(company: Company, over: dict[str, Any], code: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        make_hold(company, **over)
    assert refusal.value.code == code
    assert not LegalHold.objects.exists()


def test_the_database_keeps_a_hold_as_it_was_placed(company: Company) -> None:
    hold = make_hold(company)
    row = LegalHold.objects.filter(pk=hold.pk)
    for attack in ({"reason": "x"}, {"person_id": None}, {"until": TODAY}):
        with pytest.raises(DatabaseError), transaction.atomic():
            row.update(**attack)
    services.release_hold(people.system(company), legal_hold_id=hold.pk, why="Fim")
    with pytest.raises(DatabaseError), transaction.atomic():
        row.update(release_reason="outra")
    with pytest.raises(DatabaseError), transaction.atomic():
        row.delete()


def test_when_a_hold_is_in_force(company: Company, manager: User) -> None:
    day = dt.timedelta(days=1)
    make_hold(company, since=TODAY + day)
    make_hold(company, since=TODAY - 2 * day, until=TODAY - day)
    make_hold(company, since=TODAY, until=TODAY)
    seen: Any = visible_holds(identity.access(manager, company)).order_by("pk")
    assert list(seen.values_list("state", flat=True)) == ["coming", "ended", "in_force"]
