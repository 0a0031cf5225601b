"""What the list page shows: search, filters, chips, headings, rows and totals."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django import forms as django_forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from backoffice.database import keyset
from backoffice.resources import display, forms, listing, registry
from backoffice.resources.listing import Listing
from backoffice.resources.records import Column, Command, Resource

if TYPE_CHECKING:
    from backoffice.identity.rules import Access

# Of the address, when somebody searches or filters.
KEPT = ("sort", "columns", "group", "in", "view", "month")


def list_context(request: HttpRequest, asked: Listing, access: "Access") -> dict[str, Any]:
    """What the list page shows of a checked question: as a table, or in the way that is asked for."""
    frame = _list_frame(request, asked, access)
    kind = registry.list_kind(asked, request.GET.get("view", ""))
    if kind is not None:
        return {**frame, "body": kind.template, **kind.context(request, asked, access)}
    return {**frame, **_table_context(request, asked, access)}


def _list_frame(request: HttpRequest, asked: Listing, access: "Access") -> dict[str, Any]:
    """What stands around the rows: search, filters, ways to show them."""
    resource, filters = asked.resource, asked.filters
    opened = "filters" in request.GET and resource.filters is not None
    if filters is None and opened:
        filters = listing.allowed_filters(resource, access, request=request)
    create = resource.create
    return {
        "question": [(name, each) for name, all_of in request.GET.lists() for each in all_of],
        "columns_url": f"{registry.url(resource)}columns/?{request.GET.urlencode()}",
        "list_views": _list_views(request, resource),
        "groups": _groups(request, asked, access),
        "kept": {name: request.GET[name] for name in KEPT if name in request.GET},
        "q": asked.q,
        "narrowed": asked.narrowed,
        "filters": filters if opened else None,
        "filters_url": _address(request, filters="" if opened else "1") if resource.filters else "",
        "chips": _chips(request, asked),
        "create": create if create and registry.may_run(create, access) else None,
        "create_url": registry.url(resource, "create"),
    }


def _table_context(request: HttpRequest, asked: Listing, access: "Access") -> dict[str, Any]:
    resource = asked.resource
    rows, paths = listing.annotated(asked.rows, asked.columns)
    page = replace(asked, rows=rows).page(["pk", *paths])
    bulk = bulk_buttons(resource, access)
    count, totals = sums(asked, access, all_rows="totals" in request.GET)
    lines = display.write_list(
        resource.model,
        asked.columns,
        page.rows,
        base_url=registry.url(resource),
        process=resource.process,
        ticks=bool(bulk),
        inline=inline_keys(resource, access),
    )
    return {
        "headings": [_heading(request, asked, column) for column in asked.columns],
        "lines": lines,
        "shown": [line.pk for line in lines],
        "bulk": bulk,
        "count": count,
        "footer": _footer(asked, totals),
        "totals_url": _address(request, totals="1") if totals is None else "",
        "next_url": _address(request, after=page.next) if page.next else "",
        "previous_url": _address(request, before=page.previous) if page.previous else "",
    }


def _list_views(request: HttpRequest, resource: Resource) -> list[dict[str, Any]]:
    """The ways to show the list, when there is more than the table."""
    kinds = [kind for kind in registry.LIST_KINDS.values() if kind.offered(resource)]
    now = request.GET.get("view", "")
    ways = [("", _("Table"), "table"), *((kind.name, kind.label, kind.icon) for kind in kinds)]
    return [
        {
            "label": label,
            "icon": icon,
            "url": _address(request, view=name, month="", group="", **{"in": ""}),
            "current": name == now,
        }
        for name, label, icon in (ways if kinds else ())
    ]


def _groups(request: HttpRequest, asked: Listing, access: "Access") -> list[dict[str, Any]]:
    """By what the list can be grouped, and whether it is."""
    keys = listing.groupable(asked.resource, access)
    by_key = {column.key: column.label for column in asked.resource.table.columns}
    chosen = asked.group.key if asked.group else ""
    ways = [(key, by_key[key]) for key in keys] + ([("", _("No groups"))] if chosen else [])
    return [
        {
            "label": label,
            "url": _address(request, group=key, view="", **{"in": ""}),
            "current": key == chosen,
        }
        for key, label in ways
    ]


def inline_keys(resource: Resource, access: "Access") -> tuple[str, ...]:
    """Keys of the columns that this person may change in the list itself."""
    command = resource.update
    return resource.inline if command and registry.may_run(command, access) else ()


def bulk_buttons(resource: Resource, access: "Access") -> list[tuple[Command, str]]:
    """What this person may do with many records at once, and where."""
    return [
        (command, f"{registry.url(resource)}bulk/{command.slug}/")
        for command in resource.commands
        if command.bulk and registry.may_run(command, access)
    ]


def _footer(asked: Listing, totals: dict[str, Any] | None) -> list[tuple[str, SafeString]]:
    """A cell for each column, with its alignment: the word, then what is added up."""
    if not totals:
        return []
    model = asked.resource.model
    return [
        ("num" if column.kind.numeric else "", display.writer(model, column)(totals[column.key]))
        if column.key in totals
        else ("", SafeString(_("Total") if column is asked.columns[0] else ""))
        for column in asked.columns
    ]


def _address(request: HttpRequest, **changes: str) -> str:
    """The list's address with other parameters; a change of the question starts at page one."""
    query = request.GET.copy()
    for name in ("after", "before", *changes):
        query.pop(name, None)
    query.update({name: value for name, value in changes.items() if value})
    return f"{request.path}?{query.urlencode()}" if query else request.path


