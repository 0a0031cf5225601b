"""The legal tables of a run: by competence and by payment date, never last year's in silence."""

import datetime as dt
from collections.abc import Iterable

from backoffice.law.rules import ChosenBy, kinds_chosen_by
from backoffice.law.selectors import tables_by_id, tables_on
from hr.payroll.rules.tables import MonthlyTables


def tables_of_run(competence: dt.date, payment_date: dt.date) -> MonthlyTables:
    """The verified tables for a competence and its payment date.

    Raises:
        TablesMissing: One that the law asks for was not verified for that day.
    """
    return MonthlyTables.read(
        tables_on(competence, kinds_chosen_by(ChosenBy.COMPETENCE))
        | tables_on(payment_date, kinds_chosen_by(ChosenBy.PAYMENT))
    )


def stored_tables(ids: Iterable[int]) -> MonthlyTables:
    """The tables that a stored payslip was computed with, also those replaced since."""
    return MonthlyTables.read(tables_by_id(ids))
