"""Every address x role x own/team/other/other company x method, against the declared table."""

import os
import random
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse

from backoffice.commands import COMMANDS
from backoffice.identity import catalogue
from backoffice.resources import registry
from tests.security import matrix
from tests.security.matrix import Cell
from tests.security.world import World

CELLS = int(os.environ.get("MATRIX_CELLS", "5000"))
SHARDS = 10


# --- the table is complete ----------------------------------------------------------------------


def test_every_address_has_its_row_and_every_row_its_address() -> None:
    declared = [row.route for row in matrix.rows()]
    assert len(declared) == len(set(declared))
    missing, stale = matrix.routes() - set(declared), set(declared) - matrix.routes()
    if missing or stale:
        pytest.fail(
            "\n".join(
                ["no row in matrix.toml:", *sorted(missing), "no such address:", *sorted(stale)]
            ),
            pytrace=False,
        )


def test_every_permission_has_its_row_and_its_roles() -> None:
    known = {p.name for p in catalogue.permissions().values() if not p.everyone}
    assert set(matrix.TABLE["permissions"]) == known
    stored = {
        name: {code for code, given in catalogue.role_permissions().items() if name in given}
        for name in known
    }
    assert stored == {name: matrix.holders(name) for name in known}


def test_every_role_has_a_scope() -> None:
    assert set(matrix.SCOPES) == {role.code for role in catalogue.STANDARD_ROLES}


def test_what_no_token_carries_is_declared() -> None:
    never = {p.name for p in catalogue.permissions().values() if not (p.tokens or p.everyone)}
    assert set(matrix.TABLE["tokens"]["never"]) == never


def test_every_registered_object_and_command_is_in_the_table() -> None:
    for resource in registry.RESOURCES.values():
        given = matrix.TABLE["objects"][resource.name]
        assert given["view"] == resource.view_permission
        commands = {  # a command that checks inside opens with the object's own permission
            c.slug: COMMANDS[c.name].permission or resource.view_permission
            for c in resource.commands
        }
        assert given.get("commands", {}) == commands
        assert given.get("bulk", []) == [c.slug for c in resource.commands if c.bulk]
        assert given.get("board", False) == (resource.board is not None)
        assert given.get("inline", "") == next(iter(resource.inline), "")
        for verb in ("create", "update"):
            command = getattr(resource, verb)
            permission = COMMANDS[command.name].permission if command else None
            assert given.get(verb) == permission, (resource.name, verb)


# --- the product answers as the table says ------------------------------------------------------


def send(world: World, cell: Cell) -> HttpResponse:
    """Make the request of a cell; whatever it changes is rolled back."""
    pk = world.record(cell.row.object, cell.relation, cell.role) if cell.row.object else None
    client = world.client(cell.role if cell.door == "session" else matrix.ANONYMOUS)
    headers = {"if-match": "*"} if cell.row.api else {}
    if cell.door == "token":
        headers["authorization"] = f"Bearer {world.tokens[cell.role]}"
    form = {} if cell.method == "GET" else {"content_type": "application/json", "data": "{}"}
    call: Callable[..., HttpResponse] = getattr(client, cell.method.lower())
    cache.clear()  # rate limits are not the subject here
    block: Any = transaction.atomic()
    block._from_testcase = True  # commands may be durable inside
    with block:
        answer = call(cell.row.address(pk), headers=headers, **(form if cell.row.api else {}))
        transaction.set_rollback(True)
    answer.close()
    return answer


def seen(answer: HttpResponse) -> str:
    """The answer in the words of the table."""
    location = answer.headers.get("Location", "")
    if answer.status_code == HTTPStatus.UNAUTHORIZED or "/account/login/?next=" in location:
        return matrix.LOGIN
    if answer.status_code >= 500:
        return f"fault {answer.status_code}"
    refusals = {403: matrix.FORBIDDEN, 404: matrix.MISSING, 405: matrix.NO_METHOD}
    return refusals.get(answer.status_code, matrix.OPEN)


def agrees(cell: Cell, answer: HttpResponse) -> bool:
    """Whether the answer is the expected one; any refusal will do for a method nobody offers."""
    if cell.expected == matrix.NO_METHOD:
        return seen(answer) != matrix.OPEN and not seen(answer).startswith("fault")
    if cell.row.gone and cell.expected == matrix.MISSING and answer.status_code in {400, 422}:
        return True  # the body is empty: that it is written wrong may be said first
    if cell.expected == matrix.ANYTHING:
        return not seen(answer).startswith("fault")
    return seen(answer) == cell.expected


def exists(world: World, cell: Cell) -> bool:
    """Whether the world has the record of a cell (the stranger has no team, say)."""
    row = cell.row
    return not row.object or world.record(row.object, cell.relation, cell.role) is not None


def compare(world: World, chosen: list[Cell], how: str = "") -> None:
    """Fail with one line for each cell that is not as the table says."""
    wrong = []
    for cell in chosen:
        if not exists(world, cell):
            continue
        answer = send(world, cell)
        if not agrees(cell, answer):
            what = f"{cell.method} {cell.row.route} {cell.role} {cell.relation} {cell.door}"
            wrong.append(f"{what}: {cell.expected} expected, {seen(answer)} seen")
    if wrong:
        pytest.fail("\n".join([how, *wrong]), pytrace=False)


def test_one_cell_of_every_door_permission_and_outcome(world: World) -> None:
    order = matrix.cells()
    random.Random(1).shuffle(order)
    first = {cell.kind: cell for cell in order if exists(world, cell)}
    compare(world, list(first.values()))


@pytest.mark.parametrize("shard", range(SHARDS))
def test_a_random_part_of_the_matrix(world: World, shard: int) -> None:
    seed = os.environ.get("MATRIX_SEED", f"{random.SystemRandom().getrandbits(32)}")
    order = [cell for cell in matrix.cells() if exists(world, cell)][shard::SHARDS]
    random.Random(seed).shuffle(order)
    chosen = order[: max(1, CELLS // SHARDS)]
    how = f"shard {shard}: {len(chosen)} of {len(order)} cells, MATRIX_SEED={seed}"
    print(how)  # noqa: T201  the log must tell how to repeat it
    compare(world, chosen, how)


# --- Django's administration --------------------------------------------------------------------


def test_the_administration_opens_for_its_permission_and_nobody_else(world: World) -> None:
    allowed = matrix.holders(matrix.TABLE["admin"]["door"]) | {matrix.STRANGER}
    for role in matrix.ROLES:
        answer = world.client(role).get(f"/{matrix.TABLE['admin']['prefix']}", follow=True)
        if role == matrix.ANONYMOUS:
            assert answer.redirect_chain[-1][0].startswith("/account/login/"), role
        else:
            assert answer.status_code == (200 if role in allowed else 403), role
