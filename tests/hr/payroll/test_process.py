"""The whole way of a payroll: every action in every state as every role, and random walks."""

import datetime as dt
import itertools
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import hypothesis.strategies as st
import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from typing_extensions import override

from backoffice.commands import Context
from backoffice.errors import BusinessError, InvalidInput, WrongState
from backoffice.organization.models import Company
from backoffice.work import approvals
from backoffice.work.models import Approval, WorkEvent, WorkItem
from backoffice.work.rules import Phase
from hr.payroll import services
from hr.payroll.models import PayrollRun, Payslip
from hr.payroll.process import PAYROLL_PROCESS
from tests.factories import identity, payroll, people
from tests.harness import tally

pytestmark = pytest.mark.django_db
PAID = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
ROLES = ("hr_analyst", "hr_manager", "finance", "employee", "auditor")
PREPARES = {"hr_analyst", "hr_manager"}
STEPS = int(os.environ.get("WALK_STEPS", "600"))
PER_WALK = 30

# action: (roles that may, state from which it goes, state to which it leads)
TABLE = {
    "compute": (PREPARES, {"open", "computed"}, "computing"),
    "submit": (PREPARES, {"computed"}, "submitted"),
    "approve": ({"hr_manager"}, {"submitted"}, "approved"),
    "return": ({"hr_manager"}, {"submitted"}, "computed"),
    "close": ({"hr_manager"}, {"approved"}, "closed"),
    "conclude": (PREPARES, {"closed"}, "reported"),
}
STATES = ("open", "computing", "computed", "submitted", "approved", "closed", "reported")


def take(ctx: Context, run: PayrollRun, action: str) -> None:
    """What a person does with the run: the commands behind the buttons."""
    if action in {"approve", "return"}:
        approval = Approval.objects.filter(document_id=run.pk).order_by("-pk").first()
        if approval is None:
            raise WrongState("wrong_state", "Nothing was asked.")
        approvals.vote(
            ctx,
            approval_id=approval.pk,
            decision=action,
            content_hash=approval.content_hash,
            comment="por isso",
        )
        return
    command: Callable[..., Any] = getattr(services, f"{action}_run")
    given = {"proof": "bank"} if action == "conclude" else {}
    command(ctx, payroll_run_id=run.pk, **given)


def bring_to(company: Company, state: str) -> PayrollRun:
    """A run in a state, by the shortest way, each step by the system."""
    run = payroll.open_run(company)
    way = {"computing": "compute", "submitted": "submit", "approved": "approve"}
    way |= {"closed": "close", "reported": "conclude"}
    for step in STATES[1 : STATES.index(state) + 1]:
        if step == "computed":
            payroll.work(run)
        elif step == "approved":
            take(people.acting(company, people.Everything()), run, "approve")
        else:
            take(people.system(company), run, way[step])
    run.refresh_from_db()
    assert run.state == state
    return run


def test_the_table_of_this_test_is_the_declaration() -> None:
    steps = {step.action: (set(step.sources), step.target) for step in PAYROLL_PROCESS.steps}
    own = {action: (sources, target) for action, (_roles, sources, target) in TABLE.items()}
    assert own == {name: steps[name] for name in steps if name not in {"finish", "interrupt"}}
    assert tuple(state.key for state in PAYROLL_PROCESS.states) == STATES
    assert {state.phase for state in PAYROLL_PROCESS.states} == set(Phase)


@pytest.mark.parametrize("state", STATES)
def test_every_action_in_this_state_as_every_role_does_what_the_table_says(state: str) -> None:
    company = people.make_company()
    people.hire(company)
    run = bring_to(company, state)
    for code, (action, (roles, sources, target)) in itertools.product(ROLES, TABLE.items()):
        user = identity.make_user(company, code)
        ctx = identity.acting_as(user, company, at=PAID)
        allowed, possible = code in roles, state in sources
        point = transaction.savepoint()
        outcome = "done"
        try:
            take(ctx, run, action)
        except BusinessError as refusal:
            outcome = refusal.code
        run.refresh_from_db()
        where = f"{action} by {code} in {state}: {outcome}"
        if allowed and possible:
            assert (outcome, run.state) == ("done", target), where
        else:
            assert outcome != "done", where
            assert run.state == state, where
            if not allowed and action not in {"approve", "return"}:
                assert outcome == "permission_denied", where
        transaction.savepoint_rollback(point)
        run.refresh_from_db()


