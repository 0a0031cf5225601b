"""The records by which an object is declared: they name what lives in the subject, and do nothing.

One ``Resource`` gives an object its list, record page, forms, history, REST and OpenAPI, search,
menu entry and conformance tests. Every piece is a class or a function of the subject, so that
reading a subject's ``register.py`` tells where everything is.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db.models import Model, QuerySet
from django.db.models.expressions import Combinable
from django.utils.functional import Promise

from backoffice.files.registry import Attachments

if TYPE_CHECKING:
    from django import forms
    from django.views import View
    from django_filters import FilterSet
    from rest_framework.serializers import Serializer

    from backoffice.identity.rules import Access

Text = str | Promise
Row = Any  # an instance of the resource's model; its own functions know which


class Kind(StrEnum):
    """How a value looks, in tables, facts and exports."""

    TEXT = "text"
    LINK = "link"
    STATE = "state"
    CHOICE = "choice"
    MONEY = "money"
    QUANTITY = "quantity"
    RATE = "rate"
    INTEGER = "integer"
    DATE = "date"
    DATETIME = "datetime"
    COMPETENCE = "competence"
    BOOLEAN = "boolean"
    CPF = "cpf"
    CNPJ = "cnpj"
    TAX_ID = "tax_id"
    PHONE = "phone"
    CEP = "cep"

    @property
    def numeric(self) -> bool:
        """Whether values stand at the right, in tabular figures."""
        return self in {Kind.MONEY, Kind.QUANTITY, Kind.RATE, Kind.INTEGER}

    @property
    def dated(self) -> bool:
        """Whether values are days or moments, which are grouped by month."""
        return self in {Kind.DATE, Kind.DATETIME, Kind.COMPETENCE}


@dataclass(frozen=True, kw_only=True)
class Value:
    """One value of a record: a column of a table, or a fact on its page.

    Attributes:
        key: Name in addresses (``?sort=key``), in ``Resource.restricted`` and in tests.
        label: What people read.
        kind: How it looks. ``LINK`` is text that opens the record.
        source: ORM path or expression when it differs from ``key``.
        choices: Labels of a ``CHOICE`` or ``STATE`` that is not a field with choices.
        tones: Tones of the states, where no process gives them.
        sort: By what it is ordered, when that is not what it shows: names without accents.
        sortable: Whether a list can be ordered by it (columns only).
        total: Whether lists add it up over everything that their filter finds (numbers only).
    """

    key: str
    label: Text
    kind: Kind = Kind.TEXT
    source: str | Combinable = ""
    choices: Mapping[Any, Text] | None = None
    tones: Mapping[Any, str] | None = None
    sort: str | Combinable | None = None
    sortable: bool = True
    total: bool = False

    @property
    def path(self) -> str | Combinable:
        """The ORM path or expression that gives the value."""
        return self.source or self.key


Column = Value
Fact = Value


@dataclass(frozen=True, kw_only=True)
class Table:
    """The columns of a list.

    Attributes:
        columns: In order; exactly one is a ``LINK``.
        order: Key of the column that sorts by default, ``-key`` for descending. The primary key
            always breaks ties, so that pages follow one another without gaps or repeats.
        search: ORM paths of texts that the search box looks into, without accents or case.
        groups: Keys of columns by whose values rows can be grouped; dates are grouped by month.
    """

    columns: tuple[Column, ...]
    order: str
    search: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Panel of labelled values of the record itself."""

    title: Text
    facts: tuple[Fact, ...]
    icon: str = ""


@dataclass(frozen=True, kw_only=True)
class Lines:
    """Panel with a table of rows that belong to the record.

    Attributes:
        rows: The rows that this person may see, ordered; only the first 100 are shown.
        table: Columns; ``LINK`` opens the row's own page when ``resource`` names its object.
        resource: Name of the rows' resource, if they have pages.
        more: Name of a filter of that resource which takes the record's key: "show all".
    """

    title: Text
    rows: "Callable[[Row, Access], QuerySet[Any]]"
    table: Table
    icon: str = ""
    resource: str = ""
    more: str = ""


@dataclass(frozen=True, kw_only=True)
class Panel:
    """Panel with a template of its own, for what is neither facts nor lines.

    ``context`` returns None when this person gets no such panel.
    """

    title: Text
    template: str
    context: "Callable[[Row, Access], dict[str, Any] | None]"
    icon: str = ""
    side: bool = False


@dataclass(frozen=True, kw_only=True)
class Related:
    """A link from the record to the list of another object, filtered by the record's key."""

    resource: str
    filter: str
    label: Text = ""


