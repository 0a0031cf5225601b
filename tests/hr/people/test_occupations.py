"""The official list of occupations comes with the product, and in again and again."""

import re
import time

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from backoffice.audit.models import Event
from backoffice.errors import InvalidInput
from backoffice.web import choices
from demo.staff import JOBS
from hr.people.forms import JobTitleForm
from hr.people.models import Occupation
from hr.people.reference import SOURCE, load_occupations, shipped_occupations
from hr.people.services import import_occupations
from hr.people.services.occupations import read_occupations
from tests.factories import identity, people

FILE = "CODIGO;TITULO\n010105;Oficial general da aeronáutica\n4110-10;Assistente administrativo\n"


@pytest.mark.parametrize(
    "content",
    [
        FILE.encode(),
        FILE.encode("cp1252"),
        b"\xef\xbb\xbf" + FILE.encode(),
        FILE.replace(";", ",").encode(),
        FILE.replace("\n", "\r\n").encode(),
    ],
)
def test_the_dialects_of_the_official_file_are_read(content: bytes) -> None:
    assert read_occupations(content) == {
        "010105": "Oficial general da aeronáutica",
        "411010": "Assistente administrativo",
    }


@pytest.mark.parametrize(
    "content",
    [b"", b"CODIGO;TITULO\n", b"CODIGO;TITULO\nx;y;z\n411010\n", b"CODIGO;TITULO\n4110101;x\n"],
)
def test_what_is_no_list_of_occupations_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidInput) as refusal:
        read_occupations(content)
    assert refusal.value.code == "not_occupations"


@pytest.mark.django_db
def test_a_second_import_adds_what_is_new_and_changes_titles() -> None:
    Occupation.objects.all().delete()
    context = people.system(people.make_company())
    first = import_occupations(context, content=FILE.encode(), source="MTE 2025")
    assert first == {"added": 2, "changed": 0}
    newer = FILE.replace("Assistente", "Agente") + "411005;Auxiliar de escritório\n"
    second = import_occupations(context, content=newer.encode(), source="MTE 2026")
    assert second == {"added": 1, "changed": 1}
    row = Occupation.objects.get(code="411010")
    assert (row.title, row.source) == ("Agente administrativo", "MTE 2026")
    assert Occupation.objects.get(code="010105").source == "MTE 2025"
    assert Event.objects.filter(action="hr.occupation.imported").count() == 2


@pytest.mark.django_db
def test_the_command_line_says_what_came_in(tmp_path: object, capsys: object) -> None:
    path = tmp_path / "cbo.csv"  # type: ignore[operator]
    path.write_bytes(b"CODIGO;TITULO\n999999;Inventada\n")
    call_command("import_occupations", str(path), source="teste")
    assert "1 added, 0 changed" in capsys.readouterr().out  # type: ignore[attr-defined]
    with pytest.raises(CommandError):
        call_command("import_occupations", str(path) + "x", source="teste")


def test_the_shipped_list_is_whole_and_clean() -> None:
    rows = shipped_occupations()
    assert len(rows) == 2_713
    codes = [code for code, _title in rows]
    assert codes == sorted(set(codes))
    for code, title in rows:
        assert re.fullmatch(r"[0-9]{6}", code)
        assert title == " ".join(title.split())
        assert title[0].isupper()
        assert not re.search(r"[ü\"_|]|[A-ZÀ-Ú]{6}|\( ", title), title
    # Families of the last digit groups: 0 to 9 of the ten great groups are all there.
    assert {code[0] for code in codes} == set("0123456789")
    assert len({code[:4] for code in codes}) == 625


