"""The language of letter templates: a closed one, without logic. Pure.

``{{employee.name}}`` is a field, ``{{employee.salary|in_words}}`` one in a format, ``{{?What happened}}`` is
asked when the letter is issued. ``{{#employee.ended_on}} ... {{/}}`` stands only where the field has a
value, ``{{^employee.ended_on}} ... {{/}}`` only where it has none. Nothing else is read: no attribute,
no call, no expression. The rest of the text is Markdown.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

LONGEST = 20_000
LONGEST_QUESTION = 80
DEEPEST = 4

_TAG = re.compile(r"\{\{([^{}\n]*)\}\}")
_STRAY = re.compile(r"\{\{|\}\}")
_KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
_SPECIAL = re.compile(r"([\\`*_\[\]<>#&~!|])")
_LINE_START = re.compile(r"^([ \t]*)([-+=]|\d{1,9}(?=[.)]))", re.MULTILINE)


class FieldKind(StrEnum):
    """What a field or an answer holds."""

    TEXT = "text"
    DATE = "date"
    MONEY = "money"


FORMATS = {
    "date": FieldKind.DATE,
    "long_date": FieldKind.DATE,
    "money": FieldKind.MONEY,
    "in_words": FieldKind.MONEY,
}
"""Format -> the kind of value that it writes. The first one of a kind is what counts without any."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at one place of a template.

    Attributes:
        code: Stable name of the mistake.
        line: From 1.
        column: From 1.
        what: The word that is wrong.
    """

    code: str
    line: int
    column: int
    what: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """Something that is asked when a letter is issued."""

    label: str
    kind: FieldKind


@dataclass(frozen=True, slots=True)
class Text:
    """Text as it stands."""

    text: str


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for a field (by key) or an answer (by label)."""

    name: str
    format: str
    asked: bool


@dataclass(frozen=True, slots=True)
class Section:
    """Text that stands only where a field has a value, or only where it has none."""

    key: str
    present: bool
    parts: "list[Part]" = field(default_factory=list)


Part = Text | Slot | Section


@dataclass(frozen=True, slots=True)
class Parsed:
    """A template that was read: its parts, the fields and questions in them, and its mistakes."""

    parts: list[Part]
    fields: frozenset[str]
    questions: tuple[Question, ...]
    problems: tuple[Problem, ...]


def parse(source: str, known: Mapping[str, FieldKind]) -> Parsed:
    """Read a template.

    Args:
        source: Its text.
        known: The fields that there are, with what they hold.

    Returns:
        All mistakes at once, each with line and column, in the order of the text.
    """
    reader = _Reader(source, known)
    reader.read()
    questions = tuple(Question(label, kind) for label, kind in reader.questions.items())
    problems = tuple(sorted(reader.problems, key=lambda each: (each.line, each.column)))
    return Parsed(reader.parts, frozenset(reader.used), questions, problems)


