"""The conformance suite runs for every registered object, and for every command of each."""

import pytest

from backoffice.resources.records import Resource
from tests.factories import people
from tests.resources.scene import COMMANDS_OF, RESOURCES, Scene


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """``resource``: once for each object; ``resource, command``: once for each command."""
    if "command" in metafunc.fixturenames:
        ids = [command.name for _resource, command in COMMANDS_OF]
        metafunc.parametrize(("resource", "command"), COMMANDS_OF, ids=ids)
    elif "resource" in metafunc.fixturenames:
        metafunc.parametrize("resource", RESOURCES, ids=[each.name for each in RESOURCES])


@pytest.fixture
def scene(db: None, resource: Resource) -> Scene:
    """A company of its own for the test."""
    return Scene(people.make_company(), resource)


@pytest.fixture
def elsewhere(db: None, resource: Resource) -> Scene:
    """Another company."""
    return Scene(people.make_company(), resource)
