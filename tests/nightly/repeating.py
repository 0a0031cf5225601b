"""pytest plugin: runs the tests of a part, the least complete first, and records what they did."""

import os
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

import pytest
from hypothesis import Phase, is_hypothesis_test, settings

from tests.harness import tally
from tests.nightly.box import this_box
from tests.nightly.record import Line, Record

EXAMPLES = int(os.environ.get("PROPERTY_EXAMPLES", "0"))
box = this_box()
record = Record()
tried: dict[str, int] = {}


def kind_of(item: pytest.Item) -> str:
    """The line that a test counts for."""
    return item.nodeid.removeprefix("tests/") if box.part.each else box.part.name


def line_of(item: pytest.Item) -> Line:
    """The line of a test."""
    return record.line(box.part, kind_of(item))


def is_wanted(item: pytest.Item) -> bool:
    """Whether a test belongs to the part."""
    wanted = box.part.wanted
    if wanted == "property":
        return isinstance(item, pytest.Function) and is_hypothesis_test(item.obj)
    fixtures = getattr(item, "fixturenames", ())
    return not wanted or item.get_closest_marker(wanted) is not None or wanted in fixtures


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave those of the part that are not complete, the one with most to do first."""
    wanted = [item for item in items if is_wanted(item)]
    record.keep_only(box.part, map(kind_of, wanted))
    chosen = [item for item in wanted if not box.part.each or line_of(item).missing]
    chosen.sort(key=lambda item: -line_of(item).missing)
    config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
    items[:] = chosen
    for item in items if EXAMPLES else ():
        _more_examples(item)


def _more_examples(item: Any) -> None:
    """As many examples as the box asks for, each counted; failing ones are not kept aside."""
    test = item.obj
    given = getattr(test, "_hypothesis_internal_use_settings", None)
    test._hypothesis_internal_use_settings = settings(
        given,
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
    )
    handle = getattr(test, "__func__", test).hypothesis
    handle.inner_test = _counted(handle.inner_test, item.nodeid)


def _counted(inner: Callable[..., object], nodeid: str) -> Callable[..., object]:
    @wraps(inner)
    def run(*args: Any, **kwargs: Any) -> object:
        tried[nodeid] = tried.get(nodeid, 0) + 1
        result = inner(*args, **kwargs)
        tally.add()
        return result

    return run


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Count from zero for each test."""
    tally.take()
    outcomes[item.nodeid] = []
    done = yield
    _note(item, outcomes.pop(item.nodeid))
    if box.is_over:
        item.session.shouldstop = "the time of the box is over"
    return done


outcomes: dict[str, list[pytest.TestReport]] = {}


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Keep what setup, call and teardown of a test said."""
    outcomes[report.nodeid].append(report)


def _note(item: pytest.Item, reports: list[pytest.TestReport]) -> None:
    line, seconds = line_of(item), sum(report.duration for report in reports)
    line.seed = box.seed
    failed = [report for report in reports if report.failed]
    if failed:
        record.failed(line, _last_line(failed[0]), seconds)
    elif any(report.when == "call" and report.passed for report in reports):
        count = tally.take() or 1
        if EXAMPLES and tried[item.nodeid] < EXAMPLES:
            count = line.target - line.done  # there are no more different examples than these
        record.passed(line, count, seconds)


def _last_line(report: pytest.TestReport) -> str:
    crash = getattr(report.longrepr, "reprcrash", None)
    text = crash.message if crash else str(report.longrepr)
    return " ".join(str(text).split())
