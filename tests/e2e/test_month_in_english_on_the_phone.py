"""The main path of the month in English on a telephone."""

from collections.abc import Callable

import pytest

from tests.e2e.journey import Journey
from tests.e2e.site import Site
from tests.e2e.visitor import PHONE, Visitor
from tests.e2e.words import ENGLISH

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


def test_the_month_is_mended_computed_approved_and_closed_on_a_telephone(
    site: Site, visit: Callable[..., Visitor]
) -> None:
    journey = Journey(site, ENGLISH, Visitor.look)
    analyst = visit("camila", language="en", viewport=PHONE)
    journey.mend(analyst)
    journey.compute(analyst)
    journey.send(analyst)
    manager = visit("renato", language="en", viewport=PHONE, scheme="dark")
    journey.approve(manager)
    journey.sums_agree(manager)
