"""The example company and the conveniences of a demonstration; production settings never have it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    """Examples: Comercial Ipê, companies of any size for benchmarks, role switch, kill button."""

    name = "demo"
    verbose_name = _("Demonstration")
