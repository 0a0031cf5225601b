"""The application that makes the probe known to a worker of the fault tests."""

from django.apps import AppConfig
from typing_extensions import override


class ProbeConfig(AppConfig):
    """No models: the probe works on tables of the kernel."""

    name = "tests.faults.probe"
    label = "probe"

    @override
    def ready(self) -> None:
        """Register the kinds."""
        from tests.faults.probe.kind import register_kinds

        register_kinds()
