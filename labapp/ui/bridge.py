"""News from the app's threads, brought into the Qt thread one wake-up at a time."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal, Slot

from labapp.app.states import (
    AppEvent,
    AttemptGraded,
    BenchChanged,
    Noted,
    ProjectsChanged,
    RunChanged,
    StepsChanged,
    Told,
    WriteDone,
)


class Bridge(QObject):
    """Receives events in any thread (``take``) and emits them as signals in the Qt thread.

    States that a newer one has overtaken are left out, so a busy window never falls behind.
    """

    bench_changed = Signal(object)
    run_changed = Signal(object)
    graded = Signal(object)
    noted = Signal(object)
    told = Signal(object)
    write_done = Signal(object)
    projects_changed = Signal()
    steps_changed = Signal()
    _woken = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._waiting: deque[AppEvent | Callable[[], None]] = deque()
        self._woken.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def take(self, event: AppEvent) -> None:
        """Accept an event; any thread."""
        self._put(event)

    def later(self, call: Callable[[], None]) -> None:
        """Call ``call`` in the Qt thread, soon; any thread."""
        self._put(call)

    def _put(self, thing: AppEvent | Callable[[], None]) -> None:
        with self._lock:
            was_empty = not self._waiting
            self._waiting.append(thing)
        if was_empty:
            self._woken.emit()

    @Slot()
    def _deliver(self) -> None:
        with self._lock:
            things = list(self._waiting)
            self._waiting.clear()
        for thing in _newest(things):
            self._emit(thing)

    def _emit(self, thing: AppEvent | Callable[[], None]) -> None:
        match thing:
            case BenchChanged(state):
                self.bench_changed.emit(state)
            case RunChanged(run):
                self.run_changed.emit(run)
            case AttemptGraded(finished):
                self.graded.emit(finished)
            case Noted(event):
                self.noted.emit(event)
            case Told(problem):
                self.told.emit(problem)
            case WriteDone(result):
                self.write_done.emit(result)
            case ProjectsChanged():
                self.projects_changed.emit()
            case StepsChanged():
                self.steps_changed.emit()
            case _:
                thing()


def _newest(things: list[AppEvent | Callable[[], None]]) -> list[AppEvent | Callable[[], None]]:
    """Leave out states that the next news in line replaces anyway; keep the order."""
    kept: list[AppEvent | Callable[[], None]] = []
    for thing in things:
        is_state = isinstance(thing, BenchChanged | RunChanged | StepsChanged | ProjectsChanged)
        if kept and is_state and type(kept[-1]) is type(thing):
            kept[-1] = thing
        else:
            kept.append(thing)
    return kept
