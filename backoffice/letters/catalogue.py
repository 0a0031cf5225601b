"""What letters can say: fields of the records that they are about, declared by the areas."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backoffice.br import cnpj
from backoffice.letters.rules import FieldKind
from backoffice.organization.models import Branch, Company

Text = str | Promise


@dataclass(frozen=True, kw_only=True, slots=True)
class LetterField:
    """One field.

    Attributes:
        key: As it stands in templates: ``employee.name``.
        label: What people call it.
        kind: What it holds.
        permission: Without it, for the record, nobody writes a letter with this field or sees one.
    """

    key: str
    label: Text
    kind: FieldKind = FieldKind.TEXT
    permission: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Starter:
    """A text that comes with the product, to begin a template with."""

    code: str
    name: Text
    heading: str
    body: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """A kind of record that letters are about.

    Attributes:
        name: Of the object: ``hr.employee``.
        label: What people call it.
        fields: What can be said of it.
        values: Company, key and day -> value of each field; the record is known to exist.
        person: Company and key -> the party whom the letter is about, if any.
        starters: Texts to begin with.
    """

    name: str
    label: Text
    fields: tuple[LetterField, ...]
    values: Callable[[int, int, dt.date], Mapping[str, Any]]
    person: Callable[[int, int], int | None]
    starters: tuple[Starter, ...] = ()


SUBJECTS: dict[str, Subject] = {}
LABELS: dict[str, Text] = {}
"""Name of each kind of record -> what people call it; filled as kinds are registered."""

COMMON = (
    LetterField(key="company.legal_name", label=_("Legal name of the company")),
    LetterField(key="company.trade_name", label=_("Trade name of the company")),
    LetterField(key="company.cnpj", label=_("CNPJ of the company")),
    LetterField(key="company.address", label=_("Address of the head office")),
    LetterField(key="company.municipality", label=_("Municipality of the head office")),
    LetterField(key="company.state", label=_("State of the head office")),
    LetterField(key="letter.date", label=_("Date of the letter"), kind=FieldKind.DATE),
    LetterField(key="author.name", label=_("Who issues the letter")),
)


def register(subject: Subject) -> None:
    """Make a kind of record known.

    Raises:
        ValueError: It is known, or two fields have one key.
    """
    keys = [each.key for each in fields_of(subject)]
    if subject.name in SUBJECTS or len(set(keys)) != len(keys):
        msg = f"{subject.name} cannot be a subject of letters"
        raise ValueError(msg)
    SUBJECTS[subject.name] = subject
    LABELS[subject.name] = subject.label


def fields_of(subject: Subject) -> tuple[LetterField, ...]:
    """Everything that letters about such a record can say."""
    return (*subject.fields, *COMMON)


def kinds_of(subject: Subject) -> dict[str, FieldKind]:
    """Key of each field -> what it holds."""
    return {each.key: each.kind for each in fields_of(subject)}


def permissions_of(subject: Subject, keys: frozenset[str]) -> set[str]:
    """What somebody must hold for the record of a letter with these fields."""
    return {each.permission for each in subject.fields if each.key in keys and each.permission}


def all_permissions() -> set[str]:
    """Every permission that some field asks for."""
    return {
        each.permission
        for subject in SUBJECTS.values()
        for each in subject.fields
        if each.permission
    }


def common_values(company: Company, on: dt.date, author: str) -> dict[str, Any]:
    """The values of the fields that all letters have."""
    head = Branch.objects.filter(company=company).order_by("code", "pk").first()
    return {
        "company.legal_name": company.legal_name,
        "company.trade_name": company.trade_name,
        "company.cnpj": cnpj.format(company.cnpj),
        "company.address": head.address if head else "",
        "company.municipality": head.municipality if head else "",
        "company.state": head.state if head else "",
        "letter.date": on,
        "author.name": author,
    }
