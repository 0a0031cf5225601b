import datetime as dt
import json
from typing import Any

import pytest

from backoffice.identity.rules import (
    Access,
    Granted,
    Reach,
    Scope,
    Secret,
    merge_grants,
    new_token,
    token_digest,
)


def made_of(*granted: Granted, everyone: tuple[str, ...] = ()) -> Access:
    scopes, branches, teams = merge_grants(granted, everyone)
    return Access(
        user_id=1,
        company_id=1,
        person_id=None,
        on=dt.date(2026, 11, 20),
        grants=scopes,
        branches=branches,
        teams=teams,
    )


def test_what_no_role_names_is_refused() -> None:
    access = made_of()
    assert not access.can("hr.employee.view")
    assert access.scope("hr.employee.view") is None
    assert access.reach("hr.employee.view") is None


def test_the_widest_of_several_roles_counts() -> None:
    access = made_of(
        Granted(Scope.OWN, None, ["a.b.view"]),
        Granted(Scope.COMPANY, None, ["a.b.view"]),
        Granted(Scope.TEAM, None, ["a.b.view", "a.b.edit"]),
    )
    assert access.scope("a.b.view") is Scope.COMPANY
    assert access.scope("a.b.edit") is Scope.TEAM


def test_a_branch_of_one_role_never_spreads_to_the_permission_of_another() -> None:
    access = made_of(
        Granted(Scope.BRANCH, 10, ["a.b.view"]), Granted(Scope.BRANCH, 20, ["a.b.edit"])
    )
    assert access.reach("a.b.view") == Reach(branch_ids=frozenset({10}))
    assert access.reach("a.b.edit") == Reach(branch_ids=frozenset({20}))


def test_a_team_stays_reachable_beside_a_wider_branch_role() -> None:
    access = made_of(
        Granted(Scope.TEAM, None, ["a.b.view"]), Granted(Scope.BRANCH, 10, ["a.b.view"])
    )
    assert access.scope("a.b.view") is Scope.BRANCH
    assert access.reach("a.b.view") == Reach(team=True, branch_ids=frozenset({10}))


def test_what_everyone_may_counts_for_own_rows_only() -> None:
    access = made_of(everyone=("a.account.edit",))
    assert access.scope("a.account.edit") is Scope.OWN


@pytest.mark.parametrize(
    ("view", "command", "expected"),
    [
        (Granted(Scope.COMPANY, None, ["v"]), Granted(Scope.TEAM, None, ["c"]), Reach(team=True)),
        (Granted(Scope.TEAM, None, ["v"]), Granted(Scope.COMPANY, None, ["c"]), Reach(team=True)),
        (Granted(Scope.TEAM, None, ["v"]), Granted(Scope.OWN, None, ["c"]), Reach()),
        (Granted(Scope.BRANCH, 10, ["v"]), Granted(Scope.BRANCH, 20, ["c"]), Reach()),
        (
            Granted(Scope.BRANCH, 10, ["v"]),
            Granted(Scope.BRANCH, 10, ["c"]),
            Reach(branch_ids=frozenset({10})),
        ),
        (Granted(Scope.TEAM, None, ["v"]), Granted(Scope.BRANCH, 10, ["c"]), Reach()),
    ],
)
def test_a_command_reaches_only_rows_that_both_permissions_cover(
    view: Any, command: Any, expected: Any
) -> None:
    assert made_of(view, command).narrowed("v", to="c").reach("v") == expected


def test_without_the_commands_permission_no_row_is_reached() -> None:
    access = made_of(Granted(Scope.COMPANY, None, ["v"]))
    assert not access.narrowed("v", to="c").can("v")


def test_a_token_never_has_more_than_its_owner() -> None:
    access = made_of(Granted(Scope.TEAM, None, ["a.b.view"])).limited_to(
        ["a.b.view", "a.b.edit"], token_id=7, proved_until=None
    )
    assert dict(access.grants) == {"a.b.view": Scope.TEAM}
    assert access.token_id == 7


def test_a_token_has_256_random_bits_and_only_its_hash_is_kept() -> None:
    first, second = new_token(), new_token()
    assert first.secret.value != second.secret.value
    assert first.secret.value.startswith("rtg_")
    assert len(first.secret.value) == 4 + 43
    assert first.digest == token_digest(first.secret)
    assert first.prefix == first.secret.value[:10]


def test_a_secret_cannot_be_printed_logged_or_kept() -> None:
    secret = Secret("correto cavalo")
    assert "cavalo" not in repr(secret)
    assert "cavalo" not in f"{secret}"
    assert "cavalo" not in repr(new_token())
    with pytest.raises(TypeError):
        json.dumps({"password": secret})
