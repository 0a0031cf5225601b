"""Which objects take rows in: each subject says by what a row is known and how it is taken back."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.functional import Promise

from backoffice.commands import Context
from backoffice.identity.rules import Access
from backoffice.resources.records import Command, Resource
from backoffice.resources.registry import may_run

Text = str | Promise


@dataclass(frozen=True, kw_only=True)
class Importer:
    """How rows of a file become records of an object.

    A row is checked with the form of the object's own create or update command and taken in by that
    command: what a page refuses, an import refuses.

    Attributes:
        resource: The object, with its create command and perhaps an update command.
        key: Field of the form by which a row is recognised when it comes again.
        key_path: ORM path of the same value on the record.
        identifier: The key is a number that people write with marks: a CPF, a CNPJ.
        headings: Field of the form -> further words that people write above it.
        leave_out: Fields of the form that no column fills.
        remove: Takes back a record that an import made; raises when something depends on it.
        parts: Models of what belongs to a record, each with the path to the record's key: an event
            of a part since means that the record is not as the import left it.
    """

    resource: Resource
    key: str
    key_path: str
    identifier: bool = False
    headings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    leave_out: frozenset[str] = frozenset()
    remove: Callable[[Context, Any], None] | None = None
    parts: tuple[tuple[type[Model], str], ...] = ()

    @property
    def create(self) -> Command:
        """What makes a record of a row."""
        assert self.resource.create is not None  # noqa: S101  register has looked
        return self.resource.create

    @property
    def update(self) -> Command | None:
        """What changes a record by a row."""
        return self.resource.update

    def bare_key(self, text: str) -> str:
        """A typed key as it is compared, the same as the database makes it of a cell."""
        if self.identifier:
            return re.sub("[^0-9A-Za-z]", "", text).upper()[:200]
        return text.strip()[:200]

    def found(self, rows: QuerySet[Any], keys: set[str]) -> dict[str, int]:
        """Key of a row -> primary key of its record, in one statement."""
        known = rows.filter(**{f"{self.key_path}__in": keys})
        return {str(key): pk for key, pk in known.values_list(self.key_path, "pk")}


IMPORTERS: dict[str, Importer] = {}
"""By name of the object."""

LABELS: dict[str, Text] = {}
"""Name of the object -> what people call its records; filled as importers are registered."""


CHOICES: list[tuple[str, Text]] = []
"""The same for forms, filled as importers are registered."""


def register(importer: Importer) -> Importer:
    """Let rows of files become records of an object.

    Raises:
        ValueError: The object has an importer, or no command that makes one.
    """
    name = importer.resource.name
    if name in IMPORTERS or importer.resource.create is None:
        msg = f"{name} cannot have this importer"
        raise ValueError(msg)
    IMPORTERS[name] = importer
    LABELS[name] = importer.resource.label_plural
    CHOICES.append((name, importer.resource.label_plural))
    return importer


def importable(access: Access) -> list[Importer]:
    """The objects into which somebody may bring rows."""
    return [each for each in IMPORTERS.values() if may_run(each.create, access)]


def plain(text: str) -> str:
    """A heading as it is compared: without accents, case, marks and spaces.

    >>> plain("  Data de Admissão* ")
    'datadeadmissao'
    """
    bare = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in bare if c.isalnum() and not unicodedata.combining(c))
