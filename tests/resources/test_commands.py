"""Commands through both doors: the same rules, the same refusals, once for each key."""

import uuid
from typing import Any

import pytest
from django import forms as django_forms
from django.db.models import Model

from backoffice.audit.models import Event
from backoffice.identity.selectors import access_of
from backoffice.resources import forms
from backoffice.resources.api import read_form
from backoffice.resources.records import Command, Resource
from tests.factories import identity
from tests.factories.objects import BODIES
from tests.factories.people import AT
from tests.resources.scene import Scene

# Commands whose way to a possible state is a story of its own, told in the area's scenarios.
TOLD_ELSEWHERE = {
    "backoffice.legal_table.discard",  # leaves nothing behind that could be shown again
    "hr.payroll_run.close",
    "hr.payroll_run.recompute_failed",
    "hr.payroll_run.submit",
    "hr.payslip.recompute",
}


@pytest.fixture
def target(scene: Scene, resource: Resource, command: Command) -> Model | None:
    """A record on which the command is possible; None for what creates one."""
    if command.name in TOLD_ELSEWHERE:
        pytest.skip("told in the scenarios of the area")
    return None if command is resource.create else scene.record(command)


def test_a_command_works_through_the_api_and_shows_the_record_as_it_now_is(
    scene: Scene, resource: Resource, command: Command, target: Model | None
) -> None:
    answer = scene.send(scene.owner, command, target, scene.body(command, target))
    if command is resource.create:
        if answer.status_code == 204:
            return  # made outside the caller's rows, such as another company
        assert answer.status_code == 201, answer.content
        assert answer.headers["Location"] == scene.api(answer.json()["id"])
    else:
        assert answer.status_code in {200, 204}, answer.content
    if answer.status_code != 204:
        pk = answer.json()["id"]
        again = scene.owner.get(scene.api(pk))
        assert again.json() == answer.json()
        assert again.headers["ETag"] == answer.headers["ETag"]


def test_the_same_key_gives_the_stored_answer_and_happens_once(
    scene: Scene, command: Command, target: Model | None
) -> None:
    body = scene.body(command, target)
    key = {"Idempotency-Key": str(uuid.uuid4())}
    if target is not None and command is scene.resource.update:
        key["If-Match"] = scene.owner.get(scene.api(target.pk)).headers["ETag"]
    first = scene.send(scene.owner, command, target, body, **key)
    assert first.status_code in {200, 201, 204}, first.content
    events = Event.objects.count()
    second = scene.send(scene.owner, command, target, body, **key)
    assert (second.status_code, second.content) == (first.status_code, first.content)
    assert Event.objects.count() == events


def test_the_same_key_with_another_body_is_refused(
    scene: Scene, command: Command, target: Model | None
) -> None:
    if command.name not in BODIES:
        pytest.skip("a command without a body")
    body = scene.body(command, target)
    other = {**body, **_changed(scene, command, target, body)}
    key = {"Idempotency-Key": str(uuid.uuid4())}
    assert scene.send(scene.owner, command, target, body, **key).status_code in {200, 201, 204}
    events = Event.objects.count()
    answer = scene.send(scene.owner, command, target, other, **key)
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert Event.objects.count() == events


def _changed(
    scene: Scene, command: Command, target: Model | None, body: dict[str, Any]
) -> dict[str, Any]:
    """Another value for one field, as valid as the first."""
    access = access_of(identity.make_user(scene.company, "owner"), scene.company.pk, AT.date())
    fields = forms.make_form(command, access, target).fields
    for name, value in body.items():
        if type(fields[name]) is django_forms.CharField and " " in value:
            return {name: f"{value} x"}
        if isinstance(value, str) and len(value) == 10 and value[4] == "-":
            return {name: value[:-2] + ("11" if value[-2:] != "11" else "12")}
    fixed = {"at": "09:45", "format": "pdf"}
    for name in fixed.keys() & body.keys():
        return {name: fixed[name]}
    if command.name == "hr.payroll_run.open":
        return {"competence": "2026-09"}
    if command.name == "backoffice.role_grant.assign":
        return {"role": identity.role("it_agent").pk}
    return {name: f"outra{value}" for name, value in body.items() if "@" in str(value)}


def test_a_page_does_what_the_api_does(
    scene: Scene, command: Command, target: Model | None
) -> None:
    owner = identity.make_user(scene.company, "owner")
    access = access_of(owner, scene.company.pk, AT.date())
    body = scene.body(command, target)
    typed = _as_typed(read_form(command, access, target, body))
    client = identity.browser(owner, scene.company)
    address = scene.page_of(command, target.pk if target else None)
    page = client.get(address)
    assert page.status_code == 200
    hidden = {"idempotency_key": str(uuid.uuid4())}
    if target is not None:
        record = forms.with_version(type(target)._default_manager.filter(pk=target.pk)).get()
        assert f'name="version" value="{record.row_version}"' in page.content.decode()
        hidden["version"] = record.row_version
    events = Event.objects.count()
    answer = client.post(address, {**typed, **hidden})
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    assert Event.objects.count() > events
    once = Event.objects.count()
    again = client.post(address, {**typed, **hidden})  # the same page, sent twice
    assert (again.status_code, again.headers["Location"]) == (302, answer.headers["Location"])
    assert Event.objects.count() == once


