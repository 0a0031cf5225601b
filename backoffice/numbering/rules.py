"""How a number is written: a pattern of its parts, and nothing else."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

LONGEST = 40
_TOKEN = re.compile(r"\{(?P<name>[a-z]+)(?::(?P<width>[1-9]))?\}")
_PLAIN = re.compile(r"[A-Za-z0-9 ./_-]*")
NAMES = frozenset({"number", "year", "yy", "branch"})


class BadPattern(ValueError):
    """A pattern cannot be used; ``args[0]`` says why, for people who read code."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a number is made of.

    Attributes:
        number: Place in the series, from 1.
        year: Four digits; 0 for a series that does not begin again each year.
        branch: Code of the branch; empty for a series of the whole company.
    """

    number: int
    year: int = 0
    branch: str = ""


def check_pattern(pattern: str, *, yearly: bool, by_branch: bool) -> None:
    """Refuse a pattern by which two documents could get the same text.

    A pattern has ``{number}`` or ``{number:5}`` (filled with zeros up to that width) once, ``{year}``
    or ``{yy}`` if the series begins again each year, ``{branch}`` if each branch counts by itself,
    and letters, digits, blanks and ``. / _ -`` between them.

    Raises:
        BadPattern: What is wrong.
    """
    names = [match["name"] for match in _TOKEN.finditer(pattern)]
    if _PLAIN.fullmatch(_TOKEN.sub("", pattern)) is None:
        raise BadPattern("characters")
    if unknown := set(names) - NAMES:
        raise BadPattern(f"unknown {sorted(unknown)}")
    if names.count("number") != 1:
        raise BadPattern("number")
    if yearly != bool({"year", "yy"} & set(names)):
        raise BadPattern("year")
    if by_branch != ("branch" in names):
        raise BadPattern("branch")
    if "{branch}{number" in pattern or re.search(r"\{(year|yy)\}\{(number|branch)", pattern):
        raise BadPattern("separator")  # 1 and 23 would read as 12 and 3
    if re.search(r"\{number[^}]*\}\{", pattern):
        raise BadPattern("separator")
    if len(write_number(pattern, Parts(99_999_999, 2099, "X" * 12))) > LONGEST:
        raise BadPattern("length")


def write_number(pattern: str, parts: Parts) -> str:
    """The text of a number: ``FP-{year}/{number:4}`` gives ``FP-2026/0012``.

    A number that is longer than its width is written in full.
    """
    values: Mapping[str, str] = {
        "number": str(parts.number),
        "year": str(parts.year),
        "yy": f"{parts.year % 100:02d}",
        "branch": parts.branch,
    }
    return _TOKEN.sub(lambda match: values[match["name"]].zfill(int(match["width"] or 0)), pattern)
