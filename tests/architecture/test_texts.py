"""Every text that people read goes through the catalogue; pages carry no script or style of their own."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, TAG, Source, sources, templates

HTML = [path for path in templates() if path.suffix == ".html"]
# Printed papers are Portuguese by law and have their style inside; the style guide is for developers.
PAPERS = ("templates/pdf/", "templates/email/")
DEVELOPERS = (
    "templates/web/style/",
    "backoffice/web/style.py",
    "backoffice/errors/problems.py",
    "backoffice/openapi/schema.py",
)
WORDS = re.compile(r"[A-Za-zÀ-ÿ]{2,}")
# Names that are the same in every language.
NAMES = {
    "Retaguarda", "CPF", "CNPJ", "PDF", "API", "REST", "OpenAPI", "Ctrl", "Enter", "Esc", "INSS", "IRRF",
    "FGTS", "CBO", "Tab", "Pix",
}  # fmt: skip
TEXT_KEYWORDS = {
    "label", "label_plural", "title", "help_text", "verbose_name", "verbose_name_plural", "empty", "done",
    "violation_error_message", "purpose", "basis", "retention", "empty_label",
}  # fmt: skip
REFUSALS = {
    "BusinessError", "InvalidInput", "NotAllowed", "NotFound", "WrongState", "Stale", "PeriodClosed", "BadQuery",
}  # fmt: skip


@pytest.mark.parametrize("path", HTML, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_has_no_inline_script_or_style(path: Path) -> None:
    text = path.read_text()
    assert re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")", text) == []
    printed = str(path.relative_to(ROOT)).startswith(PAPERS)
    assert printed or re.findall(r"<style\b|\sstyle=", text) == []
    assert re.findall(r"\son[a-z]+=\"", text) == []
    assert "javascript:" not in text
    assert "|safe" not in text
    assert "autoescape off" not in text


@pytest.mark.parametrize("path", HTML, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_has_no_text_outside_the_catalogue(path: Path) -> None:
    text = path.read_text()
    if str(path.relative_to(ROOT)).startswith((*PAPERS, *DEVELOPERS)):
        pytest.skip("printed, or for developers")
    text = re.sub(r"{% comment.*?endcomment %}", "", text, flags=re.DOTALL)
    text = re.sub(r"{% block (page|body)_class %}.*?{% endblock[^%]*%}", "", text, flags=re.DOTALL)
    text = re.sub(r"{% blocktranslate.*?endblocktranslate %}", "", text, flags=re.DOTALL)
    text = re.sub(r"<!--.*?-->|<(script|style|svg|code|kbd)\b.*?</\1>", "", text, flags=re.DOTALL)
    text = TAG.sub(" ", text)
    shown = re.sub(r"<[^>]*>", " ", text)
    shown = re.sub(r"&[a-z]+;", " ", shown)
    assert [word for word in WORDS.findall(shown) if word not in NAMES] == []
    for name in ("title", "aria-label", "placeholder", "alt", "label"):
        for value in re.findall(rf'\s{name}="([^"]*)"', text):
            assert WORDS.findall(value) == [], f"{name}={value}"


def _plain(node: ast.expr | None) -> bool:
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and bool(WORDS.search(node.value))
    )


@pytest.mark.parametrize("source", sources(), ids=lambda source: source.name)
def test_labels_and_refusals_are_wrapped_for_translation(source: Source) -> None:
    if (
        source.name in DEVELOPERS
        or "management" in source.name
        or "embedded" in source.name
        or "migrations" in source.name
    ):
        pytest.skip("for operators, in English")
    found = []
    for line, name, call in source.calls():
        found += [
            f"{source.name}:{line} {keyword.arg}"
            for keyword in call.keywords
            if keyword.arg in TEXT_KEYWORDS and _plain(keyword.value)
        ]
        if name in REFUSALS and len(call.args) > 1 and _plain(call.args[1]):
            found.append(f"{source.name}:{line} {name}")
    assert found == []