def _as_typed(form: django_forms.Form) -> dict[str, Any]:
    shown = {name: forms.form_text(form.fields[name], form[name].value()) for name in form.fields}
    boxes = {
        name for name, field in form.fields.items() if isinstance(field, django_forms.BooleanField)
    }
    return {name: text for name, text in shown.items() if name not in boxes or text == "true"}


def test_unknown_names_and_wrong_types_are_refused_field_by_field(
    scene: Scene, command: Command, target: Model | None
) -> None:
    body = scene.body(command, target)
    owner = scene.owner  # made now, with events of its own
    before = Event.objects.count()
    answer = scene.send(owner, command, target, {**body, "company_id": 1, "state": ["x"]})
    assert answer.status_code == 422
    problem = answer.json()
    assert problem["code"] == "invalid_input"
    pointers = {error["pointer"]: error["code"] for error in problem["errors"]}
    assert pointers["#/company_id"] == "unknown"
    assert "#/state" in pointers
    for name, value in body.items():
        wrong = {"a": 1} if not isinstance(value, dict) else []
        answer = scene.send(scene.owner, command, target, {**body, name: wrong})
        codes = {(error["pointer"], error["code"]) for error in answer.json()["errors"]}
        assert codes == {(f"#/{name}", "wrong_type")}
    assert Event.objects.count() == before


def test_required_fields_are_all_named_at_once(
    scene: Scene, resource: Resource, command: Command, target: Model | None
) -> None:
    if command is resource.update or command.name not in BODIES:
        pytest.skip("nothing is required")
    answer = scene.send(scene.owner, command, target, {})
    if answer.status_code in {200, 201}:
        pytest.skip("everything has a first value")
    assert answer.status_code == 422
    access = access_of(identity.make_user(scene.company, "owner"), scene.company.pk, AT.date())
    form = forms.make_form(command, access, target)
    needed = {
        f"#/{name}"
        for name, field in form.fields.items()
        if field.required
        and field.initial is None
        and name not in form.initial
        and not isinstance(field, django_forms.BooleanField)
    }
    assert needed <= {error["pointer"] for error in answer.json()["errors"]}


def test_a_stale_change_is_refused_by_both_doors_with_a_comparison(
    scene: Scene, resource: Resource, command: Command
) -> None:
    if command is not resource.update:
        pytest.skip("only changes of the record itself")
    record = scene.record(command)
    owner = identity.make_user(scene.company, "owner")
    client = identity.browser(owner, scene.company)
    old = client.get(scene.api(record.pk)).headers["ETag"]
    address = scene.page_of(command, record.pk)
    page = client.get(address).content.decode()
    loaded = page.split('name="loaded" value="')[1].split('"')[0]
    access = access_of(owner, scene.company.pk, AT.date())
    mine = _as_typed(read_form(command, access, record, scene.body(command, record)))

    theirs = scene.body(command, record)
    assert scene.send(client, command, record, theirs).status_code == 200

    events = Event.objects.count()
    answer = scene.send(client, command, record, scene.body(command, record), **{"If-Match": old})
    assert (answer.status_code, answer.json()["code"]) == (412, "stale")
    hidden = {"version": old.strip('"'), "loaded": loaded}
    shown = client.post(address, {**mine, **hidden})
    assert shown.status_code == 409
    rows = shown.context["disagreements"]
    changed = next(iter(theirs.values()))
    assert [row.now for row in rows] == [changed]
    assert rows[0].opened != changed
    assert Event.objects.count() == events


def test_a_change_without_a_version_is_refused(
    scene: Scene, resource: Resource, command: Command
) -> None:
    if command is not resource.update:
        pytest.skip("only changes of the record itself")
    record = scene.record(command)
    answer = scene.owner.patch(
        scene.api(record.pk), scene.body(command, record), content_type="application/json"
    )
    assert (answer.status_code, answer.json()["code"]) == (428, "precondition_required")


def test_every_event_of_a_command_has_words(
    scene: Scene, command: Command, target: Model | None
) -> None:
    last = Event.objects.order_by("-id").values_list("id", flat=True).first() or 0
    answer = scene.send(scene.owner, command, target, scene.body(command, target))
    assert answer.status_code in {200, 201, 204}
    pk = target.pk if target else (answer.json()["id"] if answer.content else None)
    if pk is None:
        return
    label = scene.resource.model._meta.label_lower
    made = Event.objects.filter(id__gt=last, target_type=label, target_id=pk)
    page = scene.owner.get(scene.url("history", pk)).content.decode()
    for action in made.values_list("action", flat=True):
        assert f"<strong>{action}</strong>" not in page, action
