"""The walk-through "Add an object" is followed to the letter in a copy of the repository."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.harness.database import Harness

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "tutorials" / "add-an-object.md"
BLOCK = re.compile(r'^```(python|diff) title="([^"]+)"\n(.*?)^```$', re.MULTILINE | re.DOTALL)
LEFT_OUT = shutil.ignore_patterns(
    ".*", "__pycache__", "build", "docs", "e2e", "node_modules", "vendor"
)


@dataclass(frozen=True)
class Block:
    """One code block of the page: a new file, or a change of one that exists."""

    kind: str
    path: str
    text: str


def blocks() -> list[Block]:
    """The code blocks of the page that are for a file."""
    return [Block(*found) for found in BLOCK.findall(PAGE.read_text())]


def apply(change: str, text: str) -> str:
    """A text after a change; parts between ``...`` are looked for one after the other.

    Raises:
        AssertionError: What the page says stands there does not, or more than once.
    """
    for part in change.split("\n...\n"):
        lines = part.rstrip("\n").split("\n")
        before = "".join(f"{line[1:]}\n" for line in lines if line[:1] in {" ", "-"})
        after = "".join(f"{line[1:]}\n" for line in lines if line[:1] in {" ", "+"})
        assert text.count(before) == 1, f"the page expects once:\n{before}"
        text = text.replace(before, after)
    return text


def test_the_page_says_what_one_more_object_costs() -> None:
    made = [block for block in blocks() if block.kind == "python"]
    changed = [block for block in blocks() if block.kind == "diff"]
    lines = sum(1 for block in made for line in block.text.splitlines() if line.strip())
    touched = sum(1 for block in changed for line in block.text.splitlines() if line[:1] == "+")
    claim = f"**{len(made)} new files with {lines} lines and {touched} changed lines**"
    assert claim in PAGE.read_text().replace("\n", " "), claim


@pytest.mark.slow
def test_following_the_page_gives_an_object_that_passes_every_conformance_test(
    tmp_path: Path, harness: Harness
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
    for block in blocks():
        target = copy / block.path
        if block.kind == "python":
            target.parent.mkdir(parents=True, exist_ok=True)
            assert not target.exists()
            target.write_text(block.text)
        else:
            target.write_text(apply(block.text, target.read_text()))
    environment = {
        **os.environ,
        **harness.urls,
        "DJANGO_SETTINGS_MODULE": "backoffice.settings.test",
        "PYTHONDONTWRITEBYTECODE": "1",
    }

    def run(*command: str) -> str:
        done = subprocess.run(
            [sys.executable, *command],
            cwd=copy,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-5000:]
        return done.stdout

    run("manage.py", "check")
    run("manage.py", "makemigrations", "hr", "--name", "locker", "-v", "0")
    assert list((copy / "hr" / "migrations").glob("*_locker.py"))
    told = run("-m", "pytest", "tests/resources", "-k", "hr.locker", "-q", "-p", "no:randomly")
    passed = re.search(r"(\d+) passed", told)
    assert passed is not None
    assert int(passed[1]) >= 50, told
    shape = ("budgets", "layers", "models", "services", "texts")
    run("-m", "pytest", *(f"tests/architecture/test_{name}.py" for name in shape), "-q", "-x")
