"""Named reads of the organization, as of a day."""

import datetime as dt

from django.db import connection
from django.db.models import Q, QuerySet

from backoffice.organization.models import Placement

_TEAM = """
WITH RECURSIVE team(person_id) AS (
    SELECT person_id FROM backoffice_placement
    WHERE company_id = %(company)s AND manager_person_id = %(manager)s
      AND valid_from <= %(on)s AND (valid_to IS NULL OR valid_to >= %(on)s)
    UNION
    SELECT p.person_id FROM backoffice_placement p JOIN team ON p.manager_person_id = team.person_id
    WHERE p.company_id = %(company)s
      AND p.valid_from <= %(on)s AND (p.valid_to IS NULL OR p.valid_to >= %(on)s)
)
SELECT person_id FROM team
"""


def placements_on(company_id: int, on: dt.date) -> QuerySet[Placement]:
    """The placements of a company that hold on a day."""
    return Placement.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=on), company_id=company_id, valid_from__lte=on
    )


def team_person_ids(company_id: int, manager_person_id: int, on: dt.date) -> frozenset[int]:
    """Everybody below a manager on a day, through all levels; never the manager.

    A circle of managers ends the walk instead of looping.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TEAM, {"company": company_id, "manager": manager_person_id, "on": on})
        return frozenset(row[0] for row in cursor.fetchall()) - {manager_person_id}
