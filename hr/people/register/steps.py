"""The step of a company's set-up that brings its people in."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from backoffice.home.setup import Found, SetupStep
from backoffice.identity.rules import Access
from backoffice.resources import registry
from hr.people.models import Employee
from hr.people.register.employees import EMPLOYEE

IMPORT = "backoffice.data_import.create"


def _employees(access: Access, _at: dt.datetime) -> Found:
    found = Employee.objects.filter(company_id=access.company_id).count()
    words = ngettext("%(n)s person works here", "%(n)s people work here", found)
    return Found(done=found > 0, says=words % {"n": found})


def _url(access: Access) -> str:
    """The wizard that takes a spreadsheet, or the form for one person."""
    if access.can("hr.employee.hire") and access.can(IMPORT):
        return reverse("exchange:import", args=[EMPLOYEE.name])
    return registry.url(EMPLOYEE, "create") if access.can("hr.employee.hire") else ""


EMPLOYEES = SetupStep(
    name="employees",
    title=_("Bring in the first employees"),
    why=_("The payroll is made for people under contract."),
    order=80,
    state=_employees,
    url=_url,
)
