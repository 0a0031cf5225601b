"""What every template of the product keeps to: no inline code, known icons, small files."""

import re
from pathlib import Path

import pytest

from backoffice.web.icons import names

ROOT = Path(__file__).resolve().parents[3]
# Papers and mails are no pages: their styles stand inside, and no browser policy applies.
TEMPLATES = [
    path
    for path in sorted((ROOT / "templates").rglob("*.html"))
    if not {"pdf", "email"} & set(path.relative_to(ROOT / "templates").parts)
]
HANDLER = re.compile(r"\son[a-z]+\s*=|\bhx-on\b", re.IGNORECASE)
STYLE = re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE)
SCRIPT = re.compile(r"<script\b(?P<attributes>[^>]*)>(?P<body>.*?)</script>", re.DOTALL)
ICON = re.compile(r"{%\s*icon\s+\"([^\"]+)\"|\bicon=\"([^\"]+)\"")
POST = re.compile(r"<form\b[^>]*\bmethod=\"post\"(?P<rest>.*?)</form>", re.DOTALL)
MAX_LINES = 120


def name_of(path: Path) -> str:
    return path.relative_to(ROOT / "templates").as_posix()


def test_there_are_templates() -> None:
    assert len(TEMPLATES) > 30


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_has_no_inline_code_and_no_inline_style(path: Path) -> None:
    text = path.read_text()
    assert not HANDLER.search(text)
    assert not STYLE.search(text)
    assert "javascript:" not in text.lower()
    for script in SCRIPT.finditer(text):
        # The API's own page names files of its package, which lie in our static files too.
        assert "{% static" in script["attributes"] or path.parent.name == "drf_spectacular"
        assert not script["body"].strip()


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_loads_nothing_from_other_hosts(path: Path) -> None:
    loaded = re.findall(
        r"<(?:script|link|img|iframe)\b[^>]*(?:src|href)=\"([^\"]*)", path.read_text()
    )
    assert [address for address in loaded if re.match(r"(https?:)?//", address)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_names_only_icons_that_exist(path: Path) -> None:
    used = {first or second for first, second in ICON.findall(path.read_text())}
    assert used <= names()


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_is_small_and_never_trusts_text(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= MAX_LINES
    assert not re.search(r"\|\s*safe\b|autoescape off", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_form_that_posts_carries_the_token(path: Path) -> None:
    for form in POST.finditer(path.read_text()):
        assert "csrf" in form["rest"] or "{% block" in form["rest"]
