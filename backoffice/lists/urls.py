"""Addresses of what is done with whole lists, for every object that offers it."""

from django.urls import URLPattern, path

from backoffice.lists.bulk_views import BulkEndpoint, BulkPage
from backoffice.lists.cells import CellPage
from backoffice.lists.columns import ColumnsPage
from backoffice.lists.neighbours import NeighboursPage
from backoffice.resources import registry


def page_urls() -> list[URLPattern]:
    """Called once, when everything is registered."""
    found: list[URLPattern] = []
    for resource in registry.RESOURCES.values():
        base = f"{resource.area}/{resource.slug}/"
        found.append(path(f"{base}columns/", ColumnsPage.as_view(resource=resource)))
        beside = NeighboursPage.as_view(resource=resource)
        found.append(path(f"{base}<int:pk>/neighbours/", beside))
        if resource.inline and resource.update:
            cell = CellPage.as_view(resource=resource, command=resource.update)
            found.append(path(f"{base}<int:pk>/cell/<slug:key>/", cell))
        found += [
            path(
                f"{base}bulk/{command.slug}/",
                BulkPage.as_view(resource=resource, command=command),
            )
            for command in resource.commands
            if command.bulk
        ]
    return found


def api_urls() -> list[URLPattern]:
    """Called once, when everything is registered."""
    return [
        path(
            f"{resource.area}/{resource.slug}/bulk/{command.slug}/",
            BulkEndpoint.as_view(resource=resource, command=command),
        )
        for resource in registry.RESOURCES.values()
        for command in resource.commands
        if command.bulk
    ]
