"""A command is permitted, durable, done once for each key, and leaves its event."""

import datetime as dt

import pytest
from django.db import connection, transaction

from backoffice.audit.models import Event
from backoffice.commands import (
    COMMANDS,
    Channel,
    Context,
    OutsideTransaction,
    command,
    require_transaction,
    step,
)
from backoffice.commands.models import IdempotencyKey
from backoffice.errors import InvalidInput, KeyReused, NotAllowed
from backoffice.organization.models import Company, Department
from tests.factories import people
from tests.harness.threads import ROUNDS, THREADS, Racers


class Somebody:
    """An actor with the permissions given."""

    def __init__(self, user_id: int, *permissions: str) -> None:
        self.user_id = user_id
        self.permissions = permissions

    def can(self, permission: str) -> bool:
        return permission in self.permissions

    def must_prove(self, permission: str, at: dt.datetime) -> bool:
        return False


CALLS: list[str] = []


@command("tests.department.add")
def add(ctx: Context, *, code: str, refuse: bool = False) -> Department:
    """Add a department, or refuse after having added it."""
    CALLS.append(code)
    made = Department.objects.create(company_id=ctx.company, code=code, name=code)
    ctx.record("tests.department.added", target=made, data={"code": code})
    if refuse:
        raise InvalidInput("no", "no")
    return made


del COMMANDS["tests.department.add"]  # it works all the same, and the product's list stays its own


def context(company: Company, *, key: str | None = None, user_id: int = 7) -> Context:
    return people.acting(company, Somebody(user_id, "tests.department.add"), key=key)


@pytest.mark.django_db
def test_without_the_permission_nothing_happens() -> None:
    company = people.make_company()
    before = Department.objects.count()
    with pytest.raises(NotAllowed) as refusal:
        add(people.acting(company, Somebody(7)), code="X")
    assert refusal.value.code == "permission_denied"
    assert Department.objects.count() == before
    assert not Event.objects.exists()


@pytest.mark.django_db
def test_a_refusal_takes_everything_back_with_its_event() -> None:
    company = people.make_company()
    before = Department.objects.count()
    with pytest.raises(InvalidInput):
        add(context(company, key="k"), code="X", refuse=True)
    assert Department.objects.count() == before
    assert not Event.objects.exists()
    assert not IdempotencyKey.objects.exists()


@pytest.mark.django_db
def test_the_same_key_gets_the_stored_answer_and_runs_once() -> None:
    company = people.make_company()
    CALLS.clear()
    first = add(context(company, key="k"), code="X")
    again = add(context(company, key="k"), code="X")
    assert (first.pk, CALLS) == (again.pk, ["X"])
    assert Event.objects.filter(action="tests.department.added").count() == 1


@pytest.mark.django_db
def test_the_same_key_with_another_body_is_refused() -> None:
    company = people.make_company()
    add(context(company, key="k"), code="X")
    with pytest.raises(KeyReused):
        add(context(company, key="k"), code="Y")
    assert not Department.objects.filter(code="Y").exists()


@pytest.mark.django_db
def test_keys_belong_to_one_actor_in_one_company() -> None:
    one, two = people.make_company(), people.make_company()
    made = {
        add(context(one, key="k"), code="X").pk,
        add(context(two, key="k"), code="X").pk,
        add(context(one, key="k", user_id=8), code="Y").pk,
    }
    assert len(made) == 3


@pytest.mark.clone
@pytest.mark.races
def test_sixteen_requests_with_one_key_have_one_effect() -> None:
    company = people.make_company()
    with Racers() as racers:
        for number in range(ROUNDS):
            code = f"X{number}"
            CALLS.clear()
            call = lambda code=code: add(context(company, key=code), code=code).pk  # noqa: E731
            answers = racers.race([call] * THREADS)
            assert len(set(answers)) == 1
            assert isinstance(answers[0], int)
            assert [code] == CALLS
            assert Department.objects.filter(code=code).count() == 1


@pytest.mark.clone
def test_a_command_inside_another_transaction_is_a_fault() -> None:
    company = people.make_company()
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        add(context(company), code="X")
    assert not Department.objects.filter(code="X").exists()


@pytest.mark.django_db
def test_a_step_refuses_the_mere_block_of_a_test() -> None:
    @step
    def do(ctx: Context) -> int:
        return 1

    company = people.make_company()
    with pytest.raises(OutsideTransaction):
        do(people.system(company))
    with transaction.atomic():
        assert do(people.system(company)) == 1
        require_transaction()


@pytest.mark.django_db
def test_the_event_tells_who_when_through_which_door_and_why() -> None:
    company = people.make_company()
    made = add(
        people.acting(company, Somebody(7, "tests.department.add"), reason="reorg"), code="X"
    )
    event = Event.objects.get()
    assert (event.actor_id, event.company_id, event.channel, event.reason) == (
        7,
        company.pk,
        "web",
        "reorg",
    )
    assert (event.at, event.target_type, event.target_id, event.data) == (
        people.AT,
        "backoffice.department",
        made.pk,
        {"code": "X"},
    )


@pytest.mark.django_db
def test_the_row_history_names_actor_and_command() -> None:
    from backoffice.audit.history import history_of

    company = people.make_company()
    made = add(context(company), code="X")
    entry = history_of(made)[0]
    assert (entry.actor_id, entry.command, entry.kind) == (7, "tests.department.add", "insert")


def test_a_context_without_zone_or_person_is_a_fault() -> None:
    with pytest.raises(ValueError, match="aware"):
        Context(company_id=1, at=dt.datetime(2026, 1, 1), channel=Channel.SYSTEM)  # noqa: DTZ001
    with pytest.raises(ValueError, match="actor"):
        Context(company_id=1, at=people.AT, channel=Channel.WEB)
    with pytest.raises(NotAllowed) as refusal:
        _ = Context(company_id=None, at=people.AT, channel=Channel.SYSTEM).company
    assert refusal.value.code == "no_company"


@pytest.mark.django_db
def test_app_cannot_change_what_was_answered() -> None:
    from django.db import ProgrammingError

    company = people.make_company()
    add(context(company, key="k"), code="X")
    for attack in (
        "UPDATE backoffice_idempotency_key SET answer = '{}'",
        "DELETE FROM backoffice_idempotency_key",
    ):
        refused = pytest.raises(ProgrammingError, match="permission denied")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(attack)
