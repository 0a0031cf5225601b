"""What the employee's page shows that is neither facts nor plain rows."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.dateparse import parse_date
from django.views import View

from backoffice.identity.rules import Access
from backoffice.organization.selectors import managers_above
from hr.people.models import Employee
from hr.people.selectors import as_of, manager_names, places_of_employee, visible_employees


def as_of_panel(record: Employee, access: Access) -> dict[str, Any]:
    """What holds today; the panel's form asks ``EmployeeAsOf`` for any other day."""
    return as_of_values(record, access, access.on)


def as_of_values(record: Employee, access: Access, on: dt.date) -> dict[str, Any]:
    """What held on a day, ready for the template."""
    values = as_of(record, access, on)
    place = values["place"]
    above = managers_above(access.company_id, record.party_id, on) if place else []
    names = dict(
        Employee.objects.filter(
            company_id=access.company_id, party_id__in=[each.person_id for each in above]
        ).values_list("party_id", "party__name")
    )
    chain = [(names.get(each.person_id, ""), each.present) for each in above]
    return {"on": on, "employee": record, "chain": chain, **values}


class EmployeeAsOf(View):
    """The employee as of any day: contract, terms and place, within what the person may see."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Answer the panel's content for ``?on=``; today when the day cannot be read."""
        access: Access = request.access  # type: ignore[attr-defined]
        record = get_object_or_404(visible_employees(access), pk=pk)
        on = parse_date(request.GET.get("on", "")) or access.on
        template = "as_of.html" if request.headers.get("HX-Request") else "as_of_page.html"
        return render(request, f"hr/people/{template}", as_of_values(record, access, on))


def places_panel(record: Employee, access: Access) -> dict[str, Any]:
    """Places of the employee with the names of the managers."""
    places = places_of_employee(record, access)
    names = manager_names(places)
    return {
        "places": [
            {"place": place, "manager": names.get(place.manager_person_id or 0, "")}
            for place in places
        ]
    }
