"""A list as cards in columns by state; a card is moved by the command that leads to the other state."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from backoffice.resources import display, listing, registry
from backoffice.resources.records import Board, Column, Command, Kind, Resource
from backoffice.work.registry import PROCESSES

if TYPE_CHECKING:
    from backoffice.identity.rules import Access

CARDS_SHOWN = 25


@dataclass(frozen=True, slots=True)
class Move:
    """A way for a card: to which state, by which command, and the page of that command."""

    to: str
    label: str
    command: Command
    url: str


@dataclass(frozen=True, slots=True)
class Card:
    """One record: its heading, its values as HTML, and where it can go."""

    pk: int
    title: str
    url: str
    facts: list[tuple[str, SafeString]]
    moves: list[Move]


@dataclass(frozen=True, slots=True)
class Lane:
    """One column: a state, how many records are in it, and the first of them."""

    state: str
    heading: str
    count: int
    cards: list[Card]
    more_url: str


def states_of(resource: Resource) -> list[str]:
    """The states that are columns, in their order."""
    assert resource.board is not None  # noqa: S101  for the type checker
    if resource.board.states:
        return list(resource.board.states)
    if resource.process in PROCESSES:
        return [state.key for state in PROCESSES[resource.process].states]
    return [str(key) for key in listing.labels_of(resource.model, state_column(resource))]


def state_column(resource: Resource) -> Column:
    """The column that shows the state."""
    bare = Column(key=resource.state, label=_("State"), kind=Kind.STATE)
    return next((c for c in resource.table.columns if c.kind is Kind.STATE), bare)


def command_to(board: Board, resource: Resource, state: str) -> Command | None:
    """The command that leads to a state, when the board has one."""
    slug = board.moves.get(state)
    return next((each for each in resource.commands if each.slug == slug), None)


def _moves(resource: Resource, access: "Access") -> list[tuple[str, Command]]:
    """Where this person can move any card at all."""
    assert resource.board is not None  # noqa: S101  for the type checker
    found = [(state, command_to(resource.board, resource, state)) for state in resource.board.moves]
    return [(s, c) for s, c in found if c is not None and registry.may_run(c, access)]


def board_context(request: HttpRequest, asked: listing.Listing, access: "Access") -> dict[str, Any]:
    """Columns and cards in one statement: counts are of everything that the filter finds."""
    resource, board = asked.resource, asked.resource.board
    assert board is not None  # noqa: S101  for the type checker; the kind is offered with one only
    link = next(column for column in asked.columns if column.kind is Kind.LINK)
    by_key = {column.key: column for column in listing.choosable(resource, access)}
    shown = [by_key[key] for key in board.shows if key in by_key]
    found = dict(_rows(asked, [link, state_column(resource), *shown]))
    moves, lanes = _moves(resource, access), []
    for state in states_of(resource):
        total, rows = found.get(state, (0, []))
        cards = [_card(resource, row, shown, state, moves) for row in rows]
        heading = display.writer(resource.model, state_column(resource), resource.process)(state)
        lanes.append(Lane(state, heading, total, cards, _as_table(request, resource, state)))
    return {
        "lanes": lanes,
        "lines": lanes,
        "shown": [card.pk for lane in lanes for card in lane.cards],
        "count": sum(lane.count for lane in lanes),
        "cap": CARDS_SHOWN,
        "move_url": f"{registry.url(resource)}board/move/",
    }


def _rows(
    asked: listing.Listing, columns: list[Column]
) -> Iterator[tuple[str, tuple[int, list[tuple[Any, ...]]]]]:
    """For each state: how many rows, and the first of them in the order of the list."""
    rows, paths = listing.annotated(asked.rows, columns)
    state = F(paths[1])
    sign = "-" if asked.sort.descending else ""
    ordered = rows.annotate(
        lane_place=Window(
            RowNumber(), partition_by=state, order_by=[f"{sign}{asked.sort.path}", f"{sign}pk"]
        ),
        lane_total=Window(Count("pk"), partition_by=state),
    ).filter(lane_place__lte=CARDS_SHOWN)
    lanes: dict[str, tuple[int, list[tuple[Any, ...]]]] = {}
    for total, *row in ordered.order_by("lane_place").values_list("lane_total", "pk", *paths):
        lanes.setdefault(str(row[2]), (total, []))[1].append(tuple(row))
    yield from lanes.items()


def _card(
    resource: Resource,
    row: tuple[Any, ...],
    shown: list[Column],
    state: str,
    moves: list[tuple[str, Command]],
) -> Card:
    pk, title, _state, *values = row
    model = resource.model
    written = [
        (str(column.label), display.writer(model, column, resource.process, in_list=True)(value))
        for column, value in zip(shown, values, strict=True)
    ]
    link = next(column for column in resource.table.columns if column.kind is Kind.LINK)
    return Card(
        pk=pk,
        title=display.writer(model, link)(title),
        url=registry.url(resource, "detail", pk),
        facts=written,
        moves=[
            Move(to, display.state_label(resource, to), command, address)
            for to, command in moves
            if to != state and (command.states is None or state in command.states)
            for address in [registry.url(resource, "command", pk, command.slug)]
        ],
    )


def _as_table(request: HttpRequest, resource: Resource, state: str) -> str:
    """The table of one state, where the list can be grouped by it; else the table of all."""
    query = request.GET.copy()
    for name in ("view", "after", "before"):
        query.pop(name, None)
    key = state_column(resource).key
    if key in resource.table.groups:
        query["group"], query["in"] = key, state
    return f"{request.path}?{query.urlencode()}"


registry.register_list_kind(
    registry.ListKind(
        name="board",
        label=_("Board"),
        icon="columns",
        template="boards/cards.html",
        offered=lambda resource: resource.board is not None,
        context=board_context,
    )
)
