"""Every choice of every command, given a record of another company: refused, and nothing happens."""

from typing import Any

import pytest
from django import forms as django_forms

from backoffice.audit.models import Event
from backoffice.identity.selectors import access_of
from backoffice.resources import forms
from backoffice.resources.records import Command, Resource
from tests.factories import identity
from tests.factories.objects import FACTORIES
from tests.resources.scene import RESOURCES, Scene

OF_MODEL = {resource.model: resource.name for resource in RESOURCES}


def choices(scene: Scene, command: Command, record: Any) -> dict[str, Any]:
    """The fields in which a record is chosen, with its model, as an owner gets them."""
    user = identity.make_user(scene.company, "owner")
    access = access_of(user, scene.company.pk, identity.AT.date())
    form = forms.make_form(command, access, record)
    return {
        name: field.queryset.model
        for name, field in form.fields.items()
        if isinstance(field, django_forms.ModelChoiceField) and field.queryset is not None
    }


def test_a_record_of_another_company_cannot_be_chosen(
    scene: Scene, elsewhere: Scene, resource: Resource, command: Command
) -> None:
    record = None if command is resource.create else scene.record(command)
    chosen = choices(scene, command, record)
    foreign = {
        name: FACTORIES[OF_MODEL[model]](elsewhere.company).pk
        for name, model in chosen.items()
        if model in OF_MODEL
    }
    if not foreign:
        pytest.skip("no record of the company is chosen")
    owner, body = scene.owner, scene.body(command, record)
    for name, pk in foreign.items():
        before = Event.objects.count()
        answers = [
            scene.send(owner, command, record, {**body, name: value}) for value in (pk, [pk])
        ]
        assert {each.status_code for each in answers} <= {400, 422}, answers[0].content
        named = {
            error["pointer"].strip("#/").split("/")[0]
            for each in answers
            for error in each.json().get("errors", ())
        }
        assert named == {name}
        assert Event.objects.count() == before
