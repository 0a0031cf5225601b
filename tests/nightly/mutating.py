"""pytest plugin: changes rules a little, one change at a time; some test must fail each time.

First all tests of rules run once, which tells which tests reach which function. Then the code of a function
is replaced, in this process, by changed code, and these tests run until one of them fails.
"""

import functools
import gc
import hashlib
import random
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any

import pytest
from hypothesis import Phase, settings

from backoffice.embedded.places import CHECKOUT
from tests.nightly.again import Watched, first_failure
from tests.nightly.box import this_box
from tests.nightly.changes import Change, changes
from tests.nightly.record import Record

settings.register_profile(
    "mutants",
    max_examples=50,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
)
box = this_box()
record = Record()
watched = Watched(box.part.name)


def modules() -> dict[str, Path]:
    """The modules of rules by name."""
    paths = [*CHECKOUT.glob("*/*/rules.py"), *CHECKOUT.glob("*/*/rules/*.py")]
    found = {".".join(path.relative_to(CHECKOUT).with_suffix("").parts): path for path in paths}
    return {name: path for name, path in sorted(found.items()) if not name.endswith("__init__")}


@pytest.hookimpl(tryfirst=True)
def pytest_collection() -> None:
    """Fewer examples, and no search for smaller ones: that one fails is enough."""
    settings.load_profile("mutants")


def pytest_runtestloop(session: pytest.Session) -> bool:
    """Instead of running the tests: one change after another, the modules in turn."""
    items = {item.nodeid: item for item in session.items}
    found = modules()
    record.keep_only(box.part, found)
    waiting = [_Module(name, path) for name, path in found.items()]
    waiting = [module for module in waiting if module.line.missing]
    if waiting:
        with box.preparing():
            watched.run(session.items, _looking(found.values()))
    while waiting and not box.is_over:
        module = min(waiting, key=lambda module: 1 - module.line.missing)
        module.try_next(items)
        if not module.line.missing:
            waiting.remove(module)
    return True


class _Module:
    """The changes to one module, in an order that is always the same and not that of the lines."""

    def __init__(self, name: str, path: Path) -> None:
        source = path.read_text()
        self.path = path
        self.line = record.line(
            box.part, name, mark=hashlib.sha256(source.encode()).hexdigest()[:8]
        )
        self.changes = list(changes(source))
        random.Random(name).shuffle(self.changes)
        self.line.target = len(self.changes)
        if not self.changes:
            self.line.target = self.line.done = 1  # only declarations: nothing can be changed

    def try_next(self, items: dict[str, pytest.Item]) -> None:
        """Make the next change and see whether a test notices."""
        change = self.changes[self.line.done]
        reaching = watched.reached.get(_key(self.path, change.function), ())
        with changed(self.path, change):
            killer = first_failure([items[test] for test in watched.quickest(reaching)])
        if not killer:
            self.line.left.append(change.name)
            print(f"{self.path.relative_to(CHECKOUT)}:{change.name}: NOT NOTICED", flush=True)  # noqa: T201
        record.passed(self.line, 1, 0)


@contextmanager
def _looking(paths: Iterable[Path]) -> Iterator[None]:
    """Each call of a function of rules is noted."""
    files = {str(path) for path in paths}

    def noting(frame: FrameType, event: str, _argument: object) -> None:
        code = frame.f_code
        if event == "call" and code.co_filename in files:
            watched.reach(_key(code.co_filename, _outermost(code)))

    sys.setprofile(noting)
    try:
        yield
    finally:
        sys.setprofile(None)


def _key(path: str | Path, function: str) -> str:
    return f"{Path(path).relative_to(CHECKOUT)}:{function}"


def _outermost(code: CodeType) -> str:
    return code.co_qualname.partition(".<locals>")[0]


@contextmanager
def changed(path: Path, change: Change) -> Iterator[None]:
    """Let every function of a module that has this name run the changed code."""
    compiled = compile(change.tree, str(path), "exec")
    (new,) = (code for code in _codes(compiled) if code.co_qualname == change.function)
    before = [
        (function, function.__code__)
        for function in _objects(FunctionType)
        if function.__code__.co_filename == str(path)
        and function.__code__.co_qualname == change.function
    ]
    for function, _ in before:
        function.__code__ = new
    _forget()
    try:
        yield
    finally:
        for function, code in before:
            function.__code__ = code
        _forget()


def _codes(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _codes(constant)


def _forget() -> None:
    """Empty the caches of our functions: they hold what the other code has said."""
    for cached in _objects(functools._lru_cache_wrapper):
        if (cached.__module__ or "").startswith(("backoffice.", "hr.")):
            cached.cache_clear()


@functools.cache
def _objects(kind: type[Any]) -> list[Any]:
    """All functions, or all caches, that there are after the tests have run once."""
    return [thing for thing in gc.get_objects() if isinstance(thing, kind)]
