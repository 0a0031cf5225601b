"""The browser files in the repository are exactly those of the locked packages, with licences."""

import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
STATIC = ROOT / "backoffice" / "static"
MANIFEST = json.loads((STATIC / "vendor" / "manifest.json").read_text())
PACKAGE = json.loads((ROOT / "package.json").read_text())


@pytest.mark.parametrize("name", sorted(MANIFEST["sha256"]))
def test_a_vendored_file_is_the_one_of_its_package(name: str) -> None:
    assert hashlib.sha256((ROOT / name).read_bytes()).hexdigest() == MANIFEST["sha256"][name]


def test_no_file_lies_beside_the_manifest() -> None:
    folders = (STATIC / "vendor", STATIC / "icons", ROOT / "tests" / "vendor")
    found = {
        path.relative_to(ROOT).as_posix()
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file()
    }
    assert found - {"backoffice/static/vendor/manifest.json"} == set(MANIFEST["sha256"])


def test_every_package_comes_with_its_licence() -> None:
    folders = {path.parent for path in (STATIC / "vendor").glob("*/*")}
    assert folders
    assert [folder.name for folder in sorted(folders) if not (folder / "LICENSE").is_file()] == []
    assert (STATIC / "icons" / "LICENSE").is_file()


def test_versions_are_exact_and_the_same_in_lock_and_manifest() -> None:
    wanted = PACKAGE["dependencies"] | PACKAGE["devDependencies"]
    lock = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    locked = {name: lock[f"node_modules/{name}"]["version"] for name in wanted}
    assert wanted == locked == MANIFEST["packages"]


def test_the_lock_holds_the_hash_of_every_package_and_no_address() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    packages = [each for name, each in lock.items() if name]
    assert packages
    assert all(each["integrity"].startswith("sha512-") for each in packages)
    assert not any("resolved" in each for each in packages)


def test_icons_are_those_that_the_list_names() -> None:
    assert {path.stem for path in (STATIC / "icons").glob("*.svg")} == set(
        PACKAGE["vendor"]["icons"]
    )


@pytest.mark.parametrize("path", sorted(STATIC.rglob("*.css")), ids=lambda path: path.name)
def test_styles_load_nothing_from_other_hosts(path: Path) -> None:
    text = path.read_text()
    assert "@import" not in text
    assert "sourceMappingURL" not in text
    for address in re.findall(r"url\(\s*[\"']?([^)\"']+)", text):
        assert address.startswith(("data:", "../")), address


@pytest.mark.parametrize("path", sorted(STATIC.rglob("js/*.js")), ids=lambda path: path.name)
def test_our_scripts_are_small_modules_that_name_no_host_and_run_no_text(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= 250
    assert "http://" not in text
    assert "https://" not in text
    assert not re.search(r"\beval\(|new Function|document\.write", text)
    # Names in imports would not follow the hashed file names.
    assert not re.search(r"^\s*import\b|\bimport\(", text, re.MULTILINE)


def test_no_icon_is_kept_that_nothing_draws() -> None:
    sources = (
        path
        for area in ("backoffice", "hr", "demo", "templates")
        for path in (ROOT / area).rglob("*")
        if path.suffix in {".py", ".html"}
    )
    quoted = {
        name for path in sources for name in re.findall(r"[\"']([a-z0-9-]+)[\"']", path.read_text())
    }
    assert set(PACKAGE["vendor"]["icons"]) - quoted == set()
