"""Saves a picture of every view: ``python -m tests.ui.shots OUT [NAME…] [--size 1366x768]``.

For people to look at; nothing is compared. Without a display set ``QT_QPA_PLATFORM=offscreen``.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
from PySide6.QtCore import QDeadlineTimer, QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from labapp.app.settings import Settings
from labapp.app.states import ProjectCard, RunPhase, RunState
from labapp.model.text import Text, same
from labapp.model.trace import Channel, Trace
from labapp.model.trouble import Problem
from labapp.model.verdict import Outcome
from labapp.ui.keys import KeysDialog
from labapp.ui.main_window import MainWindow
from labapp.ui.measure_answers import MeasureAnswers
from labapp.ui.plots.evidence_plot import Evidence
from labapp.ui.quiz_view import QuizView
from labapp.ui.run_window import Face, make_application
from labapp.ui.settings_dialog import SettingsDialog
from labapp.ui.step_pages import StepPages
from labapp.ui.wiring_board import WiringBoard
from labapp.ui.workspace_view import WorkspaceView
from tests.ui import fake_app
from tests.ui.fake_app import (
    FakeApp,
    FakeDesk,
    card_of,
    fire_items,
    make_finished,
    make_item,
    value_at,
)


class Stage:
    """One window on a fake app, ready to be looked at."""

    def __init__(self, face: Face, settings: Settings, size: tuple[int, int]) -> None:
        self.face, self.settings, self.size = face, settings, size
        self.app = FakeApp(settings=settings)
        self.window: MainWindow | None = None

    def open(self, current: str = "", bench: object = None) -> FakeDesk:
        """Open the project at a step."""
        self.app.current = current
        window = self.start()
        window.open_project("fire-alarm")
        until(lambda: window.workspace is not None)
        desk = self.app.desk
        assert desk is not None
        if bench is not None:
            desk.set_bench(bench)  # type: ignore[arg-type]
        self.activate()
        return desk

    def start(self) -> MainWindow:
        """Show the window."""
        self.window = MainWindow(self.app, self.face.look)  # type: ignore[arg-type]
        self.window.resize(*self.size)
        self.window.show()
        self.window.activateWindow()
        window = self.window
        until(lambda: window.home.loaded)
        return window

    def close(self) -> None:
        """Close the window and let it go."""
        window, self.window = self.window, None
        if window is not None:
            window.setProperty("leaving", True)
            window.close()
            window.deleteLater()

    def activate(self) -> None:
        """Let keys reach the window."""
        settle(0)
        self.start_window.activateWindow()
        settle(0)

    @property
    def start_window(self) -> MainWindow:
        """The window that is shown."""
        assert self.window is not None
        return self.window

    @property
    def space(self) -> WorkspaceView:
        """The workspace."""
        assert self.window is not None
        assert self.window.workspace is not None
        return self.window.workspace

    @property
    def pages(self) -> StepPages:
        """The pages of the step that is shown."""
        pages = self.space.step_view.pages
        assert pages is not None
        return pages

    @property
    def board(self) -> WiringBoard:
        """The wires of the step that is shown."""
        assert self.pages.board is not None
        return self.pages.board

    @property
    def quiz(self) -> QuizView:
        """The questions of the step that is shown."""
        assert self.pages.quiz is not None
        return self.pages.quiz

    @property
    def answers(self) -> MeasureAnswers:
        """The numbers of the step that is shown."""
        assert self.pages.answers is not None
        return self.pages.answers


def home_new(stage: Stage) -> None:
    stage.app.settings = stage.settings.with_(student="", seat="")
    stage.start()


def home(stage: Stage) -> None:
    pack = stage.app.pack
    problem = Problem(
        code="P-POINT",
        file="projects/street/pack.yaml",
        line=42,
        column=9,
        message=Text(
            "通道 lampp 没有定义。是不是想写 lamp。", "lampp is not defined. Did you mean lamp?"
        ),
    )
    more = {"summary": Text("光照与人流自动调光", "Dimming by light and presence")}
    stage.app.cards = [
        card_of(pack, state="running", done=4, points="33", next_step=pack.steps[4].title),
        card_of(
            pack,
            id="lights",
            title=Text("智慧路灯", "Street lights"),
            kit="street-lights",
            state="done",
            done=7,
            points="78",
            **more,
        ),
        card_of(
            pack,
            id="agri",
            title=Text("智慧农业", "Smart greenhouse"),
            kit="smart-agriculture",
            summary=Text("大棚温湿度与灌溉", "Climate and irrigation"),
        ),
        card_of(
            pack,
            id="wear",
            title=Text("智能穿戴", "Smart wearable"),
            kit="smart-wearable",
            summary=Text("手势识别与计步", "Gestures and steps"),
        ),
        ProjectCard(
            id="street",
            title=same("street"),
            summary=problem.message,
            kit="",
            minutes=0,
            done=0,
            total=0,
            points="0",
            max="0",
            state="broken",
            problems=(problem, replace(problem, line=57)),
        ),
    ]
    stage.app.settings = stage.settings.with_(last_project="fire-alarm")
    stage.start()


def home_empty(stage: Stage) -> None:
    stage.app.cards = []
    stage.start()


def read(stage: Stage) -> None:
    stage.open("know")


def nokit(stage: Stage) -> None:
    stage.open("connect")


def connecting(stage: Stage) -> None:
    stage.open("connect", fake_app.CONNECTING)


def gave_up(stage: Stage) -> None:
    stage.open("connect", fake_app.GAVE_UP)
    stage.space.pane.connect_view.show_checks()


def network(stage: Stage) -> None:
    stage.open("connect")
    stage.space.pane.connect_view.form.way._group.button(1).click()


def wire(stage: Stage) -> None:
    stage.open("wire")
    view = stage.space.step_view
    view.tabs.open("wires")
    board = stage.board
    board.place([("24+", "v+"), ("24-", "gnd"), ("out", "ai2")])
    board.touch("ai1")


def wire_judged(stage: Stage) -> None:
    desk = stage.open("wire")
    view = stage.space.step_view
    view.tabs.open("wires")
    stage.board.place([("24+", "v+"), ("24-", "gnd"), ("out", "ai2")])
    say = Text(
        "火焰探头 OUT 和 控制器 AI1 之间少一根线。",
        "A wire between Flame sensor OUT and Controller AI1 is missing.",
    )
    items = [
        make_item(
            c.id,
            c.title,
            Outcome.NOT_MET if c.id == "w3" else Outcome.MET,
            int(c.points),
            Fraction(0 if c.id == "w3" else 1),
            say=say,
        )
        for c in desk.step.connections
    ]
    desk.grade(make_finished(desk.step, items))


def step(stage: Stage) -> None:
    desk = stage.open("program", fake_app.ONLINE)
    desk.set_run(
        RunState(
            phase=RunPhase.RUNNING,
            step="program",
            elapsed_us=40_000_000,
            items=fire_items(desk.step, running=True),
        )
    )


def step_idle(stage: Stage) -> None:
    desk = stage.open("program", fake_app.SIMULATED)
    desk.grade(make_finished(desk.step, fire_items(desk.step)))
    stage.space.step_view.bar.hint.click()


def rules(stage: Stage) -> None:
    stage.open("program", fake_app.SIMULATED)
    stage.space.step_view.tabs.open("rules")


def python(stage: Stage) -> None:
    stage.open("program", fake_app.SIMULATED)
    stage.space.step_view.tabs.open("python")


def records(stage: Stage) -> None:
    desk = stage.open("program", fake_app.SIMULATED)
    for number in range(3):
        desk.grade(make_finished(desk.step, fire_items(desk.step), Path(f"/tmp/{number}")))
    stage.space.step_view.tabs.open("records")


def measure(stage: Stage) -> None:
    desk = stage.open("zero", fake_app.SIMULATED)
    desk.set_run(RunState(phase=RunPhase.RUNNING, step="zero", elapsed_us=40_000_000))
    view = stage.space.step_view
    view.tabs.open("answers")
    stage.answers.rows[0].field.setText("24.6")


def measure_cursors(stage: Stage) -> None:
    measure(stage)
    card = stage.space.pane.bench.plots
    card.measure.click()
    ruler = card.plots.ruler
    assert ruler is not None
    ruler.put(323.6)
    ruler.put(340.0)
    card.plots._cursors_moved()


def measure_judged(stage: Stage) -> None:
    desk = stage.open("zero", fake_app.SIMULATED)
    view = stage.space.step_view
    stage.answers.fill({"room": "24.6", "smoke0": "0,4"})
    rows = desk.step.answers
    items = [
        make_item(
            rows[0].id,
            rows[0].title,
            Outcome.MET,
            5,
            Fraction(1),
            say=Text(
                "读数 24.6 °C，记录算出 24.6 °C，在允许范围内。",
                "You read 24.6 °C; the recording gives 24.6 °C: within the tolerance.",
            ),
        ),
        make_item(
            rows[1].id,
            rows[1].title,
            Outcome.NOT_MET,
            5,
            Fraction(1, 4),
            say=Text(
                "读数 0.40 %/m，记录算出 0.05 %/m，允许差 0.1。用测量光标再读一次。",
                "You read 0.40 %/m; the recording gives 0.05 %/m, ± 0.1 is allowed. Read it again.",
            ),
        ),
    ]
    desk.grade(make_finished(desk.step, items))
    view.tabs.open("answers")


def quiz(stage: Stage) -> None:
    stage.open("quiz")
    view = stage.space.step_view
    view.tabs.open("quiz")
    stage.quiz.pages[0].options["b"].click()


def quiz_judged(stage: Stage) -> None:
    desk = stage.open("quiz")
    view = stage.space.step_view
    view.tabs.open("quiz")
    stage.quiz.choose({"q1": ["b"], "q2": ["hold", "fast"]})
    q = desk.step.questions
    items = [
        make_item(
            "q1",
            q[0].text,
            Outcome.MET,
            5,
            Fraction(1),
            say=Text("答对了。" + q[0].explain.zh, "Right. " + q[0].explain.en),
        ),
        make_item(
            "q2",
            q[1].text,
            Outcome.NOT_MET,
            5,
            Fraction(1, 3),
            say=Text("还不对。" + q[1].explain.zh, "Not yet. " + q[1].explain.en),
        ),
    ]
    desk.grade(make_finished(desk.step, items))


def challenge(stage: Stage) -> None:
    desk = stage.open("challenge", fake_app.SIMULATED)
    desk.set_run(
        RunState(
            phase=RunPhase.RUNNING,
            step="challenge",
            total_us=90_000_000,
            elapsed_us=72_000_000,
            items=fire_items(desk.step, running=True),
        )
    )


def linklost(stage: Stage) -> None:
    desk = stage.open("program", fake_app.ONLINE)
    desk.grade(make_finished(desk.step, fire_items(desk.step)))
    desk.set_bench(fake_app.LOST)


def told(stage: Stage) -> None:
    stage.open("program", fake_app.ONLINE)
    stage.app.tell(
        Problem(
            code="X",
            message=Text(
                "磁盘只剩 80 MB，约可再录 4 分钟。清理空间或换文件夹。",
                "80 MB left, about 4 more minutes of recording. Free space or pick another folder.",
            ),
        )
    )


def large(stage: Stage) -> None:
    stage.open("program", fake_app.ONLINE)
    stage.space.toggle_large()


def fire_evidence(stage: Stage) -> Evidence:
    """Return a trace of the fire."""
    t = np.arange(290.0, 400.0, 0.2)
    profile = stage.app.pack.profile
    channels = {
        p.id: Channel(
            unit=p.unit,
            stale_after_us=3_000_000,
            t_us=(t * 1e6).astype(np.int64),
            value=value_at(p.id, t),
            states=p.states,
            name=p.name,
        )
        for p in profile.points
        if p.kind != "counter"
    }
    return Evidence(
        trace=Trace(channels=channels, span_us=(290_000_000, 400_000_000)), profile=profile
    )


def report(stage: Stage) -> None:
    desk = stage.open("challenge", fake_app.SIMULATED)
    assert stage.window is not None
    stage.window.load_evidence = lambda path, profile: fire_evidence(stage)
    stage.window.show_report(make_finished(desk.step, fire_items(desk.step)))


def report_quiz(stage: Stage) -> None:
    quiz_judged(stage)
    desk = stage.app.desk
    assert desk is not None
    assert stage.window is not None
    stage.window.load_evidence = lambda path, profile: None
    stage.window.show_report(desk.done[0])


def settings(stage: Stage) -> None:
    stage.open("program", fake_app.ONLINE)
    assert stage.window is not None
    stage.window.show_settings()


def keys(stage: Stage) -> None:
    stage.open("program", fake_app.ONLINE)
    assert stage.window is not None
    stage.window.show_keys()


def leaving(stage: Stage) -> None:
    challenge(stage)
    assert stage.window is not None
    stage.window.close()


SHOTS: dict[str, Callable[[Stage], None]] = {
    f.__name__: f
    for f in (
        home_new,
        home,
        home_empty,
        read,
        nokit,
        connecting,
        gave_up,
        network,
        wire,
        wire_judged,
        step,
        step_idle,
        rules,
        python,
        records,
        measure,
        measure_cursors,
        measure_judged,
        quiz,
        quiz_judged,
        challenge,
        linklost,
        told,
        large,
        report,
        report_quiz,
        settings,
        keys,
        leaving,
    )
}


def until(fact: Callable[[], bool], milliseconds: int = 5000) -> None:
    """Let the window work until a fact holds."""
    deadline = QDeadlineTimer(milliseconds)
    while not fact():
        assert not deadline.hasExpired(), "it did not come to that"
        settle(5)


def settle(milliseconds: int = 250) -> None:
    """Let the window lay itself out and draw."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def picture(stage: Stage, place: Path) -> None:
    """Save the window, with a dialog over it where one is open."""
    window = stage.window
    assert window is not None
    image = window.grab()
    dialogs: list[QWidget] = [
        d for kind in (SettingsDialog, KeysDialog) for d in window.findChildren(kind)
    ]
    dialogs += [
        w
        for w in QApplication.topLevelWidgets()
        if w.isModal() and w.isVisible() and w not in dialogs
    ]
    for dialog in dialogs:
        from PySide6.QtGui import QPainter

        painter = QPainter(image)
        painter.drawPixmap(
            (window.width() - dialog.width()) // 2,
            (window.height() - dialog.height()) // 2,
            dialog.grab(),
        )
        painter.end()
    image.save(str(place))


def main() -> None:
    """Save the pictures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--size", default="1366x768")
    parser.add_argument("--lang", default="zh")
    parser.add_argument("--theme", default="light")
    parser.add_argument("--percent", type=int, default=100)
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    width, _, height = asked.size.partition("x")
    face = Face(make_application(), Settings())
    for name in asked.names or SHOTS:
        chosen = Settings(
            lang=asked.lang,
            theme=asked.theme,
            text_percent=asked.percent,
            student="林小满",
            seat="12",
        )
        stage = Stage(face, chosen, (int(width), int(height)))
        SHOTS[name](stage)
        settle()
        place = asked.out / f"{name}_{asked.size}_{asked.lang}_{asked.theme}.png"
        picture(stage, place)
        window = stage.window
        assert window is not None
        grown = (
            ""
            if (window.width(), window.height()) == (int(width), int(height))
            else f" GREW to {window.width()}x{window.height()}"
        )
        print(place.name, grown)  # noqa: T201 - a tool for people
        stage.close()
        settle(20)


if __name__ == "__main__":
    main()
