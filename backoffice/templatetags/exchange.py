"""What the list page shows of exports and imports: ``{% load exchange %}``."""

from typing import Any

from django import template
from django.http import HttpRequest
from django.urls import reverse

from backoffice.exchange import asking
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