def test_a_payroll_is_concluded_from_its_payment_date_on_and_says_how_it_was_paid() -> None:
    company = people.make_company()
    people.hire(company)
    run = bring_to(company, "closed")
    early = replace(people.system(company), at=dt.datetime(2026, 11, 6, 2, 30, tzinfo=dt.UTC))
    with pytest.raises(WrongState) as refusal:  # still the fifth in São Paulo
        services.conclude_run(early, payroll_run_id=run.pk, proof="bank")
    assert refusal.value.code == "not_paid_yet"
    assert "06/11/2026" in str(refusal.value)
    with pytest.raises(InvalidInput, match="pagamento"):
        services.conclude_run(people.system(company), payroll_run_id=run.pk, proof="trust me")
    services.conclude_run(people.system(company), payroll_run_id=run.pk, proof="signed", note="P1")
    run.refresh_from_db()
    item = WorkItem.objects.get(process="hr.payroll_run", document_id=run.pk)
    assert (run.state, item.phase, item.closed_at) == ("reported", "reporting", people.AT)
    said = WorkEvent.objects.filter(item=item).order_by("-seq").values_list("reason", flat=True)
    assert said[0].endswith("P1")


def test_a_concluded_payroll_is_as_fixed_as_a_closed_one() -> None:
    company = people.make_company()
    people.hire(company)
    run = bring_to(company, "closed")
    slip = Payslip.objects.get(run=run)
    changes = [
        "UPDATE hr_payroll_run SET payment_date = payment_date + 1 WHERE id = %(run)s",
        "UPDATE hr_payslip SET net = net + 1, earnings = earnings + 1 WHERE run_id = %(run)s",
        "UPDATE hr_payroll_run SET state = 'reported', fgts = fgts + 1 WHERE id = %(run)s",
        "DELETE FROM hr_payslip_line WHERE payslip_id = %(slip)s",
    ]
    for state in ("closed", "reported"):
        if state == "reported":
            take(people.system(company), run, "conclude")
            changes.append("UPDATE hr_payroll_run SET state = 'closed' WHERE id = %(run)s")
        for change in changes:
            with (
                pytest.raises(IntegrityError, match=r"closed|is reported"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(change, {"run": run.pk, "slip": slip.pk})


@dataclass
class Known:
    """What the model knows of the run."""

    state: str = "open"
    moves: int = 1
    errors: bool = False


class Walk(RuleBasedStateMachine):
    """One payroll, at the mercy of everybody."""

    company: Company
    actors: dict[str, Context]

    def __init__(self) -> None:
        super().__init__()
        self.point = transaction.savepoint()
        self.run = payroll.open_run(self.company)
        self.known = Known()
        self.last_asker = ""

    @rule(action=st.sampled_from(sorted(TABLE)), code=st.sampled_from(ROLES))
    def anybody_tries_anything(self, action: str, code: str) -> None:
        tally.add()
        roles, sources, target = TABLE[action]
        expected = code in roles and self.known.state in sources
        if action in {"approve", "return"} and code == self.last_asker:
            expected = False  # never one's own
        try:
            take(self.actors[code], self.run, action)
        except BusinessError:
            assert not expected, (action, code, self.known)
            return
        assert expected, (action, code, self.known)
        self.known.state = target
        self.known.moves += 1
        if action == "submit":
            self.last_asker = code

    @rule()
    def the_worker_comes(self) -> None:
        tally.add()
        payroll.work(self.run)
        if self.known.state == "computing":
            self.known.state = "computed"
            self.known.moves += 1

    @invariant()
    def the_database_agrees(self) -> None:
        self.run.refresh_from_db()
        item = WorkItem.objects.get(process="hr.payroll_run", document_id=self.run.pk)
        declared = PAYROLL_PROCESS.state[self.known.state]
        assert (self.run.state, item.state, item.phase) == (
            *(self.known.state, self.known.state),
            declared.phase,
        )
        assert item.last_seq == self.known.moves == item.events.count()
        assert (item.done_at is not None) == (self.known.state in {"closed", "reported"})
        assert (item.closed_at is not None) == (self.known.state == "reported")
        slips = Payslip.objects.filter(run=self.run).count()
        assert self.run.payslip_count == slips or self.known.state == "computing"

    @override
    def teardown(self) -> None:
        transaction.savepoint_rollback(self.point)


@pytest.mark.walk
def test_random_walks_of_a_payroll_agree_with_the_declaration() -> None:
    company = people.make_company()
    people.hire(company)
    actors = {
        code: identity.acting_as(identity.make_user(company, code), company, at=PAID)
        for code in ROLES
    }
    walk = type("WalkHere", (Walk,), {"company": company, "actors": actors})
    run_state_machine_as_test(
        walk,
        settings=settings(
            max_examples=STEPS // PER_WALK,
            stateful_step_count=PER_WALK,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
