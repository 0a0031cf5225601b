"""Comments as HTML, and the names in them: nothing gets through that is not meant to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.collaboration.rules import folded, labels, mentions_in
from backoffice.collaboration.writing import TAGS, write

PEOPLE = labels({1: "Ana Souza", 2: "Ana", 3: "José d'Ávila", 4: "Rui", 5: "rui"})


def named(text: str) -> list[int]:
    return [who for _begin, _end, who in mentions_in(text, PEOPLE)]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("@Ana Souza veja", [1]),
        ("@ana, veja", [2]),
        ("@Anabela", []),
        ("x@ana.com", []),
        ("(@jose d'avila)", [3]),
        ("@Rui", []),
        ("@Rui #4 e @RUI #5", [4, 5]),
        ("@@Ana", [2]),
        ("@", []),
    ],
)
def test_names_count_as_whole_words_the_longest_first(text: str, who: list[int]) -> None:
    assert named(text) == who


@given(st.text())
def test_folding_keeps_every_place(text: str) -> None:
    assert len(folded(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**forte** e _leve_", "<p><strong>forte</strong> e <em>leve</em></p>\n"),
        ("a\nb", "<p>a<br>\nb</p>\n"),
        ("- um\n- dois", "<ul>\n<li>um</li>\n<li>dois</li>\n</ul>\n"),
        ("<b onclick=x>oi</b>", "<p>&lt;b onclick=x&gt;oi&lt;/b&gt;</p>\n"),
        ("# título", "<p># título</p>\n"),
        ("@Ana", '<p><span class="mention">@Ana</span></p>\n'),
    ],
)
def test_a_small_part_of_markdown_is_shown(text: str, html: str) -> None:
    assert write(text, PEOPLE) == html


def test_addresses_become_links_that_tell_nobody_where_from() -> None:
    html = write("veja https://gov.br/a?b=1&c=2.", {})
    assert 'href="https://gov.br/a?b=1&amp;c=2"' in html
    assert "nofollow" in html
    assert "noreferrer" in html


@pytest.mark.parametrize(
    "text",
    [
        "[x](javascript:alert(1))",
        "![x](https://evil.example/a.png)",
        "![x](javascript:alert(1))",
        "<script>alert(1)</script>",
        "[x](data:text/html,<script>)",
        '<https://a.example/" onmouseover=alert(1)>',
    ],
)
def test_nothing_runs_and_nothing_foreign_is_loaded(text: str) -> None:
    html = write(text, {})
    assert "<script" not in html
    assert 'href="javascript' not in html
    assert 'src="' not in html
    assert "onmouseover=alert" not in html.replace("&quot;", '"').split(">")[0]


def test_pictures_are_pages_of_own_documents() -> None:
    html = write("![foto](/files/01890000-0000-7000-8000-000000000000/1/240/)", {})
    assert 'src="/files/01890000-0000-7000-8000-000000000000/1/240/"' in html


@given(st.text(max_size=200))
def test_no_text_makes_a_tag_outside_the_list(text: str) -> None:
    import re

    html = write(text, PEOPLE)
    tags = set(re.findall(r"<\s*([a-zA-Z]+)", html))
    assert tags <= TAGS
