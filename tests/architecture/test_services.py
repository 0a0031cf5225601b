"""Commands, steps, rules and tasks have the shape that their callers rely on."""

import ast
import inspect
from typing import Any

import pytest

from backoffice.commands import COMMANDS
from backoffice.identity import catalogue
from backoffice.jobs.registry import KINDS
from tests.architecture.source import Source, decorators, of_layer, sources

# Services that only a process of ours calls (a worker, the scheduler, the audit log's own writer):
# no person is behind them, so there is no context to check.
MACHINERY = {
    "backoffice.audit.services",
    "backoffice.jobs.services",
    "backoffice.outbox.services.consuming",
    "backoffice.outbox.services.deliveries",
    "backoffice.files.sweeping",
    "backoffice.periods.services",  # below the commands: asks for a transaction by itself
}


def _public(source: Source) -> list[ast.FunctionDef]:
    return [f for f in source.top_functions() if source.path.name != "__init__.py"]


def _writes(function: ast.FunctionDef) -> bool:
    """Whether it changes rows itself, as far as names tell."""
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    names = {getattr(call.func, "attr", "") for call in calls}
    if names & {"save", "bulk_create", "bulk_update", "get_or_create", "execute", "delete"}:
        return True
    on_rows = [ast.unparse(call.func) for call in calls]
    return any(".objects." in text and text.endswith((".create", ".update")) for text in on_rows)


def _by_the_worker() -> set[str]:
    """Functions that the worker calls in a transaction of its own."""
    functions = [each for kind in KINDS.values() for each in (kind.run, kind.finish) if each]
    return {f"{each.__module__}.{each.__name__}" for each in functions}


def test_every_public_service_that_writes_is_a_command_or_a_step() -> None:
    wrong = [
        f"{source.module}.{function.name}"
        for source in of_layer("services")
        if not source.module.startswith((*MACHINERY, "backoffice.embedded"))
        for function in _public(source)
        if not decorators(function) & {"command", "step"} and _writes(function)
    ]
    assert sorted(set(wrong) - _by_the_worker()) == []


def test_commands_and_steps_take_the_context_and_then_only_names() -> None:
    for source in of_layer("services"):
        for function in _public(source):
            if not decorators(function) & {"command", "step"}:
                continue
            first, *others = function.args.args
            assert first.arg == "ctx", function.name
            assert not others or "step" in decorators(function), f"{source.module}.{function.name}"


def test_every_command_asks_for_a_permission_of_the_catalogue() -> None:
    known = catalogue.permissions()
    assert [spec.name for spec in COMMANDS.values() if spec.permission not in {"", *known}] == []
    for spec in COMMANDS.values():
        assert spec.name.count(".") == 2, spec.name


def test_public_functions_of_the_kernel_services_selectors_and_rules_are_documented() -> None:
    missing = [
        f"{source.module}.{function.name}"
        for source in sources()
        if source.layer in {"services", "selectors", "rules"}
        or source.name.startswith("backoffice/")
        for function in source.top_functions()
        if ast.get_docstring(function) is None and "migrations" not in source.name
    ]
    assert missing == []


def law_functions() -> list[Any]:
    """Public functions of the areas' rules that compute an amount, a rate or a date of law."""
    found = []
    for source in of_layer("rules"):
        if source.name.startswith("hr/payroll"):
            module = __import__(source.module, fromlist=["_"])
            found += [
                pytest.param(getattr(module, function.name), id=f"{source.module}.{function.name}")
                for function in source.top_functions()
                if _computes(getattr(module, function.name))
            ]
    return found


def _computes(function: Any) -> bool:
    """Whether the answer is an amount."""
    return "Decimal" in str(inspect.signature(inspect.unwrap(function)).return_annotation)


@pytest.mark.parametrize("function", law_functions())
def test_a_rule_names_its_law(function: Any) -> None:
    assert "Law:" in (inspect.getdoc(function) or "")


def test_rules_and_amounts_know_no_float_and_no_clock() -> None:
    for source in of_layer("rules"):
        for line, name, _call in source.calls():
            assert name not in {"float", "now", "today", "localdate"}, f"{source.name}:{line}"


def test_nothing_listens_to_signals_and_nothing_delays_by_itself() -> None:
    for source in sources():
        if source.name.startswith("backoffice/jobs/") or source.name == "backoffice/celery.py":
            continue
        for line, name, call in source.calls():
            text = ast.unparse(call.func)
            assert name not in {"receiver", "apply_async", "send_task"}, f"{source.name}:{line}"
            assert not text.endswith((".delay", "post_save.connect", "pre_save.connect"))


def test_celery_tasks_take_names_only() -> None:
    for source in of_layer("tasks"):
        for function in source.top_functions():
            if decorators(function) & {"shared_task", "task"}:
                positional = [a.arg for a in function.args.args if a.arg != "self"]
                assert positional == [], f"{source.module}.{function.name}"
