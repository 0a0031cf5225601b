"""`manage.py check`: every record in the registry is complete, and everything it names exists."""

import datetime as dt
from collections.abc import Callable, Iterator
from inspect import Parameter, signature
from typing import Any

from django import forms
from django.contrib.staticfiles import finders
from django.core import checks
from django.core.exceptions import FieldDoesNotExist, FieldError
from django.db.models import F
from django.utils.functional import Promise
from rest_framework.serializers import SerializerMethodField

from backoffice.commands import COMMANDS
from backoffice.identity import catalogue
from backoffice.identity.selectors import nobody
from backoffice.resources import listing
from backoffice.resources.records import Command, Kind, Lines, Resource, Value
from backoffice.resources.registry import AREAS, RESOURCES, commands_of, documents_of
from backoffice.work.registry import PROCESSES

# Names of model fields that hold something about a person, wherever they stand.
PERSONAL_NAMES = frozenset(
    {
        "account", "agency", "birth_date", "cep", "city", "cpf", "ctps", "disability",
        "district", "email", "ethnicity", "father_name", "gender", "health", "identity_card",
        "marital_status", "mother_name", "phone", "pis", "pix_key", "postal_code", "race", "religion",
        "salary", "sex", "social_name", "spouse", "street", "street_number", "tax_id", "union",
    }
)  # fmt: skip


@checks.register
def check_resources(**_options: object) -> list[checks.CheckMessage]:
    """`manage.py check`: every record is complete, and everything that it names exists."""
    return [
        checks.Error(problem, obj=resource.name, id="resources.E001")
        for resource in RESOURCES.values()
        for problem in problems_of(resource)
    ]


def problems_of(resource: Resource) -> Iterator[str]:
    """Everything that is wrong with one record, as English sentences."""
    if resource.area not in AREAS:
        yield f"the area {resource.area} is not registered"
    for what, text in (
        ("label", resource.label),
        ("label_plural", resource.label_plural),
        ("empty", resource.empty),
        *((f"label of {value.key}", value.label) for value in _values(resource)),
        *((f"label of {command.name}", command.label) for command in commands_of(resource)),
    ):
        if not isinstance(text, Promise):
            yield f"the {what} is not a translated text"
    for name in sorted(_icons(resource)):
        if finders.find(f"icons/{name}.svg") is None:
            yield f"there is no icon {name}"
    yield from _permission_problems(resource)
    yield from _table_problems(resource)
    yield from _path_problems(resource)
    yield from _privacy_problems(resource)
    yield from _link_problems(resource)
    yield from _lacking_problems(resource)
    for command in commands_of(resource):
        for problem in _command_problems(resource, command):
            yield f"command {command.name}: {problem}"


def _values(resource: Resource) -> list[Value]:
    return [*resource.table.columns, *listing.facts_of(resource)]


def _icons(resource: Resource) -> set[str]:
    named = {resource.icon, *(panel.icon for panel in resource.panels)}
    return (named | {command.icon for command in commands_of(resource)}) - {""}


def _permission_problems(resource: Resource) -> Iterator[str]:
    asked = {resource.view_permission, *resource.restricted.values()}
    if "attachments" not in resource.lacks:
        asked.update(documents_of(resource).permissions)
    for name in sorted(asked - catalogue.permissions().keys()):
        yield f"there is no permission {name}"
    named = {value.key for value in _values(resource)} | resource.serializer().fields.keys()
    for key in sorted(resource.restricted.keys() - named):
        yield f"restricted names {key}, which is no column, fact or API field"


def _table_problems(resource: Resource) -> Iterator[str]:
    table = resource.table
    keys = [column.key for column in table.columns]
    if len(set(keys)) != len(keys):
        yield "two columns have the same key"
    if [column.kind for column in table.columns].count(Kind.LINK) != 1:
        yield "exactly one column must be a LINK"
    first = next((c for c in table.columns if c.key == table.order.removeprefix("-")), None)
    if first is None or not first.sortable:
        yield f"the order {table.order} is no sortable column"
    if resource.filters is not None:
        for name in sorted(resource.filters.base_filters.keys() & listing.RESERVED):
            yield f"the filter {name} has a reserved name"
    facts = [fact.key for fact in listing.facts_of(resource)]
    for key in sorted({key for key in facts if facts.count(key) > 1}):
        yield f"two facts have the key {key}"


