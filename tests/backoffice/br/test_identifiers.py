"""CPF, CNPJ and PIS: read from anything people paste, refused with a reason."""

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from backoffice.br import cnpj, cpf, fields, pis, tax_id
from backoffice.errors import InvalidInput


@pytest.mark.parametrize(
    "typed",
    [
        "52998224725",
        "529.982.247-25",
        " CPF: 529.982.247-25\u00a0",
        "529 982 247 25",
        "５２９.982.247-25",
        "529.982.247\u201325",
    ],
)
def test_a_cpf_is_read_in_any_form(typed: str) -> None:
    assert cpf.validate(typed) == "52998224725"


def test_zeros_that_a_spreadsheet_dropped_come_back() -> None:
    assert cpf.validate("1234567890") == "01234567890"
    assert cnpj.validate("360305000104") == "00360305000104"


def test_a_short_number_that_zeros_do_not_mend_stays_short() -> None:
    assert cpf.normalise("5299822472") == "5299822472"


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (
            "529.982.247-26",
            "This CPF does not exist: its check digits do not match. Was it mistyped?",
        ),
        (
            "111.111.111-11",
            "This CPF does not exist: its check digits do not match. Was it mistyped?",
        ),
        ("529", "A CPF has 11 digits; 3 digits were given."),
        ("5", "A CPF has 11 digits; 1 digit was given."),
        ("", "A CPF has 11 digits; 0 digits were given."),
    ],
)
def test_a_bad_cpf_is_refused_with_its_reason(typed: str, message: str) -> None:
    with translation.override("en"), pytest.raises(InvalidInput) as refusal:
        cpf.validate(typed, field="tax_id")
    assert refusal.value.code == "bad_cpf"
    assert list(refusal.value.fields) == ["tax_id"]
    with translation.override("en"):
        assert str(refusal.value) == message


def test_a_cpf_in_a_list_is_masked() -> None:
    assert cpf.format("52998224725") == "529.982.247-25"
    assert cpf.mask("52998224725") == "***.982.247-**"


@given(base=st.text("0123456789", min_size=9, max_size=9).filter(lambda base: len(set(base)) > 1))
def test_each_nine_digits_have_one_pair_of_check_digits(base: str) -> None:
    valid = [whole for end in range(100) if cpf.is_valid(whole := f"{base}{end:02d}")]
    assert len(valid) == 1
    assert cpf.validate(cpf.format(valid[0])) == valid[0]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("11.222.333/0001-81", "11222333000181"),
        ("cnpj 11222333000181", "11222333000181"),
        ("12.ABC.345/01DE-35", "12ABC34501DE35"),
        ("12abc34501de35", "12ABC34501DE35"),
        ("CNPJ: 12.ABC.345/01DE-35", "12ABC34501DE35"),
    ],
)
def test_a_cnpj_is_read_in_any_form_also_with_letters(typed: str, expected: str) -> None:
    assert cnpj.validate(typed) == expected


def test_a_cnpj_that_begins_with_the_letters_of_the_label_keeps_them() -> None:
    characters = next(
        f"CNPJ12340001{end:02d}" for end in range(100) if cnpj.is_valid(f"CNPJ12340001{end:02d}")
    )
    assert cnpj.validate(characters) == characters


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (
            "11.222.333/0001-82",
            "This CNPJ does not exist: its check digits do not match. Was it mistyped?",
        ),
        (
            "12ABC34501DE3A",
            "This CNPJ does not exist: its check digits do not match. Was it mistyped?",
        ),
        ("1122233300018", "A CNPJ has 14 characters; 13 were given."),
        ("7", "A CNPJ has 14 characters; 1 was given."),
    ],
)
def test_a_bad_cnpj_is_refused_with_its_reason(typed: str, message: str) -> None:
    with translation.override("en"):
        with pytest.raises(InvalidInput) as refusal:
            cnpj.validate(typed)
        assert (refusal.value.code, str(refusal.value)) == ("bad_cnpj", message)


def test_a_cnpj_is_written_with_its_dots_and_knows_its_root() -> None:
    assert cnpj.format("12ABC34501DE35") == "12.ABC.345/01DE-35"
    assert cnpj.root("12ABC34501DE35") == "12ABC345"


