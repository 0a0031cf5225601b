import dataclasses
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.pdf.font import MISSING, UNITS_PER_EM, load_font
from backoffice.pdf.layout import Align, Box
from backoffice.pdf.text import ELLIPSIS, clean, place

BOX = Box(left=10, top=20, width=100, height=20, size=10)
LATIN = st.characters(codec="utf-8", max_codepoint=0x17F, categories=["L", "N", "P", "S", "Zs"])


def length(text: str, size: float) -> float:
    return load_font().width(text) * size / UNITS_PER_EM


@given(st.text())
def test_cleaned_text_has_only_what_can_be_printed(text: str) -> None:
    cleaned = clean(text)
    printable = cleaned.replace(MISSING, "")
    assert printable == clean(printable)
    assert load_font().widths.keys() >= set(cleaned)
    assert not [c for c in printable if unicodedata.category(c).startswith("C")]


@pytest.mark.parametrize(
    ("stored", "printed"),
    [
        ("Sa\u0303o Joa\u0303o", "São João"),
        ("Ana\u202e0001,1 $R\u202c", "Ana0001,1 $R"),
        ("Ana\u200bMaria\ufeff", "AnaMaria"),
        ("Rua A\nnº 5\tfundos", "Rua A nº 5 fundos"),
        ("R$\u00a05", "R$\u00a05"),
        ("Ana \U0001f600", "Ana \0"),
        ("王", "\0"),
        ("\x00<script>", "<script>"),
    ],
)
def test_invisible_marks_go_and_visible_ones_stay(stored: str, printed: str) -> None:
    assert clean(stored) == printed


def test_a_text_that_fits_keeps_its_size() -> None:
    (placed,) = place("Ana", BOX)
    assert (placed.text, placed.size, placed.left, placed.top) == ("Ana", 10, 10, 20)


def test_empty_text_draws_nothing() -> None:
    assert place("", BOX) == place(" \n ", BOX) == []


def test_a_long_text_shrinks_before_it_is_wrapped() -> None:
    box = dataclasses.replace(BOX, smallest=6, lines=2)
    (placed,) = place("Maria Conceição Silva", box)
    assert 6 <= placed.size < 10
    assert 99.8 <= length(placed.text, placed.size) <= 100


def test_a_longer_text_is_wrapped_at_a_space_before_it_is_shortened() -> None:
    box = dataclasses.replace(BOX, smallest=6, lines=2)
    first, second = place("Maria Conceição da Silva e Albuquerque", box)
    assert f"{first.text} {second.text}" == "Maria Conceição da Silva e Albuquerque"
    assert (first.top, second.top, first.height) == (20, 30, 10)
    assert first.size == second.size >= 6


def test_a_text_too_long_for_all_lines_ends_in_an_ellipsis() -> None:
    box = dataclasses.replace(BOX, smallest=6, lines=2)
    first, second = place("Maria Conceição " * 20, box)
    assert first.size == second.size == 6
    assert second.text.endswith(ELLIPSIS)
    assert not first.text.endswith(ELLIPSIS)


def test_a_box_without_room_to_give_shortens_at_once() -> None:
    (placed,) = place("Maria Conceição da Silva", BOX)
    assert placed.size == 10
    assert placed.text.endswith(ELLIPSIS)
    assert "Maria Conceição da Silva".startswith(placed.text[:-1])


@pytest.mark.parametrize(
    ("align", "start"),
    [(Align.LEFT, 10.0), (Align.RIGHT, 110 - 4 * 6.48), (Align.CENTER, 60 - 2 * 6.48)],
)
def test_a_text_keeps_to_its_side(align: Align, start: float) -> None:
    (placed,) = place("1234", dataclasses.replace(BOX, align=align))
    assert placed.start == pytest.approx(start)


@given(
    st.text(LATIN, min_size=1, max_size=150),
    st.integers(1, 3),
    st.floats(4, 10),
    st.sampled_from(Align),
)
def test_no_text_leaves_its_box(text: str, lines: int, smallest: float, align: Align) -> None:
    box = dataclasses.replace(BOX, lines=lines, smallest=smallest, align=align)
    placed = place(text, box)
    assert len(placed) <= lines
    for line in placed:
        assert smallest <= line.size <= 10
        assert line.start >= box.left - 0.001
        assert line.start + length(line.text, line.size) <= box.left + box.width + 0.001
        assert box.top <= line.top
        assert line.top + line.height <= box.top + box.height + 0.001


@given(st.text(LATIN, min_size=1, max_size=150), st.integers(1, 3))
def test_nothing_is_lost_unless_an_ellipsis_says_so(text: str, lines: int) -> None:
    placed = place(text, dataclasses.replace(BOX, lines=lines, smallest=5))
    shown = "".join("".join(line.text for line in placed).split())
    whole = "".join(clean(text).split())
    if shown.endswith(ELLIPSIS) and not whole.endswith(ELLIPSIS):
        assert whole.startswith(shown.removesuffix(ELLIPSIS))
    else:
        assert shown == whole
