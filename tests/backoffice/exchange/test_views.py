"""Views of lists: kept alone or shared, as tabs with counts; one of them opens the list."""

from typing import Any

import pytest
from django.test import Client

from backoffice.database.keyset import BadQuery
from backoffice.errors import InvalidInput, NotAllowed, NotFound
from backoffice.exchange import services, tabs
from backoffice.exchange.models import SavedView
from backoffice.identity.models import Role, User
from backoffice.organization.models import Company
from tests.factories import identity, people

pytestmark = pytest.mark.django_db

EMPLOYEES = "hr.employee"
LIST = "/hr/employees/"


@pytest.fixture
def analyst(company: Company) -> User:
    return identity.make_user(company, "hr_analyst")


@pytest.fixture
def boss(company: Company) -> User:
    return identity.make_user(company, "hr_manager")


def keep(company: Company, user: User, name: str = "Ativos", **over: Any) -> SavedView:
    given = {"object_name": EMPLOYEES, "query": "situation=active"} | over
    return services.save_view(identity.acting_as(user, company), name=name, **given)


def seen(company: Company, user: User) -> list[str]:
    access: Any = identity.acting_as(user, company).actor
    return [view.name for view in tabs.views_of(EMPLOYEES, access)]


def test_a_view_is_a_tab_of_its_owner_only(company: Company, analyst: User, boss: User) -> None:
    view = keep(company, analyst)
    assert (seen(company, analyst), seen(company, boss)) == (["Ativos"], [])
    client = identity.browser(analyst, company)
    part = f"/views/tabs/{EMPLOYEES}/?saved="
    assert part in client.get(LIST).content.decode()
    assert f'href="/views/{view.pk}/open/"' in client.get(part).content.decode()
    other = identity.browser(boss, company)
    assert other.get(part).content.decode().strip() == ""
    assert other.get(f"/views/{view.pk}/open/").status_code == 404
    assert other.get(f"/views/{view.pk}/").status_code == 404


def test_opening_a_view_shows_its_rows_and_the_counts_come_later(
    company: Company, analyst: User
) -> None:
    people.hire(company, name="Ana")
    people.hire(company, name="Bruno")
    view = keep(company, analyst, "Só Ana", query="q=ana&sort=-name&after=zzz")
    client = identity.browser(analyst, company)
    answer = client.get(f"/views/{view.pk}/open/")
    assert answer["Location"] == f"{LIST}?q=ana&sort=-name&saved={view.pk}"
    page = client.get(answer["Location"]).content.decode()
    assert "Ana" in page
    assert "Bruno" not in page
    part = client.get(f"/views/tabs/{EMPLOYEES}/?saved={view.pk}").content.decode()
    assert 'aria-current="page"' in part
    assert '<span class="count"><data' in part


def test_sharing_asks_for_a_permission_and_reaches_all_or_some_roles(
    company: Company, analyst: User, boss: User
) -> None:
    for sharing in ("all", "roles"):
        with pytest.raises(NotAllowed):
            keep(company, analyst, sharing=sharing, role_ids=[1])
    keep(company, boss, "Para todos", sharing="all")
    manager = Role.objects.get(company=None, code="manager")
    keep(company, boss, "Para gestores", sharing="roles", role_ids=[manager.pk])
    assert seen(company, analyst) == ["Para todos"]
    assert seen(company, identity.make_user(company, "manager")) == ["Para gestores", "Para todos"]
    foreign = people.make_company()
    assert seen(foreign, identity.make_user(foreign, "hr_manager")) == []
    with pytest.raises(InvalidInput) as refusal:
        keep(company, boss, "Sem papéis", sharing="roles")
    assert refusal.value.code == "no_roles"


def test_the_own_default_opens_the_list_before_the_shared_one(
    company: Company, analyst: User, boss: User
) -> None:
    shared = keep(company, boss, "Da empresa", sharing="all", is_default=True)
    client = identity.browser(analyst, company)
    assert client.get(LIST)["Location"] == f"/views/{shared.pk}/open/"
    own = keep(company, analyst, "Minha", is_default=True)
    assert client.get(LIST)["Location"] == f"/views/{own.pk}/open/"
    assert client.get(f"{LIST}?saved=0").status_code == 200
    assert client.get(f"{LIST}?q=a").status_code == 200
    assert client.get(LIST, headers={"HX-Request": "true"}).status_code == 200
    second = keep(company, analyst, "Outra minha", is_default=True)
    own.refresh_from_db()
    assert (own.is_default, second.is_default) == (False, True)
    shared.refresh_from_db()
    assert shared.is_default


def test_a_removed_or_no_longer_default_view_leaves_the_list_as_it_is(
    company: Company, analyst: User, boss: User
) -> None:
    shared = keep(company, boss, "Da empresa", sharing="all", is_default=True)
    own = keep(company, analyst, "Minha", is_default=True)
    client = identity.browser(analyst, company)
    services.remove_view(identity.acting_as(analyst, company), view_id=own.pk)
    assert client.get(LIST)["Location"] == f"/views/{shared.pk}/open/"
    services.change_view(
        identity.acting_as(boss, company), view_id=shared.pk, name="Da empresa", sharing="all"
    )
    assert client.get(LIST).status_code == 200
    analyst.refresh_from_db()
    company.refresh_from_db()
    assert (analyst.lists, company.opening_views) == ({}, {})


