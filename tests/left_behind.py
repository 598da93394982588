"""Finds what a test started and did not end."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

# What was asked to end is given this long, in all, to do so.
PATIENCE_S = 2.0
_TURN_S = 0.02


class Leftovers:
    """Remembers what there was before a test, and says what there is more of after it."""

    def __init__(self, *, gui: bool) -> None:
        self._gui = gui
        self._threads = set(threading.enumerate())
        self._children = children()
        self._sockets = open_sockets()
        self._windows = {id(window) for window in _windows()} if gui else set[int]()
        self._timers: list[Any] = []

    @contextmanager
    def watched_timers(self) -> Iterator[None]:
        """Note every QTimer that is started while this is entered; only for window tests."""
        if not self._gui:
            yield
            return
        from PySide6.QtCore import QTimer

        start = QTimer.start

        def noted(timer: QTimer, *args: Any) -> None:
            self._timers.append(timer)
            start(timer, *args)

        QTimer.start = noted  # type: ignore[method-assign]
        try:
            yield
        finally:
            QTimer.start = start  # type: ignore[method-assign]

    def found(self) -> list[str]:
        """Return a line for everything that was left behind; ends nothing."""
        told = self._found_in_qt() if self._gui else []
        patience = threading.Event()
        for _ in range(round(PATIENCE_S / _TURN_S)):
            if not self._alive_threads() and not self._alive_children():
                break
            patience.wait(_TURN_S)
        told += [f"thread {thread.name!r}" for thread in self._alive_threads()]
        told += [f"process {pid}: {words}" for pid, words in self._alive_children().items()]
        told += [f"open {what}" for what in self._open_sockets()]
        return told + [f"asyncio task {name}" for name in pending_tasks()]

    def _alive_threads(self) -> list[threading.Thread]:
        # What Python shows of a thread that Qt started stays listed after its end.
        return [
            thread
            for thread in threading.enumerate()
            if thread not in self._threads and not isinstance(thread, threading._DummyThread)
        ]

    def _alive_children(self) -> dict[int, str]:
        now = children()
        return {pid: words for pid, words in now.items() if pid not in self._children}

    def _open_sockets(self) -> list[str]:
        if not open_sockets() - self._sockets:
            return []
        gc.collect()  # one in a cycle of references is closed late, with a ResourceWarning
        return sorted(open_sockets() - self._sockets)

    def _found_in_qt(self) -> list[str]:
        from PySide6.QtCore import QCoreApplication, QEvent
        from shiboken6 import isValid

        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        windows = [w for w in _windows() if id(w) not in self._windows]
        if windows:
            del windows
            gc.collect()
        left = [w for w in _windows() if id(w) not in self._windows]
        told = [f"window {type(w).__name__} {w.objectName()!r}" for w in left]
        active = {id(t): t for t in self._timers if isValid(t) and t.isActive()}
        self._timers.clear()
        return told + [f"timer {t.objectName()!r}, {t.interval()} ms" for t in active.values()]


class UnexpectedLogs(logging.Handler):
    """Collects the log records from WARNING up that nobody said they expect."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._records: list[str] = []
        self._expected: list[re.Pattern[str]] = []

    def expect(self, pattern: str) -> None:
        """Accept records whose ``logger: message`` holds ``pattern``, before and after this."""
        self._expected.append(re.compile(pattern))

    @property
    def found(self) -> list[str]:
        """The records that were not expected."""
        return [line for line in self._records if not any(p.search(line) for p in self._expected)]

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record; any thread."""
        self._records.append(f"{record.name}: {record.getMessage()}")

    def __enter__(self) -> UnexpectedLogs:
        logging.getLogger().addHandler(self)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        logging.getLogger().removeHandler(self)


def children() -> dict[int, str]:
    """Return the command lines of this process' living children by process id; Linux only."""
    found: dict[int, str] = {}
    if sys.platform != "linux":
        return found
    for listed in Path("/proc/self/task").glob("*/children"):
        try:
            pids = [int(word) for word in listed.read_text().split()]
        except OSError:
            continue  # the thread has just ended
        for pid in pids:
            words = _command_line(pid)
            if words and "resource_tracker" not in words:
                found[pid] = words
    return found


def open_sockets() -> set[str]:
    """Return this process' sockets and terminals, as ``socket:[inode]`` or by path; Linux only."""
    found = set[str]()
    if sys.platform != "linux":
        return found
    for descriptor in Path("/proc/self/fd").glob("*"):
        try:
            name = os.readlink(descriptor)
        except OSError:
            continue  # the descriptor with which the folder was listed
        if name.startswith(("socket:", "/dev/ptmx", "/dev/pts/")):
            found.add(name)
    return found


def _command_line(pid: int) -> str:
    """Return a process' command line; empty for one that has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
    except OSError:
        return ""


def pending_tasks() -> list[str]:
    """Return the names of the asyncio tasks that were neither finished nor cancelled."""
    known: Any = getattr(asyncio.tasks, "_scheduled_tasks", None)  # Python 3.12 and 3.13
    if known is None:
        known = getattr(asyncio.tasks, "_all_tasks", ())
    return [task.get_name() for task in list(known) if not task.done()]


def _windows() -> list[Any]:
    widgets: Any = sys.modules.get("PySide6.QtWidgets")
    if widgets is None or widgets.QApplication.instance() is None:
        return []
    tops = widgets.QApplication.topLevelWidgets()
    return [w for w in tops if w.parent() is None and type(w).__name__ != "QTipLabel"]