@dataclass(frozen=True, kw_only=True)
class Command:
    """A button, a form and an API endpoint that run one registered command.

    Attributes:
        name: Of the command in ``backoffice.commands``; its last part is the address.
        label: Infinitive verb: "Hire", "Approve".
        form: Plain form; its fields are the command's arguments in every door.
        initial: First values of the form. For a change they are also what a stale save is
            compared with.
        states: Values of ``Resource.state`` from which it is possible; None means any.
        available: Why it is not possible now for this record and person, or None when it is.
        summary: What will happen, with numbers; makes the page ask before it does.
        payload: Keyword arguments of the command. Default: the cleaned data, chosen records as
            ``<field>_id``, and the record's key as ``<object>_id``.
        done: Message afterwards.
        danger: It cannot be undone or takes something away: red, and confirmed.
        bulk: Lists offer it for many records at once. A field that is left empty then stays as it is
            in each record, where ``initial`` knows that.
        leads_to: The page after it, from its result. Default: what it made, else the record.
    """

    name: str
    label: Text
    icon: str = "player-play"
    form: "type[forms.Form] | None" = None
    initial: "Callable[[Access, Row | None], Mapping[str, Any]] | None" = None
    states: frozenset[str] | None = None
    available: "Callable[[Row, Access], Text | None] | None" = None
    summary: "Callable[[Row, Access], Text] | None" = None
    payload: Callable[[Mapping[str, Any], Row | None], dict[str, Any]] | None = None
    done: Text = ""
    leads_to: Callable[[Any], str] | None = None
    danger: bool = False
    bulk: bool = False

    @property
    def slug(self) -> str:
        """The last part of the name, as it stands in addresses: ``hire``."""
        return self.name.rpartition(".")[2].replace("_", "-")


class DataClass(StrEnum):
    """How sensitive a personal field is (LGPD arts. 5 and 11)."""

    PERSONAL = "personal"
    FINANCIAL = "financial"
    SENSITIVE = "sensitive"


@dataclass(frozen=True, kw_only=True)
class Personal:
    """Why a personal field is kept: what the LGPD asks to be able to say of each.

    Attributes:
        data_class: How sensitive it is.
        purpose: What it is used for.
        basis: Legal basis, with article: "LGPD art. 7, II (legal obligation)".
        retention: How long, counted from what, and by which rule.
    """

    data_class: DataClass
    purpose: Text
    basis: Text
    retention: Text


@dataclass(frozen=True, kw_only=True)
class Menu:
    """Place in the left menu: order among the entries, group of the area, and a key after ``g``."""

    order: int
    group: str = ""
    key: str = ""


@dataclass(frozen=True, kw_only=True)
class Board:
    """A list as cards in columns, one column for each state.

    Attributes:
        states: Columns in their order; none for all states of the object.
        moves: State -> the command that leads there, as in addresses: ``{"closed": "close"}``.
        shows: Keys of the columns that stand on a card, beside the link.
    """

    states: tuple[str, ...] = ()
    moves: Mapping[str, str] = field(default_factory=dict)
    shows: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Area:
    """An area of the product, as menus and the API name it."""

    code: str
    label: Text
    icon: str
    order: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Resource:
    """Everything the generic doors need to know of one object.

    Attributes:
        name: ``area.object``; names permissions and, with the area, the API tag.
        slug: English plural in addresses: ``/hr/employees/``.
        view_permission: Who may read; also the permission whose scope limits the rows.
        queryset: The rows that a person may see. List, record, API, export and search all start
            here; a row outside answers 404 in every door.
        empty: One sentence that says what the object is for, shown while there are none.
        title: Heading of a record.
        state: Name of the field that holds the state, if there is one.
        process: Name of the work process whose phases are the step bar.
        serializer: Fields of the API, each with an ORM path as source.
        detail_serializer: A wider shape for one record, such as a document with its lines.
        restricted: Key of a column, fact or API field -> permission without which a person does
            not get it, cannot sort and cannot filter by it. Reading it is logged.
        personal: Model field -> why it is kept.
        person: ORM path to the key of the party whom a row is about, if it is about one.
        events: Last word of an event's name -> what it says in the history: ``hired``.
        attachments: Who sees and who changes the documents of a record. None for what every object
            has: seen by who sees the record, changed by who changes it.
        lacks: What this object's records do not have, ``attachments`` or ``history``, and why.
        views: Name of a generic page -> the view class that replaces it.
        board: How the list looks as cards in columns by state; None when it does not.
        calendar: Key of the column whose dates make the list a calendar; empty for none.
        inline: Keys of columns that are changed in the list itself, by the field of ``update`` of
            the same name.
    """

    name: str
    model: type[Model]
    slug: str
    label: Text
    label_plural: Text
    icon: str
    view_permission: str
    queryset: "Callable[[Access], QuerySet[Any]]"
    table: Table
    serializer: "type[Serializer[Any]]"
    empty: Text
    detail_serializer: "type[Serializer[Any]] | None" = None
    filters: "type[FilterSet] | None" = None
    title: Callable[[Row], Text] = str
    state: str = ""
    process: str = ""
    panels: tuple[Facts | Lines | Panel, ...] = ()
    related: tuple[Related, ...] = ()
    create: Command | None = None
    update: Command | None = None
    commands: tuple[Command, ...] = ()
    restricted: Mapping[str, str] = field(default_factory=dict)
    personal: Mapping[str, Personal] = field(default_factory=dict)
    person: str = ""
    events: Mapping[str, Text] = field(default_factory=dict)
    menu: Menu | None = None
    attachments: Attachments | None = None
    lacks: Mapping[str, str] = field(default_factory=dict)
    views: "Mapping[str, type[View]]" = field(default_factory=dict)
    board: Board | None = None
    calendar: str = ""
    inline: tuple[str, ...] = ()

    @property
    def area(self) -> str:
        """First part of the name: ``hr``."""
        return self.name.partition(".")[0]

    @property
    def object_name(self) -> str:
        """Last part of the name: ``employee``."""
        return self.name.rpartition(".")[2]
