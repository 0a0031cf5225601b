"""Municipalities, banks and municipal holidays; the business days of a place."""

import datetime as dt
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client

from backoffice.audit.models import Event
from backoffice.errors import InvalidInput
from backoffice.official.models import Bank, LocalHoliday, Municipality
from backoffice.official.reference import (
    BANKS_SOURCE,
    HOLIDAYS,
    load_banks,
    load_holidays,
    load_municipalities,
    shipped,
)
from backoffice.official.selectors import calendar_at, local_holidays, municipality_named
from backoffice.official.services import HolidayData, create_holiday, import_holidays
from backoffice.organization.models import Branch, WorkCalendar
from backoffice.organization.selectors import working_calendar, working_time
from backoffice.organization.services import create_branch
from demo.staff import BRANCHES
from tests.factories import identity, people

PER_STATE = {
    "AC": 22, "AL": 102, "AM": 62, "AP": 16, "BA": 417, "CE": 184, "DF": 1, "ES": 78, "GO": 246,
    "MA": 217, "MG": 853, "MS": 79, "MT": 142, "PA": 144, "PB": 223, "PE": 185, "PI": 224, "PR": 399,
    "RJ": 92, "RN": 167, "RO": 52, "RR": 15, "RS": 497, "SC": 295, "SE": 75, "SP": 645, "TO": 139,
}  # fmt: skip
STATE_OF_CODE = {
    "11": "RO", "12": "AC", "13": "AM", "14": "RR", "15": "PA", "16": "AP", "17": "TO", "21": "MA",
    "22": "PI", "23": "CE", "24": "RN", "25": "PB", "26": "PE", "27": "AL", "28": "SE", "29": "BA",
    "31": "MG", "32": "ES", "33": "RJ", "35": "SP", "41": "PR", "42": "SC", "43": "RS", "50": "MS",
    "51": "MT", "52": "GO", "53": "DF",
}  # fmt: skip
# Check digits that IBGE itself keeps although they do not agree.
ODD = {
    "2201919",
    "2202251",
    "2201988",
    "2611533",
    "3117836",
    "3152131",
    "4305871",
    "5203939",
    "5203962",
}


def test_every_municipality_of_brazil_is_shipped() -> None:
    rows = shipped("municipalities")
    assert len(rows) == len({code for code, _name, _state in rows}) == 5571
    assert Counter(state for _code, _name, state in rows) == PER_STATE
    assert all(STATE_OF_CODE[code[:2]] == state for code, _name, state in rows)
    assert len({(name, state) for _code, name, state in rows}) == 5571


