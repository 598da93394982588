"""The window as a whole: from view to view, news from the app, keys, settings, closing."""

from __future__ import annotations

import threading
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from labapp.app.states import BenchPhase, RunPhase, RunState
from labapp.model.text import Text
from labapp.model.trouble import Problem
from labapp.ui.ask_dialog import AskDialog
from labapp.ui.bridge import Bridge
from labapp.ui.first_frame import FirstFrame
from labapp.ui.keys import KeysDialog
from labapp.ui.main_window import MainWindow
from labapp.ui.settings_dialog import SettingsDialog
from tests.ui import fake_app
from tests.ui.conftest import MakeStage
from tests.ui.fake_app import card_of, fire_items, make_finished
from tests.ui.hands import ALT, CTRL, SHIFT, click, press, type_in
from tests.ui.shots import Stage, fire_evidence


def test_home_leads_into_the_project_and_back(stage: Stage, qtbot: QtBot) -> None:
    window = stage.start()
    assert window.views.currentWidget() is window.home
    click(window.home.resume.button)
    assert not window.home.tiles[0].button.isEnabled(), "one project is opened at a time"
    qtbot.waitUntil(lambda: window.workspace is not None)
    assert window.views.currentWidget() is window.workspace
    stage.activate()
    press(window, Qt.Key.Key_O, CTRL)
    assert window.views.currentWidget() is window.home
    space = window.workspace
    click(window.home.tiles[0].button)
    assert window.workspace is space, "a project that is open is gone on with"


def test_home_tells_what_keeps_a_project_from_opening(stage: Stage) -> None:
    message = Text("通道 lampp 没有定义。", "lampp is not defined.")
    problem = Problem(code="P", message=message, file="x/pack.yaml", line=42)
    stage.app.cards = [card_of(stage.app.pack, id="x", state="broken", problems=(problem,))]
    window = stage.start()
    words = {
        label.text()
        for label in window.home.tiles[0].findChildren(QWidget)
        if hasattr(label, "text")
    }
    assert "通道 lampp 没有定义。" in words
    assert "pack.yaml:42" in words
    assert not window.home.tiles[0].button.isVisible()


def test_home_without_projects_says_what_to_do(stage: Stage) -> None:
    stage.app.cards = []
    window = stage.start()
    assert window.home.resume.isHidden()
    assert not window.home._empty.isHidden()


def test_without_a_kit_the_three_ways_are_offered(stage: Stage, qtbot: QtBot) -> None:
    desk = stage.open("connect")
    connect = stage.space.pane.connect_view
    assert stage.space.pane.connecting
    qtbot.waitUntil(lambda: connect.form.port.count() == 2)
    click(connect.twin_button)
    assert desk.last == ("connect_twin",)
    connect.form.port.choose("COM5")
    click(connect.connect_button)
    assert desk.last == ("connect", "serial:COM5?baud=115200&parity=N")
    click(connect.form.way._group.button(1))
    assert not connect.connect_button.isEnabled()
    type_in(connect.form.host, "192.168.1.20")
    press(connect.form.host, Qt.Key.Key_Return)
    assert desk.last == ("connect", "tcp://192.168.1.20:502")
    click(connect.form.way._group.button(2))
    type_in(connect.form.address, "serial:/dev/pts/3")
    click(connect.connect_button)
    assert desk.last == ("connect", "serial:/dev/pts/3")


def test_connecting_tells_its_lines_and_can_be_cancelled(stage: Stage, qtbot: QtBot) -> None:
    desk = stage.open("connect", fake_app.CONNECTING)
    connect = stage.space.pane.connect_view
    qtbot.waitUntil(connect.progress.isVisible)
    click(connect.progress.cancel)
    assert desk.last == ("disconnect",)
    desk.set_bench(fake_app.GAVE_UP)
    qtbot.waitUntil(connect.trouble.isVisible)
    assert not connect.progress.isVisible()
    click(connect.trouble.retry)
    assert desk.last == ("connect", fake_app.GAVE_UP.url)
    desk.set_bench(fake_app.ONLINE)
    qtbot.waitUntil(lambda: not stage.space.pane.connecting)