@pytest.mark.parametrize(
    ("code", "title"),
    [
        ("010105", "Oficial general da Aeronáutica"),
        ("111205", "Presidente da República"),
        ("142135", "Oficial de proteção de dados pessoais (DPO)"),
        ("223505", "Enfermeiro"),
        ("317210", "Técnico de suporte ao usuário de tecnologia da informação"),
        ("411010", "Assistente administrativo"),
        ("521110", "Vendedor de comércio varejista"),
        ("715210", "Pedreiro"),
        ("782320", "Condutor de ambulância"),
        ("992225", "Auxiliar geral de conservação de vias permanentes (exceto trilhos)"),
    ],
)
def test_occupations_have_the_titles_of_the_ministry(code: str, title: str) -> None:
    assert dict(shipped_occupations())[code] == title


@pytest.mark.django_db
def test_every_migrated_database_has_the_list_and_the_occupations_of_the_demonstration() -> None:
    assert Occupation.objects.count() == len(shipped_occupations())
    assert set(Occupation.objects.values_list("source", flat=True)) == {SOURCE}
    shown = {job.cbo for job in JOBS.values()}
    assert Occupation.objects.filter(code__in=shown).count() == len(shown) == 21


@pytest.mark.django_db
def test_loading_again_keeps_what_came_from_a_later_list_and_mends_what_was_shipped() -> None:
    Occupation.objects.filter(code="411010").update(title="Assistente", source="MTE 2027")
    Occupation.objects.filter(code="411005").update(title="Escriturário", source="CBO 2002")
    Occupation.objects.filter(code="010105").delete()
    with connection.cursor() as cursor:
        load_occupations(cursor)
        load_occupations(cursor)
    assert Occupation.objects.get(code="411010").title == "Assistente"
    assert Occupation.objects.get(code="411005").title == "Auxiliar de escritório"
    assert Occupation.objects.count() == len(shipped_occupations())


def _found(client: Client, typed: str) -> list[dict[str, str]]:
    answer = client.get("/choices/occupations/", {"q": typed})
    assert answer.status_code == 200
    found: list[dict[str, str]] = answer.json()["results"]
    return found


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("tecnico em seguranca", "3516-05 Técnico em segurança do trabalho"),
        ("VAREJISTA vendedor", "5211-10 Vendedor de comércio varejista"),
        ("4110-10", "4110-10 Assistente administrativo"),
        ("41101", "4110-10 Assistente administrativo"),
        ("açougueiro", "8485-10 Açougueiro"),
    ],
)
def test_an_occupation_is_found_without_accents_by_its_words_or_its_code(
    typed: str, first: str
) -> None:
    company = people.make_company()
    client = identity.browser(identity.make_user(company, "hr_analyst"), company)
    assert _found(client, typed)[0]["text"] == first


@pytest.mark.django_db
def test_looking_up_is_short_and_fast_and_for_people_with_an_account(client: Client) -> None:
    assert client.get("/choices/occupations/").status_code == 302
    client = identity.browser(identity.make_user(people.make_company(), "employee"))
    assert client.get("/choices/nothing/").status_code == 404
    assert _found(client, "zzzz") == []
    assert len(_found(client, "")) == choices.FOUND
    started = time.perf_counter()
    assert len(_found(client, "de")) == choices.FOUND
    assert time.perf_counter() - started < 0.25


@pytest.mark.django_db
def test_the_form_takes_the_code_in_any_form_and_nothing_that_is_not_in_the_list() -> None:
    company = people.make_company()
    access = identity.access(identity.make_user(company, "hr_analyst"), company)

    def form(code: str) -> JobTitleForm:
        return JobTitleForm({"name": "X", "occupation_code": code}, access=access, record=None)

    typed = form(" 4110.10 ")
    assert typed.is_valid()
    assert typed.cleaned_data["occupation_code"] == "411010"
    refused = form("411011")
    assert refused.errors.as_data()["occupation_code"][0].code == "unknown"
    shown = str(form("411010")["occupation_code"])
    assert "Assistente administrativo" in shown
    assert shown.count("<option") == 2


def test_a_list_has_one_name() -> None:
    with pytest.raises(ValueError, match="two lists occupations"):
        choices.register(choices._LISTS["occupations"])
