"""Gather in one statement what a month's payroll knows of each contract."""

import calendar
import datetime as dt
import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from backoffice.law.selectors import MinimumWage, minimum_wage_on
from hr.payroll.models import PayrollSettings
from hr.payroll.rules.readiness import ContractFacts, DependentFacts, Floor, Terms
from hr.people.models import EmploymentContract, SalaryFloor

_FACTS = """
SELECT c.id, c.employee_id, coalesce(nullif(p.social_name, ''), p.name), p.tax_id, c.registration, c.category,
       c.admitted_on, c.ended_on, terms.found, dependents.found, place.found,
       coalesce(payout.found, ''), coalesce(late.n, 0)
FROM hr_employment_contract c
JOIN hr_employee e ON e.id = c.employee_id
JOIN backoffice_party p ON p.id = e.party_id
LEFT JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_array(t.valid_from, t.valid_to, t.salary::text, t.weekly_hours::text, j.id, j.name,
                                       j.occupation_id) ORDER BY t.valid_from) AS found
    FROM hr_contract_terms t JOIN hr_job_title j ON j.id = t.job_title_id
    WHERE t.contract_id = c.id AND t.valid_from <= %(last)s AND (t.valid_to IS NULL OR t.valid_to >= %(first)s)
) terms ON true
LEFT JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_array(d.birth_date, d.for_irrf, d.for_family_allowance, d.disabled)) AS found
    FROM hr_dependent d
    WHERE d.employee_id = c.employee_id AND d.valid_from <= %(last)s AND (d.valid_to IS NULL OR d.valid_to >= %(first)s)
) dependents ON true
LEFT JOIN LATERAL (
    SELECT jsonb_build_object('branch', b.name, 'cnpj', b.cnpj, 'address', concat_ws(', ', nullif(b.address, ''),
                              b.municipality || '/' || b.state), 'department', dep.name) AS found
    FROM backoffice_placement s
    JOIN backoffice_branch b ON b.id = s.branch_id
    JOIN backoffice_department dep ON dep.id = s.department_id
    WHERE s.employment_id = c.id AND s.valid_from <= %(last)s AND (s.valid_to IS NULL OR s.valid_to >= %(first)s)
    ORDER BY s.valid_from DESC LIMIT 1
) place ON true
LEFT JOIN LATERAL (
    SELECT CASE a.kind WHEN 'pix' THEN 'Pix ' || a.pix_key
           ELSE 'Banco ' || a.bank_code || ' · Ag. ' || a.agency || ' · Conta ' || a.account END AS found
    FROM backoffice_payout_account a
    WHERE a.company_id = c.company_id AND a.party_id = e.party_id
      AND a.valid_from <= %(payment)s AND (a.valid_to IS NULL OR a.valid_to >= %(payment)s)
) payout ON true
LEFT JOIN LATERAL (
    SELECT count(*) AS n FROM hr_late_fact f WHERE f.contract_id = c.id AND f.last_month >= %(previous)s
) late ON true
WHERE c.company_id = %(company)s AND c.admitted_on <= %(last)s AND (c.ended_on IS NULL OR c.ended_on >= %(first)s)
  AND (%(ids)s::bigint[] IS NULL OR c.id = ANY(%(ids)s))
ORDER BY c.id
"""


def last_day(month: dt.date) -> dt.date:
    """Last day of a month."""
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def contracts_of_month(company_id: int, month: dt.date) -> list[int]:
    """Keys of all contracts that hold on some day of the month, in order."""
    return list(
        EmploymentContract.objects.filter(
            Q(ended_on__isnull=True) | Q(ended_on__gte=month),
            company_id=company_id,
            admitted_on__lte=last_day(month),
        )
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def facts_of_month(
    company_id: int,
    month: dt.date,
    payment_date: dt.date,
    contract_ids: Sequence[int] | None = None,
) -> Iterator[ContractFacts]:
    """The facts of each contract of a month, in one statement whatever their number.

    Args:
        company_id: The company.
        month: First day of the competence.
        payment_date: Day for which the payout account counts.
        contract_ids: Only these contracts; None means all that hold in the month.
    """
    values: dict[str, Any] = {
        "company": company_id,
        "first": month,
        "last": last_day(month),
        "previous": (month - dt.timedelta(days=1)).replace(day=1),
        "payment": payment_date,
        "ids": None if contract_ids is None else list(contract_ids),
    }
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, values)
        for row in cursor.fetchall():
            yield _facts(row)


def _facts(row: Sequence[Any]) -> ContractFacts:
    return ContractFacts(
        contract_id=row[0],
        employee_id=row[1],
        name=row[2],
        cpf=row[3],
        registration=row[4],
        category=row[5],
        admitted_on=row[6],
        ended_on=row[7],
        terms=tuple(_terms(values) for values in _json(row[8]) or ()),
        dependents=tuple(
            DependentFacts(dt.date.fromisoformat(birth), irrf, allowance, disabled)
            for birth, irrf, allowance, disabled in _json(row[9]) or ()
        ),
        place=_json(row[10]),
        payout=row[11],
        late_facts=row[12],
    )


def _json(text: str | None) -> Any:  # noqa: ANN401  any JSON
    """Django takes psycopg's JSON reading off its connections, so that fields may do it themselves."""
    return None if text is None else json.loads(text)


def _terms(values: Sequence[Any]) -> Terms:
    start, end, salary, hours, job_title_id, job_title, cbo = values
    return Terms(
        valid_from=dt.date.fromisoformat(start),
        valid_to=None if end is None else dt.date.fromisoformat(end),
        salary=Decimal(salary),
        weekly_hours=Decimal(hours),
        job_title_id=job_title_id,
        job_title=job_title,
        cbo=cbo,
    )


def floors_of_month(
    company_id: int, month: dt.date, wage: MinimumWage | None = None
) -> list[Floor]:
    """Minimum wage and floors of the company that hold on the last day of a month.

    Args:
        company_id: The company.
        month: First day of the competence.
        wage: Another minimum wage than the verified one, for a preview.

    Raises:
        TablesMissing: Nobody verified the minimum wage of the month.
    """
    wage = wage or minimum_wage_on(month)
    floors = [Floor(_("minimum wage (%(act)s)") % {"act": wage.act}, wage.monthly)]
    day = last_day(month)
    floors += [
        Floor(row.act, row.amount, row.job_title_id)
        for row in SalaryFloor.objects.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=day),
            company_id=company_id,
            valid_from__lte=day,
        )
    ]
    return floors


def settings_on(company_id: int, day: dt.date) -> PayrollSettings:
    """The company's payroll settings on a day; the defaults where it has none."""
    found = PayrollSettings.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=day), company_id=company_id, valid_from__lte=day
    ).first()
    return found or PayrollSettings(company_id=company_id, valid_from=day)