def _check_digit(code: str) -> int:
    products = (int(digit) * (1 + place % 2) for place, digit in enumerate(code[:6]))
    return -sum(product // 10 + product % 10 for product in products) % 10


def test_the_codes_of_municipalities_carry_the_check_digit_of_ibge() -> None:
    wrong = {code for code, *_ in shipped("municipalities") if _check_digit(code) != int(code[6])}
    assert wrong == ODD


def test_names_are_written_as_names() -> None:
    for _code, name, _state in shipped("municipalities"):
        assert re.fullmatch(r"[A-ZÁÂÃÀÉÊÍÓÔÕÚÇa-záâãàéêíóôõúüç' -]+", name), name
        assert name == name.strip()
        assert "  " not in name


@pytest.mark.parametrize(
    ("code", "name", "state"),
    [
        ("3550308", "São Paulo", "SP"),
        ("5300108", "Brasília", "DF"),
        ("2605459", "Fernando de Noronha", "PE"),
        ("5101837", "Boa Esperança do Norte", "MT"),
        ("1721000", "Palmas", "TO"),
        ("4314548", "Pinto Bandeira", "RS"),
    ],
)
def test_municipalities_have_the_names_of_ibge(code: str, name: str, state: str) -> None:
    assert (code, name, state) in shipped("municipalities")


def test_the_banks_have_a_code_and_an_ispb_of_their_own() -> None:
    rows = shipped("banks")
    assert len(rows) == 446
    assert len({code for code, _ispb, _name in rows}) == len({ispb for _c, ispb, _n in rows}) == 446
    assert all(re.fullmatch(r"\d{3}", code) and re.fullmatch(r"\d{8}", i) for code, i, _n in rows)
    names = {code: (ispb, name) for code, ispb, name in rows}
    assert names["001"] == ("00000000", "Banco do Brasil")
    assert names["104"][0] == "00360305"
    assert names["341"][0] == "60701190"
    assert names["260"][0] == "18236120"


@pytest.mark.django_db
def test_every_migrated_database_has_the_lists_and_the_places_of_the_demonstration() -> None:
    assert Municipality.objects.count() == 5571
    assert set(Bank.objects.values_list("source", flat=True)) == {BANKS_SOURCE}
    for _code, _name, _order, _address, name, state in BRANCHES:
        place = municipality_named(name, state)
        assert place is not None
        assert place.holidays.exists()


@pytest.mark.django_db
def test_loading_again_changes_nothing_that_somebody_entered() -> None:
    Municipality.objects.filter(code="3548500").update(name="Santos!", source="IBGE 2030")
    Bank.objects.filter(code="001").update(name="BB")
    LocalHoliday.objects.filter(municipality="3550308", name="Corpus Christi").delete()
    with connection.cursor() as cursor:
        for load in (load_municipalities, load_banks, load_holidays) * 2:
            load(cursor)
    assert Municipality.objects.get(code="3548500").name == "Santos!"
    assert Bank.objects.get(code="001").name == "Banco do Brasil"
    assert LocalHoliday.objects.count() == len(HOLIDAYS) - 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "state", "code"),
    [
        ("São Paulo", "SP", "3550308"),
        ("sao paulo ", "sp", "3550308"),
        ("SANTA BARBARA D'OESTE", "SP", "3545803"),
        ("Santa Bárbara d’Oeste", "SP", "3545803"),
        ("Palmas", "PR", "4117602"),
        ("Palmas", "TO", "1721000"),
    ],
)
def test_a_municipality_is_known_by_name_and_state(name: str, state: str, code: str) -> None:
    found = municipality_named(name, state)
    assert found is not None
    assert found.pk == code


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("source", "typed", "first"),
    [
        ("municipalities", "sao jose campos", "São José dos Campos/SP"),
        ("municipalities", "palmas to", "Palmas/TO"),
        ("municipalities", "3550308", "São Paulo/SP"),
        ("banks", "itau unibanco", "341 · "),
        ("banks", "104", "104 · "),
        ("banks", "brasil banco 001", "001 · Banco do Brasil"),
    ],
)
def test_lists_are_searched_without_accents_and_by_code(
    client: Client, source: str, typed: str, first: str
) -> None:
    client.force_login(identity.make_user(people.make_company(), "employee"))
    results = client.get(f"/choices/{source}/", {"q": typed}).json()["results"]
    assert any(each["text"].startswith(first) for each in results[:5]), results[:5]


# --- holidays and business days -----------------------------------------------------------------


@pytest.mark.django_db
def test_the_holidays_of_a_municipality_follow_the_calendar_and_easter() -> None:
    found = local_holidays("3550308", dt.date(2026, 1, 1), dt.date(2027, 12, 31))
    assert found == {
        dt.date(2026, 1, 25): "Aniversário de São Paulo",
        dt.date(2026, 6, 4): "Corpus Christi",
        dt.date(2027, 1, 25): "Aniversário de São Paulo",
        dt.date(2027, 5, 27): "Corpus Christi",
    }
    assert list(local_holidays("4106902", dt.date(2026, 9, 1), dt.date(2026, 9, 30))) == [
        dt.date(2026, 9, 8)
    ]


@pytest.mark.django_db
def test_a_holiday_counts_only_while_its_law_holds() -> None:
    company = people.make_company()
    for name, first, last in (("Antigo", 2000, 2025), ("Novo", 2026, None)):
        create_holiday(
            people.system(company),
            data=HolidayData(
                municipality_code="3548500",
                name=name,
                day=29,
                month=2 if name == "Novo" else 1,
                act="Lei",
                valid_from=dt.date(first, 1, 1),
                valid_to=dt.date(last, 12, 31) if last else None,
            ),
        )
    found = local_holidays("3548500", dt.date(2024, 1, 1), dt.date(2028, 12, 31))
    assert list(found) == [dt.date(2024, 1, 29), dt.date(2025, 1, 29), dt.date(2028, 2, 29)]


