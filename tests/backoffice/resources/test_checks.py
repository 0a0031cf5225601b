"""`manage.py check` refuses an incomplete record and names what is wrong."""

from dataclasses import replace
from typing import Any

import pytest
from django.utils.translation import gettext_lazy as _

from backoffice.conformance import checks
from backoffice.resources import registry
from backoffice.resources.records import Column, Kind, Related, Table
from backoffice.structure.forms import CloseForm

BRANCH = registry.RESOURCES["backoffice.branch"]
EMPLOYEE = registry.RESOURCES["hr.employee"]
LINK = Column(key="name", label=_("Name"), kind=Kind.LINK)


def table(*columns: Column, order: str = "name", search: tuple[str, ...] = ()) -> Table:
    return Table(columns=(LINK, *columns), order=order, search=search)


def create(**changes: Any) -> dict[str, Any]:
    assert BRANCH.create is not None
    return {"create": replace(BRANCH.create, **changes)}


FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "label": ({"label": "Branch"}, "the label is not a translated text"),
    "icon": ({"icon": "no-such"}, "there is no icon no-such"),
    "view": ({"view_permission": "backoffice.x.view"}, "there is no permission backoffice.x.view"),
    "restricted": (
        {"restricted": {"nothing": "backoffice.branch.view"}},
        "restricted names nothing, which is no column, fact or API field",
    ),
    "column": (
        {"table": table(Column(key="x", label=_("Name"), source="company__nothing"))},
        "the path of x leads nowhere",
    ),
    "order": ({"table": table(order="nothing")}, "the order nothing is no sortable column"),
    "links": (
        {"table": Table(columns=(LINK, replace(LINK, key="code")), order="name")},
        "exactly one column must be a LINK",
    ),
    "search": ({"table": table(search=("company",))}, "the search cannot look for text in company"),
    "related": (
        {"related": (Related(resource="hr.employee", filter="x"),)},
        "hr.employee has no filter x",
    ),
    "process": ({"process": "hr.nothing"}, "there is no process hr.nothing"),
    "personal": (
        {"personal": {"soul": None}},
        "personal names soul, which is no field of the model",
    ),
    "command": (create(name="backoffice.branch.fly"), "there is no such command"),
    "argument": (create(form=CloseForm, payload=None), "nothing gives the service its code"),
    "states": (create(states=frozenset({"open"})), "names states, and the object has none"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_of_a_record_is_named(name: str) -> None:
    changes, words = FAULTS[name]
    found = list(checks.problems_of(replace(BRANCH, **changes)))
    assert any(words in problem for problem in found), found


def test_the_records_of_the_product_are_sound() -> None:
    assert checks.check_resources() == []


def test_a_path_to_many_rows_is_refused() -> None:
    below = Column(key="below", label=_("Name"), source="children__name")
    department = registry.RESOURCES["backoffice.department"]
    found = list(checks.problems_of(replace(department, table=table(below))))
    assert "the path of below leads to many rows" in found


def test_a_personal_field_needs_its_reasons() -> None:
    found = list(checks.problems_of(replace(EMPLOYEE, personal={})))
    words = "has no class, purpose, legal basis and retention"
    assert f"the personal field pis {words}" in found
    assert f"the personal field mother_name {words}" in found


def test_names_and_addresses_are_taken_once() -> None:
    with pytest.raises(ValueError, match=r"two resources are named backoffice\.branch"):
        registry.register(BRANCH)
    with pytest.raises(ValueError, match="two resources have the address /backoffice/branches/"):
        registry.register(replace(BRANCH, name="backoffice.other"))
    assert "backoffice.other" not in registry.RESOURCES