def test_a_default_for_a_role_opens_the_list_of_those_who_have_it_only(
    company: Company, analyst: User, boss: User
) -> None:
    role = Role.objects.get(company=None, code="hr_manager")
    view = keep(company, boss, "Gestão", sharing="roles", role_ids=[role.pk], is_default=True)
    assert identity.browser(boss, company).get(LIST)["Location"] == f"/views/{view.pk}/open/"
    assert identity.browser(analyst, company).get(LIST).status_code == 200


def test_what_the_list_no_longer_has_is_left_out_and_said(company: Company, analyst: User) -> None:
    view = keep(company, analyst)
    SavedView.objects.update(query="situation=active&gone=1&sort=nothing&department=999999")
    client = identity.browser(analyst, company)
    answer = client.get(f"/views/{view.pk}/open/", follow=True)
    assert answer.redirect_chain[0][0] == f"{LIST}?situation=active&saved={view.pk}"
    text = answer.content.decode()
    assert all(name in text for name in ("gone", "sort", "department"))


def test_a_question_that_cannot_be_or_a_name_in_use_is_refused(
    company: Company, analyst: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(BadQuery):
        keep(company, analyst, query="sort=password")
    with pytest.raises(NotFound):
        keep(company, analyst, object_name="hr.nothing")
    with pytest.raises(NotAllowed):
        keep(company, analyst, object_name="backoffice.event", query="")
    keep(company, analyst)
    with pytest.raises(InvalidInput) as refusal:
        keep(company, analyst)
    assert refusal.value.code == "name_in_use"
    monkeypatch.setattr("backoffice.exchange.services.saved_views.MOST", 1)
    with pytest.raises(InvalidInput) as refusal:
        keep(company, analyst, "Mais uma")
    assert refusal.value.code == "too_many_views"


def test_only_its_owner_changes_a_view_and_who_may_share_the_shared_ones(
    company: Company, analyst: User, boss: User
) -> None:
    mine = keep(company, analyst)
    with pytest.raises(NotFound):
        services.remove_view(identity.acting_as(boss, company), view_id=mine.pk)
    shared = keep(company, boss, "Geral", sharing="all")
    with pytest.raises(NotFound):
        services.change_view(
            identity.acting_as(analyst, company), view_id=shared.pk, name="X", sharing="mine"
        )
    other = identity.make_user(company, "owner")
    services.remove_view(identity.acting_as(other, company), view_id=shared.pk)
    services.remove_view(identity.acting_as(analyst, company), view_id=mine.pk)
    assert not SavedView.objects.exists()


def test_a_view_is_kept_changed_and_removed_on_pages(company: Company, boss: User) -> None:
    client = identity.browser(boss, company)
    page = client.get(f"{LIST}?situation=active").content.decode()
    assert f'href="/views/new/{EMPLOYEES}/?situation=active"' in page
    address = f"/views/new/{EMPLOYEES}/?situation=active"
    assert client.get(address).status_code == 200
    assert client.post(address, {"name": ""}).status_code == 422
    client.post(address, {"name": "Ativos", "sharing": "all", "is_default": "on"})
    view = SavedView.objects.get()
    assert (view.name, view.sharing, view.query, view.is_default) == (
        "Ativos",
        "all",
        "situation=active",
        True,
    )
    assert client.post(address, {"name": "Ativos", "sharing": "mine"}).status_code == 422
    assert client.get(f"/views/{view.pk}/").status_code == 200
    client.post(f"/views/{view.pk}/", {"name": "Em atividade", "sharing": "mine"})
    view.refresh_from_db()
    assert (view.name, view.sharing, view.is_default) == ("Em atividade", "mine", False)
    assert client.post(f"/views/{view.pk}/", {"name": ""}).status_code == 422
    assert client.post(f"/views/{view.pk}/", {"remove": "1"})["Location"] == f"{LIST}?saved=0"
    assert not SavedView.objects.exists()


def test_the_api_keeps_changes_and_removes_views(company: Company, boss: User) -> None:
    scopes = ["backoffice.saved_view.change", "backoffice.saved_view.share", "hr.employee.view"]
    token = identity.make_token(boss, company, scopes)
    client = Client(headers={"authorization": f"Bearer {token.secret.value}"})
    body = {"object": EMPLOYEES, "name": "Ativos", "query": "situation=active", "sharing": "all"}
    made = client.post("/api/v1/views/", body, content_type="application/json")
    assert made.status_code == 201
    pk = made.json()["id"]
    listed = client.get(f"/api/v1/views/?object={EMPLOYEES}").json()["results"]
    assert [(each["id"], each["mine"]) for each in listed] == [(pk, True)]
    changed = client.put(f"/api/v1/views/{pk}/", {"name": "X"}, content_type="application/json")
    assert (changed.json()["name"], changed.json()["sharing"]) == ("X", "mine")
    assert client.delete(f"/api/v1/views/{pk}/").status_code == 204
    assert client.delete(f"/api/v1/views/{pk}/").status_code == 404
    assert client.get("/api/v1/views/?object=hr.nothing").status_code == 404