def test_the_connect_screen_opens_and_closes_by_keys(stage: Stage, qtbot: QtBot) -> None:
    stage.open("program", fake_app.ONLINE)
    qtbot.waitUntil(lambda: not stage.space.pane.connecting)
    press(stage.start_window, Qt.Key.Key_K, CTRL)
    assert stage.space.pane.connecting
    press(stage.start_window, Qt.Key.Key_Escape)
    assert not stage.space.pane.connecting


def test_a_lost_link_is_told_with_three_ways_on(stage: Stage, qtbot: QtBot) -> None:
    desk = stage.open("program", fake_app.ONLINE)
    desk.set_bench(fake_app.LOST)
    lost = stage.start_window.notices.lost
    qtbot.waitUntil(lost.isVisible)
    assert not stage.space.step_view.bar.action.isEnabled()
    assert stage.space.step_view.bar.reason.text() == "重连后可用"
    stage.start_window.notices.reconnect_chosen.emit()
    stage.start_window.notices.simulate_chosen.emit()
    assert desk.calls[-2:] == [("reconnect_now",), ("connect_twin",)]
    desk.set_bench(fake_app.ONLINE)
    qtbot.waitUntil(lambda: not lost.isVisible())


def test_a_challenge_counts_down_and_ends_in_its_report(stage: Stage, qtbot: QtBot) -> None:
    desk = stage.open("challenge", fake_app.SIMULATED)
    window = stage.start_window
    window.load_evidence = lambda path, profile: fire_evidence(stage)
    items = fire_items(desk.step)
    desk.set_run(
        RunState(phase=RunPhase.RUNNING, step="challenge", total_us=90_000_000,
                 elapsed_us=72_000_000, items=items)
    )  # fmt: skip
    qtbot.waitUntil(window.top.countdown.isVisible)
    assert window.top.countdown.accessibleName() == "剩余 00:18"
    press(window, Qt.Key.Key_F5, SHIFT)
    assert desk.last == ("stop",)
    desk.set_run(RunState(phase=RunPhase.DONE, step="challenge", items=items))
    desk.grade(make_finished(desk.step, items))
    qtbot.waitUntil(lambda: window.views.currentWidget() is window.report)
    assert not window.top.countdown.isVisible()
    qtbot.waitUntil(lambda: window.report.evidence._evidence is not None)
    assert window.report.rows.currentRow() == 1, "the worst item is chosen"
    press(window.report.rows, Qt.Key.Key_Up)
    assert window.report.rows.currentRow() == 0
    press(window, Qt.Key.Key_Escape)
    assert window.views.currentWidget() is window.workspace


def test_past_attempts_are_listed_and_their_reports_open(stage: Stage, qtbot: QtBot) -> None:
    desk = stage.open("program", fake_app.SIMULATED)
    stage.start_window.load_evidence = lambda path, profile: None
    for number in range(2):
        desk.grade(make_finished(desk.step, fire_items(desk.step), Path(f"/tmp/{number}")))
    qtbot.waitUntil(lambda: stage.pages.records._rows.count() == 2)
    stage.pages.records.open_chosen.connect(stage.space.report_chosen)
    stage.pages.records.open_chosen.emit(desk.done[0])
    assert stage.start_window.report.finished is desk.done[0]


def test_programs_run_by_f5_with_the_kind_that_is_open(stage: Stage, qtbot: QtBot) -> None:
    desk = stage.open("program", fake_app.SIMULATED)
    window = stage.start_window
    press(window, Qt.Key.Key_3, CTRL)
    assert stage.space.step_view.tabs.key == "python"
    qtbot.waitUntil(stage.space.step_view.bar.action.isEnabled)
    press(window, Qt.Key.Key_F5)
    assert desk.last == ("start", ("python", desk.programs["python"]))


