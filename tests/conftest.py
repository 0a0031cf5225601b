"""What all tests share; the database harness is in tests/harness."""

from collections.abc import Iterator

import hypothesis
import pytest
from django.core.cache import cache

pytest_plugins = ["tests.harness.database", "tests.harness.redis"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse what the role `app` cannot do: emptying tables after a transactional test."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        if marker is not None and marker.kwargs.get("transaction"):
            message = (
                f"{item.nodeid}: use @pytest.mark.clone instead of django_db(transaction=True)."
            )
            raise pytest.UsageError(message)


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    yield
    cache.clear()


hypothesis.settings.register_profile("default", max_examples=200, deadline=None)
hypothesis.settings.load_profile("default")
