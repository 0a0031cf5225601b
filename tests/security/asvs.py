"""The page docs/reference/asvs.md, made from asvs.toml: ``python -m tests.security.asvs``."""

import ast
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "tests" / "security" / "asvs.toml"
PAGE = ROOT / "docs" / "reference" / "asvs.md"

CHAPTERS = {
    1: "Encoding and sanitisation",
    2: "Validation and business rules",
    3: "In the browser",
    4: "API",
    5: "Files",
    6: "Proof of identity",
    7: "Sessions",
    8: "Rights",
    9: "Signed tokens",
    10: "OAuth and OpenID Connect",
    11: "Cryptography",
    12: "Encrypted connections",
    13: "Configuration",
    14: "Protection of data",
    15: "Architecture and code",
    16: "Logs and faults",
    17: "WebRTC",
}

HEAD = """# Security requirements and what proves them

OWASP ASVS 5.0, every requirement of levels 1 and 2, in our own words. {met} are met, {partly} in part or not yet,
{absent} ask about what the product does not have. Made from `tests/security/asvs.toml` by
`python -m tests.security.asvs`; a test holds that every proof exists. The abuse cases stand in
`tests/security/abuse.toml`. The standard itself: https://github.com/OWASP/ASVS
"""


def read() -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The requirements by number, and the groups of those that do not apply."""
    found = tomllib.loads(SOURCE.read_text())
    absent = found.pop("absent")
    return found, absent


def page() -> str:
    """The page as it should be."""
    lines, absent = read()
    lacking = sum("lacks" in line for line in lines.values())
    numbers = sum(len(group["levels"]) for group in absent)
    text = HEAD.format(met=len(lines) - lacking, partly=lacking, absent=numbers)
    for chapter, title in CHAPTERS.items():
        rows = [row(number, line) for number, line in lines.items() if of(number) == chapter]
        if rows:
            text += f"\n## {chapter} {title}\n\n| number | level | asks | here | proof |\n|---|---|---|---|---|\n"
            text += "".join(rows)
    text += "\n## What does not apply\n\n| numbers | why |\n|---|---|\n"
    return text + "".join(
        f"| {', '.join(group['levels'])} | {group['reason']} |\n" for group in absent
    )


@cache
def functions_in(path: str) -> frozenset[str]:
    """The names of all functions of a file of ours."""
    tree = ast.parse((ROOT / path).read_text())
    return frozenset(each.name for each in ast.walk(tree) if isinstance(each, ast.FunctionDef))


def of(number: str) -> int:
    """The chapter of a number."""
    return int(number.split(".", 1)[0])


def row(number: str, line: dict[str, Any]) -> str:
    """One line of a table."""
    how = f"{line['how']}. **Not yet:** {line['lacks']}" if "lacks" in line else line["how"]
    proofs = "<br>".join(f"`{proof}`" for proof in line.get("proof", ()))
    return f"| {number} | {line['level']} | {line['need']} | {how} | {proofs} |\n"


if __name__ == "__main__":
    PAGE.write_text(page())
