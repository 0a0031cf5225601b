"""Addresses of what is done with whole lists, for every object that offers it."""

from django.urls import URLPattern, path

from backoffice.lists.columns import ColumnsPage
from backoffice.resources import registry


def page_urls() -> list[URLPattern]:
    """Called once, when everything is registered."""
    found: list[URLPattern] = []
    for resource in registry.RESOURCES.values():
        base, given = f"{resource.area}/{resource.slug}/", {"resource": resource}
        found.append(path(f"{base}columns/", ColumnsPage.as_view(**given)))
    return found
