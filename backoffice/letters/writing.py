"""How values stand in letters, in Portuguese: letters are papers of a Brazilian company."""

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import Any

from markdown_it import MarkdownIt
from nh3 import clean

from backoffice.letters.rules import FORMATS, FieldKind, Question, Slot, has_value
from backoffice.money import format_brl
from backoffice.money.words import amount_in_words
from backoffice.periods.rules import MONTHS_LONG

TAGS = {"p", "br", "strong", "em", "h2", "h3", "ul", "ol", "li", "hr", "blockquote"}
LARGEST = Decimal("9999999999.99")
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable(["image", "link", "autolink", "code"])


def long_date(day: dt.date) -> str:
    """``22 de novembro de 2026``; the first is ``1º``."""
    number = "1º" if day.day == 1 else str(day.day)
    return f"{number} de {MONTHS_LONG[day.month - 1].lower()} de {day.year}"


def write(slot: Slot, value: Any) -> str:  # noqa: ANN401  of any field
    """A value in its format; empty where there is none."""
    if not has_value(value):
        return ""
    if isinstance(value, Decimal):
        return amount_in_words(value) if slot.format == "in_words" else format_brl(value)
    if isinstance(value, dt.date):
        return long_date(value) if slot.format == "long_date" else f"{value:%d/%m/%Y}"
    return str(value)


def read_answer(question: Question, text: str) -> Any:  # noqa: ANN401  as its kind says
    """An answer in the type of its question: texts as they are, dates as ISO 8601, amounts with a point.

    Raises:
        ValueError: It is none.
    """
    typed = text.strip()
    if not typed:
        raise ValueError("empty")
    if question.kind is FieldKind.DATE:
        return dt.date.fromisoformat(typed)
    if question.kind is FieldKind.MONEY:
        return _amount(typed)
    return typed


def _amount(typed: str) -> Decimal:
    try:
        amount = Decimal(typed)
    except InvalidOperation as error:
        raise ValueError(typed) from error
    if not amount.is_finite() or not 0 <= amount <= LARGEST or amount != round(amount, 2):
        raise ValueError(typed)
    return round(amount, 2)


def as_html(text: str) -> str:
    """The text of a letter laid out: paragraphs, emphasis, headings and lists, and nothing else."""
    return clean(_MARKDOWN.render(text), tags=TAGS, attributes={})


def formats_of(kind: FieldKind) -> list[str]:
    """The formats in which a kind of field can be written; none for texts."""
    return [name for name, fits in FORMATS.items() if fits is kind]
