"""The readiness board: everything that stands in the way of a run, each row leading to its fix."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from backoffice.law.selectors import TablesMissing, describe_missing
from backoffice.money import format_brl
from hr.payroll.models import PayrollRun
from hr.payroll.rules.readiness import WARNINGS, Code, ContractFacts, Problem, problems_of
from hr.payroll.selectors.facts import facts_of_month, floors_of_month
from hr.payroll.selectors.law import tables_of_run

TITLES = {
    Code.NO_TERMS: gettext_lazy("No salary for the whole month"),
    Code.NO_PLACE: gettext_lazy("No branch and department"),
    Code.NO_PAYOUT: gettext_lazy("No bank account or Pix key"),
    Code.BELOW_FLOOR: gettext_lazy("Salary below the floor"),
    Code.LATE_FACT: gettext_lazy("Facts that came after a month was closed"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem of one contract, in words, with the address of the page that mends it."""

    contract_id: int
    name: str
    registration: str
    message: str
    url: str


@dataclass(frozen=True, slots=True)
class Group:
    """All findings of one kind."""

    code: str
    title: str
    blocking: bool
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What stands in the way of the whole run, with the address of the page that mends it, if any."""

    message: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Board:
    """What a run's readiness board shows.

    Attributes:
        general: What stands in the way of the whole run, such as a missing legal table.
        groups: Findings of contracts by kind, blocking ones first.
        contracts: Number of contracts that the run pays.
    """

    general: tuple[Obstacle, ...]
    groups: tuple[Group, ...]
    contracts: int

    @property
    def blocking(self) -> int:
        """Number of blocking problems."""
        return len(self.general) + sum(len(g.findings) for g in self.groups if g.blocking)


def board_of(run: PayrollRun) -> Board:
    """Look at all contracts of the run's month now; three statements whatever their number."""
    general: list[Obstacle] = []
    floors = []
    try:
        tables_of_run(run.competence, run.payment_date)
        floors = floors_of_month(run.company_id, run.competence)
    except TablesMissing as refusal:
        general += [
            Obstacle(describe_missing(table), _tables_url(run)) for table in refusal.missing
        ]
    found: dict[Code, list[Finding]] = {}
    contracts = 0
    for facts in facts_of_month(run.company_id, run.competence, run.payment_date):
        contracts += 1
        for problem in problems_of(facts, run.competence, floors):
            found.setdefault(problem.code, []).append(_finding(facts, problem))
    if not contracts:
        general.append(Obstacle(_("Nobody has an employment contract in this month.")))
    return Board(tuple(general), tuple(_groups(found)), contracts)


def _tables_url(run: PayrollRun) -> str:
    """The page where the tables that the run lacks are confirmed or entered."""
    asked = {
        "competence": f"{run.competence:%Y-%m}",
        "paid": run.payment_date.isoformat(),
        "next": reverse("hr.payroll_run.detail", args=[run.pk]),
    }
    return f"{reverse('backoffice.legal_tables.missing')}?{urlencode(asked)}"


def _groups(found: dict[Code, list[Finding]]) -> Iterable[Group]:
    for code in sorted(found, key=lambda code: (code in WARNINGS, list(Code).index(code))):
        yield Group(code.value, str(TITLES[code]), code not in WARNINGS, tuple(found[code]))


def _finding(facts: ContractFacts, problem: Problem) -> Finding:
    return Finding(
        contract_id=facts.contract_id,
        name=facts.name,
        registration=facts.registration,
        message=message_of(problem),
        url=_fix_url(facts, problem),
    )


def message_of(problem: Problem) -> str:
    """A problem in one sentence that says what would be right."""
    details = problem.details
    match problem.code:
        case Code.NO_TERMS:
            return _("The contract has days in this month without a salary.")
        case Code.NO_PLACE:
            return _("The contract has no branch and department in this month.")
        case Code.NO_PAYOUT:
            return _("There is no account to pay to on the payment date.")
        case Code.BELOW_FLOOR:
            return _(
                "%(salary)s is below %(least)s: %(floor)s, %(amount)s × %(hours)s ÷ 44 hours."
            ) % {
                "salary": format_brl(details["salary"]),
                "least": format_brl(details["least"]),
                "floor": details["floor"],
                "amount": format_brl(details["amount"]),
                "hours": f"{details['hours'].normalize():f}".replace(".", ","),
            }
        case _other:
            count = details["count"]
            return ngettext(
                "%(count)d fact changes a closed month and waits for a complementary run.",
                "%(count)d facts change closed months and wait for a complementary run.",
                count,
            ) % {"count": count}


def _fix_url(facts: ContractFacts, problem: Problem) -> str:
    match problem.code:
        case Code.NO_PAYOUT:
            return reverse("hr.employee.change-payout", args=[facts.employee_id])
        case Code.NO_TERMS | Code.BELOW_FLOOR:
            return reverse("hr.contract.change-terms", args=[facts.contract_id])
        case Code.NO_PLACE:
            return reverse("hr.contract.transfer", args=[facts.contract_id])
        case _other:
            return reverse("hr.contract.detail", args=[facts.contract_id])
