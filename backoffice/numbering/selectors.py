"""Named reads of numbers."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection

from backoffice.numbering.models import NumberFormat
from backoffice.numbering.registry import SERIES

_PROOF = """
SELECT c.series, c.branch_id, c.year, c.last, count(n.id), coalesce(max(n.number), 0)
FROM backoffice_number_counter c
LEFT JOIN backoffice_issued_number n USING (company_id, series, branch_id, year)
WHERE c.company_id = %s GROUP BY c.id ORDER BY c.series, c.branch_id, c.year
"""


def pattern_of(company_id: int, series: str) -> str:
    """How a company writes the numbers of a series."""
    own = NumberFormat.objects.filter(company_id=company_id, series=series)
    return own.values_list("pattern", flat=True).first() or SERIES[series].pattern


def series_labels() -> Mapping[str, str]:
    """Name of each registered series to what people call it."""
    return {name: str(series.label) for name, series in sorted(SERIES.items())}


@dataclass(frozen=True, slots=True)
class Count:
    """A counter beside the numbers that were really given."""

    series: str
    branch_id: int
    year: int
    last: int
    issued: int
    highest: int

    @property
    def without_gaps(self) -> bool:
        """Whether every number up to the last one was given."""
        return self.last == self.issued == self.highest


def counts_of(company_id: int) -> list[Count]:
    """All counters of a company with what proves that they have no gaps."""
    with connection.cursor() as cursor:
        cursor.execute(_PROOF, [company_id])
        return [Count(*row) for row in cursor.fetchall()]
