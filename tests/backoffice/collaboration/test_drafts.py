"""Drafts: for their own person on all devices, sealed, never secrets, gone when saved or old."""

import datetime as dt
import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from backoffice.audit.models import Event
from backoffice.collaboration import drafts
from backoffice.collaboration.models import FormDraft
from backoffice.errors import InvalidInput
from backoffice.organization.models import Company
from tests.factories import identity, people
from tests.factories.people import AT

TYPED = [["name", "Meia palavra"], ["usable", ["on", True]], ["roles", ["1", "2"]]]


@pytest.fixture
def company(db: None) -> Company:
    return people.make_company()


@pytest.fixture
def client(company: Company) -> Client:
    return identity.browser(identity.make_user(company, "hr_analyst"), company)


def put(client: Client, values: Any = TYPED, form: str = "hr.job_title.create") -> Any:
    return client.post("/drafts/", {"form": form, "values": json.dumps(values)})


def test_a_draft_comes_back_on_another_device_and_to_nobody_else(company: Company) -> None:
    user = identity.make_user(company, "hr_analyst")
    here, there = identity.browser(user, company), identity.browser(user, company)
    assert put(here).json() == {"kept": 3}
    found = there.get("/drafts/", {"form": "hr.job_title.create"}).json()
    assert found["values"] == TYPED
    assert abs(found["at"] / 1000 - timezone.now().timestamp()) < 60
    other = identity.browser(identity.make_user(company, "owner"), company)
    assert other.get("/drafts/", {"form": "hr.job_title.create"}).json() == {}
    elsewhere = people.make_company()
    identity.grant(elsewhere, user, "hr_analyst")
    session = there.session
    session["company_id"] = elsewhere.pk
    session.save()
    assert there.get("/drafts/", {"form": "hr.job_title.create"}).json() == {}


def test_the_database_holds_no_readable_word_and_the_log_none(client: Client) -> None:
    before = Event.objects.count()
    put(client)
    draft = FormDraft.objects.get()
    assert b"Meia" not in bytes(draft.sealed)
    assert Event.objects.count() == before


def test_a_row_moved_to_another_person_does_not_open(company: Company, client: Client) -> None:
    put(client)
    thief = identity.make_user(company, "owner")
    FormDraft.objects.update(user=thief)
    shown = identity.browser(thief, company).get("/drafts/", {"form": "hr.job_title.create"})
    assert (shown.status_code, shown.json()) == (200, {})


def test_secrets_and_strange_values_are_left_out(client: Client) -> None:
    strange = [
        ["password", "x"],
        ["nova_senha", "x"],
        ["client_secret", "x"],
        ["csrfmiddlewaretoken", "x"],
        ["version", "1"],
        ["name", {"a": 1}],
        ["name"],
        [1, "x"],
        "x",
        ["name", "fica"],
    ]
    assert put(client, strange).json() == {"kept": 1}
    found = client.get("/drafts/", {"form": "hr.job_title.create"}).json()
    assert found["values"] == [["name", "fica"]]


def test_what_is_no_draft_is_refused(client: Client) -> None:
    for body in ({"form": "x" * 3, "values": "{"}, {"form": "abc", "values": "{}"}):
        assert client.post("/drafts/", body).status_code == 422
    assert put(client, form="../x").status_code in {409, 422}
    assert put(client, [["name", "x" * drafts.MOST_BYTES]]).status_code in {409, 422}
    assert not FormDraft.objects.exists()


def test_discarding_and_age_end_a_draft(company: Company, client: Client) -> None:
    put(client)
    assert client.post("/drafts/", {"form": "hr.job_title.create"}).json() == {"kept": 0, "gone": 1}
    assert not FormDraft.objects.exists()
    user = identity.make_user(company, "hr_analyst")
    ctx = identity.acting_as(user, company)
    drafts.keep_draft(ctx, form="a.b.c", values=TYPED)
    access = identity.access(user, company)
    late = AT + drafts.KEPT_FOR
    assert drafts.draft_of(access, "a.b.c", at=late - dt.timedelta(seconds=1)) is not None
    assert drafts.draft_of(access, "a.b.c", at=late) is None
    drafts.discard_draft(identity.acting_as(user, company, at=late), form="x.y.z")
    assert not FormDraft.objects.exists()


def test_the_oldest_of_too_many_makes_way(company: Company) -> None:
    user = identity.make_user(company, "hr_analyst")
    for number in range(drafts.MOST_DRAFTS + 2):
        ctx = identity.acting_as(user, company, at=AT + dt.timedelta(seconds=number))
        drafts.keep_draft(ctx, form=f"a.b.c.{number}", values=TYPED)
    kept = set(FormDraft.objects.values_list("form", flat=True))
    assert len(kept) == drafts.MOST_DRAFTS
    assert not kept & {"a.b.c.0", "a.b.c.1"}
    with pytest.raises(InvalidInput):
        drafts.keep_draft(identity.acting_as(user, company), form="A b", values=[])


def test_a_saved_form_forgets_its_draft_and_a_refused_one_keeps_it(
    company: Company, client: Client
) -> None:
    form = "hr.job_title.create"
    put(client)
    page = client.get("/hr/job-titles/new/").content.decode()
    assert 'data-drafts="/drafts/"' in page
    assert f'data-draft="{form}"' in page
    refused = client.post("/hr/job-titles/new/", {"name": "", "drafted": form})
    assert refused.status_code == 422
    assert FormDraft.objects.count() == 1
    from backoffice.resources.registry import RESOURCES
    from tests.resources.scene import Scene

    resource = RESOURCES["hr.job_title"]
    scene = Scene(company, resource)
    assert resource.create is not None
    body = scene.body(resource.create, None)
    saved = client.post("/hr/job-titles/new/", {**body, "drafted": form, "idempotency_key": "k"})
    assert saved.status_code == 302, saved.content.decode()[-800:]
    assert not FormDraft.objects.exists()