def test_going_on_is_the_main_thing_once_a_step_is_passed(stage: Stage, qtbot: QtBot) -> None:
    desk = stage.open("program", fake_app.SIMULATED)
    bar = stage.space.step_view.bar
    assert (bar.action.kind, bar.next.kind) == ("primary", "default")
    assert not bar.next.isEnabled()
    desk.pass_until("quiz")
    desk.select_step("program")
    qtbot.waitUntil(bar.next.isEnabled)
    assert (bar.action.kind, bar.next.kind) == ("default", "primary")
    press(stage.start_window, Qt.Key.Key_Right, ALT)
    qtbot.waitUntil(lambda: desk.step.id == "quiz")
    press(stage.start_window, Qt.Key.Key_Left, ALT)
    qtbot.waitUntil(lambda: desk.step.id == "program")


def test_the_step_list_is_chosen_from_by_mouse_and_keys(stage: Stage, qtbot: QtBot) -> None:
    desk = stage.open("program")
    rows = stage.space.steps.rows
    box = rows.visualItemRect(rows.item(2))
    click(rows.viewport(), box.center())
    assert desk.last == ("select_step", "connect")
    rows.setFocus()
    rows.setCurrentRow(3)
    press(rows, Qt.Key.Key_Return)
    assert desk.last == ("select_step", "zero")


def test_settings_apply_at_once(stage: Stage, qtbot: QtBot) -> None:
    stage.open("program", fake_app.ONLINE)
    window = stage.start_window
    action = stage.space.step_view.bar.action
    window.show_settings()
    dialog = window.findChild(SettingsDialog)
    assert dialog is not None
    click(dialog.lang._group.button(1))
    assert action.text() == "Run rules"
    assert window.windowTitle() == "Home fire alarm - IoT Lab Bench"
    light = window.palette().window().color()
    click(dialog.theme._group.button(2))
    assert QApplication.palette().window().color() != light
    height = action.fontMetrics().height()
    click(dialog.text_size._group.button(4))
    assert action.fontMetrics().height() > height
    dialog.student.clear()
    type_in(dialog.student, "Ada")
    click(dialog.done_button)
    assert (stage.app.settings.student, stage.app.settings.lang) == ("Ada", "en")
    assert stage.app.settings.text_percent == 150


def test_text_grows_and_shrinks_by_keys(stage: Stage, qtbot: QtBot) -> None:
    window = stage.start()
    stage.activate()
    press(window, Qt.Key.Key_Plus, CTRL)
    assert stage.app.settings.text_percent == 110
    press(window, Qt.Key.Key_Minus, CTRL)
    press(window, Qt.Key.Key_Minus, CTRL)
    assert stage.app.settings.text_percent == 90
    press(window, Qt.Key.Key_0, CTRL)
    assert stage.app.settings.text_percent == 100


def test_keys_are_bound_once_and_told(stage: Stage) -> None:
    window = stage.start()
    bound = [s.key().toString() for s in window.findChildren(QShortcut) if s.parent() is window]
    assert len(bound) == len(set(bound))
    window.show_keys()
    assert window.findChild(KeysDialog) is not None


def test_panes_are_reached_by_f6(stage: Stage, qtbot: QtBot) -> None:
    stage.open("program", fake_app.ONLINE)
    window, space = stage.start_window, stage.space
    window.activateWindow()
    space.steps.rows.setFocus()
    press(window, Qt.Key.Key_F6)
    focused = space.focusWidget()
    assert focused is not None
    assert space.step_view.isAncestorOf(focused)


def test_the_bench_is_maximised_by_f11_and_comes_back_by_escape(stage: Stage, qtbot: QtBot) -> None:
    stage.open("program", fake_app.ONLINE)
    press(stage.start_window, Qt.Key.Key_F11)
    assert stage.space.steps.isHidden()
    press(stage.start_window, Qt.Key.Key_Escape)
    assert not stage.space.steps.isHidden()


def test_closing_asks_while_an_attempt_runs(stage: Stage, qtbot: QtBot) -> None:
    desk = stage.open("challenge", fake_app.SIMULATED)
    desk.set_run(RunState(phase=RunPhase.RUNNING, step="challenge", total_us=90_000_000))
    window = stage.start_window
    window.close()
    assert window.isVisible()
    ask = window.findChild(AskDialog)
    assert ask is not None
    click(ask.no)
    assert window.isVisible()
    window.close()
    ask = window.findChildren(AskDialog)[-1]
    click(ask.yes)
    qtbot.waitUntil(lambda: not window.isVisible())


