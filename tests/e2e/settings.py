"""Settings of the site under test: the tests' (fast password hashes) with the demonstration's bar."""

from backoffice.settings.test import *  # noqa: F403

DEMO_MODE = True
