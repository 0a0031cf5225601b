"""Every field of every model is declared, personal or not; the record of processing says so."""

import pytest
from django.core.management import call_command
from django.utils.translation import override

from backoffice.privacy import uses
from backoffice.privacy.checks import check_inventory, problems
from backoffice.privacy.registry import INVENTORY, declare, held, leads_to, number
from tests.docs import personal_data


def test_no_field_is_missing_and_every_path_leads_to_a_person() -> None:
    assert list(problems()) == []


def test_a_missing_field_a_stale_one_and_a_wrong_path_are_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delitem(INVENTORY, "hr.JobTitle")
    monkeypatch.delitem(INVENTORY, "hr.Employee")
    declare("hr.Employee", about="company", plain="version shoe_size")
    found = list(problems())
    assert any(each.startswith("hr.JobTitle has no line") for each in found)
    assert "hr.Employee.pis is not declared: personal, with its use, or plain" in found
    assert "hr.Employee.shoe_size is declared and does not exist" in found
    assert "hr.Employee: the path company leads to no person" in found
    assert {message.id for message in check_inventory()} == {"privacy.W001"}
    call_command("check")
    assert "hr.Employee.pis" in capsys.readouterr().err


def test_a_way_that_leads_nowhere_and_a_secret_that_is_none_are_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(INVENTORY, "hr.JobTitle")
    ways = [number("nothing", "backoffice.User"), held("file", "hr.Nothing")]
    declare("hr.JobTitle", leads=ways, by="company", plain="active", sealed="active")
    monkeypatch.delitem(INVENTORY, "hr.Occupation")
    declare("hr.Occupation", plain="source", trace=(uses.TRACE, "title"))
    found = list(problems())
    assert "hr.JobTitle: the way nothing leads nowhere" in found
    assert "hr.JobTitle: a way goes over hr.Nothing, which nobody declared" in found
    assert "hr.JobTitle: the path company leads to no person" in found
    assert "hr.JobTitle.active is sealed and not personal" in found
    assert "hr.Occupation holds personal fields, and no way leads to the person" in found
    with pytest.raises(KeyError):
        leads_to("hr.Nothing", number("nothing", "backoffice.User"))


def test_a_field_is_declared_once() -> None:
    with pytest.raises(ValueError, match=r"hr\.Employee or one of its fields is declared twice"):
        declare("hr.Employee", plain="version")
    with pytest.raises(ValueError, match="declared twice"):
        declare("hr.Nothing", plain="name", trace=(uses.TRACE, "name"))


def test_every_term_names_its_source_and_day() -> None:
    for declared in INVENTORY.values():
        for use in declared.personal.values():
            assert str(use.retention.source)
            assert use.retention.months is None or use.retention.months > 0


def test_the_record_of_processing_is_the_present_inventory() -> None:
    """After a change: .venv/bin/python -m tests.docs.personal_data."""
    with override("en"):
        assert personal_data.PAGE.read_text(encoding="utf-8") == personal_data.page()
