"""What all tests share; the database harness is in tests/harness."""

from collections.abc import Iterator

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.utils import translation

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
def _as_at_the_start() -> Iterator[None]:
    """No test finds the language or the cache that another one left behind."""
    translation.activate(settings.LANGUAGE_CODE)
    yield
    cache.clear()


hypothesis.settings.register_profile("default", max_examples=200, deadline=None)
hypothesis.settings.load_profile("default")
