"""What the machine lacks is named with the exact command; nothing is skipped silently."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from backoffice.embedded import system
from backoffice.embedded.places import CHECKOUT
from backoffice.embedded.system import Need, command, main, missing, packages

ABSENT = Need(
    "a library that nobody has",
    "this test",
    system._library("libnobodyhasthis.so.0"),
    {"apt-get": "libnobody0 libnothing1", "brew": "nobody"},
)
ABSENT_TOO = Need("another one", "this test", lambda: False, {"apt-get": "libnobody0"})
SCRIPTS = [
    CHECKOUT / "script" / name for name in ("bootstrap", "demo", "test", "bench", "make-env")
]


def test_a_machine_that_has_everything_lacks_nothing() -> None:
    assert missing("demo") == []


def test_development_needs_a_browser_and_a_demonstration_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    assert [need.what for need in missing("dev")] == ["Chromium"]
    assert missing("demo") == []


def test_a_library_that_cannot_be_loaded_is_missing() -> None:
    assert not ABSENT.is_there()


def test_each_package_is_named_once() -> None:
    assert packages([ABSENT, ABSENT_TOO], "apt-get") == ["libnobody0", "libnothing1"]


def test_the_command_is_the_one_of_this_machine(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "brew").write_text("")
    (tmp_path / "brew").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert command([ABSENT, ABSENT_TOO]) == "brew install nobody"
    monkeypatch.setenv("PATH", "/nowhere")
    assert command([ABSENT]) == "install what Debian calls: libnobody0 libnothing1"


def test_what_is_missing_is_said_and_the_exit_code_is_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(system, "NEEDS", (ABSENT,))
    assert main(["demo"]) == 1
    said = capsys.readouterr().err
    assert "Missing: a library that nobody has (this test)." in said
    assert "libnobody0 libnothing1" in said or "nobody" in said
    assert main(["demo", "--packages", "apt-get"]) == 0
    assert capsys.readouterr().out == "libnobody0 libnothing1\n"


def test_bootstrap_without_a_new_enough_python_says_which_and_how(tmp_path: Path) -> None:
    copy = tmp_path / "checkout"
    (copy / "script").mkdir(parents=True)
    shutil.copy(CHECKOUT / "script" / "bootstrap", copy / "script" / "bootstrap")
    (tmp_path / "python3").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "python3").chmod(0o755)
    done = subprocess.run(
        [copy / "script" / "bootstrap"],
        env={**os.environ, "PYTHON": str(tmp_path / "python3")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Python 3.11 or newer is needed and was not found" in done.stderr
    assert not (copy / ".venv").exists()


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_are_posix_shell(script: Path) -> None:
    shell = shutil.which("dash") or "sh"
    assert script.read_text().startswith("#!/bin/sh\n")
    assert os.access(script, os.X_OK)
    assert subprocess.run([shell, "-n", script], check=False).returncode == 0


def test_ci_runs_the_same_as_a_person() -> None:
    assert "exec script/test" in (CHECKOUT / ".ci" / "run").read_text()


def test_hooks_run_the_parts_that_ci_runs() -> None:
    import yaml

    hooks = yaml.safe_load((CHECKOUT / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
    entries = {hook["id"]: hook["entry"] for hook in hooks}
    line = next(
        line
        for line in (CHECKOUT / "script" / "test").read_text().splitlines()
        if line.startswith("parts=${parts:-")
    )
    for part in line.removeprefix("parts=${parts:-").removesuffix("}").split():
        assert part in entries[part].split()
