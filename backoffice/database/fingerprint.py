"""A mark of everything that decides what a freshly migrated database contains.

Test templates and the demonstration's cached dump are kept by it; it needs neither Django nor a
database.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]

DATA_SUFFIXES = frozenset({".sql", ".json", ".csv"})
CODE_THAT_FILLS = frozenset(
    {"apps.py", "grants.py", "marking.py", "permissions.py", "process.py", "reference.py"}
)
FOLDERS_WITHOUT_DATA = frozenset({"static", "locale", "__pycache__"})


def fingerprint() -> str:
    """Sixteen hexadecimal digits that change with any migration, SQL or reference file."""
    digest = hashlib.sha256()
    for path in sorted(inputs()):
        digest.update(str(path.relative_to(CHECKOUT)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def inputs() -> Iterator[Path]:
    """The files that are looked at."""
    yield CHECKOUT / "requirements" / "base.txt"
    for application in CHECKOUT.glob("*/apps.py"):
        for path in application.parent.rglob("*"):
            if FOLDERS_WITHOUT_DATA.isdisjoint(path.parts) and _matters(path):
                yield path


def _matters(path: Path) -> bool:
    if path.suffix in DATA_SUFFIXES:
        return True
    return path.suffix == ".py" and (
        path.parent.name == "migrations" or path.name in CODE_THAT_FILLS
    )
