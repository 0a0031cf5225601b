"""What a change of legal tables would do to the payrolls: computed for real, written nowhere."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from backoffice.identity.rules import Access
from backoffice.law.rules import ChosenBy, TableVersion, kinds_chosen_by
from backoffice.law.selectors import MinimumWage, TablesMissing, tables_among
from backoffice.legislation.registry import Difference, Effect, Proposal
from backoffice.periods.rules import format_competence
from hr.payroll.models import FINAL, PayrollRun, Payslip, PayslipState
from hr.payroll.process import PAYROLL_PROCESS
from hr.payroll.rules.inputs import MonthlyInputs
from hr.payroll.rules.readiness import inputs_of, problems_of
from hr.payroll.rules.tables import MonthlyTables
from hr.payroll.rules.versions import CURRENT, compute_monthly
from hr.payroll.selectors.facts import facts_of_month, floors_of_month, settings_on
from hr.payroll.selectors.runs import visible_runs

MOST_PAYSLIPS = 20_000
"""How many payslips one preview computes; runs beyond are named without their amounts."""

Amounts = tuple[Decimal, Decimal, Decimal, Decimal]  # net, INSS, IRRF, FGTS
NOTHING: Amounts = (Decimal("0.00"),) * 4


@dataclass(frozen=True, slots=True)
class _Tables:
    """The tables of a run before and after a change; None where one that it needs is missing."""

    before: Mapping[str, TableVersion] | None
    after: Mapping[str, TableVersion] | None

    @property
    def same(self) -> bool:
        """Whether the run would be computed by the same versions."""
        return _ids(self.before) == _ids(self.after)


def effects_on_payrolls(access: Access, proposal: Proposal) -> Iterator[Effect]:
    """What a change does to each payroll that this person may see, newest month first.

    A payroll that was computed is compared with its payslips as they are; one that is still open is
    computed from the facts of now, before and after. Closed payrolls never change: the difference
    tells what a complementary payroll would pay.
    """
    left = MOST_PAYSLIPS
    for run in visible_runs(access).order_by("-competence", "pk"):
        tables = _Tables(_chosen(proposal.before, run), _chosen(proposal.after, run))
        if tables.same:
            continue
        if run.payslip_count > left or tables.after is None:
            yield _effect(run, [], _not_computed(tables))
            continue
        pairs = list(_pairs(run, tables))
        left -= len(pairs)
        yield _effect(run, pairs, _note(run, tables))


def _chosen(versions: tuple[TableVersion, ...], run: PayrollRun) -> dict[str, TableVersion] | None:
    try:
        return {
            **tables_among(versions, run.competence, kinds_chosen_by(ChosenBy.COMPETENCE)),
            **tables_among(versions, run.payment_date, kinds_chosen_by(ChosenBy.PAYMENT)),
        }
    except TablesMissing:
        return None


def _ids(tables: Mapping[str, TableVersion] | None) -> set[int] | None:
    return None if tables is None else {version.id for version in tables.values()}


def _pairs(run: PayrollRun, tables: _Tables) -> Iterator[tuple[Amounts, Amounts]]:
    """What each contract gets before and after."""
    after = MonthlyTables.read(tables.after or {})
    if run.payslip_count:
        slips = Payslip.objects.filter(run=run, state=PayslipState.OK).order_by("pk")
        wanted = slips.values_list("inputs", "rule", "net", "inss", "irrf", "fgts")
        for inputs, rule, *amounts in wanted.iterator(chunk_size=1000):
            stored = MonthlyInputs.from_json(inputs)
            yield (amounts[0], amounts[1], amounts[2], amounts[3]), _amounts(stored, after, rule)
        return
    before = None if tables.before is None else MonthlyTables.read(tables.before)
    for inputs in _present_inputs(run, after):
        now = NOTHING if before is None else _amounts(inputs, before, CURRENT)
        yield now, _amounts(inputs, after, CURRENT)


def _present_inputs(run: PayrollRun, after: MonthlyTables) -> Iterator[MonthlyInputs]:
    """The inputs of every contract that could be computed now."""
    wage = MinimumWage(after.minimum_wage, after.versions["minimum_wage"].act)
    floors = floors_of_month(run.company_id, run.competence, wage)
    waived = settings_on(run.company_id, run.competence).irrf_minimum
    for facts in facts_of_month(run.company_id, run.competence, run.payment_date):
        if not any(problem.blocking for problem in problems_of(facts, run.competence, floors)):
            yield inputs_of(facts, run.competence, run.payment_date, waive_small_tax=waived)


def _amounts(inputs: MonthlyInputs, tables: MonthlyTables, rule: str) -> Amounts:
    result = compute_monthly(inputs, tables, rule)
    return result.net, result.inss, result.irrf, result.fgts


def _effect(run: PayrollRun, pairs: list[tuple[Amounts, Amounts]], note: str) -> Effect:
    labels = (_("Net pay"), _("INSS"), _("IRRF"), _("FGTS"))
    sums = [sum((after[i] - before[i] for before, after in pairs), Decimal(0)) for i in range(4)]
    return Effect(
        title=_("Payroll %(month)s") % {"month": format_competence(run.competence)},
        url=reverse("hr.payroll_run.detail", args=[run.pk]),
        state=PAYROLL_PROCESS.state[run.state].label,
        count=sum(before != after for before, after in pairs),
        total=len(pairs) or run.payslip_count,
        amounts=tuple(
            Difference(label, total) for label, total in zip(labels, sums, strict=True) if total
        ),
        note=note,
    )


def _not_computed(tables: _Tables) -> str:
    if tables.after is None:
        return _("Still waits for other tables.")
    return _("Too many payslips to compute while somebody waits.")


def _note(run: PayrollRun, tables: _Tables) -> str:
    """What has to be done about the change."""
    if run.state in FINAL:
        return _("Closed and proved by the tables of then: only a complementary payroll pays it.")
    if run.payslip_count:
        return _("Has to be computed again.")
    if tables.before is None:
        return _("Can be computed then; until now a table is missing.")
    return _("Is computed with the new figures.")