@pytest.mark.django_db
def test_business_days_differ_by_place() -> None:
    first, last = dt.date(2026, 9, 1), dt.date(2026, 12, 31)
    places = {"Curitiba": ("PR", "4106902"), "Campinas": ("SP", "3509502")}
    calendars = {
        name: calendar_at(
            state=state, municipality_code=code, first=first, last=last, saturday=False
        )
        for name, (state, code) in places.items()
    }
    assert not calendars["Curitiba"].is_business_day(dt.date(2026, 9, 8))
    assert calendars["Campinas"].is_business_day(dt.date(2026, 9, 8))
    assert not calendars["Campinas"].is_business_day(dt.date(2026, 12, 8))
    assert calendars["Curitiba"].is_business_day(dt.date(2026, 12, 8))


@pytest.mark.django_db
def test_the_days_of_a_company_are_those_of_its_first_branch() -> None:
    company = people.make_company()
    Branch.objects.filter(company=company).update(place_id="4106902", state="PR")
    calendar = working_calendar(company.pk, dt.date(2026, 9, 1), dt.date(2026, 9, 30))
    assert not calendar.is_business_day(dt.date(2026, 9, 8))
    Branch.objects.filter(company=company).delete()
    calendar = working_calendar(company.pk, dt.date(2026, 9, 1), dt.date(2026, 9, 30))
    assert calendar.is_business_day(dt.date(2026, 9, 8))
    assert not calendar.is_business_day(dt.date(2026, 9, 7))


@pytest.mark.django_db
def test_a_work_calendar_is_closed_on_the_holidays_of_its_municipality() -> None:
    company = people.make_company()
    calendar = WorkCalendar.objects.create(
        company=company, code="C", name="Curitiba", state="PR", municipality="curitiba"
    )
    holidays = working_time(calendar.pk).holidays
    assert holidays is not None
    assert holidays.close(dt.date(2026, 9, 8))
    assert not holidays.close(dt.date(2026, 9, 9))


@pytest.mark.django_db
def test_pay_leaves_before_a_municipal_holiday() -> None:
    from hr.payroll.services.runs import default_payment_date

    company = people.make_company()
    month = dt.date(2026, 8, 1)
    assert default_payment_date(company.pk, month) == dt.date(2026, 9, 4)  # the fifth is a Saturday
    create_holiday(
        people.system(company),
        data=HolidayData(
            municipality_code="3550308", name="X", day=4, month=9, act="Lei", valid_from=month
        ),
    )
    assert default_payment_date(company.pk, month) == dt.date(2026, 9, 3)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"day": 31, "month": 4}, "day"),
        ({"day": 31}, "day"),
        ({"day": 1, "month": 5, "easter_offset": 60}, "day"),
        ({}, "day"),
        ({"easter_offset": 60, "municipality_code": "9999999"}, "municipality"),
        ({"easter_offset": 60, "valid_to": dt.date(2019, 1, 1)}, "day"),
    ],
)
def test_a_holiday_that_is_no_day_is_refused(given: dict[str, object], field: str) -> None:
    company = people.make_company()
    base: dict[str, object] = {
        "municipality_code": "3548500",
        "name": "X",
        "act": "Lei",
        "valid_from": dt.date(2020, 1, 1),
    }
    with pytest.raises(InvalidInput) as refusal:
        create_holiday(people.system(company), data=HolidayData(**{**base, **given}))  # type: ignore[arg-type]
    assert field in refusal.value.fields


@pytest.mark.django_db
def test_the_database_itself_refuses_half_a_day() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        LocalHoliday.objects.create(
            municipality_id="3548500", name="X", day=3, act="Lei", valid_from=dt.date(2020, 1, 1)
        )


# --- later lists --------------------------------------------------------------------------------

