"""Imports and foreign keys run one way: areas, kernel folders, subjects, layers."""

import ast
import tomllib
from typing import Any

from django.apps import apps
from django.db import models
from importlinter.cli import lint_imports

from tests.architecture.source import PACKAGES, ROOT, of_layer, sources

CONTRACTS: list[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"][
    "importlinter"
]["contracts"]


def contract(name: str) -> dict[str, Any]:
    """The contract whose name begins like this."""
    return next(each for each in CONTRACTS if each["name"].startswith(name))


def order(name: str) -> dict[str, int]:
    """Folder to rank in a contract's layers; higher ranks may point to lower ones."""
    layers = list(reversed(contract(name)["layers"]))
    return {
        part.strip(" ()\n"): rank for rank, layer in enumerate(layers) for part in layer.split("|")
    }


def subjects(area: str) -> set[str]:
    """Folders of an area with code."""
    return {
        path.parent.name
        for path in (ROOT / area).glob("*/__init__.py")
        if path.parent.name not in {"migrations", "management"}
    }


def test_every_import_keeps_the_orders() -> None:
    code = lint_imports(config_filename=str(ROOT / "pyproject.toml"), cache_dir=None)
    assert code == 0, "run lint-imports to see what points the wrong way"


def test_every_subject_stands_in_the_order_and_in_the_layer_contract() -> None:
    layered = {
        name for each in CONTRACTS for name in each.get("containers", []) if name.count(".") == 1
    }
    protected = {
        module.rpartition(".")[0]
        for each in CONTRACTS
        for module in each.get("protected_modules", [])
    }
    for area in PACKAGES[1:]:
        for subject in subjects(area):
            assert subject in order(f"Subjects of {area}"), subject
            assert f"{area}.{subject}" in layered, subject
            assert f"{area}.{subject}" in protected, subject


def test_what_a_subject_has_is_protected() -> None:
    doors = {"rules", "views", "forms", "filters", "tables", "tasks", "api", "register"}
    protected = {module for each in CONTRACTS for module in each.get("protected_modules", [])}
    for area in PACKAGES[1:]:
        for subject in subjects(area):
            folder = ROOT / area / subject
            present = {
                f"{area}.{subject}.{name}"
                for name in doors
                if (folder / f"{name}.py").exists() or (folder / name).is_dir()
            }
            assert present <= protected


def test_foreign_keys_point_the_same_way_as_imports() -> None:
    kernel, wrong = order("Kernel"), []
    for model in apps.get_models():
        app = model._meta.app_label
        if app not in PACKAGES or hasattr(model, "pgh_tracked_model"):
            continue
        for field in model._meta.get_fields():
            target = field.related_model
            if not isinstance(field, models.ForeignKey) or not isinstance(target, type):
                continue
            if target._meta.app_label not in PACKAGES:
                continue
            here, there = model.__module__.split(".")[:2], target.__module__.split(".")[:2]
            ranks = kernel if app == "backoffice" else order(f"Subjects of {app}")
            if target._meta.app_label != app:
                ok = target._meta.app_label == "backoffice"
            else:
                ok = ranks[here[1]] >= ranks[there[1]]
            if not ok:
                wrong.append(f"{model._meta.label}.{field.name} -> {target._meta.label}")
    assert wrong == []


def test_models_are_found_by_the_area_and_imported_from_the_subject() -> None:
    for source in sources():
        for node in ast.walk(source.tree):
            if isinstance(node, ast.ImportFrom) and node.module in {
                "backoffice.models",
                "hr.models",
            }:
                raise AssertionError(f"{source.name}: import from the subject, not {node.module}")
    for app in PACKAGES:
        module = __import__(f"{app}.models", fromlist=["_"])
        defined = {
            model.__name__
            for model in apps.get_app_config(app).get_models()
            if not hasattr(model, "pgh_tracked_model")
        }
        assert defined <= set(dir(module))
        assert sorted(module.__all__) == list(module.__all__)


def test_the_layers_are_where_the_work_is_done() -> None:
    """Doors and reads write nothing; only services, tasks of jobs and reference loaders do."""
    writes = {
        "save",
        "create",
        "bulk_create",
        "bulk_update",
        "delete",
        "get_or_create",
        "update_or_create",
    }
    doors = of_layer(
        "views",
        "api",
        "forms",
        "filters",
        "tables",
        "selectors",
        "register",
        "panels",
        "display",
        "listing",
    )
    found = [
        f"{source.name}:{line} .{name}()"
        for source in doors
        for line, name, call in source.calls()
        if name in writes and _on_rows(call)
    ]
    assert found == []


def _on_rows(call: ast.Call) -> bool:
    """Whether it is called on a manager, a queryset or a record, as far as names tell."""
    target = getattr(call.func, "value", None)
    text = ast.unparse(target) if target is not None else ""
    return "objects" in text or (
        getattr(call.func, "attr", "") in {"save", "delete"} and "session" not in text
    )
