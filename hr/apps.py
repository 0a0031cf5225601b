"""The area of people and payroll as one Django application."""

from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HrConfig(AppConfig):
    """People, payroll, and all that hangs on an employment contract."""

    name = "hr"
    verbose_name = _("People")
    protected_tables: ClassVar[dict[str, str]] = {}
