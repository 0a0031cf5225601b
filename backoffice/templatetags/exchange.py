"""What the list page shows of exports and imports: ``{% load exchange %}``."""

from typing import Any
from urllib.parse import urlencode

from django import template
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from backoffice.exchange import asking, tabs
from backoffice.exchange.importers import IMPORTERS
from backoffice.exchange.selectors import IMPORT
from backoffice.exchange.services.exports import permission_for
from backoffice.resources.records import Resource
from backoffice.resources.registry import may_run

register = template.Library()


@register.simple_tag(takes_context=True)
def export_url(context: template.Context, resource: Resource) -> str:
    """Where the rows of this list are saved as a file; empty for who may not."""
    request: HttpRequest = context["request"]
    access: Any = request.access  # type: ignore[attr-defined]  # behind our middleware
    if not access.can(permission_for(resource)):
        return ""
    query = request.GET.copy()
    for name in asking.PAGING:
        query.pop(name, None)
    address = reverse("exchange:export", args=[resource.name])
    return f"{address}?{query.urlencode()}" if query else address


@register.simple_tag(takes_context=True)
def import_url(context: template.Context, resource: Resource) -> str:
    """Where rows of a file become records of this list; empty for who may not, or where none can."""
    access: Any = context["request"].access
    importer = IMPORTERS.get(resource.name)
    if importer is None or not access.can(IMPORT) or not may_run(importer.create, access):
        return ""
    return reverse("exchange:import", args=[resource.name])


@register.simple_tag(takes_context=True)
def view_tabs(context: template.Context, resource: Resource) -> SafeString:
    """The place of the tabs: views and their counts come in a later request, after the rows."""
    chosen = context["request"].GET.get(tabs.MARK, "")
    load_url = reverse("exchange:view-tabs", args=[resource.name])
    given = {"load_url": f"{load_url}?{urlencode({tabs.MARK: chosen})}", "chosen": chosen}
    return render_to_string("exchange/tabs_later.html", given)


@register.simple_tag(takes_context=True)
def new_view_url(context: template.Context, resource: Resource) -> str:
    """Where the present question of the list is kept as a view; empty when there is none."""
    query = context["request"].GET.copy()
    for name in (*asking.PAGING, tabs.MARK):
        query.pop(name, None)
    if not query:
        return ""
    address = reverse("exchange:view-new", args=[resource.name])
    return f"{address}?{query.urlencode()}"
