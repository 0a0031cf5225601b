from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from backoffice.work import registry
from backoffice.work.rules import (
    Clock,
    Mode,
    Phase,
    Process,
    State,
    Step,
    check,
    content_hash,
    votes_needed,
)
from tests.backoffice.work.sample import KIND, PROCESS


def changed(state: str, /, **over: Any) -> Process:
    """The sample process with one state changed."""
    states = tuple(replace(s, **over) if s.key == state else s for s in PROCESS.states)
    return replace(PROCESS, states=states)


def stepped(step: str, /, **over: Any) -> Process:
    """The sample process with one step changed."""
    steps = tuple(replace(s, **over) if s.action == step else s for s in PROCESS.steps)
    return replace(PROCESS, steps=steps)


def without(*actions: str) -> Process:
    return replace(PROCESS, steps=tuple(s for s in PROCESS.steps if s.action not in actions))


def test_a_sound_process_has_no_problems() -> None:
    assert check(PROCESS) == ()


@pytest.mark.parametrize(
    ("process", "problem"),
    [
        (replace(PROCESS, states=()), "has no states"),
        (
            replace(PROCESS, states=(*PROCESS.states, PROCESS.states[0])),
            "state draft is declared twice",
        ),
        (
            replace(PROCESS, steps=(*PROCESS.steps, PROCESS.steps[0])),
            "action check is declared twice",
        ),
        (changed("draft", key=""), "state without a name"),
        (stepped("check", action="open"), "action open is reserved for the first event"),
        (stepped("check", target="lost"), "action check names the unknown state lost"),
        (stepped("check", sources=frozenset()), "action check starts nowhere"),
        (stepped("check", permission=""), "action check has no permission"),
        (changed("draft", initial=False), "needs exactly one initial state, has none"),
        (changed("checked", initial=True), "needs exactly one initial state, has draft, checked"),
        (changed("sent", done=False), "needs exactly one done state, has none"),
        (changed("filed", done=True), "needs exactly one done state, has sent, filed"),
        (changed("sent", phase=None), "state sent has no phase"),
        (changed("sent", clock="run"), "state sent has no clock"),
        (changed("filed", clock=Clock.RUN), "state filed is closed and does not stop the clock"),
        (
            changed("draft", closed=True, clock=Clock.STOP),
            "state draft is closed from the start",
        ),
        (without("file"), "state filed cannot be reached"),
        (without("file", "cancel", "reopen"), "state sent has no exit"),
        (without("file", "cancel"), "state draft leads to no closed state"),
        (
            stepped("return", backward=False),
            "action return goes to an earlier phase and is not declared backward",
        ),
    ],
)
def test_each_fault_of_a_declaration_is_named(process: Process, problem: str) -> None:
    assert problem in check(process)


def test_the_purpose_is_reached_in_the_done_state_and_in_those_only_behind_it() -> None:
    assert PROCESS.reached == {"sent", "filed"}  # cancelled is also entered from draft


def test_a_process_that_starts_done_has_reached_its_purpose_everywhere() -> None:
    process = Process(
        key="x",
        label="x",
        model="x.X",
        states=(
            State(
                key="a", label="A", phase=Phase.RECEPTION, clock=Clock.RUN, initial=True, done=True
            ),
            State(key="b", label="B", phase=Phase.REPORTING, clock=Clock.STOP, closed=True),
        ),
        steps=(
            Step(action="go", label="Go", sources=frozenset({"a"}), target="b", permission="p"),
        ),
    )
    assert check(process) == ()
    assert process.reached == {"a", "b"}


def test_the_phases_are_the_five_steps_in_order() -> None:
    assert [(phase.value, phase.rank) for phase in Phase] == [
        ("reception", 0),
        ("processing", 1),
        ("execution", 2),
        ("follow_up", 3),
        ("reporting", 4),
    ]


def test_the_steps_of_a_state_come_in_the_order_of_their_declaration() -> None:
    assert [step.action for step in PROCESS.steps_from("sent")] == ["file", "reopen", "cancel"]
    assert PROCESS.steps_from("nowhere") == ()


def test_an_unsound_process_is_not_taken_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "PROCESSES", {})
    with pytest.raises(ImproperlyConfigured, match=r"^process sample.order: state filed cannot be"):
        registry.register(without("file"))
    assert registry.PROCESSES == {}


