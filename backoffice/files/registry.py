"""Which records carry documents: each kind says who sees them and who changes them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.functional import Promise

from backoffice.identity.rules import Access

Text = str | Promise


@dataclass(frozen=True, kw_only=True)
class OwnerKind:
    """One kind of record that carries documents.

    Attributes:
        name: Of the object: ``hr.employee``.
        model: Label of its model in small letters; stands in the database.
        label: What people call it.
        view: Permission to see its documents.
        change: Permission to add, replace and remove them.
        categories: What its documents can be: code -> words.
        rows: The records for which an access holds a permission, among those that it sees.
        name_path: ORM path of what a record is called.
        url: Address of a record's page.
        all_rows: Every record of a company, for the system.
    """

    name: str
    model: str
    label: Text
    view: str
    change: str
    categories: Mapping[str, Text]
    rows: Callable[[Access, str], QuerySet[Any]]
    name_path: str
    url: Callable[[int], str]
    all_rows: Callable[[int], QuerySet[Any]]


@dataclass(frozen=True, kw_only=True)
class Attachments:
    """The documents that the records of an object carry, as its ``Resource`` declares them.

    Attributes:
        view: Permission to see them; its reach decides of which records.
        change: Permission to add, replace and remove them.
        categories: What they can be: code -> words.
        name: ORM path of the record's name, for the list of all documents.
    """

    view: str
    change: str
    categories: Mapping[str, Text]
    name: str

    @property
    def permissions(self) -> tuple[str, str]:
        """Both permissions."""
        return self.view, self.change


OWNERS: dict[str, OwnerKind] = {}
"""By label of the model."""

LABELS: dict[str, Text] = {}
"""Label of the model -> what people call such a record; filled as kinds are registered."""

CATEGORIES: dict[str, Text] = {}
"""Every category of every kind -> its words."""

CATEGORY_CHOICES: list[tuple[str, Text]] = []
"""The same for forms, filled as kinds are registered."""


def register(kind: OwnerKind) -> OwnerKind:
    """Make a kind of owner known.

    Raises:
        ValueError: Two kinds share a model, or use one category with different words.
    """
    if kind.model in OWNERS:
        msg = f"two kinds of owner are {kind.model}"
        raise ValueError(msg)
    for code, words in kind.categories.items():
        if code not in CATEGORIES:
            CATEGORY_CHOICES.append((code, words))
        if str(CATEGORIES.setdefault(code, words)) != str(words):
            msg = f"the category {code} means two things"
            raise ValueError(msg)
    OWNERS[kind.model] = kind
    LABELS[kind.model] = kind.label
    return kind


def named(name: str) -> OwnerKind | None:
    """The kind with the name of an object, if its records carry documents."""
    return next((kind for kind in OWNERS.values() if kind.name == name), None)


def register_object(
    resource: Any,  # noqa: ANN401  a Resource, which stands above this folder
    documents: Attachments,
    reachable: Callable[[Any, Access, str], QuerySet[Any]],
    url: Callable[[Any, str, int], str],
) -> OwnerKind:
    """Let the records of a registered object carry documents."""
    model: type[Model] = resource.model
    return register(
        OwnerKind(
            name=resource.name,
            model=model._meta.label_lower,
            label=resource.label,
            view=documents.view,
            change=documents.change,
            categories=documents.categories,
            rows=lambda access, permission: reachable(resource, access, permission),
            name_path=documents.name,
            url=lambda pk: url(resource, "detail", pk),
            all_rows=lambda company_id: _rows_of(model, company_id),
        )
    )


def _rows_of(model: type[Model], company_id: int) -> QuerySet[Any]:
    """Every record of a company; of a model that companies share, every record there is."""
    rows = model._meta.base_manager.all()
    own = any(field.attname == "company_id" for field in model._meta.concrete_fields)
    return rows.filter(company_id=company_id) if own else rows
