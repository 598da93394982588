"""What a frame costs while the twin runs and the window plots: to a window that stands still."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.measure import Ratio, share

SECONDS = 10.0
BUDGET_MS = 1000 / 60


def measure() -> list[Ratio]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as folder:
        costs, gaps = _watch(Path(folder))
    of = f"a frame at 60 Hz, {BUDGET_MS:.1f} ms; {len(costs)} frames in {SECONDS:.0f} s"
    return [
        _figure("frame while the twin runs: median cost", share(costs, 50), of),
        _figure("frame while the twin runs: 99 % cost", share(costs, 99), of),
        _figure("window answers: longest wait of 99 %", share(gaps, 99), of),
    ]


def _figure(name: str, ms: float, of: str) -> Ratio:
    ratio = ms / BUDGET_MS
    return Ratio(name, ms, BUDGET_MS, "ms", of, ratio, ratio, ratio, 1)


def _watch(folder: Path) -> tuple[list[float], list[float]]:
    """Return the milliseconds of every frame, and those by which a 5 ms timer came late."""
    from PySide6.QtCore import QEvent, QObject, Qt, QTimer
    from PySide6.QtWidgets import QApplication

    from labapp.app.clock import SystemClock
    from labapp.app.lab_app import LabApp
    from labapp.app.paths import Paths, find_paths
    from labapp.ui.main_window import MainWindow
    from labapp.ui.run_window import Face

    costs: list[float] = []
    late: list[float] = []

    class Timed(QApplication):
        """Times the repainting of windows; everything else passes."""

        def notify(self, receiver: QObject, event: QEvent) -> bool:
            if event.type() != QEvent.Type.UpdateRequest:
                return super().notify(receiver, event)
            began = time.perf_counter()
            answer = super().notify(receiver, event)
            costs.append((time.perf_counter() - began) * 1e3)
            return answer

    qt = Timed([])
    with LabApp(Paths(data=folder, shipped=find_paths().shipped), SystemClock()) as app:
        face = Face(qt, app.settings)
        window = MainWindow(app, face.look)
        window.resize(1366, 768)
        window.show()
        window.open_project("fire-alarm")
        until(qt, lambda: app.desk is not None and window.workspace is not None)
        desk: Any = app.desk
        desk.select_step("challenge")
        desk.connect_twin()
        until(qt, lambda: desk.bench.phase.value == "online")
        desk.stimulate("ignite")
        ticker = QTimer()
        ticker.setTimerType(Qt.TimerType.PreciseTimer)
        last = [time.perf_counter()]

        def tick() -> None:
            now = time.perf_counter()
            late.append(max(0.0, (now - last[0]) * 1e3 - 5))
            last[0] = now

        ticker.timeout.connect(tick)
        costs.clear()
        ticker.start(5)
        last[0] = time.perf_counter()
        end = time.perf_counter() + SECONDS
        until(qt, lambda: time.perf_counter() > end, SECONDS + 30)
        ticker.stop()
        window.setProperty("leaving", True)
        window.close()
    return costs, late


def until(qt: Any, fact: Callable[[], bool], seconds: float = 60.0) -> None:
    """Let the window live until something is so."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    asks = QTimer()
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