@pytest.mark.parametrize("typed", ["120.56874.10-7", "12056874107", "PIS 120.56874.10-7"])
def test_a_pis_is_read_in_any_form(typed: str) -> None:
    assert pis.validate(typed) == "12056874107"
    assert pis.format("12056874107") == "120.56874.10-7"


def test_a_pis_may_lack_its_first_zero() -> None:
    number = next(
        f"0{n:09d}{d}"
        for n in range(10**8, 10**8 + 9)
        for d in range(10)
        if pis.is_valid(f"0{n:09d}{d}")
    )
    assert pis.validate(number[1:]) == number


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (
            "120.56874.10-8",
            "This PIS does not exist: its check digit does not match. Was it mistyped?",
        ),
        (
            "00000000000",
            "This PIS does not exist: its check digit does not match. Was it mistyped?",
        ),
        ("1", "A PIS has 11 digits; 1 digit was given."),
        ("120", "A PIS has 11 digits; 3 digits were given."),
    ],
)
def test_a_bad_pis_is_refused_with_its_reason(typed: str, message: str) -> None:
    with translation.override("en"):
        with pytest.raises(InvalidInput) as refusal:
            pis.validate(typed)
        assert (refusal.value.code, str(refusal.value)) == ("bad_pis", message)


@pytest.mark.parametrize(
    ("typed", "expected", "shown"),
    [
        ("529.982.247-25", "52998224725", "529.982.247-25"),
        ("11.222.333/0001-81", "11222333000181", "11.222.333/0001-81"),
    ],
)
def test_a_tax_id_is_a_cpf_or_a_cnpj(typed: str, expected: str, shown: str) -> None:
    assert tax_id.validate(typed) == expected
    assert tax_id.format(expected) == shown


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("529.982.247-26", "bad_cpf"),
        ("11.222.333/0001-82", "bad_cnpj"),
        ("123", "bad_tax_id"),
        ("", "bad_tax_id"),
    ],
)
def test_a_bad_tax_id_says_which_kind_it_looks_like(typed: str, code: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        tax_id.validate(typed, field="owner")
    assert (refusal.value.code, list(refusal.value.fields)) == (code, ["owner"])


class Registration(forms.Form):
    cpf = fields.CpfField()
    cnpj = fields.CnpjField(required=False)
    owner = fields.TaxIdField(required=False)
    pis = fields.PisField(required=False)


def test_forms_clean_to_bare_identifiers() -> None:
    form = Registration(
        {
            "cpf": "529.982.247-25",
            "cnpj": "12.abc.345/01de-35",
            "owner": "11.222.333/0001-81",
            "pis": "",
        }
    )
    assert form.is_valid()
    assert form.cleaned_data == {
        "cpf": "52998224725",
        "cnpj": "12ABC34501DE35",
        "owner": "11222333000181",
        "pis": "",
    }


def test_forms_show_the_refusal_at_the_field_and_keep_what_was_typed() -> None:
    with translation.override("en"):
        form = Registration({"cpf": "529", "pis": "12"})
        assert form.errors["cpf"] == ["A CPF has 11 digits; 3 digits were given."]
        assert form.errors["pis"] == ["A PIS has 11 digits; 2 digits were given."]
        assert 'value="529"' in str(form["cpf"])


def test_forms_show_stored_identifiers_with_dots() -> None:
    form = Registration(initial={"cpf": "52998224725", "cnpj": "12ABC34501DE35"})
    assert 'value="529.982.247-25"' in str(form["cpf"])
    assert 'value="12.ABC.345/01DE-35"' in str(form["cnpj"])
    assert 'data-mask="cpf"' in str(form["cpf"])


def test_dots_are_no_change() -> None:
    form = Registration(
        {"cpf": "529.982.247-25", "cnpj": "x", "owner": ""}, initial={"cpf": "52998224725"}
    )
    assert form.changed_data == ["cnpj"]


@pytest.mark.parametrize(
    ("validator", "good", "bad"),
    [
        (fields.validate_cpf, "52998224725", "52998224726"),
        (fields.validate_cnpj, "12ABC34501DE35", "12ABC34501DE36"),
        (fields.validate_pis, "12056874107", "12056874108"),
        (fields.validate_tax_id, "11222333000181", "1"),
    ],
)
def test_model_validators(validator: fields.Reader, good: str, bad: str) -> None:
    validator(good)
    with pytest.raises(ValidationError):
        validator(bad)