class _Reader:
    """One reading of one template."""

    def __init__(self, source: str, known: Mapping[str, FieldKind]) -> None:
        self.source, self.known = source, known
        self.parts: list[Part] = []
        self.open: list[tuple[Section, int]] = []
        self.used: set[str] = set()
        self.questions: dict[str, FieldKind] = {}
        self.problems: list[Problem] = []

    def read(self) -> None:
        if len(self.source) > LONGEST:
            self.wrong("too_long", LONGEST, str(LONGEST))
            return
        end = 0
        for tag in _TAG.finditer(self.source):
            self.plain(end, tag.start())
            self.tag(tag[1].strip(), tag.start())
            end = tag.end()
        self.plain(end, len(self.source))
        for section, at in self.open:
            self.wrong("section_open", at, section.key)

    def wrong(self, code: str, at: int, what: str = "") -> None:
        before = self.source[:at]
        line = before.count("\n") + 1
        self.problems.append(Problem(code, line, at - (before.rfind("\n") + 1) + 1, what))

    def add(self, part: Part) -> None:
        (self.open[-1][0].parts if self.open else self.parts).append(part)

    def plain(self, start: int, end: int) -> None:
        text = self.source[start:end]
        for stray in _STRAY.finditer(text):
            self.wrong("unclosed" if stray[0] == "{{" else "unopened", start + stray.start())
        if text:
            self.add(Text(text))

    def tag(self, inside: str, at: int) -> None:
        mark, rest = inside[:1], inside[1:].strip()
        if not inside:
            self.wrong("empty", at)
        elif mark in {"#", "^"}:
            self.section(rest, at, present=mark == "#")
        elif mark == "/":
            self.close(rest, at)
        elif mark == "?":
            self.question(rest, at)
        else:
            self.slot(inside, at)

    def section(self, key: str, at: int, *, present: bool) -> None:
        self.field(key, at)
        if len(self.open) >= DEEPEST:
            self.wrong("too_deep", at, str(DEEPEST))
        section = Section(key, present)
        self.add(section)
        self.open.append((section, at))

    def close(self, key: str, at: int) -> None:
        if not self.open:
            self.wrong("nothing_open", at, key)
            return
        section, _start = self.open.pop()
        if key and key != section.key:
            self.wrong("closes_other", at, section.key)

    def question(self, inside: str, at: int) -> None:
        label, _bar, written = (each.strip() for each in inside.partition("|"))
        kind = FORMATS.get(written, FieldKind.TEXT)
        if not label or len(label) > LONGEST_QUESTION:
            self.wrong("bad_question", at, label[:LONGEST_QUESTION])
        elif written and written not in FORMATS:
            self.wrong("unknown_format", at, written)
        elif self.questions.setdefault(label, kind) is not kind:
            self.wrong("question_twice", at, label)
        else:
            self.add(Slot(label, written, asked=True))

    def slot(self, inside: str, at: int) -> None:
        key, _bar, written = (each.strip() for each in inside.partition("|"))
        kind = self.field(key, at)
        if written and written not in FORMATS:
            self.wrong("unknown_format", at, written)
        elif written and kind is not None and FORMATS[written] is not kind:
            self.wrong("format_does_not_fit", at, written)
        self.add(Slot(key, written, asked=False))

    def field(self, key: str, at: int) -> FieldKind | None:
        self.used.add(key)
        if _KEY.fullmatch(key) is None or key not in self.known:
            self.wrong("unknown_field", at, key)
            return None
        return self.known[key]


Write = Callable[[Slot, Any], str]


def merge(
    parts: list[Part], values: Mapping[str, Any], answers: Mapping[str, Any], write: Write
) -> str:
    """The text of a letter: Markdown in which every value is only text, whatever stands in it."""
    return "".join(_merged(parts, values, answers, write))


def _merged(
    parts: list[Part], values: Mapping[str, Any], answers: Mapping[str, Any], write: Write
) -> Iterator[str]:
    for part in parts:
        if isinstance(part, Text):
            yield part.text
        elif isinstance(part, Slot):
            given = (answers if part.asked else values).get(part.name)
            yield as_text(write(part, given))
        elif has_value(values.get(part.key)) is part.present:
            yield from _merged(part.parts, values, answers, write)


def missing(parts: list[Part], values: Mapping[str, Any]) -> list[str]:
    """Keys of fields that stand in the text and have no value, in their order."""
    found: dict[str, None] = {}
    for part in parts:
        if isinstance(part, Slot) and not part.asked and not has_value(values.get(part.name)):
            found[part.name] = None
        elif isinstance(part, Section) and has_value(values.get(part.key)) is part.present:
            found.update(dict.fromkeys(missing(part.parts, values)))
    return list(found)


def has_value(value: object) -> bool:
    """Whether a field says anything."""
    return value is not None and value != ""


def as_text(value: str) -> str:
    """A value in which nothing is Markdown; its lines stay lines, and empty ones part paragraphs."""
    lines = (line.strip() for line in value.replace("\r\n", "\n").split("\n"))
    plain = _SPECIAL.sub(r"\\\1", "\n".join(lines))
    plain = _LINE_START.sub(_escaped, plain)
    return re.sub(r"(?<!\n)\n(?!\n)", "\\\\\n", plain)


def _escaped(found: re.Match[str]) -> str:
    """A dash, or the number of a list, at the start of a line: as text."""
    blank, sign = found[1], found[2]
    if sign.isdigit():  # the sign after the digits makes the list
        return f"{blank}{sign}\\"
    return f"{blank}\\{sign}"
