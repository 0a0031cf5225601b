"""What is at hand on every page: favourites in the menu, the star, quick create; ``{% load finding %}``."""

from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from backoffice.resources import registry
from backoffice.search import kept, palette

register = template.Library()


@register.simple_tag(takes_context=True)
def favourites_menu(context: template.Context) -> SafeString:
    """The own favourites at the top of the menu."""
    request: Any = context.get("request")
    access = getattr(request, "access", None)
    found = kept.favourites(access) if access is not None and access.user_id else []
    if not found:
        return SafeString("")
    given = {"favourites": found, "path": request.path}
    return SafeString(render_to_string("search/menu.html", given))


@register.simple_tag(takes_context=True)
def star(context: template.Context) -> SafeString:
    """The star of a list's or a record's page; nothing on other pages."""
    request: Any = context.get("request")
    access = getattr(request, "access", None)
    match = getattr(request, "resolver_match", None)
    name, _dot, page = (match.view_name if match else "").rpartition(".")
    resource = registry.RESOURCES.get(name)
    if access is None or match is None or resource is None or page not in {"list", "detail"}:
        return SafeString("")
    pk = match.kwargs["pk"] if page == "detail" else None
    marked = any((each.kind, each.pk) == (name, pk) for each in kept.favourites(access))
    given = {"kind": name, "record": pk or "", "marked": marked, "path": request.get_full_path()}
    return SafeString(render_to_string("search/star.html", given, request=request))


@register.simple_tag(takes_context=True)
def quick_create(context: template.Context) -> SafeString:
    """The menu of what this person may create, in the top bar."""
    access = getattr(context.get("request"), "access", None)
    items = palette.creations(access) if access is not None else []
    return (
        SafeString(render_to_string("search/create.html", {"items": items}))
        if items
        else SafeString("")
    )
