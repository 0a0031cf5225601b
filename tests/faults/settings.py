"""Settings of the workers that fault tests start: the tests', with the probe, and quick to recover."""

from backoffice.settings.test import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.probe.apps.ProbeConfig"]  # noqa: F405
