"""Makes commands, jobs and pages of this folder known."""

from django.utils.translation import gettext_lazy as _

from backoffice.privacy import services, tasks
from backoffice.web import menu

__all__ = ["services", "tasks"]

menu.register(
    menu.Page(
        area="backoffice",
        label=_("Everything about a person"),
        icon="user-circle",
        url_name="privacy:report",
        permission=services.REPORT,
        order=220,
        group="trail",
    )
)
