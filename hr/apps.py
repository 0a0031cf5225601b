"""The area of people and payroll as one Django application."""

from importlib import import_module
from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from typing_extensions import override


class HrConfig(AppConfig):
    """People, payroll, and all that hangs on an employment contract."""

    name = "hr"
    verbose_name = _("People")
    protected_tables: ClassVar[dict[str, str]] = {"hr_employee_listing": "SELECT"}

    @override
    def ready(self) -> None:
        """Make processes, jobs and objects of the area known."""
        from backoffice.resources import registry

        import_module("hr.payroll.tasks")
        registry.load("hr", "people", "payroll")