def test_size_and_columns_are_remembered(make_stage: MakeStage) -> None:
    first = make_stage()
    first.open("program")
    first.space.set_content_width(600)
    settings = first.app.settings
    first.close()
    assert settings.window == ()
    assert first.app.settings.window[:2] == (1366, 700)
    assert abs(first.app.settings.window[3] - 600) <= 2


def test_problems_are_told_until_they_are_read(stage: Stage, qtbot: QtBot) -> None:
    stage.open("program", fake_app.ONLINE)
    stage.app.tell(Problem(code="X", message=Text("磁盘只剩 80 MB。", "80 MB left.")))
    told = stage.start_window.notices.told
    qtbot.waitUntil(told.isVisible)
    told.closed.emit()
    assert not told.isVisible()


def test_a_project_that_does_not_open_is_told(stage: Stage, qtbot: QtBot) -> None:
    window = stage.start()
    window.open_project("nothing")
    qtbot.waitUntil(window.notices.told.isVisible)
    qtbot.waitUntil(window.home.tiles[0].button.isEnabled)
    assert window.views.currentWidget() is window.home


def test_news_from_other_threads_arrive_in_order_without_the_overtaken(qtbot: QtBot) -> None:
    bridge = Bridge()
    seen: list[object] = []
    bridge.bench_changed.connect(seen.append)
    bridge.told.connect(seen.append)
    problem = Problem(code="X", message=Text("甲", "a"))

    def work() -> None:
        from labapp.app.states import BenchChanged, Told

        bridge.take(BenchChanged(fake_app.CONNECTING))
        bridge.take(BenchChanged(fake_app.ONLINE))
        bridge.take(Told(problem))
        bridge.take(BenchChanged(fake_app.LOST))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: len(seen) == 3)
    assert seen == [fake_app.ONLINE, problem, fake_app.LOST]
    assert fake_app.LOST.phase == BenchPhase.LOST


def test_a_quiz_is_done_by_keys_alone_from_home(make_stage: MakeStage, qtbot: QtBot) -> None:
    stage = make_stage(last_project="fire-alarm")
    stage.app.cards = [card_of(stage.app.pack, state="running")]
    stage.app.current = "quiz"
    window = stage.start()
    stage.activate()
    focused = QApplication.focusWidget()
    assert focused is window.home.resume.button
    press(focused, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: window.workspace is not None)
    desk = stage.app.desk
    assert desk is not None
    stage.activate()
    press(window, Qt.Key.Key_2, CTRL)
    assert stage.space.step_view.tabs.key == "quiz"
    for page, keys in zip(stage.quiz.pages, (("b",), ("hold", "hyst")), strict=True):
        for key in keys:
            page.options[key].setFocus(Qt.FocusReason.TabFocusReason)
            press(page.options[key], Qt.Key.Key_Space)
    qtbot.waitUntil(stage.space.step_view.bar.action.isEnabled)
    press(window, Qt.Key.Key_F5)
    assert desk.last == ("submit", {"choices": {"q1": ["b"], "q2": ["hold", "hyst"]}})


def test_the_first_frame_is_told(stage: Stage, qtbot: QtBot) -> None:
    window = MainWindow(stage.app, stage.face.look)  # type: ignore[arg-type]
    told: list[MainWindow] = []
    FirstFrame(window.top, lambda: told.append(window))
    window.show()
    qtbot.waitUntil(lambda: told == [window])
    window.repaint()
    assert told == [window], "once only"
    window.close()
    window.deleteLater()
    told.clear()


def test_no_view_uses_a_style_sheet() -> None:
    folder = Path(__file__).parents[2] / "labapp" / "ui"
    users = [
        f.name for f in folder.rglob("*.py") if "setStyleSheet" in f.read_text(encoding="utf-8")
    ]
    assert users == []
