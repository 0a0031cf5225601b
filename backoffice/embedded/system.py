"""System libraries and programs that pip cannot install: which are missing, and how to get them.

`python -m backoffice.embedded.system [demo|dev]` prints what is missing with the exact command and
exits with 1; `--packages apt-get` prints only package names, for `script/bootstrap`.
"""

import argparse
import ctypes
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from backoffice.embedded.binaries import DEBIAN_LIBRARIES, postgres_home
from backoffice.embedded.errors import EmbeddedError

FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "~/.fonts")
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass(frozen=True)
class Need:
    """Something that the system has to provide."""

    what: str
    why: str
    is_there: Callable[[], bool]
    packages: dict[str, str]
    """Package manager to package names."""


def _library(*names: str) -> Callable[[], bool]:
    def loads() -> bool:
        for name in names:
            try:
                ctypes.CDLL(name)
            except OSError:
                continue
            return True
        return False

    return loads


def _has_font() -> bool:
    return any(
        next(Path(folder).expanduser().rglob("*.[to]tf"), None) is not None
        for folder in FONT_FOLDERS
    )


def chromium() -> str | None:
    """The browser for the browser tests: CHROMIUM from the environment, or the system's."""
    names = [os.environ["CHROMIUM"]] if "CHROMIUM" in os.environ else CHROMIUM_NAMES
    return next((path for name in names if (path := shutil.which(name))), None)


def _postgres_runs() -> bool:
    if os.environ.get("DATABASE_URL"):
        return True
    try:
        postgres_home()
    except EmbeddedError:
        return False
    return True


PDF = "WeasyPrint, for payslips and reports"
NEEDS = (
    Need(
        "Pango",
        PDF,
        _library("libpango-1.0.so.0", "libpango-1.0.dylib"),
        {"apt-get": "libpango-1.0-0", "dnf": "pango", "brew": "pango"},
    ),
    Need(
        "PangoFT2",
        PDF,
        _library("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib"),
        {"apt-get": "libpangoft2-1.0-0", "dnf": "pango", "brew": "pango"},
    ),
    Need(
        "HarfBuzz",
        PDF,
        _library("libharfbuzz.so.0", "libharfbuzz.0.dylib"),
        {"apt-get": "libharfbuzz0b", "dnf": "harfbuzz", "brew": "harfbuzz"},
    ),
    Need(
        "HarfBuzz-Subset",
        PDF,
        _library("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib"),
        {"apt-get": "libharfbuzz-subset0", "dnf": "harfbuzz", "brew": "harfbuzz"},
    ),
    Need(
        "a font",
        PDF,
        _has_font,
        {"apt-get": "fonts-dejavu-core", "dnf": "dejavu-sans-fonts", "brew": "font-dejavu"},
    ),
    Need(
        "the libraries of the bundled PostgreSQL",
        "the database",
        _postgres_runs,
        {"apt-get": " ".join(DEBIAN_LIBRARIES), "dnf": "krb5-libs openssl-libs lz4-libs libzstd"},
    ),
)
FOR_TESTS = (
    Need(
        "Chromium",
        "the browser tests",
        lambda: chromium() is not None,
        {"apt-get": "chromium", "dnf": "chromium", "brew": "--cask chromium"},
    ),
)


def missing(kind: str) -> list[Need]:
    """What this machine lacks for a demonstration (`demo`) or for development (`dev`)."""
    needs = NEEDS + (FOR_TESTS if kind == "dev" else ())
    return [need for need in needs if not need.is_there()]


def packages(needs: list[Need], manager: str) -> list[str]:
    """The package names for a package manager, each once."""
    names = [name for need in needs for name in need.packages.get(manager, "").split()]
    return list(dict.fromkeys(names))


def command(needs: list[Need]) -> str:
    """The command that installs them on this machine, or what to look for."""
    for manager in ("apt-get", "dnf", "brew"):
        if shutil.which(manager):
            sudo = "" if manager == "brew" or os.geteuid() == 0 else "sudo "
            return f"{sudo}{manager} install {' '.join(packages(needs, manager))}"
    return f"install what Debian calls: {' '.join(packages(needs, 'apt-get'))}"


def main(arguments: list[str]) -> int:
    """Say what is missing; 0 when nothing is."""
    parser = argparse.ArgumentParser(prog="python -m backoffice.embedded.system")
    parser.add_argument("kind", nargs="?", choices=["demo", "dev"], default="demo")
    parser.add_argument("--packages", metavar="MANAGER", help="print only package names")
    options = parser.parse_args(arguments)
    needs = missing(options.kind)
    if options.packages:
        print(" ".join(packages(needs, options.packages)))
        return 0
    for need in needs:
        print(f"Missing: {need.what} ({need.why}).", file=sys.stderr)
    if needs:
        print(f"To install: {command(needs)}", file=sys.stderr)
    return 1 if needs else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
