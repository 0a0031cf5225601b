"""Addresses of boards, for every object that has one."""

from django.urls import URLPattern, path

from backoffice.boards.views import MovePage
from backoffice.resources import registry


def page_urls() -> list[URLPattern]:
    """Called once, when everything is registered."""
    return [
        path(f"{each.area}/{each.slug}/board/move/", MovePage.as_view(resource=each))
        for each in registry.RESOURCES.values()
        if each.board is not None
    ]
