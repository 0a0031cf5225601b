"""One row of a file against the form and the commands of its object."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.db import IntegrityError, transaction
from django.utils.choices import flatten_choices
from django.utils.translation import gettext as _

from backoffice.commands import COMMANDS, Context, last_acts
from backoffice.commands.registry import run_within
from backoffice.errors import BusinessError
from backoffice.exchange.importers import Importer, plain
from backoffice.exchange.models import Verdict
from backoffice.identity.rules import Access
from backoffice.resources import listing
from backoffice.resources.forms import arguments, form_text, make_form
from backoffice.resources.records import Command
from backoffice.web.choices import OfficialField, named

YES = frozenset(plain(word) for word in ("sim", "s", "yes", "y", "true", "verdadeiro", "1", "x"))
TOP = ""
"""Under this name stand errors that are of the whole row."""

Texts = dict[str, Any]


@dataclass(slots=True)
class Outcome:
    """What a row comes to.

    Attributes:
        verdict: New, changed, same or wrong.
        errors: Field -> what is wrong with it; the empty field is the whole row.
        before: Values of the record's form before, as texts; empty for a new one.
        after: The same afterwards.
        record_id: The record, when there is one.
    """

    verdict: Verdict
    errors: dict[str, str] = field(default_factory=dict)
    before: Texts = field(default_factory=dict)
    after: Texts = field(default_factory=dict)
    record_id: int | None = None


class _Rehearsed(Exception):
    """Ends a savepoint whose work was only tried."""


@contextmanager
def rehearsal() -> Iterator[None]:
    """Do everything inside, and take it back at the end: the rules and the database have spoken."""
    with suppress(_Rehearsed), transaction.atomic(), last_acts():
        yield
        raise _Rehearsed


class Reader:
    """Reads rows of one import in one transaction; what it looks up is kept until the end.

    Args:
        ctx: Who imports; forms offer and commands take what this person may see.
        importer: Of the object.
        access: The same person's rights.
    """

    def __init__(self, ctx: Context, importer: Importer, access: Access) -> None:
        self.ctx = ctx
        self.importer = importer
        self.access = access
        self._choices: dict[tuple[str, str], dict[str, str]] = {}
        self._official: dict[tuple[str, str], str] = {}

    def handle(self, texts: Mapping[str, str], pk: int | None) -> Outcome:
        """Take the row in: make its record, or change the one with this key.

        Inside the caller's transaction; what is refused leaves nothing behind.
        """
        try:
            with transaction.atomic():
                return self._change(texts, pk) if pk is not None else self._create(texts)
        except BusinessError as refusal:
            named = {name: str(text) for name, text in refusal.fields.items()}
            return Outcome(Verdict.WRONG, named or {TOP: str(refusal)}, record_id=pk)
        except IntegrityError:
            return Outcome(Verdict.WRONG, {TOP: _("The database refuses this row.")}, record_id=pk)

    def texts_of(self, pk: int) -> Texts:
        """What the record's own form shows now; empty when there is no such form or record."""
        command = self.importer.update
        record = self._record(command, pk) if command else None
        if command is None or record is None:
            return {}
        form = make_form(command, self.access, record)
        return {
            name: form_text(f, form.get_initial_for_field(f, name))
            for name, f in form.fields.items()
        }

    def put_back(self, texts: Mapping[str, Any], pk: int) -> None:
        """Let the record's form hold these texts again.

        Raises:
            BusinessError: It is refused today.
        """
        command = self.importer.update
        assert command is not None  # noqa: S101  rows are changed by it only
        record = self._record(command, pk)
        form = make_form(command, self.access, record, texts)
        if not form.is_valid():
            raise BusinessError("refused", next(iter(_errors(form).values())))
        self._run(command, form, record)

    def remove(self, pk: int) -> None:
        """Take back a record that an import made.

        Raises:
            BusinessError: This cannot be done.
        """
        record = self.importer.resource.model._meta.base_manager.filter(pk=pk).first()
        if record is None:
            return
        if self.importer.remove is None:
            raise BusinessError("not_undone", _("What was made here is not taken back."))
        self.importer.remove(self.ctx, record)

    def _create(self, texts: Mapping[str, str]) -> Outcome:
        command = self.importer.create
        empty = make_form(command, self.access, None)
        given = {
            name: form_text(f, empty.get_initial_for_field(f, name))
            for name, f in empty.fields.items()
        }
        given |= self._read(empty, texts)
        form = make_form(command, self.access, None, given)
        if not form.is_valid():
            return Outcome(Verdict.WRONG, _errors(form))
        made = self._run(command, form, None)
        after = self.texts_of(made.pk) or _shown(given)
        return Outcome(Verdict.NEW, after=after, record_id=made.pk)

    def _change(self, texts: Mapping[str, str], pk: int) -> Outcome:
        command = self.importer.update
        record = self._record(command, pk) if command else None
        if command is None or record is None:
            message = _("This record exists already, and you may not change it.")
            return Outcome(Verdict.WRONG, {self.importer.key: message}, record_id=pk)
        empty = make_form(command, self.access, record)
        before = self.texts_of(pk)
        given = self._read(empty, texts)
        changed = [
            name
            for name, text in given.items()
            if text != "" and empty.fields[name].has_changed(before.get(name), text)
        ]
        if not changed:
            return Outcome(Verdict.SAME, before=before, after=before, record_id=pk)
        wanted = before | {name: given[name] for name in changed}
        form = make_form(command, self.access, record, wanted)
        if not form.is_valid():
            return Outcome(Verdict.WRONG, _errors(form), record_id=pk)
        self._run(command, form, record)
        after = self.texts_of(pk)
        verdict = Verdict.SAME if after == before else Verdict.CHANGED
        return Outcome(verdict, before=before, after=after, record_id=pk)

    def _record(self, command: Command | None, pk: int) -> Any:  # noqa: ANN401  of the object
        if command is None:
            return None
        permission = COMMANDS[command.name].permission
        rows = listing.reachable(self.importer.resource, self.access, permission)
        return rows.filter(pk=pk).first()

    def _run(self, command: Command, form: forms.Form, record: Any) -> Any:  # noqa: ANN401
        given = arguments(self.importer.resource, command, form, record)
        return run_within(self.ctx, command.name, **given)

    def _read(self, form: forms.Form, texts: Mapping[str, str]) -> Texts:
        """The cells as the fields of the form take them: choices by code or by word."""
        return {
            name: self._value(name, form.fields[name], text)
            for name, text in texts.items()
            if name in form.fields
        }

    def _value(self, name: str, target: forms.Field, text: str) -> Any:  # noqa: ANN401
        if isinstance(target, forms.BooleanField):
            return "true" if plain(text) in YES else ""
        if not text:
            return text
        if isinstance(target, OfficialField):
            known = (target.source, text)
            if known not in self._official:
                self._official[known] = named(target.source, text)
            return self._official[known] or text
        if isinstance(target, forms.ModelChoiceField | forms.ChoiceField):
            return self._choice(name, target, text)
        return text

    def _choice(self, name: str, target: Any, text: str) -> str:  # noqa: ANN401
        """The value of a choice from its code, its name or what the page shows."""
        for fresh in (False, True):  # a row above may have made what this one names
            key = (name, type(target).__name__)
            if fresh or key not in self._choices:
                self._choices[key] = _by_words(target)
            if (found := self._choices[key].get(plain(text))) is not None:
                return found
            if not isinstance(target, forms.ModelChoiceField):
                break
        return text


def _by_words(target: Any) -> dict[str, str]:  # noqa: ANN401
    found: dict[str, str] = {}
    if not isinstance(target, forms.ModelChoiceField):
        options: Any = flatten_choices(target.choices)
        for value, label in options:
            found.setdefault(plain(str(label)), str(value))
            found.setdefault(plain(str(value)), str(value))
        return found
    assert target.queryset is not None  # noqa: S101  forms set it
    ambiguous = set()
    for row in target.queryset.all():
        shown = [
            getattr(row, "code", ""),
            getattr(row, "name", ""),
            target.label_from_instance(row),
        ]
        for word in {plain(str(each)) for each in shown if each}:
            if found.setdefault(word, str(row.pk)) != str(row.pk):
                ambiguous.add(word)
    return {word: pk for word, pk in found.items() if word not in ambiguous}


def _errors(form: forms.Form) -> dict[str, str]:
    return {
        TOP if name == "__all__" else name: " ".join(str(each) for each in errors)
        for name, errors in form.errors.items()
    }


def _shown(given: Texts) -> Texts:
    return {name: text for name, text in given.items() if text not in {"", None}}
