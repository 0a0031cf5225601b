"""``manage.py import_rows``: the same rules as the pages, as a person."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from backoffice.audit.models import Event
from backoffice.exchange.models import DataImport
from backoffice.identity.models import User
from backoffice.organization.models import Company, CostCenter
from tests.factories import identity

pytestmark = pytest.mark.django_db

CENTERS = "backoffice.cost_center"


@pytest.fixture
def owner(company: Company) -> User:
    return identity.make_user(company, "owner")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "centros.csv"
    path.write_text("codigo;nome\n200;Vendas\n300;\n", encoding="utf-8")
    return path


def run(user: User, company: Company, file: Path, *more: str, **over: Any) -> str:
    out = StringIO()
    call_command(
        "import_rows",
        CENTERS,
        str(file),
        "--as",
        user.email,
        "--cnpj",
        company.cnpj,
        *more,
        stdout=out,
        **over,
    )
    return out.getvalue()


def codes(company: Company) -> set[str]:
    return set(CostCenter.objects.filter(company=company).values_list("code", flat=True))


def test_without_apply_it_says_what_would_be_and_writes_nothing(
    company: Company, owner: User, file: Path
) -> None:
    said = run(owner, company, file)
    assert "  3: name: " in said
    assert codes(company) == {"100"}
    assert DataImport.objects.get().state == "checked"


def test_wrong_rows_hold_all_back_unless_partly_is_said(
    company: Company, owner: User, file: Path
) -> None:
    with pytest.raises(CommandError, match="1 rows are wrong"):
        run(owner, company, file, "--apply")
    assert codes(company) == {"100"}
    assert "Applied: 1 rows." in run(owner, company, file, "--apply", "--partly")
    assert codes(company) == {"100", "200"}
    event = Event.objects.get(action="backoffice.cost_center.created", reason__contains="centros")
    assert event.actor_id == owner.pk


def test_a_column_can_be_named(company: Company, owner: User, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("x;y\n200;Vendas\n", encoding="utf-8")
    with pytest.raises(CommandError):
        run(owner, company, path, "--apply")
    run(owner, company, path, "--apply", "--column", "1=code", "--column", "2=name")
    assert codes(company) == {"100", "200"}
    for wrong in ("code", "0=code", "9=code"):
        with pytest.raises(CommandError):
            run(owner, company, path, "--column", wrong)


def test_who_may_not_is_refused(company: Company, file: Path, tmp_path: Path) -> None:
    employee = identity.make_user(company, "employee")
    stranger = identity.make_user()
    for user in (employee, stranger):
        with pytest.raises(CommandError):
            run(user, company, file, "--apply")
    owner = identity.make_user(company, "owner")
    with pytest.raises(CommandError, match="no file"):
        run(owner, company, tmp_path / "missing.csv")
    company.cnpj = "0" * 14
    with pytest.raises(CommandError, match="no such account or company"):
        run(owner, company, file)
    assert not DataImport.objects.exists()
