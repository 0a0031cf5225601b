"""What the area of people links to a party: that somebody works, or worked, here."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backoffice.directory.registry import Entry, Links, Text
from backoffice.identity.rules import Access
from hr.people.models import Employee
from hr.people.selectors import visible_employees


def employees_of(access: Access, party_ids: Sequence[int]) -> list[Entry]:
    """The file of the person as an employee."""
    return [
        Entry(text=row.party.display_name, url=reverse("hr.employee.detail", args=[row.pk]))
        for row in visible_employees(access).filter(party_id__in=party_ids).select_related("party")
    ]


def keeps_employee(company_id: int, party_id: int) -> Text | None:
    """Whoever has contracts and payslips stays who they are."""
    if Employee.objects.filter(company_id=company_id, party_id=party_id).exists():
        return _("This person is or was employed here. Merge the other one into this one.")
    return None


EMPLOYEES = Links(
    label=_("Employees"), icon="users", permission="hr.employee.view", rows=employees_of
)
