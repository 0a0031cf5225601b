import unicodedata

import pytest
from fontTools.ttLib import TTFont

from backoffice.pdf.font import FONTS, UNITS_PER_EM, load_font


@pytest.mark.parametrize("bold", [False, True])
def test_measures_are_those_that_fonttools_reads(bold: bool) -> None:
    font = load_font(bold=bold)
    expected = TTFont(FONTS / f"{font.name}.ttf")
    characters = expected.getBestCmap()
    assert expected["head"].unitsPerEm == UNITS_PER_EM
    assert font.glyphs == {code: expected.getGlyphID(name) for code, name in characters.items()}
    assert {character: font.widths[character] for character in map(chr, characters)} == {
        chr(code): expected["hmtx"][name][0] for code, name in characters.items()
    }
    assert (font.ascent, font.descent) == (expected["hhea"].ascent, expected["hhea"].descent)
    assert font.cap_height == expected["OS/2"].sCapHeight


@pytest.mark.parametrize("bold", [False, True])
def test_all_figures_have_one_width_so_that_columns_line_up(bold: bool) -> None:
    font = load_font(bold=bold)
    assert len({font.widths[figure] for figure in "0123456789"}) == 1


@pytest.mark.parametrize("bold", [False, True])
def test_every_letter_of_latin_languages_has_a_glyph(bold: bool) -> None:
    blocks = [*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x1E00, 0x1F00)]
    invisible = {0xAD}
    deprecated = {0x149, 0x1E9C}
    letters = {code for code in blocks if unicodedata.name(chr(code), "")}
    assert letters - invisible - deprecated <= load_font(bold=bold).glyphs.keys()


def test_signs_of_brazilian_documents_have_a_glyph() -> None:
    assert {ord(sign) for sign in "ªº§€–—‘’“”…•→−™°²³¹½"} <= load_font().glyphs.keys()


def test_both_faces_have_the_same_characters() -> None:
    assert load_font().glyphs == load_font(bold=True).glyphs


def test_the_baseline_centres_capitals_in_their_line() -> None:
    font = load_font()
    size, height = 10.0, 20.0
    capitals = font.cap_height * size / UNITS_PER_EM
    assert font.baseline(height, size) == pytest.approx((height + capitals) / 2, abs=0.02)
