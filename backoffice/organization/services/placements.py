"""Steps that put people into their places."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from backoffice.commands import Context, step
from backoffice.errors import InvalidInput
from backoffice.organization.models import Placement
from backoffice.organization.selectors import team_person_ids


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a person stands: the parts of the company and the manager's person."""

    branch_id: int
    department_id: int
    cost_center_id: int | None = None
    manager_person_id: int | None = None


@step
def place_person(
    ctx: Context, *, person_id: int, employment_id: int, place: Place, valid_from: dt.date
) -> Placement:
    """Put an employment in its place from a day on; what held before ends the day before.

    A placement that was to begin later is kept: the new one ends where it begins.

    Raises:
        InvalidInput: The manager is the person, or stands below the person on that day.
    """
    if place.manager_person_id is not None:
        _refuse_circle(ctx.company, person_id, place.manager_person_id, valid_from)
    of_employment = Placement.objects.select_for_update().filter(
        company_id=ctx.company, employment_id=employment_id
    )
    upcoming = of_employment.filter(valid_from__gt=valid_from).order_by("valid_from").first()
    of_employment.filter(valid_from=valid_from).delete()
    before = of_employment.filter(valid_from__lt=valid_from).order_by("-valid_from").first()
    if before is not None and (before.valid_to is None or before.valid_to >= valid_from):
        before.valid_to = valid_from - dt.timedelta(days=1)
        before.save(update_fields=["valid_to"])
    return Placement.objects.create(
        company_id=ctx.company,
        person_id=person_id,
        employment_id=employment_id,
        branch_id=place.branch_id,
        department_id=place.department_id,
        cost_center_id=place.cost_center_id,
        manager_person_id=place.manager_person_id,
        valid_from=valid_from,
        valid_to=upcoming.valid_from - dt.timedelta(days=1) if upcoming else None,
    )


def _refuse_circle(company_id: int, person_id: int, manager_id: int, on: dt.date) -> None:
    if manager_id == person_id or manager_id in team_person_ids(company_id, person_id, on):
        message = _("The manager stands below this person, or is this person.")
        raise InvalidInput("manager_circle", message, fields={"manager_person_id": message})
