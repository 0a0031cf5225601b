"""A list as its groups: how many rows each has and what they add up to; opened, the rows."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from backoffice.database import groups
from backoffice.lists.columns import with_query
from backoffice.resources import display, listing, registry
from backoffice.resources.records import Column

if TYPE_CHECKING:
    from backoffice.identity.rules import Access


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """One group: its value in words, its rows, its sums as HTML, and the address of its rows."""

    label: str
    count: int
    sums: list[tuple[str, str]]
    url: str


def group_context(request: HttpRequest, asked: listing.Listing, access: "Access") -> dict[str, Any]:
    """The groups of a list in one statement, and the sums of them all."""
    column, resource = asked.group, asked.resource
    assert column is not None  # noqa: S101  for the type checker; the kind is chosen by it
    added = [
        each
        for each in asked.columns
        if each.total and listing.sight(resource, each.key, access) is listing.Sight.ALL
    ]
    rows, (path, *paths) = listing.annotated(asked.rows, [column, *added])
    found = groups.groups(rows, path, paths, monthly=column.kind.dated)
    totals = [sum(amounts) for amounts in zip(*(each.sums for each in found), strict=True)]
    return {
        "lines": [
            ShownGroup(
                label=str(display.group_text(resource, column, each.value)),
                count=each.count,
                sums=_written(asked, added, each.sums),
                url=_drill(request, groups.text_of(each.value)),
            )
            for each in found
        ],
        "count": sum(each.count for each in found),
        "totals": _written(asked, added, totals),
        "shown": [],
        "grouped_by": column.label,
    }


def _written(
    asked: listing.Listing, columns: list[Column], values: list[Any]
) -> list[tuple[str, str]]:
    model = asked.resource.model
    return [
        (str(column.label), display.writer(model, column)(value))
        for column, value in zip(columns, values, strict=False)
    ]


def _drill(request: HttpRequest, text: str) -> str:
    query = request.GET.copy()
    for name in ("after", "before", "in"):
        query.pop(name, None)
    query["in"] = text
    return with_query(request.path, query)


registry.register_list_kind(
    registry.ListKind(
        name=registry.GROUPED,
        label=_("Groups"),
        icon="sitemap",
        template="lists/groups.html",
        offered=lambda _resource: False,
        context=group_context,
    )
)
