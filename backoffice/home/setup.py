"""The set-up checklist of a company: steps that kernel and areas declare, each with its state today."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from backoffice.identity.rules import Access

Text = str | Promise

PERMISSION = "backoffice.company.change"
"""Who sets a company up."""


@dataclass(frozen=True)
class Found:
    """How a step stands: whether it is done, and what the database says of it."""

    done: bool
    says: Text


@dataclass(frozen=True, kw_only=True)
class SetupStep:
    """One thing to do before a company works.

    Attributes:
        name: Unique, for the page's anchor: ``branch``.
        title: What to do, as an infinitive.
        why: One sentence: what it is good for.
        order: Place in the list.
        state: How it stands, from the database.
        url: Where it is done, for this person; empty when they may not, or when it is done here.
        template: A form of its own, where the checklist itself does it.
        guide: Name of a page of ``docs/guides``.
    """

    name: str
    title: Text
    why: Text
    order: int
    state: Callable[[Access, dt.datetime], Found]
    url: Callable[[Access], str]
    template: str = ""
    guide: str = ""


STEPS: dict[str, SetupStep] = {}


def register(*steps: SetupStep) -> None:
    """Add steps.

    Raises:
        ValueError: Another one has the same name.
    """
    for step in steps:
        if step.name in STEPS:
            msg = f"two steps of the set-up are named {step.name}"
            raise ValueError(msg)
        STEPS[step.name] = step


def checklist(access: Access, at: dt.datetime) -> list[tuple[SetupStep, Found, str]]:
    """Every step in its order, how it stands, and where this person does it."""
    ordered = sorted(STEPS.values(), key=lambda step: step.order)
    return [(step, step.state(access, at), step.url(access)) for step in ordered]
