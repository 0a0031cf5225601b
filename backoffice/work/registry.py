"""What the areas declare: their processes and what can be approved; kept in the database for its guards."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core import checks
from django.core.exceptions import FieldDoesNotExist, ImproperlyConfigured
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

from backoffice.commands import Context
from backoffice.work.rules import OPEN, Process, check

if TYPE_CHECKING:
    from backoffice.work.models import Approval
    from backoffice.work.rules import Label

PROCESSES: dict[str, Process] = {}


@dataclass(frozen=True, kw_only=True)
class ApprovalKind:
    """What can be approved, by whom, and what follows.

    Attributes:
        permission: What a voter needs in the company; also the name of the kind.
        label: What a voter does, as a button says it ("Approve the payroll").
        model: Label of the document's model ("hr.PayrollRun").
        on_decision: Step of the subject that is called in the transaction of the deciding vote, with the
            approval in its state `approved` or `returned`.
        summary: The numbers that a voter must see, made from the content: pairs of label and text.
        url: Address of the document's page.
        current: The content as the document would give it now; when it differs from the content that was
            asked about, no vote counts and the approval covers nothing.
    """

    permission: str
    label: "Label"
    model: str
    on_decision: "Callable[[Context, Approval], object]"
    summary: "Callable[[Any], Sequence[tuple[Label, Label]]]"
    url: Callable[[int], str]
    current: Callable[[int], object] | None = None


APPROVALS: dict[str, ApprovalKind] = {}


def register(process: Process) -> Process:
    """Take in a process, declared in the subject's `process.py`; the declaration is checked at once.

    Raises:
        ImproperlyConfigured: With every fault of the declaration, or when the key or the model belongs to
            another process already.
    """
    problems = list(check(process))
    problems += [
        f"model {process.model} belongs to {other.key}"
        for other in PROCESSES.values()
        if other.key != process.key and other.model.lower() == process.model.lower()
    ]
    if PROCESSES.get(process.key, process) != process:
        problems.append("is declared twice")
    if problems:
        msg = f"process {process.key}: {'; '.join(problems)}"
        raise ImproperlyConfigured(msg)
    return PROCESSES.setdefault(process.key, process)


def register_approval(kind: ApprovalKind) -> ApprovalKind:
    """Take in a kind of approval.

    Raises:
        ImproperlyConfigured: Another kind has the permission already.
    """
    known = APPROVALS.setdefault(kind.permission, kind)
    if known.on_decision != kind.on_decision:
        msg = f"two approvals ask for the permission {kind.permission}"
        raise ImproperlyConfigured(msg)
    return known


def document_model(process: Process) -> type[Model]:
    """The model of the documents of a process.

    Raises:
        LookupError: No installed model has the label.
    """
    return model_of(process.model)


def model_of(label: str) -> type[Model]:
    """The model with a label such as "hr.PayrollRun", in any case of letters.

    Raises:
        LookupError: There is none.
    """
    app, _, name = label.partition(".")
    return apps.get_registered_model(app, name)


def process_of(document: Model) -> Process | None:
    """The process of a document, or None when its kind has none."""
    label = document._meta.label_lower
    return next((p for p in PROCESSES.values() if p.model.lower() == label), None)


def save_declarations(connection: BaseDatabaseWrapper, processes: Iterable[Process] = ()) -> None:
    """Write all declarations into the tables that the database's guards read, as the owner.

    Runs after each `migrate`; harmless twice. A state that documents still stand in cannot be taken away.
    Also puts the guard on the table of each document.
    """
    given = [declaration(process) for process in processes or PROCESSES.values()]
    with connection.cursor() as cursor:
        cursor.execute("SELECT backoffice_declare_processes(%s::jsonb)", [json.dumps(given)])


@checks.register
def check_declarations(**_options: object) -> list[checks.CheckMessage]:
    """`manage.py check`: the declarations are sound and their documents have what they need."""
    found: list[checks.CheckMessage] = []
    for process in PROCESSES.values():
        problems = [*check(process), *_document_problems(process)]
        found += [checks.Error(problem, obj=process.key, id="work.E001") for problem in problems]
    for kind in APPROVALS.values():
        try:
            model_of(kind.model)
        except LookupError:
            message = f"there is no model {kind.model}"
            found.append(checks.Error(message, obj=kind.permission, id="work.E002"))
    return found


def _document_problems(process: Process) -> Iterable[str]:
    try:
        model = document_model(process)
    except LookupError:
        yield f"there is no model {process.model}"
        return
    for name in ("company", process.state_field):
        try:
            model._meta.get_field(name)
        except FieldDoesNotExist:
            yield f"{process.model} has no field {name}"


def declaration(process: Process) -> dict[str, Any]:
    """What the database keeps of a process, as JSON."""
    columns = {field.name: field.column for field in document_model(process)._meta.concrete_fields}
    return {
        "key": process.key,
        "document_table": document_model(process)._meta.db_table,
        "state_column": columns[process.state_field],
        "states": [
            {
                "key": state.key,
                "phase": state.phase,
                "initial": state.initial,
                "reached": state.key in process.reached,
                "closed": state.closed,
            }
            for state in process.states
        ],
        "steps": [
            {"action": OPEN, "source": "", "target": process.initial.key, "backward": False},
            *(
                {
                    "action": step.action,
                    "source": source,
                    "target": step.target,
                    "backward": step.backward,
                }
                for step in process.steps
                for source in sorted(step.sources)
            ),
        ],
    }