def test_a_process_is_taken_in_once_and_a_document_has_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "PROCESSES", {})
    assert registry.register(PROCESS) is PROCESS
    assert registry.register(replace(PROCESS)) is PROCESS
    with pytest.raises(ImproperlyConfigured, match="is declared twice"):
        registry.register(replace(PROCESS, label="Other"))
    with pytest.raises(
        ImproperlyConfigured, match=r"model work_sample.Order belongs to sample.order"
    ):
        registry.register(replace(PROCESS, key="other"))
    assert list(registry.PROCESSES) == ["sample.order"]


def test_manage_check_finds_documents_without_what_they_need(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken = [
        replace(PROCESS, key="a", model="work_sample.Nothing"),
        replace(PROCESS, key="b", model="work_sample.Line"),
        replace(PROCESS, key="c", state_field="status"),
        replace(PROCESS, key="d", steps=()),
    ]
    monkeypatch.setattr(registry, "PROCESSES", {each.key: each for each in broken})
    monkeypatch.setattr(registry, "APPROVALS", {})
    found = [(error.obj, error.msg) for error in registry.check_declarations()]
    assert found[:4] == [
        ("a", "there is no model work_sample.Nothing"),
        ("b", "work_sample.Line has no field company"),
        ("b", "work_sample.Line has no field state"),
        ("c", "work_sample.Order has no field status"),
    ]
    assert ("d", "state draft has no exit") in found


def test_a_kind_of_approval_is_taken_in_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "APPROVALS", {})
    assert registry.register_approval(KIND) is KIND
    assert registry.register_approval(replace(KIND)) is KIND
    with pytest.raises(
        ImproperlyConfigured, match=r"two approvals ask for .* sample\.order\.approve"
    ):
        registry.register_approval(replace(KIND, on_decision=lambda _ctx, _approval: None))
    assert list(registry.APPROVALS) == [KIND.permission]


def test_manage_check_finds_approvals_of_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "PROCESSES", {})
    monkeypatch.setattr(registry, "APPROVALS", {"x": replace(KIND, model="work_sample.Nothing")})
    [error] = registry.check_declarations()
    assert (error.obj, error.msg, error.id) == (
        KIND.permission,
        "there is no model work_sample.Nothing",
        "work.E002",
    )


@pytest.mark.parametrize(
    ("mode", "required", "approvers", "needed"),
    [
        (Mode.ANY, 5, (), 1),
        (Mode.ANY, 1, (7, 8), 1),
        (Mode.N, 2, (), 2),
        (Mode.N, 2, (7, 8, 9), 2),
        (Mode.ALL, 1, (7, 8, 8), 2),
    ],
)
def test_the_votes_that_are_needed(
    mode: Mode, required: int, approvers: tuple[int, ...], needed: int
) -> None:
    assert votes_needed(mode, required, approvers) == needed


@pytest.mark.parametrize(
    ("mode", "required", "approvers"),
    [(Mode.ALL, 1, ()), (Mode.N, 0, ()), (Mode.N, -1, (7,)), (Mode.N, 3, (7, 8, 8))],
)
def test_approvals_that_cannot_be_reached_are_refused(
    mode: Mode, required: int, approvers: tuple[int, ...]
) -> None:
    with pytest.raises(ValueError, match=r"cannot be reached|name the approvers"):
        votes_needed(mode, required, approvers)


def test_the_hash_of_content_is_that_of_its_canonical_json() -> None:
    known = "282758e3302973508d804bf9b3827c638968448ea9e8e20ab50f70273156bc84"
    assert content_hash({"b": "ã", "a": [1, None]}) == known
    assert content_hash({"a": [1, None], "b": "ã"}) == known
    assert content_hash({"a": [1, None], "b": "ã "}) != known


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(content=st.dictionaries(st.text(), json_values, max_size=6))
def test_the_order_in_which_content_was_built_does_not_matter(content: dict[str, object]) -> None:
    assert content_hash(dict(reversed(content.items()))) == content_hash(content)


@pytest.mark.parametrize("content", [float("nan"), float("inf")])
def test_content_that_json_cannot_say_is_refused(content: float) -> None:
    with pytest.raises(ValueError, match="Out of range"):
        content_hash({"x": content})
