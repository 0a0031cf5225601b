"""The list of security requirements is whole, its proofs exist, and its page is the present one."""

import pytest

from tests.security import asvs

LINES, ABSENT = asvs.read()

# Requirements of level 1 and 2 in each chapter of ASVS 5.0.0.
IN_STANDARD = {
    1: (8, 19),
    2: (4, 7),
    3: (8, 11),
    4: (2, 8),
    5: (4, 5),
    6: (13, 22),
    7: (6, 12),
    8: (4, 3),
    9: (4, 3),
    10: (5, 24),
    11: (3, 11),
    12: (3, 6),
    13: (1, 12),
    14: (2, 7),
    15: (3, 10),
    16: (0, 16),
    17: (0, 7),
}


def test_every_requirement_of_both_levels_has_its_line() -> None:
    found = [(number, line["level"]) for number, line in LINES.items()]
    for group in ABSENT:
        assert group["reason"]
        found += group["levels"].items()
    assert len({number for number, _level in found}) == len(found)
    counted = {
        chapter: tuple(
            sum(asvs.of(number) == chapter and level == wanted for number, level in found)
            for wanted in (1, 2)
        )
        for chapter in asvs.CHAPTERS
    }
    assert counted == IN_STANDARD


@pytest.mark.parametrize("number", LINES)
def test_a_line_names_proofs_that_exist_or_says_what_lacks(number: str) -> None:
    line = LINES[number]
    assert line["need"]
    assert line["how"]
    assert line.get("proof") or line["lacks"]
    for proof in line.get("proof", ()):
        path, _colons, name = proof.partition("::")
        assert (asvs.ROOT / path).is_file(), proof
        assert path.startswith("docs/") or name in asvs.functions_in(path), proof


def test_the_page_is_made_from_the_present_list() -> None:
    assert asvs.PAGE.read_text() == asvs.page(), "run `python -m tests.security.asvs`"
