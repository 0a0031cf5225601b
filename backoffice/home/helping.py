"""The help of an object, put together from its own words, its record in the registry and its forms."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from backoffice.identity.rules import Access
from backoffice.resources import registry
from backoffice.resources.records import Command, Resource
from backoffice.web.guidance import HELP
from backoffice.work.registry import PROCESSES

GUIDES = Path(settings.BASE_DIR) / "docs" / "guides"


@dataclass(frozen=True)
class Asked:
    """A command with the fields that it asks for: label, help, whether it must be filled in."""

    name: str
    label: object
    fields: list[tuple[object, object, bool]]


def help_of(resource: Resource, access: Access) -> dict[str, Any] | None:
    """What the help panel of an object shows this person; None when the object is not theirs."""
    runs = [each for each in registry.commands_of(resource) if registry.may_run(each, access)]
    if not runs and not access.can(resource.view_permission):
        return None
    words = HELP.get(resource.name)
    process = PROCESSES.get(resource.process)
    return {
        "resource": resource,
        "words": words,
        "states": process.states if process else (),
        "commands": [_asked(each) for each in runs],
        "guide": words.guide if words and words.guide in guides() else "",
        "writes": bool(resource.create and resource.create in runs),
    }


def without_help() -> list[str]:
    """Objects whose area says nothing of them; ``manage.py check`` and a test name them."""
    return sorted(registry.RESOURCES.keys() - HELP.keys())


def _asked(command: Command) -> Asked:
    return Asked(command.name, command.label, list(_fields(command.form)))


def _fields(form: type[forms.Form] | None) -> Iterator[tuple[object, object, bool]]:
    for name, field in form.base_fields.items() if form else ():
        if not field.widget.is_hidden:
            yield field.label or name, field.help_text, field.required


@cache
def guides() -> dict[str, str]:
    """The guides that come with the product: name to heading."""
    found = {}
    for path in sorted(GUIDES.glob("*.md")):
        first = path.read_text(encoding="utf-8").splitlines()[0]
        found[path.stem] = first.removeprefix("# ")
    return found


@cache
def guide_as_html(name: str) -> SafeString:
    """A guide as HTML; its text is the product's own, and raw HTML in it is shown as text."""
    text = (GUIDES / f"{name}.md").read_text(encoding="utf-8").partition("\n")[2]
    made: str = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
    return mark_safe(made)  # noqa: S308  our own file, rendered without raw HTML
