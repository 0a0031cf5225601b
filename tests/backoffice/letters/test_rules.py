"""The language of templates: closed, without logic, with the place of every mistake."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.letters.rules import (
    FieldKind,
    Problem,
    Question,
    Slot,
    as_text,
    merge,
    missing,
    parse,
)
from backoffice.letters.writing import as_html, long_date, read_answer, write

KNOWN = {
    "employee.name": FieldKind.TEXT,
    "employee.salary": FieldKind.MONEY,
    "employee.ended_on": FieldKind.DATE,
}
VALUES: dict[str, Any] = {
    "employee.name": "Ana Prado",
    "employee.salary": Decimal("1234.56"),
    "employee.ended_on": None,
}


def merged(source: str, answers: Any = None, **over: Any) -> str:
    parsed = parse(source, KNOWN)
    assert parsed.problems == ()
    return merge(parsed.parts, VALUES | over, answers or {}, write)


def problems(source: str) -> list[tuple[str, int, int, str]]:
    found = parse(source, KNOWN).problems
    return [(each.code, each.line, each.column, each.what) for each in found]


def test_fields_are_written_in_their_formats() -> None:
    assert merged("{{employee.name}}: {{ employee.salary }}") == "Ana Prado: R$\N{NBSP}1.234,56"
    assert merged("{{employee.salary|in_words}}") == (
        "mil duzentos e trinta e quatro reais e cinquenta e seis centavos"
    )
    day: dict[str, Any] = {"employee.ended_on": dt.date(2026, 3, 1)}
    assert merged("{{employee.ended_on}}", **day) == "01/03/2026"
    assert merged("{{employee.ended_on|date}}", **day) == "01/03/2026"
    assert merged("{{employee.ended_on|long_date}}", **day) == "1º de março de 2026"
    assert long_date(dt.date(2026, 11, 22)) == "22 de novembro de 2026"


def test_parts_stand_where_a_field_has_a_value_or_where_it_has_none() -> None:
    source = "A{{#employee.ended_on}} até {{employee.ended_on}}{{/}}{{^employee.ended_on}} hoje{{/employee.ended_on}}."
    assert merged(source) == "A hoje."
    assert merged(source, **{"employee.ended_on": dt.date(2026, 1, 2)}) == "A até 02/01/2026."
    nested = "{{#employee.name}}{{#employee.salary}}x{{/}}y{{/}}"
    assert merged(nested) == "xy"
    assert merged(nested, **{"employee.salary": None}) == "y"
    assert merged(nested, **{"employee.name": ""}) == ""


def test_questions_are_asked_once_each_in_their_order() -> None:
    parsed = parse("{{?Data|date}} {{?O que houve}} {{? Data | long_date }}", KNOWN)
    assert parsed.questions == (
        Question("Data", FieldKind.DATE),
        Question("O que houve", FieldKind.TEXT),
    )
    answers: dict[str, Any] = {"Data": dt.date(2026, 11, 2), "O que houve": "Atraso"}
    assert merged("{{?O que houve}} em {{?Data|long_date}}", answers) == (
        "Atraso em 2 de novembro de 2026"
    )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{employee.nome}}", [("unknown_field", 1, 1, "employee.nome")]),
        ("a\n b {{employee.name", [("unclosed", 2, 4, "")]),
        ("a }} b", [("unopened", 1, 3, "")]),
        ("{{ }}", [("empty", 1, 1, "")]),
        ("{{employee.name\n}}", [("unclosed", 1, 1, ""), ("unopened", 2, 1, "")]),
        ("{{employee.name|upper}}", [("unknown_format", 1, 1, "upper")]),
        ("{{employee.name|money}}", [("format_does_not_fit", 1, 1, "money")]),
        ("x{{#employee.name}}y", [("section_open", 1, 2, "employee.name")]),
        ("{{/}}", [("nothing_open", 1, 1, "")]),
        ("{{#employee.name}}{{/employee.salary}}", [("closes_other", 1, 19, "employee.name")]),
        ("{{?}}", [("bad_question", 1, 1, "")]),
        ("{{?A|loud}}", [("unknown_format", 1, 1, "loud")]),
        ("{{?A|date}} {{?A|money}}", [("question_twice", 1, 13, "A")]),
        (f"{{{{?{'x' * 81}}}}}", [("bad_question", 1, 1, "x" * 80)]),
        ("{{#employee.name}}" * 5 + "{{/}}" * 5, [("too_deep", 1, 73, "4")]),
        ("x" * 20_001, [("too_long", 1, 20_001, "20000")]),
        # what other languages would run
        ("{{employee.name.__class__}}", [("unknown_field", 1, 1, "employee.name.__class__")]),
        ("{{employee.name.upper()}}", [("unknown_field", 1, 1, "employee.name.upper()")]),
        ("{{__import__('os')}}", [("unknown_field", 1, 1, "__import__('os')")]),
    ],
)
def test_every_mistake_has_its_place(
    source: str, expected: list[tuple[str, int, int, str]]
) -> None:
    assert problems(source) == expected


def test_all_mistakes_are_told_at_once_in_the_order_of_the_text() -> None:
    source = "{{a.b}}\n{{employee.name\nx }}\n{{/}}"
    assert [(code, line) for code, line, *_rest in problems(source)] == [
        ("unknown_field", 1),
        ("unclosed", 2),
        ("unopened", 3),
        ("nothing_open", 4),
    ]
    assert parse(source, KNOWN).problems[0] == Problem("unknown_field", 1, 1, "a.b")


def test_django_and_other_templates_are_only_text() -> None:
    assert merged("{% load x %} ${x} {employee.name} <%= 1 %>") == (
        "{% load x %} ${x} {employee.name} <%= 1 %>"
    )


def test_what_lacks_is_named_only_where_it_would_stand() -> None:
    parts = parse(
        "{{employee.ended_on}}{{#employee.ended_on}}{{employee.salary}}{{/}}"
        "{{^employee.ended_on}}{{employee.name}}{{/}}",
        KNOWN,
    ).parts
    assert missing(parts, VALUES | {"employee.name": ""}) == ["employee.ended_on", "employee.name"]


@pytest.mark.parametrize(
    "value",
    [
        "**x**",
        "_x_",
        "# x",
        "- x",
        "1. x",
        "[x](http://y)",
        "<b>x</b>",
        "`x`",
        "> x",
        "&lt;",
        "***",
    ],
)
def test_a_value_is_never_markdown(value: str) -> None:
    html = as_html(f"{as_text(value)}\n\nfim")
    text = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert html == f"<p>{text}</p>\n<p>fim</p>\n"


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=60)
)
def test_whatever_a_value_holds_it_makes_no_tag(value: str) -> None:
    html = as_html(as_text(f"a{value}"))
    assert html.startswith("<p>a")
    assert html.count("<") == 2


def test_lines_of_a_value_stay_lines_and_empty_ones_part_paragraphs() -> None:
    assert as_html(as_text("um\r\n  dois\n\ntrês")) == "<p>um<br>\ndois</p>\n<p>três</p>\n"


def test_of_the_markdown_of_templates_only_letters_are_left() -> None:
    html = as_html(
        "# a\n\n## b\n\n**c** [d](http://e) ![f](http://g) <script>h</script>\n\n- i\n\n___"
    )
    for banned in ("<h1", "<a ", "<img", "<script"):
        assert banned not in html
    for kept in ("<h2>b</h2>", "<strong>c</strong>", "<li>i</li>", "<hr>"):
        assert kept in html


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        (FieldKind.TEXT, " x ", "x"),
        (FieldKind.DATE, "2026-11-22", dt.date(2026, 11, 22)),
        (FieldKind.MONEY, "1234.5", Decimal("1234.50")),
    ],
)
def test_answers_are_read_by_their_kind(kind: FieldKind, typed: str, value: Any) -> None:
    assert read_answer(Question("x", kind), typed) == value


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (FieldKind.TEXT, " "),
        (FieldKind.DATE, "22/11/2026"),
        (FieldKind.MONEY, "NaN"),
        (FieldKind.MONEY, "-1"),
        (FieldKind.MONEY, "1.234"),
        (FieldKind.MONEY, "x"),
        (FieldKind.MONEY, "10000000000"),
    ],
)
def test_answers_of_another_kind_are_refused(kind: FieldKind, typed: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  the message is for programs
        read_answer(Question("x", kind), typed)


def test_nothing_is_written_where_there_is_nothing() -> None:
    assert write(Slot("x", "money", asked=False), None) == ""
