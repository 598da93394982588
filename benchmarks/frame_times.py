"""What a frame costs while the twin runs and the window plots, and how long the window is deaf."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from benchmarks.measure import Ratio, share
from labapp.app.clock import SystemClock
from labapp.app.desk import Desk
from labapp.app.lab_app import LabApp
from labapp.app.paths import Paths, find_paths
from labapp.app.states import BenchPhase
from labapp.coach.walkthrough import StepResult
from labapp.model.verdict import Outcome
from labapp.ui.main_window import MainWindow
from labapp.ui.run_window import Face

SECONDS = 10.0
BUDGET_MS = 1000 / 60
TICK_MS = 5


class Timed(QApplication):
    """Times the repainting of windows; everything else passes."""

    def __init__(self) -> None:
        super().__init__([])
        self.costs_ms: list[float] = []

    def notify(self, receiver: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.UpdateRequest:
            return super().notify(receiver, event)
        began = time.perf_counter()
        answer = super().notify(receiver, event)
        self.costs_ms.append((time.perf_counter() - began) * 1e3)
        return answer


class Ticks(QTimer):
    """Notes by how much each tick comes late: so long the window was deaf."""

    def __init__(self) -> None:
        super().__init__()
        self.late_ms: list[float] = []
        self._last = time.perf_counter()
        self.setTimerType(Qt.TimerType.PreciseTimer)
        self.setInterval(TICK_MS)
        self.timeout.connect(self._note)

    def _note(self) -> None:
        now = time.perf_counter()
        self.late_ms.append(max(0.0, (now - self._last) * 1e3 - TICK_MS))
        self._last = now


def measure() -> list[Ratio]:
    with tempfile.TemporaryDirectory() as folder:
        costs, late = _watch(Path(folder))
    of = f"a frame at 60 Hz; {len(costs)} frames in {SECONDS:.0f} s"
    return [
        _figure("frame while the twin runs: median", share(costs, 50), of),
        _figure("frame while the twin runs: 99 %", share(costs, 99), of),
        _figure("deaf while the twin runs: 99 %", share(late, 99), of),
    ]


def _figure(name: str, ms: float, of: str) -> Ratio:
    ratio = ms / BUDGET_MS
    return Ratio(name, ms, BUDGET_MS, "ms", of, ratio, ratio, ratio, 1)


def _watch(folder: Path) -> tuple[list[float], list[float]]:
    """Return the milliseconds of every frame, and those by which a timer came late."""
    qt = Timed()
    with LabApp(Paths(data=folder, shipped=find_paths().shipped), SystemClock()) as app:
        face = Face(qt, app.settings)
        window = MainWindow(app, face.look)
        window.resize(1366, 768)
        window.show()
        window.open_project("fire-alarm")
        until(lambda: window.workspace is not None)
        desk = app.desk
        assert desk is not None
        _burn(desk)
        ticks = Ticks()
        qt.costs_ms.clear()
        ticks.start()
        end = time.perf_counter() + SECONDS
        until(lambda: time.perf_counter() > end)
        ticks.stop()
        window.setProperty("leaving", True)
        window.close()
    return list(qt.costs_ms), ticks.late_ms[1:]


def _burn(desk: Desk) -> None:
    """Go to the last step, connect its twin, and light the fire."""
    passed = StepResult(outcome=Outcome.MET, points=Fraction(1), max=Fraction(1))
    for step in desk.pack.steps[:-1]:
        desk.walkthrough = desk.walkthrough.with_result(step.id, passed)
    desk.select_step(desk.pack.steps[-1].id)
    desk.connect_twin()
    until(lambda: desk.bench.phase == BenchPhase.ONLINE)
    desk.stimulate("ignite")


def until(fact: Callable[[], bool], seconds: float = 60.0) -> None:
    """Let the window live until something is so.

    Raises:
        SystemExit: it was not so within ``seconds``.
    """
    loop, asks = QEventLoop(), QTimer()
    end = time.perf_counter() + seconds

    def ask() -> None:
        if fact() or time.perf_counter() > end:
            loop.quit()

    asks.timeout.connect(ask)
    asks.start(20)
    loop.exec()
    asks.stop()
    if not fact():
        raise SystemExit("the window did not come so far")
