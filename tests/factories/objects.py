"""One valid record of every registered object, and one valid body of every command.

The conformance suite (``tests/resources``) runs for every object of the registry; a new object adds
its entries here, in the module of its subject, or in ``tests/factories/<subject>.py``.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import Model

from backoffice.organization.models import Company

Build = Callable[..., Model]
Body = Callable[[Company, Any], dict[str, Any]]

FACTORIES: dict[str, Build] = {}
BODIES: dict[str, Body] = {}
RECORDS: dict[str, Build] = {}


def factory_for(name: str) -> Callable[[Build], Build]:
    """Mark the function that makes one valid row of an object: ``(company, **over) -> instance``.

    Each call makes another row. It need not commit; the tests run inside a transaction.
    """

    def keep(build: Build) -> Build:
        FACTORIES[name] = build
        return build

    return keep


def body_for(*commands: str) -> Callable[[Body], Body]:
    """Mark the function that makes a valid JSON body of commands: ``(company, record) -> dict``.

    ``record`` is None for a command that creates. A body that nobody makes is empty.
    """

    def keep(build: Body) -> Body:
        BODIES.update(dict.fromkeys(commands, build))
        return build

    return keep


def record_for(*commands: str) -> Callable[[Build], Build]:
    """Mark the function that makes a record on which commands are possible: ``(company)``.

    Without it the object's own factory makes the record.
    """

    def keep(build: Build) -> Build:
        RECORDS.update(dict.fromkeys(commands, build))
        return build

    return keep
