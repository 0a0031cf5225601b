"""Named reads of the organization for people: theirs is the company of the request."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from backoffice.identity.rules import Access
from backoffice.identity.selectors import in_scope
from backoffice.organization.models import Branch, CodedPart, Company, CostCenter, Department


def visible_companies(access: Access) -> QuerySet[Company]:
    """The company of the request; nothing without the right to see it."""
    allowed = access.company_id if access.can("backoffice.company.view") else 0
    return Company.objects.filter(pk=allowed)


def visible_branches(access: Access) -> QuerySet[Branch]:
    """Branches of the company."""
    return in_scope(Branch.objects.all(), access, "backoffice.branch.view")


def visible_departments(access: Access) -> QuerySet[Department]:
    """Departments of the company."""
    return in_scope(Department.objects.all(), access, "backoffice.department.view")


def visible_cost_centers(access: Access) -> QuerySet[CostCenter]:
    """Cost centres of the company."""
    return in_scope(CostCenter.objects.all(), access, "backoffice.cost_center.view")


def sub_departments(department: Department, access: Access) -> QuerySet[Department]:
    """Departments right below one."""
    return visible_departments(access).filter(parent=department).order_by("code")


def present_values(access: Access, record: Company | CodedPart | None) -> Mapping[str, Any]:
    """The values of a record's own fields, to begin a change with; a new part is active."""
    del access  # the signature of a form's first values
    if record is None:
        return {}
    return {field.name: getattr(record, field.name) for field in record._meta.concrete_fields}
