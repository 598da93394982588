"""The window on the real app: a twin in its own process, a real recording, a real grade."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from labapp.app.clock import SystemClock
from labapp.app.desk import Desk
from labapp.app.lab_app import LabApp
from labapp.app.paths import Paths, find_paths
from labapp.app.states import BenchPhase, RunPhase
from labapp.coach.walkthrough import StepResult
from labapp.model.verdict import Outcome
from labapp.ui.look import Look
from labapp.ui.main_window import MainWindow
from labapp.ui.rule_fields import FitChoice, NumberField
from labapp.ui.workspace_view import WorkspaceView
from tests.left_behind import children
from tests.ui.hands import SHIFT, click, press, type_in
from tests.ui.small_pack import RULES, write_small_pack

CONNECTS_MS, GRADES_MS = 15_000, 20_000
Open = Callable[[int], MainWindow]
F = TypeVar("F", FitChoice, NumberField)


@pytest.fixture
def open_window(tmp_path: Path, look: Look, qtbot: QtBot) -> Iterator[Open]:
    """Return a way to open the window on a project whose challenge lasts some seconds."""
    made: list[tuple[MainWindow, LabApp]] = []

    def make(seconds: int) -> MainWindow:
        paths = Paths(data=tmp_path, shipped=find_paths().shipped)
        write_small_pack(tmp_path / "projects", seconds)
        app = LabApp(paths, SystemClock())
        app.change(lang="zh", theme="light", student="Ada", seat="7")
        window = MainWindow(app, look)
        window.resize(1366, 700)
        window.show()
        made.append((window, app))
        return window

    yield make
    for window, app in made:
        window.setProperty("leaving", True)
        window.close()
        app.close()
        window.deleteLater()
    made.clear()  # what a fixture gave lives on, and would keep the windows alive


def at_the_bench(window: MainWindow, qtbot: QtBot) -> tuple[WorkspaceView, Desk]:
    """Go from home to the challenge and connect the simulated kit, all by mouse."""
    qtbot.waitUntil(lambda: bool(window.home.tiles))
    tile = next(t for t in window.home.tiles if t.project.id == "call-alarm")
    click(tile.button)
    qtbot.waitUntil(lambda: window.workspace is not None)
    space, desk = window.workspace, window.app.desk
    assert space is not None
    assert desk is not None
    click(space.pane.connect_view.twin_button)
    qtbot.waitUntil(lambda: desk.bench.phase == BenchPhase.ONLINE, timeout=CONNECTS_MS)
    qtbot.waitUntil(space.step_view.bar.action.isEnabled)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return space, desk


def field(space: WorkspaceView, kind: type[F], number: int = 0) -> F:
    """Return the n-th visible field of a kind on the first card."""
    return [w for w in space.code.rules.cards.cards[0].findChildren(kind) if w.isVisible()][number]


def pick(choice: FitChoice, key: str) -> None:
    """Choose an option the way a person does by keys."""
    choice.setFocus()
    at = [choice.itemData(n) for n in range(choice.count())].index(key)
    while choice.currentIndex() != at:
        press(choice, Qt.Key.Key_Down if choice.currentIndex() < at else Qt.Key.Key_Up)


def write_the_rule(space: WorkspaceView, qtbot: QtBot, wait_s: str = "") -> None:
    """Write one rule on its card: when the call point is pressed, the buzzer sounds."""
    space.step_view.tabs.open("rules")
    rules = space.code.rules
    click(rules.add)
    card = rules.cards.cards[0]
    qtbot.waitUntil(card.isVisible)
    pick(field(space, FitChoice, 0), "call_point")
    qtbot.waitUntil(rules.cards.cards[0].isVisible)
    if wait_s:
        pick(field(space, FitChoice, 2), "for")
        qtbot.waitUntil(rules.cards.cards[0].isVisible)
        number = field(space, NumberField)
        number.selectAll()
        type_in(number, wait_s)
    rules.check()
    assert rules.problems == ()
    assert space.window().isActiveWindow(), "nothing else took the keys away"


def test_a_challenge_from_home_to_its_report(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(4)
    space, desk = at_the_bench(window, qtbot)
    write_the_rule(space, qtbot)
    assert space.code.rules.source().splitlines()[2] == "    when: call_point is on"
    press(window, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: desk.run.phase == RunPhase.RUNNING)
    qtbot.waitUntil(window.top.countdown.isVisible)
    assert not space.code.rules.add.isVisible(), "while it runs the rules are only read"
    qtbot.waitUntil(
        lambda: window.views.currentWidget() is window.report, timeout=GRADES_MS
    )  # fmt: skip
    finished = window.report.finished
    assert finished is not None
    assert [item.outcome for item in finished.grade.items] == [Outcome.MET, Outcome.MET]
    assert finished.evidence.exists()
    assert finished.report.exists()
    qtbot.waitUntil(lambda: window.report.evidence._evidence is not None)
    press(window, Qt.Key.Key_Escape)
    assert space.step_view.bar.next.kind == "primary"


@pytest.mark.slow
def test_an_alarm_too_late_is_shown_where_it_was_late(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(5)
    space, _ = at_the_bench(window, qtbot)
    write_the_rule(space, qtbot, wait_s="2")
    click(space.step_view.bar.action)
    qtbot.waitUntil(
        lambda: window.views.currentWidget() is window.report, timeout=GRADES_MS
    )  # fmt: skip
    finished = window.report.finished
    assert finished is not None
    late = finished.grade.items[0]
    assert late.outcome == Outcome.NOT_MET
    assert window.report.rows.currentRow() == 0, "the worst item is chosen"
    qtbot.waitUntil(lambda: window.report.evidence._evidence is not None)
    press(window, Qt.Key.Key_Escape)
    space.step_view.tabs.open("rules")
    marked = space.code.rules.cards.cards[0]
    qtbot.waitUntil(lambda: marked.flaw is not None)
    assert marked.flaw is not None
    assert late.title.zh in marked.flaw.zh


def twin_pids(before: set[int]) -> set[int]:
    return set(children()) - before


def test_a_twin_that_dies_leaves_a_gap_and_no_harm(open_window: Open, qtbot: QtBot) -> None:
    before = set(children())
    window = open_window(8)
    space, desk = at_the_bench(window, qtbot)
    twins = twin_pids(before)
    space.step_view.tabs.open("rules")
    space.code.rules.edit.replace_all(RULES)
    press(window, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: desk.run.elapsed_us > 2_500_000, timeout=10_000)
    for pid in twins:
        os.kill(pid, signal.SIGKILL)
    qtbot.waitUntil(window.notices.lost.isVisible, timeout=8_000)
    assert desk.gaps(), "the gap is drawn while it lasts"
    qtbot.waitUntil(lambda: desk.bench.phase == BenchPhase.ONLINE, timeout=CONNECTS_MS)
    qtbot.waitUntil(lambda: not window.notices.lost.isVisible())
    qtbot.waitUntil(
        lambda: window.views.currentWidget() is window.report, timeout=GRADES_MS
    )  # fmt: skip
    finished = window.report.finished
    assert finished is not None
    assert {item.outcome for item in finished.grade.items} == {Outcome.INCONCLUSIVE}
    seen = {episode.outcome for episode in finished.grade.items[0].episodes}
    assert seen == {Outcome.MET, Outcome.INCONCLUSIVE}, "what was seen before stays judged"
    trace = window.load_evidence(finished.evidence, desk.profile)
    assert trace is not None
    assert trace.trace.gaps_us, "the gap is in the evidence"


def test_closing_the_window_seals_the_attempt(
    open_window: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window(60)
    space, desk = at_the_bench(window, qtbot)
    write_the_rule(space, qtbot)
    press(window, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: desk.run.elapsed_us > 500_000, timeout=10_000)
    with LabApp(window.app.paths, SystemClock()) as second:  # the app, started once more
        assert {card.id for card in second.projects()} >= {"call-alarm"}
    assert desk.run.phase == RunPhase.RUNNING, "a second window leaves the recording alone"
    window.setProperty("leaving", True)
    window.close()
    window.app.close()
    sealed = list((tmp_path / "attempts").rglob("*.lab"))
    assert len(sealed) == 1
    assert list(sealed[0].parent.glob("report*.html"))


@pytest.mark.slow
def test_a_challenge_is_stopped_by_keys(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(60)
    space, desk = at_the_bench(window, qtbot)
    write_the_rule(space, qtbot)
    press(window, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: desk.run.elapsed_us > 500_000, timeout=10_000)
    press(window, Qt.Key.Key_F5, SHIFT)
    qtbot.waitUntil(
        lambda: window.views.currentWidget() is window.report, timeout=GRADES_MS
    )  # fmt: skip
    assert window.report.finished is not None


@pytest.mark.slow
@pytest.mark.timeout(420)
def test_the_fire_alarm_by_its_reference_rules(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(4)
    window.open_project("fire-alarm")
    qtbot.waitUntil(lambda: window.workspace is not None)
    space, desk = window.workspace, window.app.desk
    assert space is not None
    assert desk is not None
    passed = StepResult(outcome=Outcome.MET, points=Fraction(1), max=Fraction(1))
    for step in desk.pack.steps[:-1]:
        desk.walkthrough = desk.walkthrough.with_result(step.id, passed)
    desk.select_step(desk.pack.steps[-1].id)
    space.pane.ask_connect(asked=True)
    click(space.pane.connect_view.twin_button)
    qtbot.waitUntil(lambda: desk.bench.phase == BenchPhase.ONLINE, timeout=CONNECTS_MS)
    qtbot.waitUntil(space.step_view.bar.action.isEnabled)
    assert space.step_view.bar.action.text() == "开始挑战"
    space.step_view.tabs.open("rules")
    reference = desk.pack.members["solutions/reference.yaml"].decode()
    space.code.rules.edit.replace_all(reference)
    click(space.step_view.bar.action)
    qtbot.waitUntil(
        lambda: window._report is not None and window.views.currentWidget() is window._report,
        timeout=300_000,
    )
    finished = window.report.finished
    assert finished is not None
    assert {item.id: item.outcome for item in finished.grade.items} == {
        criterion.id: Outcome.MET for criterion in desk.pack.steps[-1].criteria
    }
    assert finished.grade.points == finished.grade.max
