"""Values as HTML: exactly what people and programs read."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.utils import translation

from backoffice.web import values

NOON = dt.datetime(2026, 11, 20, 15, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize("language", ["pt-br", "en"])
def test_figures_are_written_the_brazilian_way_in_both_languages(language: str) -> None:
    with translation.override(language):
        assert values.money(Decimal("1234.5")) == (
            '<data class="money" value="1234.5">R$\xa01.234,50</data>'
        )
        assert values.integer(12345) == '<data class="figure" value="12345">12.345</data>'


def test_a_negative_amount_has_its_sign_and_its_colour() -> None:
    assert values.money(Decimal(-10)) == (
        '<data class="money negative" value="-10">-R$\xa010,00</data>'
    )
    assert values.amount(Decimal(-10)) == ('<data class="money negative" value="-10">-10,00</data>')


def test_zero_is_something_and_nothing_is_a_dash_that_is_read_aloud() -> None:
    assert "0,00" in values.money(Decimal(0))
    for nothing in (
        values.money(None),
        values.day(None),
        values.cpf(""),
        values.quantity(None),
        values.yes_no(None),
    ):
        assert nothing.startswith('<span class="none" aria-hidden="true">–</span>')
        assert 'class="visually-hidden"' in nothing
    assert values.or_dash(0) == 0


def test_an_amount_with_fractions_of_a_cent_is_refused_not_rounded() -> None:
    with pytest.raises(ValueError, match="decimals"):
        values.money(Decimal("1.005"))


@pytest.mark.parametrize(
    ("stored", "shown"),
    [("0.075", "7,5%"), ("0.2750", "27,5%"), ("1", "100%"), ("-0.1", "-10%"), ("0", "0%")],
)
def test_a_rate_is_a_fraction_shown_in_per_cent(stored: str, shown: str) -> None:
    assert f">{shown}<" in values.rate(Decimal(stored))


@pytest.mark.parametrize(
    ("stored", "shown"),
    [("1234.5000", "1.234,5"), ("220", "220"), ("0.00", "0"), ("1E+3", "1.000")],
)
def test_a_quantity_drops_zeros_that_say_nothing(stored: str, shown: str) -> None:
    assert f">{shown}<" in values.quantity(Decimal(stored))


def test_dates_months_and_moments() -> None:
    assert values.day(dt.date(2026, 1, 5)) == '<time datetime="2026-01-05">05/01/2026</time>'
    assert values.competence(dt.date(2026, 11, 1)) == (
        '<time class="competence" datetime="2026-11">11/2026</time>'
    )
    assert values.moment(NOON) == (
        '<time datetime="2026-11-20T12:00:00-03:00">20/11/2026 12:00</time>'
    )
    # Half past eleven at night in São Paulo is tomorrow in Greenwich.
    assert ">20/11/2026<" in values.day(dt.datetime(2026, 11, 21, 2, 30, tzinfo=dt.UTC))


def test_a_day_in_words_follows_the_customs_of_its_language() -> None:
    with translation.override("en"):
        assert values.long_day(dt.date(2026, 11, 20)) == "Friday, November 20"
    with translation.override("pt-br"):
        assert values.long_day(dt.date(2026, 11, 20)) == "Sexta-feira, 20 de novembro"


@pytest.mark.parametrize(
    ("elapsed", "shown"),
    [
        (dt.timedelta(seconds=20), "just now"),
        (dt.timedelta(minutes=3), "3\xa0minutes ago"),
        (dt.timedelta(days=2, hours=5), "2\xa0days ago"),
        (dt.timedelta(days=8), "12/11/2026"),
        (dt.timedelta(hours=-2), "20/11/2026 14:00"),
    ],
)
def test_how_long_ago_until_a_week_then_the_date(elapsed: dt.timedelta, shown: str) -> None:
    with translation.override("en"), time_machine.travel(NOON, tick=False):
        assert f">{shown}<" in values.ago(NOON - elapsed)


def test_identifiers_get_their_masks_and_other_texts_stay() -> None:
    assert ">529.982.247-25<" in values.cpf("52998224725")
    assert ">***.982.247-**<" in values.masked_cpf("52998224725")
    assert ">***<" in values.masked_cpf("529")
    assert ">12.ABC.345/01DE-35<" in values.cnpj("12ABC34501DE35")
    assert values.tax_id("52998224725") == values.cpf("52998224725")
    assert values.tax_id("12ABC34501DE35") == values.cnpj("12ABC34501DE35")
    assert ">(11)\xa091234-5678<" in values.phone("+5511912345678")
    assert ">+351912345678<" in values.phone("+351912345678")
    assert ">01310-100<" in values.cep("01310100")
    assert ">&lt;b&gt;<" in values.cpf("<b>")
