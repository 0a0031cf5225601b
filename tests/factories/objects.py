"""One valid record of every registered object, and one valid body of every command.

The conformance suite (``tests/resources``) runs for every object of the registry; a new object adds
its entries in a module of this folder, all of which are found.
"""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

from django.db.models import Model

from backoffice.organization.models import Company

Build = Callable[..., Model]
Body = Callable[[Company, Any], dict[str, Any]]

Made = TypeVar("Made", bound=Build)
FACTORIES: dict[str, Build] = {}
BODIES: dict[str, Body] = {}
RECORDS: dict[str, Build] = {}


def factory_for(name: str) -> Callable[[Made], Made]:
    """Mark the function that makes one valid row of an object: ``(company, **over) -> instance``.

    Each call makes another row. It need not commit; the tests run inside a transaction.
    """

    def keep(build: Made) -> Made:
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


def record_for(*commands: str) -> Callable[[Made], Made]:
    """Mark the function that makes a record on which commands are possible: ``(company)``.

    Without it the object's own factory makes the record.
    """

    def keep(build: Made) -> Made:
        RECORDS.update(dict.fromkeys(commands, build))
        return build

    return keep


def load_all() -> None:
    """Import every module of this folder, so that the tables above are full."""
    for path in sorted(Path(__file__).parent.glob("*.py")):
        if path.stem != "__init__":
            import_module(f"tests.factories.{path.stem}")
