"""What to do next in each kind of step, worked out without a window."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pytest

from labapp.app.states import BenchState, RunPhase, RunState
from labapp.coach.walkthrough import StepStatus
from labapp.packs.pack import Step
from labapp.ui.lesson import (
    Action,
    Work,
    check_rows,
    count_words,
    next_action,
    step_rows,
    stop_action,
    tabs_of,
)
from tests.ui.fake_app import LOST, ONLINE, fire_items
from tests.ui.fake_pack import make_pack

PACK = make_pack()
IDLE = RunState()


def step_of(kind: str) -> Step:
    return next(step for step in PACK.steps if step.kind == kind)


def act(kind: str, run: RunState = IDLE, bench: BenchState = ONLINE, **work: object) -> Action:
    action = next_action(step_of(kind), run, bench, replace(Work(), **work))  # type: ignore[arg-type]
    assert action is not None
    return action


@pytest.mark.parametrize(
    ("kind", "tabs"),
    [
        ("read", ("lesson", "quiz", "records")),
        ("wire", ("lesson", "wires", "records")),
        ("connect", ("lesson", "records")),
        ("measure", ("lesson", "answers", "records")),
        ("quiz", ("lesson", "quiz", "records")),
        ("program", ("lesson", "rules", "python", "records")),
        ("challenge", ("lesson", "rules", "python", "records")),
    ],
)
def test_each_kind_of_step_has_the_tabs_it_needs(kind: str, tabs: tuple[str, ...]) -> None:
    assert tuple(key for key, _ in tabs_of(step_of(kind))) == tabs


@pytest.mark.parametrize(("kind", "tab"), [("read", "quiz"), ("quiz", "quiz"), ("wire", "wires")])
def test_the_guide_leads_to_where_the_work_is(kind: str, tab: str) -> None:
    action = act(kind, missing=1)
    assert (action.name, action.tab) == ("open", tab)


def test_answers_are_handed_in_once_all_are_given() -> None:
    assert act("quiz", tab="quiz", missing=2).why_not is not None
    ready = act("quiz", tab="quiz", missing=0)
    assert (ready.name, ready.why_not) == ("submit", None)


def test_nothing_is_recorded_without_a_kit() -> None:
    for kind in ("connect", "measure", "program", "challenge"):
        assert act(kind, bench=BenchState()).why_not is not None
        assert act(kind, bench=LOST).why_not is not None
        assert act(kind).why_not is None


def test_what_runs_is_the_program_last_looked_at() -> None:
    kinds: tuple[Literal["rules", "python"], ...] = ("rules", "python")
    words = {kind: act("program", code=kind).text.en for kind in kinds}
    assert words == {"rules": "Run rules", "python": "Run program"}


def test_a_running_attempt_can_be_stopped_and_nothing_else() -> None:
    step = step_of("challenge")
    run = RunState(phase=RunPhase.RUNNING, step=step.id)
    stop = stop_action(step, run)
    assert stop is not None
    assert stop.danger
    assert next_action(step, run, ONLINE, Work()) is None
    assert stop_action(step_of("program"), run) is None


def test_numbers_are_handed_in_while_the_recording_runs() -> None:
    step = step_of("measure")
    run = RunState(phase=RunPhase.RUNNING, step=step.id)
    assert act("measure", run, recording=True).tab == "answers"
    assert act("measure", run, recording=True, tab="answers", missing=1).why_not is not None
    assert act("measure", run, recording=True, tab="answers").name == "submit"


def test_a_step_cannot_start_while_another_is_recorded() -> None:
    run = RunState(phase=RunPhase.RUNNING, step="zero")
    assert act("program", run).why_not is not None


def test_checks_are_told_with_measured_and_required_values() -> None:
    step = step_of("program")
    names = {point.id: point.name for point in PACK.profile.points}
    waiting = check_rows(step, (), running=False, names=names)
    assert [row.status.word.en for row in waiting] == ["Waiting"] * 4
    judged = check_rows(step, fire_items(step), running=False, names=names)
    assert [row.status.tone for row in judged] == ["pass", "fail", "warn", "pass"]
    assert judged[1].goto
    assert judged[1].measured.en == "7.4 s"
    assert count_words(judged).en == "2 of 4 passed, 1 undecided"


def test_questions_and_readings_are_not_told_twice() -> None:
    step = step_of("quiz")
    assert check_rows(step, (), running=False, names={}) == ()


def test_the_step_list_tells_groups_once() -> None:
    statuses = {step.id: StepStatus.LOCKED for step in PACK.steps}
    rows = step_rows(PACK, statuses, "know")
    groups = [row.group.en for row in rows if row.group is not None]
    assert groups == ["Get to know", "Wire and connect", "Measure", "Program", "Challenge"]
    assert [row.current for row in rows][:2] == [True, False]
