"""What people show on the home page."""

import datetime as dt

from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.identity.rules import Access
from backoffice.web.home import Figure, Kpi
from hr.people.selectors import visible_employees

MONTH = dt.timedelta(days=30)


def _people(request: HttpRequest) -> Figure | None:
    """How many people work here today, among those that this person sees; one statement."""
    access: Access = request.access  # type: ignore[attr-defined]
    since = access.on - MONTH
    found = visible_employees(access).aggregate(
        now=Count("pk", filter=Q(situation="active")),
        new=Count("pk", filter=Q(situation="active", admitted_on__gt=since)),
    )
    if not found["now"]:
        return None
    return Figure(
        value=found["now"],
        url=reverse("hr.employee.list"),
        delta=f"+{found['new']}" if found["new"] else gettext("no change"),
        hint=gettext("admitted in 30 days"),
    )


PEOPLE = Kpi(
    name="hr.people",
    label=_("People at work"),
    order=40,
    permission="hr.employee.view",
    figure=_people,
)
