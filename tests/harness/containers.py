"""Read docker-compose.yml and the Dockerfile the way the engine would, without an engine."""

import fnmatch
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from backoffice.embedded.places import CHECKOUT

VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")


def make_env() -> dict[str, str]:
    """The variables that `script/make-env` prints, with secrets of their own."""
    text = subprocess.run(
        ["script/make-env"], cwd=CHECKOUT, capture_output=True, text=True, check=True
    ).stdout
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def compose(variables: dict[str, str]) -> dict[str, Any]:
    """docker-compose.yml with its variables filled in; KeyError when a required one lacks."""

    def fill(match: re.Match[str]) -> str:
        name, kind, words = match.groups()
        if variables.get(name):
            return variables[name]
        if kind == "-":
            return str(words)
        raise KeyError(name)

    def fill_all(value: Any) -> Any:
        if isinstance(value, str):
            return VARIABLE.sub(fill, value)
        if isinstance(value, dict):
            return {key: fill_all(inner) for key, inner in value.items()}
        return [fill_all(inner) for inner in value] if isinstance(value, list) else value

    found: dict[str, Any] = fill_all(yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text()))
    return found


@dataclass
class Image:
    """What the last stage of the Dockerfile does, in its order."""

    steps: list[tuple[str, str]] = field(default_factory=list)

    def all_of(self, word: str) -> list[str]:
        """The arguments of every instruction of a kind."""
        return [rest for kind, rest in self.steps if kind == word]


def dockerfile() -> Image:
    """All instructions of all stages; continued lines are joined, comments dropped."""
    text = (CHECKOUT / "Dockerfile").read_text()
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    image = Image()
    for line in filter(None, (part.strip() for part in joined.splitlines())):
        word, _, rest = line.partition(" ")
        image.steps.append((word, re.sub(r"\s+", " ", rest)))
    return image


def context_files() -> list[Path]:
    """The files of the checkout that .dockerignore lets into the image; relative paths."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    lines = (CHECKOUT / ".dockerignore").read_text().splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    return [Path(name) for name in sorted(set(listed)) if _enters(name, rules)]


def _enters(name: str, rules: list[str]) -> bool:
    """The last rule that matches the file or one of its folders decides."""
    enters = True
    for rule in rules:
        pattern = rule.removeprefix("!")
        if _matches(name, pattern):
            enters = rule.startswith("!")
    return enters and (CHECKOUT / name).is_file()


def _matches(name: str, pattern: str) -> bool:
    if pattern.startswith("**/"):
        return any(fnmatch.fnmatchcase(part, pattern[3:]) for part in name.split("/"))
    parts = name.split("/")
    heads = ["/".join(parts[: n + 1]) for n in range(len(parts))]
    return any(fnmatch.fnmatchcase(head, pattern) for head in heads)
