"""A database of its own for the matrix of rights, filled once and never changed."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.harness.database import Harness
from tests.security import matrix
from tests.security.world import World, build


@pytest.fixture(scope="module")
def world(harness: Harness, django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """The people and records of every cell; requests are rolled back one by one."""
    name = harness.clones.create()
    with django_db_blocker.unblock():
        before = harness.point_to(name)
        yield build(matrix.SCOPES)
        harness.point_to(before)
    harness.clones.drop(name)