def _path_problems(resource: Resource) -> Iterator[str]:
    """Paths of columns, facts, search and API must lead to one value of the queryset."""
    rows = resource.queryset(nobody(dt.date.min))
    paths = [(value.key, value.path) for value in _values(resource)]
    for searched in resource.table.search:
        try:
            listing.search(rows, [searched], "text")
        except FieldError:
            yield f"the search cannot look for text in {searched}"
    for name, field in resource.serializer().fields.items():
        if isinstance(field, SerializerMethodField):
            yield f"the API field {name} is computed by a method; annotate the queryset instead"
        else:
            paths.append((name, str(field.source).replace(".", "__")))
    for key, path in paths:
        try:
            rows.annotate(checked=F(path) if isinstance(path, str) else path)
        except FieldError as error:
            yield f"the path of {key} leads nowhere: {error}"
        if isinstance(path, str) and _leads_to_many(resource.model, path):
            yield f"the path of {key} leads to many rows"


def _leads_to_many(model: Any, path: str) -> bool:  # noqa: ANN401  a model or nothing
    for part in path.split("__"):
        try:
            found = model._meta.get_field(part)
        except (FieldDoesNotExist, AttributeError):
            return False
        if found.one_to_many or found.many_to_many:
            return True
        model = found.related_model
    return False


def _privacy_problems(resource: Resource) -> Iterator[str]:
    names = {field.name for field in resource.model._meta.concrete_fields}
    for name in sorted(names & PERSONAL_NAMES - resource.personal.keys()):
        yield f"the personal field {name} has no class, purpose, legal basis and retention"
    for name in sorted(resource.personal.keys() - names):
        yield f"personal names {name}, which is no field of the model"


def _link_problems(resource: Resource) -> Iterator[str]:
    wanted = [(link.resource, link.filter) for link in resource.related]
    wanted += [
        (panel.resource, panel.more) for panel in resource.panels if isinstance(panel, Lines)
    ]
    for name, parameter in wanted:
        target = RESOURCES.get(name)
        if name and target is None:
            yield f"there is no object {name}"
        elif target is not None and parameter:
            known = target.filters.base_filters if target.filters else {}
            if parameter not in known:
                yield f"{name} has no filter {parameter}"
    if resource.process and resource.process not in PROCESSES:
        yield f"there is no process {resource.process}"


def _lacking_problems(resource: Resource) -> Iterator[str]:
    """Every record carries documents and keeps its history, or its object says why not."""
    for what, reason in resource.lacks.items():
        if what not in {"attachments", "history"} or len(reason) < 20:
            yield f"lacks {what} without a reason that says something"
    if resource.attachments is not None and "attachments" in resource.lacks:
        yield "declares attachments and lacks them"
    kept = hasattr(resource.model, "row_history")
    if kept == ("history" in resource.lacks):
        yield (
            "lacks no history: its model is tracked"
            if kept
            else "keeps no history of its fields (@tracked) and does not say why in lacks"
        )


def _command_problems(resource: Resource, command: Command) -> Iterator[str]:
    spec = COMMANDS.get(command.name)
    if spec is None:
        yield "there is no such command"
        return
    if spec.permission and spec.permission not in catalogue.permissions():
        yield f"there is no permission {spec.permission}"
    if command.states is not None and not resource.state:
        yield "names states, and the object has none"
    if command is resource.update and command.initial is None:
        yield "a change needs the present values (initial)"
    if command.payload is None:
        yield from _argument_problems(resource, command, spec.function)


def _argument_problems(
    resource: Resource, command: Command, function: Callable[..., Any]
) -> Iterator[str]:
    """The fields of the form against the keyword arguments of the service."""
    parameters = dict(list(signature(function).parameters.items())[1:])
    given = {_argument(name, field) for name, field in _form_fields(command).items()}
    if command is not resource.create:
        given.add(f"{resource.object_name}_id")
    for name in sorted(given - parameters.keys()):
        yield f"the service takes no {name}"
    needed = {name for name, each in parameters.items() if each.default is Parameter.empty}
    for name in sorted(needed - given):
        yield f"nothing gives the service its {name}"


def _form_fields(command: Command) -> dict[str, forms.Field]:
    found: dict[str, forms.Field] = getattr(command.form, "base_fields", {})
    return found


def _argument(name: str, field: forms.Field) -> str:
    if isinstance(field, forms.ModelMultipleChoiceField):
        return f"{name}_ids"
    return f"{name}_id" if isinstance(field, forms.ModelChoiceField) else name
