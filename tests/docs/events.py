"""The catalogue of events, found in the source: ``python -m tests.docs.events`` writes the page.

Every event has a name in the code: a literal given to ``ctx.record``, one of a few names that are put
together (``MADE``), or a step of a work process. Who may see an event follows from its object.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/reference/events.md"

# Names that are put together in the code, as it stands there, with all that can come of them.
MADE = {
    "f'backoffice.reference.{verb}'": ("backoffice.reference.added", "backoffice.reference.changed"),
    "f'backoffice.approval.{what}'": tuple(
        f"backoffice.approval.{what}"
        for what in ("requested", "voted", "approved", "returned", "withdrawn", "void")
    ),
    "f'backoffice.record.{what}'": ("backoffice.record.linked", "backoffice.record.unlinked"),
    "f\"{row._meta.db_table.replace('_', '.', 1)}.{done}\"": (
        *(
            f"backoffice.{part}.{done}"
            for part in ("branch", "department", "cost_center", "work_calendar", "webhook")
            for done in ("created", "changed")
        ),
        "backoffice.work_calendar.made_standard",
        "backoffice.webhook.secret_renewed",
        "backoffice.webhook.stopped",
    ),
    **{
        f"f'backoffice.{{placement_field(part)}}.{done}'": tuple(
            f"backoffice.{part}.{done}" for part in parts
        )
        for done, parts in (
            ("closed", ("branch", "department", "cost_center")),
            ("reopened", ("branch", "department", "cost_center")),
            ("merged", ("department", "cost_center")),
        )
    },
    "f'backoffice.party.{done}'": (
        "backoffice.party.account_changed",
        "backoffice.party.account_returned",
    ),
    "f'backoffice.role.{done}'": ("backoffice.role.restored", "backoffice.role.retired"),
}


def recorded() -> Iterator[tuple[str, ast.expr]]:
    """Every first argument of ``....record(...)`` in services, with its file."""
    for area in ("backoffice", "hr"):
        for path in sorted((ROOT / area).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Attribute)
                    and node.func.attr == "record"
                    and node.args
                    and isinstance(node.args[0], ast.Constant | ast.JoinedStr)
                ):
                    yield str(path.relative_to(ROOT)), node.args[0]


def resolved(name: ast.expr) -> tuple[str, ...]:
    """The names of events that an argument stands for.

    Raises:
        KeyError: It is put together in a way that is not in ``MADE``.
    """
    if isinstance(name, ast.Constant):
        return (str(name.value),)
    return MADE[ast.unparse(name)]


def names() -> dict[str, str]:
    """Every name of an event, with the file that records it."""
    from backoffice.work.registry import PROCESSES

    found = {name: path for path, argument in recorded() for name in resolved(argument)}
    for process in PROCESSES.values():
        found |= {f"{process.key}.{step.action}": "a step of its process" for step in process.steps}
    assert "backoffice/commands/rows.py" in found.values()
    return dict(sorted(found.items()))


def page() -> str:
    """The page as it should be."""
    from backoffice.resources import registry

    objects = {
        key: resource
        for resource in registry.RESOURCES.values()
        for key in (resource.name, f"{resource.area}.{resource.model._meta.model_name}")
    }
    rows = []
    for name, path in names().items():
        resource = objects.get(name.rpartition(".")[0])
        permission = resource.view_permission if resource else "backoffice.event.view"
        rows.append(f"| `{name}` | `{permission}` | {path} |")
    return HEAD + "\n".join(rows) + "\n"


HEAD = """# Events

Everything that a command does is an event: `area.object.what`. This page is made from the source by
`.venv/bin/python -m tests.docs.events`; a test compares them.

* **Webhooks** tell another system of the events of chosen objects, as far as the person behind the webhook may see
  all records of the object in the company. See [the guide](../guides/webhooks.md).
* **`GET /api/v1/changes/?after=`** gives the same to whoever asks, in one order in which nothing is ever skipped.

Neither carries values: `object`, `object_id` and `url` say what to read, with the rights of who reads. The second
column is the permission that is needed for the whole company; `backoffice.event.view` sees every event in the feed.

| event | who is told | recorded in |
|---|---|---|
"""


def main() -> None:
    """Write the page."""
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backoffice.settings.test")
    django.setup()
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE}: {len(names())} events\n")


if __name__ == "__main__":
    main()
