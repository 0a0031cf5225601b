"""What sixteen people can do to one import at the same moment, again and again."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import pytest

from backoffice.audit.models import Event
from backoffice.errors import BusinessError
from backoffice.exchange import services
from backoffice.exchange.models import DataImport
from backoffice.jobs.models import Job
from backoffice.jobs.services import run_pending
from backoffice.organization.models import CostCenter
from tests.backoffice.exchange.conftest import work
from tests.backoffice.exchange.test_imports import CENTERS
from tests.factories import identity, people
from tests.harness.threads import ROUNDS, THREADS, Racers

pytestmark = [pytest.mark.clone, pytest.mark.races]

SLOW_ROUNDS = max(1, ROUNDS // 20)
"""Each of these rounds has workers."""

ROWS = 40


@pytest.fixture
def racers(own_clone: str) -> Iterator[Racers]:
    with Racers() as racing:
        yield racing


def outcomes(results: Sequence[object]) -> Counter[str]:
    """How often each result came; anything but a refusal is raised."""
    for result in results:
        if isinstance(result, Exception) and not isinstance(result, BusinessError):
            raise result
    return Counter(r.code if isinstance(r, BusinessError) else "done" for r in results)


class Scene:
    """A checked import of a new company."""

    def __init__(self, rows: int = 2) -> None:
        self.company = people.make_company()
        self.ctx = identity.acting_as(identity.make_user(self.company, "owner"), self.company)
        lines = "".join(f"R{number};Linha {number}\n" for number in range(rows))
        self.made = services.start_import(
            self.ctx, object_name=CENTERS, name="a.csv", content=f"codigo;nome\n{lines}".encode()
        )
        work(services.check_import(self.ctx, import_id=self.made.pk, mapping=self.made.mapping))

    def state(self) -> str:
        return DataImport.objects.get(pk=self.made.pk).state

    def jobs(self, kind: str) -> int:
        return Job.objects.filter(company=self.company, kind=f"backoffice.exchange.{kind}").count()

    def made_once(self, rows: int) -> None:
        centers = CostCenter.objects.filter(company=self.company, code__startswith="R")
        created = Event.objects.filter(
            company_id=self.company.pk, action="backoffice.cost_center.created"
        )
        assert (centers.count(), created.filter(reason__contains="a.csv").count()) == (rows, rows)


def pump() -> None:
    run_pending(worker="race", clock=lambda: people.AT)


def test_an_import_applied_sixteen_times_at_once_has_one_job(racers: Racers) -> None:
    for _ in range(SLOW_ROUNDS):
        scene = Scene()
        act = partial(services.apply_import, scene.ctx, data_import_id=scene.made.pk)
        assert outcomes(racers.race([act] * THREADS)) == {"done": 1, "not_now": THREADS - 1}
        assert (scene.state(), scene.jobs("apply")) == ("applying", 1)
        pump()
        scene.made_once(2)


def test_sixteen_workers_take_each_row_in_once(racers: Racers) -> None:
    for _ in range(SLOW_ROUNDS):
        scene = Scene(ROWS)
        services.apply_import(scene.ctx, data_import_id=scene.made.pk)
        outcomes(racers.race([pump] * THREADS))
        assert scene.state() == "applied"
        scene.made_once(ROWS)


def test_an_import_is_not_undone_while_it_is_applied_nor_twice_at_once(racers: Racers) -> None:
    for _ in range(SLOW_ROUNDS):
        scene = Scene()
        apply = partial(services.apply_import, scene.ctx, data_import_id=scene.made.pk)
        undo = partial(services.undo_import, scene.ctx, data_import_id=scene.made.pk)
        half = THREADS // 2
        assert outcomes(racers.race([apply, undo] * half)) == {"done": 1, "not_now": THREADS - 1}
        assert (scene.jobs("apply"), scene.jobs("undo")) == (1, 0)
        pump()
        assert outcomes(racers.race([undo] * THREADS)) == {"done": 1, "not_now": THREADS - 1}
        assert (scene.state(), scene.jobs("undo")) == ("undoing", 1)
        pump()
        assert scene.state() == "undone"
        assert not CostCenter.objects.filter(company=scene.company, code__startswith="R").exists()


def test_a_row_mended_while_the_import_is_applied_is_taken_in_or_refused_never_both(
    racers: Racers,
) -> None:
    for _ in range(SLOW_ROUNDS):
        scene = Scene()
        apply = partial(services.apply_import, scene.ctx, data_import_id=scene.made.pk)
        mend = partial(
            services.fix_row,
            scene.ctx,
            import_id=scene.made.pk,
            line=2,
            texts={"name": "Outro nome"},
        )
        actions: list[Callable[[], object]] = [apply, mend]
        results = racers.race(actions * (THREADS // 2))
        mended = outcomes(results[1::2])["done"]
        assert outcomes(results[0::2])["done"] == 1
        pump()
        name = CostCenter.objects.get(company=scene.company, code="R0").name
        assert name == ("Outro nome" if mended else "Linha 0")
        scene.made_once(2)