def _heading(request: HttpRequest, asked: Listing, column: Column) -> display.Heading:
    css = "num" if column.kind.numeric else ""
    if not column.sortable:
        return display.Heading(str(column.label), css)
    current = asked.sort.name
    order = {column.key: "ascending", f"-{column.key}": "descending"}.get(current, "")
    wanted = f"-{column.key}" if order == "ascending" else column.key
    return display.Heading(str(column.label), css, _address(request, sort=wanted), order)


def _chips(request: HttpRequest, asked: Listing) -> list[dict[str, str]]:
    chips = []
    if asked.group is not None and asked.within is not None:
        value = display.group_text(asked.resource, asked.group, asked.within[0])
        remove = _address(request, **{"in": ""})
        chips.append({"label": str(asked.group.label), "value": value, "remove_url": remove})
    if asked.filters is None:
        return chips
    form = asked.filters.form
    for name, field in form.fields.items():
        names = listing.names_of(name, field)
        if any(request.GET.get(each) for each in names):
            chips.append(
                {
                    "label": str(field.label or name),
                    "value": _chip_text(field, form.cleaned_data.get(name)),
                    "remove_url": _address(request, **dict.fromkeys(names, "")),
                }
            )
    return chips


def _chip_text(field: django_forms.Field, value: Any) -> str:  # noqa: ANN401  of any field
    """A filter's value in words; a range as "from – to"."""
    if isinstance(value, slice):
        return " – ".join(str(forms.form_text(field, end)) for end in (value.start, value.stop))
    if isinstance(value, QuerySet | list | tuple):
        return ", ".join(forms.choice_text(field, each) for each in value)
    return forms.choice_text(field, value)


def sums(
    asked: Listing, access: "Access", *, all_rows: bool = False
) -> tuple[int, dict[str, Any] | None]:
    """The number of rows, and what columns made for it add up to, by key; in one statement.

    A column whose values the person sees of some rows only is not added up. ``None`` when it takes
    long, so that it is done only when asked for ``all_rows``: very many rows, or values that are
    looked up for each row.
    """
    added = [
        column
        for column in asked.columns
        if column.total and listing.sight(asked.resource, column.key, access) is listing.Sight.ALL
    ]
    if not all_rows and any(column.path in asked.rows.query.annotations for column in added):
        return keyset.capped_count(asked.rows), None
    rows, paths = listing.annotated(asked.rows, added)
    count, found = keyset.capped_sums(rows, paths, all_rows=all_rows)
    keys = (column.key for column in added)
    return count, None if found is None else dict(zip(keys, found, strict=True))
