"""`script/demo --own`: nothing is erased without the word, and never a database of somebody's own."""

import os
import subprocess
import sys
from pathlib import Path

from backoffice.embedded.places import CHECKOUT


def run(own_state: Path, typed: str, **more: str) -> "subprocess.CompletedProcess[str]":
    given = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE")}
    given |= {"RETAGUARDA_STATE_DIR": str(own_state), **more}
    return subprocess.run(
        [sys.executable, "-m", "backoffice.embedded.demo", "--own"],
        cwd=CHECKOUT,
        env=given,
        input=typed,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_another_word_or_none_erases_nothing(own_state: Path) -> None:
    kept = own_state / "kept"
    kept.write_text("here")
    for typed in ("yes\n", "erase\n", ""):
        done = run(own_state, typed)
        assert (done.returncode, "Type ERASE" in done.stdout) == (1, True)
        assert "Starting" not in done.stdout
    assert kept.read_text() == "here"


def test_a_database_of_ones_own_is_never_erased(own_state: Path) -> None:
    done = run(own_state, "ERASE\n", DATABASE_URL="postgres://somebody@localhost/theirs")
    assert done.returncode == 1
    assert "empty it yourself" in done.stderr
    assert "Type ERASE" not in done.stdout
