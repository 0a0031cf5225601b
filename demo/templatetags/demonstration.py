"""The demo bar's content, for its template."""

from typing import Any

from django import template
from django.http import HttpRequest

from demo.views import bar

register = template.Library()


@register.simple_tag(takes_context=True)
def demonstration(context: template.Context) -> dict[str, Any]:
    """People to act as, and whether the kill button belongs on this page."""
    request: HttpRequest = context["request"]
    return bar(request)
