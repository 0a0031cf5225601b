"""The source of the product as syntax trees, read once."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("backoffice", "hr")
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Source:
    """One Python file of the product."""

    path: Path

    @property
    def name(self) -> str:
        """Path inside the repository."""
        return str(self.path.relative_to(ROOT))

    @property
    def module(self) -> str:
        """Dotted name."""
        return ".".join(self.path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")

    @cached_property
    def text(self) -> str:
        """The file."""
        return self.path.read_text()

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree."""
        return ast.parse(self.text)

    @property
    def layer(self) -> str:
        """What kind of file it is: ``models``, ``services`` (also of a package of that name), ..."""
        inside = self.path.relative_to(ROOT).with_suffix("").parts[2:]
        return inside[0] if inside else ""

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Every function and method."""
        return (node for node in ast.walk(self.tree) if isinstance(node, FUNCTIONS))

    def top_functions(self) -> Iterator[ast.FunctionDef]:
        """Public functions of the module itself."""
        for node in self.tree.body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                yield node

    def classes(self) -> Iterator[ast.ClassDef]:
        """Every class."""
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.ClassDef))

    def calls(self) -> Iterator[tuple[int, str, ast.Call]]:
        """Line, last name and node of every call."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                function = node.func
                name = getattr(function, "attr", getattr(function, "id", ""))
                yield node.lineno, name, node

    @cached_property
    def code_lines(self) -> int:
        """Lines that hold code: no blank lines, comments or docstrings."""
        prose: set[int] = set()
        for node in ast.walk(self.tree):
            if isinstance(node, (ast.Module, ast.ClassDef, *FUNCTIONS)) and ast.get_docstring(node):
                first = node.body[0]
                prose.update(range(first.lineno, (first.end_lineno or first.lineno) + 1))
        lines = enumerate(self.text.splitlines(), start=1)
        return sum(
            1
            for number, line in lines
            if number not in prose and line.strip() and not line.strip().startswith("#")
        )


@cache
def sources() -> tuple[Source, ...]:
    """Every Python file of the product but generated migrations."""
    packages = (*PACKAGES, "demo")
    found = [path for package in packages for path in sorted((ROOT / package).rglob("*.py"))]
    return tuple(Source(path) for path in found if path.name != "0001_initial.py")


def of_layer(*names: str) -> list[Source]:
    """The files of these layers, in all subjects and kernel folders."""
    return [source for source in sources() if source.layer in names]


@cache
def templates() -> tuple[Path, ...]:
    """Every template."""
    return tuple(sorted((ROOT / "templates").rglob("*.*")))


TAG = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)


def decorators(function: ast.FunctionDef) -> set[str]:
    """Names of the decorators of a function."""
    found = set()
    for node in function.decorator_list:
        inner = node.func if isinstance(node, ast.Call) else node
        found.add(getattr(inner, "attr", getattr(inner, "id", "")))
    return found
