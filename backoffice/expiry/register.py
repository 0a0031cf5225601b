"""The radar in the menu and on the home page; its models are no objects."""

from django.utils.translation import gettext_lazy as _

from backoffice.expiry import kinds, notices, selectors, services, tasks, views
from backoffice.expiry.models import ExpiryAlarm, ExpiryMark
from backoffice.resources import registry
from backoffice.web import home, menu

__all__ = ["kinds", "notices", "services", "tasks"]  # imported for what they register

registry.internal("That a warning was given; the radar shows what it was about.", ExpiryAlarm)
registry.internal("What people said to a line of the radar, shown there.", ExpiryMark)
menu.register(
    menu.Page(
        area="backoffice",
        label=_("What expires"),
        icon="clock",
        url_name="backoffice.expiry",
        order=5,
        key="x",
        counter=selectors.waiting,
    )
)
home.register(
    home.Section(
        name="expiry",
        title=_("Expires soon"),
        icon="clock",
        order=30,
        template="expiry/home.html",
        context=views.home_section,
        side=True,
    )
)
