"""Random facts of a month, for property tests."""

import datetime as dt
from decimal import Decimal

from hypothesis import strategies as st

from hr.payroll.rules.inputs import EarlierPayments, MonthlyInputs
from hr.payroll.rules.irrf import Simplified
from hr.payroll.rules.salary import PaidPeriod
from hr.payroll.rules.tables import MonthlyTables
from tests.law.runner import tables_of

NOVEMBER = (dt.date(2026, 11, 1), dt.date(2026, 12, 4))
MONTHS = (
    (dt.date(2024, 1, 1), dt.date(2024, 1, 31)),
    (dt.date(2024, 1, 1), dt.date(2024, 2, 6)),
    (dt.date(2025, 4, 1), dt.date(2025, 5, 7)),
    (dt.date(2025, 12, 1), dt.date(2026, 1, 7)),
    NOVEMBER,
)

cents = st.integers(0, 3_000_000).map(lambda number: Decimal(number).scaleb(-2))
small = st.integers(0, 200_000).map(lambda number: Decimal(number).scaleb(-2))
months = st.sampled_from(MONTHS)


def tables(month: tuple[dt.date, dt.date]) -> MonthlyTables:
    """The shipped tables of a month."""
    return tables_of(*month)


@st.composite
def paid_periods(draw: st.DrawFn) -> tuple[PaidPeriod, ...]:
    """Up to three salaries in one month, together at most 30 days."""
    left, periods = 30, []
    for _ in range(draw(st.integers(0, 3))):
        days = draw(st.integers(0, left))
        periods.append(PaidPeriod(draw(cents), days))
        left -= days
    return tuple(periods)


@st.composite
def earlier_payments(draw: st.DrawFn) -> EarlierPayments:
    """What was paid before in the month; deductions within the pay."""
    gross = draw(cents)
    return EarlierPayments(
        gross=gross,
        inss=min(draw(small), gross),
        alimony=draw(small),
        private_pension=draw(small),
        withheld=draw(small),
    )


@st.composite
def monthly_inputs(draw: st.DrawFn) -> MonthlyInputs:
    """Any facts from which a payslip can be computed."""
    competence, payment_date = draw(months)
    return MonthlyInputs(
        competence=competence,
        payment_date=payment_date,
        periods=draw(paid_periods()),
        category=draw(st.sampled_from(["101", "103"])),
        dependents=draw(st.integers(0, 8)),
        children=draw(st.integers(0, 6)),
        family_days=draw(st.integers(0, 30)),
        family_remuneration=draw(st.none() | cents),
        other_inss_base=draw(st.just(Decimal("0.00")) | cents),
        alimony=draw(st.just(Decimal("0.00")) | small),
        private_pension=draw(st.just(Decimal("0.00")) | small),
        simplified=draw(st.sampled_from(Simplified)),
        waive_small_tax=draw(st.booleans()),
        earlier=draw(st.none() | earlier_payments()),
    )
