"""The official list of occupations comes in whole, again and again."""

import pytest
from django.core.management import CommandError, call_command

from backoffice.audit.models import Event
from backoffice.errors import InvalidInput
from hr.people.models import Occupation
from hr.people.services import import_occupations
from hr.people.services.occupations import read_occupations
from tests.factories import people

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
