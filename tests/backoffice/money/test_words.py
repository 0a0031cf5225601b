"""Amounts in words read as a Brazilian reads them aloud, and say exactly the amount."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.money import amount_in_words, in_words
from backoffice.money.words import LARGEST

UNITS = re.findall(
    r"\w+",
    "zero um dois três quatro cinco seis sete oito nove dez onze doze treze quatorze quinze "
    "dezesseis dezessete dezoito dezenove",
)
TENS = re.findall(r"\w+", "vinte trinta quarenta cinquenta sessenta setenta oitenta noventa")
HUNDREDS = re.findall(
    r"\w+",
    "cento duzentos trezentos quatrocentos quinhentos seiscentos setecentos oitocentos novecentos",
)
VALUES = {
    **{word: number for number, word in enumerate(UNITS)},
    **{word: 10 * number for number, word in enumerate(TENS, start=2)},
    **{word: 100 * number for number, word in enumerate(HUNDREDS, start=1)},
    "cem": 100,
}
SCALES = {"mil": 10**3, "milh": 10**6, "bilh": 10**9, "trilh": 10**12}


def heard(words: str) -> int:
    """The number that somebody who hears the words writes down."""
    total = group = 0
    for word in words.split():
        if word == "e":
            continue
        scale = SCALES.get(re.sub("(ão|ões)$", "", word))
        if scale:
            total += (group or 1) * scale
            group = 0
        else:
            group += VALUES[word]
    return total + group


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "zero"),
        (1, "um"),
        (14, "quatorze"),
        (21, "vinte e um"),
        (100, "cem"),
        (101, "cento e um"),
        (999, "novecentos e noventa e nove"),
        (1_000, "mil"),
        (1_001, "mil e um"),
        (1_100, "mil e cem"),
        (1_234, "mil duzentos e trinta e quatro"),
        (2_000, "dois mil"),
        (10_500, "dez mil e quinhentos"),
        (100_000, "cem mil"),
        (123_456, "cento e vinte e três mil quatrocentos e cinquenta e seis"),
        (1_000_000, "um milhão"),
        (1_000_001, "um milhão e um"),
        (1_001_000, "um milhão e mil"),
        (1_200_000, "um milhão e duzentos mil"),
        (2_345_678, "dois milhões trezentos e quarenta e cinco mil seiscentos e setenta e oito"),
        (1_000_000_000, "um bilhão"),
        (3_000_000_000_000, "três trilhões"),
    ],
)
def test_whole_numbers_read_as_they_are_spoken(number: int, words: str) -> None:
    assert in_words(number) == words


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0.00", "zero reais"),
        ("0.01", "um centavo"),
        ("0.50", "cinquenta centavos"),
        ("1.00", "um real"),
        ("1.01", "um real e um centavo"),
        ("2.10", "dois reais e dez centavos"),
        ("1000.00", "mil reais"),
        ("1100.00", "mil e cem reais"),
        (
            "1234.56",
            "mil duzentos e trinta e quatro reais e cinquenta e seis centavos",
        ),
        ("1000000.00", "um milhão de reais"),
        ("2000000.01", "dois milhões de reais e um centavo"),
        ("1000001.00", "um milhão e um reais"),
        ("1500000.00", "um milhão e quinhentos mil reais"),
        ("-12.00", "menos doze reais"),
    ],
)
def test_amounts_name_reais_and_centavos(amount: str, words: str) -> None:
    assert amount_in_words(Decimal(amount)) == words


@given(st.integers(min_value=0, max_value=LARGEST))
def test_whoever_hears_the_words_writes_the_same_number(number: int) -> None:
    words = in_words(number)
    assert heard(words) == number
    assert not re.search(r"  |,|^um mil\b(?!h)| e e |^ | $", words)


@given(st.integers(min_value=0, max_value=10**14))
def test_the_cents_are_all_there(cents: int) -> None:
    words = amount_in_words(Decimal(cents).scaleb(-2))
    said = re.fullmatch(r"(?:(.+?) (?:de )?rea(?:l|is))?(?: e )?(?:(.+) centavos?)?", words)
    assert said is not None
    whole, small = said.groups()
    assert (heard(whole) if whole else 0) * 100 + (heard(small) if small else 0) == cents


@pytest.mark.parametrize("number", [-1, LARGEST + 1])
def test_a_number_that_has_no_words_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="cannot be written in words"):
        in_words(number)


def test_fractions_of_a_cent_have_no_words() -> None:
    with pytest.raises(ValueError, match="fractions of a cent"):
        amount_in_words(Decimal("0.005"))
