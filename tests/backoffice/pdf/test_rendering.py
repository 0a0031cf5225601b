import datetime as dt
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdf
import pytest
from pytest_django.fixtures import Settings
from structlog.testing import capture_logs

from backoffice.files.sandbox import MEBIBYTE, WorkFailed
from backoffice.pdf import rendering
from backoffice.pdf.rendering import PageFrame, render_html
from tests.backoffice.pdf.reading import catalog, page_texts, problems

ROOT = Path(__file__).parents[3]
FRAME = PageFrame(
    company_name="Comercial Ipê Ltda",
    cnpj="11.222.333/0001-81",
    title="Relatório de férias",
    generated_at=dt.datetime(2026, 11, 22, 15, 4, tzinfo=dt.UTC),
)
PAGES = """{% extends "pdf/frame.html" %}{% block content %}{{ text }}
<p style="break-before: page">second</p><p style="break-before: page">third</p>{% endblock %}"""


@pytest.fixture
def template(tmp_path: Path, settings: Settings) -> str:
    (tmp_path / "pages.html").write_text(PAGES)
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**engine, "DIRS": [*engine["DIRS"], tmp_path]}]
    return "pages.html"


def test_every_page_says_whose_it_is_what_it_is_and_where_it_stands(template: str) -> None:
    pdf = render_html(template, {"text": "first"}, frame=FRAME)
    assert problems(pdf) == []
    texts = page_texts(pdf)
    assert len(texts) == 3
    for number, (text, body) in enumerate(zip(texts, ("first", "second", "third"), strict=True), 1):
        assert body in text
        for expected in ("Comercial Ipê Ltda", "CNPJ 11.222.333/0001-81", "Relatório de férias"):
            assert expected in text
        assert "22/11/2026 12:04" in text
        assert re.search(rf"\b{number}\D+3\b", text)


def test_the_document_has_title_language_and_tags(template: str) -> None:
    data = render_html(template, {"text": "x"}, frame=FRAME)
    reader = pypdf.PdfReader(io.BytesIO(data))
    assert reader.metadata is not None
    assert reader.metadata.title == "Relatório de férias"
    assert catalog(data)["/Lang"] == "pt-br"
    assert bool(catalog(data)["/MarkInfo"]["/Marked"])
    assert bool(catalog(data)["/ViewerPreferences"]["/DisplayDocTitle"])
    metadata = catalog(data)["/Metadata"].get_data().decode()
    assert 'pdfuaid:part="1"' in metadata
    assert "Relatório de férias" in metadata


def test_a_screen_reader_finds_headings_paragraphs_tables_and_pictures_in_order(
    template: str, tmp_path: Path
) -> None:
    (tmp_path / template).write_text(
        '{% extends "pdf/frame.html" %}{% block content %}<h1>Férias</h1><p>Resumo</p>'
        "<table><thead><tr><th>Nome</th></tr></thead><tbody><tr><td>Ana</td></tr></tbody></table>"
        '<img alt="Assinatura" src="data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22'
        ' width=%229%22 height=%229%22%3E%3C/svg%3E">{% endblock %}'
    )
    root = catalog(render_html(template, {}, frame=FRAME))["/StructTreeRoot"]
    found = list(tags(root))
    names = [name for name, _alt in found]
    for name in ("/H1", "/P", "/Table", "/TH", "/TD", "/Figure"):
        assert name in names, names
    assert names.index("/H1") < names.index("/Table") < names.index("/Figure")
    assert ("/Figure", "Assinatura") in found


def tags(element: Any) -> Iterator[tuple[str, str]]:
    """Name and alternative text of every element of the structure tree, in reading order."""
    here = element.get_object()
    if not isinstance(here, dict):
        return
    if "/S" in here:
        yield str(here["/S"]), str(here.get("/Alt", ""))
    kids = here.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        yield from tags(kid)


def test_markup_in_values_is_text(template: str) -> None:
    hostile = "<script>alert(1)</script><img src='http://127.0.0.1:9/'>{{ 7 }}"
    with capture_logs() as logs:
        pdf = render_html(template, {"text": hostile}, frame=FRAME)
    assert "<script>alert(1)</script>" in page_texts(pdf)[0].replace("\n", "")
    assert "{{ 7 }}" in page_texts(pdf)[0].replace("\n", "")
    assert logs == []


def test_what_a_template_may_not_load_is_logged_with_the_request(
    template: str, tmp_path: Path
) -> None:
    (tmp_path / template).write_text('<p>Recibo</p><img src="http://127.0.0.1:9/a">')
    with capture_logs() as logs:
        pdf = render_html(template, {}, request_id="r-1")
    assert "Recibo" in page_texts(pdf)[0]
    assert [(log["event"], log["urls"], log["request"]) for log in logs] == [
        ("pdf_resource_refused", ["http://127.0.0.1:9/a"], "r-1")
    ]


def test_a_document_that_would_take_too_long_fails_alone(
    template: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rendering, "CPU_SECONDS", 1)
    (tmp_path / template).write_text("<p>{{ text }}</p>" * 20_000)
    with pytest.raises(WorkFailed, match="status -"):
        render_html(template, {"text": "x"})


def test_a_document_that_would_fill_the_memory_fails_alone(
    template: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rendering, "MEMORY", 24 * MEBIBYTE)
    (tmp_path / template).write_text("<p>{{ text }}</p>" * 10_000)
    with pytest.raises(WorkFailed):
        render_html(template, {"text": "x"})


def test_equal_content_gives_equal_bytes_in_any_process(tmp_path: Path) -> None:
    program = (
        "import sys; from backoffice.pdf.rendering import lay_out; "
        "sys.stdout.buffer.write(lay_out(sys.argv[1]))"
    )
    html = "<link rel=stylesheet href=asset:frame.css><h1>Olá</h1><p><b>Ñ</b> €</p><a href=#x>x</a>"
    answers = {
        subprocess.run(
            [sys.executable, "-c", program, html],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=ROOT,
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(answers) == 1
    assert answers.pop().startswith(b"[]\n%PDF-")


def test_a_process_that_only_stamps_never_loads_the_layout_engine() -> None:
    program = (
        "import sys, backoffice.pdf, backoffice.pdf.rendering; "
        "heavy = ('weasyprint', 'fontTools', 'tinycss2', 'PIL'); "
        "print([name for name in heavy if name in sys.modules])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert answer.stdout == "[]\n"
