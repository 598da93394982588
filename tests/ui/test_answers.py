"""Quiz, wiring and readings, each done by mouse and by keys alone."""

from __future__ import annotations

from fractions import Fraction

from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from labapp.app.states import RunPhase, RunState
from labapp.model.text import Text
from labapp.model.verdict import Outcome
from labapp.ui.wiring_view import WiringView
from tests.ui import fake_app
from tests.ui.fake_app import make_finished, make_item
from tests.ui.hands import click, drag, press, type_in
from tests.ui.shots import Stage


def test_a_quiz_is_answered_by_mouse(stage: Stage, qtbot: QtBot) -> None:
    desk = stage.open("quiz")
    view = stage.space.step_view
    click(view.bar.action)
    assert view.tabs.key == "quiz"
    assert not view.bar.action.isEnabled()
    click(stage.quiz.pages[0].options["b"])
    click(stage.quiz.forth)
    click(stage.quiz.pages[1].options["hold"])
    click(stage.quiz.pages[1].options["hyst"])
    click(view.bar.action)
    assert desk.last == ("submit", {"choices": {"q1": ["b"], "q2": ["hold", "hyst"]}})


def test_a_quiz_is_answered_by_keys(stage: Stage, qtbot: QtBot) -> None:
    desk = stage.open("know")
    window = stage.start_window
    press(window, Qt.Key.Key_F5)
    options = stage.quiz.pages[0].options
    options["a"].setFocus()
    press(options["a"], Qt.Key.Key_Space)
    press(options["a"], Qt.Key.Key_Down)
    assert options["b"].isChecked()
    press(window, Qt.Key.Key_F5)
    assert desk.last == ("submit", {"choices": {"q1": ["b"]}})


def test_a_judged_quiz_shows_why_and_can_be_answered_again(stage: Stage, qtbot: QtBot) -> None:
    desk = stage.open("quiz")
    stage.space.step_view.tabs.open("quiz")
    stage.quiz.choose({"q1": ["a"], "q2": ["hold", "hyst"]})
    first, second = desk.step.questions
    items = [
        make_item("q1", first.text, Outcome.NOT_MET, 5, Fraction(0), say=first.explain),
        make_item("q2", second.text, Outcome.MET, 5, Fraction(1), say=second.explain),
    ]
    desk.grade(make_finished(desk.step, items))
    qtbot.waitUntil(lambda: not stage.space.step_view.result.isHidden())
    page = stage.quiz.pages[0]
    assert stage.quiz.at == 0
    assert "未通过" in page.options["a"].accessibleName()
    click(page.options["b"])
    assert "未通过" not in page.options["a"].accessibleName()
    assert stage.quiz.missing == 0


def wiring(stage: Stage) -> WiringView:
    page = stage.space.pane.currentWidget()
    assert page is not None
    view = page.findChild(WiringView)
    assert isinstance(view, WiringView)
    return view


def test_wires_are_placed_by_dragging(stage: Stage, qtbot: QtBot) -> None:
    desk = stage.open("wire")
    view = wiring(stage)
    start, end = view.spot("24+").toPoint(), view.spot("v+").toPoint()
    drag(view, start, end)
    assert stage.board.wires == (("24+", "v+"),)
    drag(view, start, QPoint(4, 4))
    assert [stage.board.held] == [None]
    stage.space.step_view.tabs.open("wires")
    click(stage.space.step_view.bar.action)
    assert desk.last == ("submit", {"wires": [["24+", "v+"]]})


def test_wires_are_placed_by_clicking_twice(stage: Stage, qtbot: QtBot) -> None:
    stage.open("wire")
    view = wiring(stage)
    for terminal in ("out", "ai1"):
        click(view, view.spot(terminal).toPoint())
    assert stage.board.wires == (("out", "ai1"),)


def test_wires_are_placed_and_taken_off_by_keys(stage: Stage, qtbot: QtBot) -> None:
    stage.open("wire")
    view = wiring(stage)
    view.setFocus()
    press(view, Qt.Key.Key_Return)
    assert [stage.board.held] == ["24+"]
    press(view, Qt.Key.Key_Right)
    assert view.focused == "v+"
    press(view, Qt.Key.Key_Space)
    assert stage.board.wires == (("24+", "v+"),)
    assert "已接到 电源 24 V+" in view.accessibleDescription()
    press(view, Qt.Key.Key_Return)
    press(view, Qt.Key.Key_Escape)
    assert [stage.board.held] == [None]
    press(view, Qt.Key.Key_Delete)
    assert not stage.board.wires


def test_wires_are_placed_from_the_list(stage: Stage, qtbot: QtBot) -> None:
    stage.open("wire")
    stage.space.step_view.tabs.open("wires")
    wires = stage.pages.wires
    assert wires is not None
    wires.start.choose("24-")
    wires.end.choose("gnd")
    wires.end.picked.emit("gnd")
    click(wires.place)
    assert stage.board.wires == (("24-", "gnd"),)
    assert not wires.place.isEnabled()


def test_numbers_are_read_while_recording(stage: Stage, qtbot: QtBot) -> None:
    desk = stage.open("zero", fake_app.SIMULATED)
    view = stage.space.step_view
    qtbot.waitUntil(view.bar.action.isEnabled)
    click(view.bar.action)
    assert desk.last == ("start", None)
    desk.set_run(RunState(phase=RunPhase.RUNNING, step="zero", elapsed_us=20_000_000))
    qtbot.waitUntil(view.bar.stop.isVisible)
    click(view.bar.action)
    room, smoke = stage.answers.rows
    type_in(room.field, "24.6")
    type_in(smoke.field, "abc")
    assert not view.bar.action.isEnabled()
    smoke.field.clear()
    type_in(smoke.field, "0,05")
    press(stage.start_window, Qt.Key.Key_F5)
    assert desk.last == ("submit", {"numbers": {"room": "24.6", "smoke0": "0,05"}})


def test_what_was_answered_stays_when_another_step_was_looked_at(stage: Stage) -> None:
    desk = stage.open("quiz")
    stage.quiz.choose({"q1": ["b"]})
    desk.select_step("zero")
    stage.space.refresh()
    desk.select_step("quiz")
    stage.space.refresh()
    assert stage.quiz.choices == {"q1": ["b"]}


def test_a_lesson_link_opens_the_tab_it_names(stage: Stage) -> None:
    stage.open("program", fake_app.ONLINE)
    stage.pages.lesson.link_chosen.emit("rules")
    assert stage.space.step_view.tabs.key == "rules"
    stage.pages.lesson.link_chosen.emit("https://example.org")
    assert stage.space.step_view.tabs.key == "rules"


def test_hints_come_one_by_one(stage: Stage, qtbot: QtBot) -> None:
    stage.open("program", fake_app.ONLINE)
    hint = stage.space.step_view.bar.hint
    click(hint)
    assert hint.text() == "提示 1/2"
    click(hint)
    assert hint.text() == "提示 2/2"
    assert Text("提示", "Hint").zh in hint.text()
