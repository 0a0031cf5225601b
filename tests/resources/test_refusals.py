"""Who may not is refused at every door, and what is not theirs does not exist for them."""

import pytest
from django.test import Client

from backoffice.audit.models import Event
from backoffice.identity import catalogue
from backoffice.identity.rules import Scope
from backoffice.identity.selectors import access_of
from backoffice.resources import registry
from backoffice.resources.records import Command, Resource
from backoffice.search import indexing, selectors
from tests.factories import identity
from tests.factories.people import AT
from tests.resources.scene import Scene, permission_of, role_without

# Objects of the whole company, which every person with the permission sees whatever their scope.
SHARED = {
    "backoffice.company",
    "backoffice.legal_table",
    "backoffice.local_holiday",
    "backoffice.user",
    "hr.job_title",
    "hr.pay_item",
    "hr.salary_floor",
}


# Objects of the whole installation: the law is the same for every company in it.
EVERYWHERE = {"backoffice.legal_table", "backoffice.local_holiday"}


def test_strangers_are_sent_to_the_login_by_pages_and_get_401_from_the_api(
    scene: Scene, client: Client
) -> None:
    record = scene.record()
    for address in scene.pages(record.pk):
        answer = client.get(address)
        assert answer.status_code == 302, address
        assert answer.headers["Location"].startswith("/account/login/?next="), address
    for address in (scene.api(), scene.api(record.pk)):
        answer = client.get(address)
        assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
        assert "Bearer" in answer.headers["WWW-Authenticate"]


def test_without_the_permission_to_read_every_door_is_closed(scene: Scene) -> None:
    record = scene.record()
    person = scene.without(scene.resource.view_permission)
    for address in scene.pages(record.pk):
        assert person.get(address).status_code == 403, address
    for address in (scene.api(), scene.api(record.pk)):
        assert person.get(address).json()["code"] == "permission_denied"


def test_without_the_permission_to_read_nothing_is_found_and_no_menu_entry_shown(
    scene: Scene,
) -> None:
    scene.record()
    user = identity.make_user(scene.company, role_without(scene.resource.view_permission))
    access = access_of(user, scene.company.pk, AT.date())
    assert all(entry.url != scene.url() for entry in registry.menu_items(access))
    indexing.renew_marked(on=AT.date(), limit=100_000)
    found = {group.resource.name for group in selectors.find(access, "a")}
    assert scene.resource.name not in found


def test_who_may_only_read_runs_no_command_through_any_door(
    scene: Scene, resource: Resource, command: Command
) -> None:
    permission_of(command)
    reader = scene.somebody("auditor")
    record = None if command is resource.create else scene.record(command)
    body = scene.body(command, record)
    events = Event.objects.count()
    page = scene.page_of(command, record.pk if record else None)
    assert reader.get(page).status_code == 403
    assert reader.post(page, {}).status_code == 403
    answer = scene.send(reader, command, record, body)
    assert answer.status_code == 403
    assert answer.json()["code"] == "permission_denied"
    assert Event.objects.count() == events


def test_rows_of_another_company_do_not_exist(scene: Scene, elsewhere: Scene) -> None:
    if scene.resource.name in EVERYWHERE:
        pytest.skip("the same for every company")
    theirs = elsewhere.record()
    for address in scene.pages(theirs.pk):
        expected = 200 if address in {scene.url(), scene.url("create")} else 404
        assert scene.owner.get(address).status_code == expected, address
    assert scene.owner.get(scene.api(theirs.pk)).status_code == 404
    ids = [row["id"] for row in scene.owner.get(f"{scene.api()}?limit=200").json()["results"]]
    assert theirs.pk not in ids


def test_commands_on_rows_of_another_company_change_nothing(
    scene: Scene, elsewhere: Scene, resource: Resource, command: Command
) -> None:
    if command is resource.create:
        pytest.skip("creates in the company of the person")
    if resource.name in EVERYWHERE:
        pytest.skip("the same for every company")
    theirs = elsewhere.record(command)
    body = elsewhere.body(command, theirs)
    owner = scene.owner
    events = Event.objects.count()
    answer = scene.send(owner, command, theirs, body, **{"If-Match": '"1"'})
    assert answer.status_code == 404
    assert owner.post(scene.page_of(command, theirs.pk), body).status_code == 404
    assert Event.objects.count() == events


def test_a_narrow_scope_hides_the_rows_of_others_at_every_door(scene: Scene) -> None:
    if scene.resource.name in SHARED:
        pytest.skip("an object of the whole company")
    record = scene.record()
    person = scene.somebody("auditor", Scope.OWN, person=identity.make_person())
    assert person.get(scene.api()).json()["results"] == []
    for address in (scene.api(record.pk), scene.url("detail", record.pk)):
        assert person.get(address).status_code == 404
    assert person.get(scene.url("history", record.pk)).status_code == 404


def test_a_token_reads_what_its_scopes_say_and_nothing_else(scene: Scene, client: Client) -> None:
    record = scene.record()
    # A token shows no delegations of others: there it is the token of the one who gave it.
    owner = getattr(record, "giver", None) or identity.make_user(scene.company, "owner")
    every = {
        *catalogue.readings(catalogue.permissions().values()),
        scene.resource.view_permission,
    }
    allowed, foreign = (
        identity.make_token(owner, scene.company, sorted(scopes))
        for scopes in (every, every - {scene.resource.view_permission})
    )
    for token, status in ((allowed, 200), (foreign, 403)):
        headers = {"Authorization": f"Bearer {token.secret.value}"}
        for address in (scene.api(), scene.api(record.pk)):
            assert client.get(address, headers=headers).status_code == status
