"""Running a command from a door: its form, its arguments, and the refusal of stale saves."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core import signing
from django.db.models import Model, QuerySet
from django.db.models.expressions import RawSQL
from django.http import QueryDict
from django.utils.choices import flatten_choices
from django.utils.translation import gettext_lazy as _

from backoffice.commands import COMMANDS, Context
from backoffice.errors import NotFound, Stale
from backoffice.resources.records import Command, Resource, Row, Text

if TYPE_CHECKING:
    from backoffice.identity.rules import Access

LOADED_SALT = "resources.loaded"


class CommandForm(forms.Form):
    """The arguments of a command, as pages and the API take them.

    Attributes:
        access: Who fills it in; choices must not reach beyond it.
        record: The record that the command is for; None when it makes one.
        groups: Headings and the fields under them, when there are many.
    """

    groups: ClassVar[tuple[tuple[Text, tuple[str, ...]], ...]] = ()

    def __init__(self, *args: Any, access: "Access", record: Row | None, **kwargs: Any) -> None:  # noqa: ANN401
        self.access = access
        self.record = record
        super().__init__(*args, **kwargs)


def make_form(
    command: Command,
    access: "Access",
    record: Row | None,
    data: Mapping[str, Any] | None = None,
    files: Any = None,  # noqa: ANN401  Django's own type is private
) -> forms.Form:
    """The command's form, with its first values, bound when there is data."""
    form_class = command.form or CommandForm
    given: dict[str, Any] = {"data": data, "files": files}
    if command.initial is not None:
        given["initial"] = dict(command.initial(access, record))
    if issubclass(form_class, CommandForm):
        given.update(access=access, record=record)
    return form_class(**given)


def arguments(
    resource: Resource, command: Command, form: forms.Form, record: Row | None
) -> dict[str, Any]:
    """Keyword arguments of the command from a valid form."""
    if command.payload is not None:
        return command.payload(form.cleaned_data, record)
    given: dict[str, Any] = {}
    for name, value in form.cleaned_data.items():
        field = form.fields[name]
        if isinstance(field, forms.ModelMultipleChoiceField):
            given[f"{name}_ids"] = [chosen.pk for chosen in value]
        elif isinstance(field, forms.ModelChoiceField):
            given[f"{name}_id"] = None if value is None else value.pk
        else:
            given[name] = value
    if record is not None:
        given[f"{resource.object_name}_id"] = record.pk
    return given


def run(
    resource: Resource,
    command: Command,
    ctx: Context,
    form: forms.Form,
    record: Row | None = None,
    version: str = "",
) -> Any:  # noqa: ANN401  each command has its own answer
    """Run the command with what a valid form holds.

    Args:
        resource: The object.
        command: One of its commands.
        ctx: Who, where, when, and under which key.
        form: Valid.
        record: What the command is for.
        version: The record's version that the person looked at; empty when the door knows none.

    Raises:
        BusinessError: Every refusal of the command; ``Stale`` when the record has moved on.
    """
    given = arguments(resource, command, form, record)
    if record is not None and version:
        ctx = replace(ctx, guard=unchanged(record, version))
    return COMMANDS[command.name].function(ctx, **given)


def with_version(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Rows with their ``row_version``: PostgreSQL's own number of the last change (xmin)."""
    table = rows.model._meta.db_table
    versioned: QuerySet[Any] = rows.annotate(
        row_version=RawSQL(f'"{table}".xmin::text', ())  # noqa: S611  own name
    )
    return versioned


def unchanged(record: Model, version: str) -> Callable[[], None]:
    """A guard that locks the record and refuses when it is not the version that was looked at."""
    model = type(record)

    def guard() -> None:
        rows = with_version(model._meta.base_manager.select_for_update().filter(pk=record.pk))
        now = rows.values_list("row_version", flat=True).first()
        if now is None:
            raise NotFound("not_found", _("There is no such record."))
        if now != version:
            raise Stale("stale", _("Somebody else changed this record in the meantime."))

    return guard


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One field that somebody else changed while a form was open.

    Attributes:
        name: Of the field.
        label: What people call it.
        opened: What it was when the form was opened.
        now: What the others made of it.
        yours: What this person wrote.
        both: Whether this person changed it too, to something else: somebody has to choose.
    """

    name: str
    label: Text
    opened: str
    now: str
    yours: str
    both: bool


def loaded_token(form: forms.Form) -> str:
    """The first values of a form, signed, to travel with it."""
    return signing.dumps(_texts(form, form.initial), salt=LOADED_SALT, compress=True)


def compare(form: forms.Form, token: str, fresh: Mapping[str, Any]) -> list[Disagreement]:
    """What others changed since the form was opened, against what this person wrote.

    Args:
        form: Bound with what the person wrote.
        token: Of ``loaded_token`` when the form was opened.
        fresh: The values that the form would begin with now.
    """
    try:
        opened: dict[str, str] = signing.loads(token, salt=LOADED_SALT)
    except signing.BadSignature:
        opened = {}
    now = _texts(form, fresh)
    yours = _texts(form, form.cleaned_data if form.is_valid() else form.data)
    return [
        Disagreement(
            name=name,
            label=form.fields[name].label or name,
            opened=(before := opened.get(name, "")),
            now=now[name],
            yours=yours[name],
            both=yours[name] not in {before, now[name]},
        )
        for name in form.fields
        if opened.get(name, "") != now[name]
    ]


THEIRS = "theirs"
CHOICE = "merge-"
"""Before the name of a field: whose value counts, in a form that came back with a comparison."""


def merged(
    command: Command, access: "Access", record: Row | None, data: QueryDict, names: Iterable[str]
) -> QueryDict:
    """What was posted, with the present values of the record in these fields."""
    form = make_form(command, access, record)
    found = data.copy()
    for name in names:
        field = form.fields.get(name)
        if field is None:
            continue
        text = form_text(field, form.get_initial_for_field(field, name))
        found.setlist(form.add_prefix(name), text if isinstance(text, list) else [text])
        if isinstance(field, forms.BooleanField) and text != "true":
            del found[form.add_prefix(name)]  # a box that is not ticked is not sent
    return found


def chosen_theirs(data: Mapping[str, Any]) -> list[str]:
    """The fields of a returned form for which the others' values were chosen."""
    return [
        name.removeprefix(CHOICE)
        for name, choice in data.items()
        if name.startswith(CHOICE) and choice == THEIRS
    ]


def _texts(form: forms.Form, values: Mapping[str, Any]) -> dict[str, str]:
    return {name: choice_text(field, values.get(name)) for name, field in form.fields.items()}


def choice_text(field: forms.Field, value: Any) -> str:  # noqa: ANN401  of any field
    """A value as its form shows it; choices by their words."""
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        chosen = value if isinstance(value, list | tuple | set) else [value]
        shown = {str(field.prepare_value(each)) for each in chosen if each not in {None, ""}}
        options: Any = flatten_choices(field.choices if shown else ())  # type: ignore[arg-type]  # of any field
        return ", ".join(str(label) for key, label in options if str(key) in shown)
    return str(form_text(field, value))


def form_text(field: forms.Field, value: Any) -> Any:  # noqa: ANN401  of any field
    """A Python value as a person would have typed it, for the field to read again."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple | set | frozenset):
        return [str(each) for each in value]
    shown = field.prepare_value(value)
    choosing = isinstance(field, forms.ChoiceField | forms.ModelChoiceField)
    if isinstance(shown, Decimal | dt.date | dt.datetime | dt.time | int) and not choosing:
        shown = field.widget.format_value(shown)
    return "" if shown is None else str(shown)