HEAD = "municipality_code;name;day;month;easter_offset;act;valid_from;valid_to\n"
FILE = (
    HEAD + "3548500;Padroeira;8;9;;Lei 1/1950;2020-01-01;\n3548500;Sexta;;;-2;Lei 1;2020-01-01;\n"
)


@pytest.mark.django_db
def test_holidays_come_from_a_file_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "feriados.csv"
    path.write_bytes(FILE.encode("cp1252"))
    call_command("import_local_holidays", str(path))
    call_command("import_local_holidays", str(path))
    assert capsys.readouterr().out.split("\n")[:2] == [
        "2 added, 0 known already",
        "0 added, 2 known already",
    ]
    assert LocalHoliday.objects.filter(municipality="3548500").count() == 2
    assert Event.objects.filter(action="backoffice.local_holiday.imported").count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    "line",
    [
        "3548500;X;31;2;;Lei;2020-01-01;",
        "0000000;X;1;2;;Lei;2020-01-01;",
        "3548500;X;um;2;;Lei;2020-01-01;",
        "3548500;X;1;2;;Lei;01/01/2020;",
        "3548500;;1;2;;Lei;2020-01-01;",
    ],
)
def test_a_file_with_one_wrong_line_brings_nothing(line: str) -> None:
    company = people.make_company()
    with pytest.raises(InvalidInput, match="4"):
        import_holidays(people.system(company), content=(FILE + line).encode())
    assert not LocalHoliday.objects.filter(municipality="3548500").exists()


@pytest.mark.django_db
def test_a_later_list_brings_names_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "bancos.csv"
    path.write_text("Código;ISPB;Nome\n1;00000000;Banco do Brasil S.A.\n999;99999999;Novo\n")
    call_command("import_official_list", "banks", str(path), source="BCB 2027")
    assert Bank.objects.get(code="001").name == "Banco do Brasil S.A."
    assert Bank.objects.get(code="999").label == "999 · Novo"
    with connection.cursor() as cursor:
        load_banks(cursor)
    assert Bank.objects.get(code="001").name == "Banco do Brasil S.A."
    path.write_text("3548500\tSantos\n")
    with pytest.raises(CommandError):
        call_command("import_official_list", "municipalities", str(path), source="IBGE")


# --- branches -----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_branch_stands_in_a_municipality_and_may_have_a_state_registration() -> None:
    company = people.make_company()
    given: dict[str, Any] = {"code": "9", "name": "Santos", "cnpj": people.cnpj(77), "state": "sp"}
    branch = create_branch(
        people.system(company),
        **given,
        municipality="SANTOS",
        state_registration="110.042.490.114",
    )
    assert (branch.place_id, branch.municipality, branch.state) == ("3548500", "Santos", "SP")
    assert branch.state_registration == "110042490114"
    with pytest.raises(InvalidInput) as refusal:
        create_branch(people.system(company), **{**given, "code": "10"}, municipality="Sampa")
    assert refusal.value.code == "no_municipality"
    with pytest.raises(InvalidInput) as refusal:
        create_branch(
            people.system(company),
            **{**given, "code": "10"},
            municipality="Santos",
            state_registration="110.042.490.115",
        )
    assert "state_registration" in refusal.value.fields


@pytest.mark.django_db
def test_the_form_of_a_branch_takes_the_code_of_ibge(client: Client) -> None:
    company = people.make_company()
    client.force_login(identity.make_user(company, "administrator"))
    page = client.get("/backoffice/branches/new/").content.decode()
    assert 'data-url="/choices/municipalities/"' in page
    given = {"code": "9", "name": "Curitiba", "cnpj": people.cnpj(78), "municipality": "41.06902"}
    answer = client.post("/backoffice/branches/new/", {**given, "state_registration": "isento"})
    assert answer.status_code == 302, answer.content.decode()
    branch = Branch.objects.get(company=company, code="9")
    assert (str(branch.place), branch.state_registration) == ("Curitiba/PR", "ISENTO")
    page = client.get(f"/backoffice/branches/{branch.pk}/").content.decode()
    assert "Nossa Senhora da Luz dos Pinhais" in page
    assert "08/09" in page
