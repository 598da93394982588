"""The watchdog thread in the student's process: says which line computes without end."""

from __future__ import annotations

import faulthandler
import os
import sys
import threading
from types import FrameType
from typing import Any, Protocol

DEEPEST = 8
"""How many calls, counted from the outermost, are told of."""
LOOK_S = 0.1
"""How often it looks; a call to the app between two looks means that all is well."""


class Wire(Protocol):
    """The wire to the app: how many calls went over it, and whether one is out now."""

    calls: int
    waiting: bool

    def send(self, message: dict[str, Any]) -> None:
        """Send without waiting for an answer; any thread."""


def watch(wire: Wire, filename: str, parent_pid: int, quiet_s: float) -> None:
    """Report the line at work while the program makes no calls; end the process with the app.

    Where foreign code holds the interpreter, this thread cannot run: then faulthandler, which
    needs no interpreter, prints the line to the output shortly before ``quiet_s`` are over.
    """
    main, pause = threading.get_ident(), threading.Event()

    def look() -> None:
        seen, looks = -1, 0
        while not pause.wait(LOOK_S):
            if sys.platform != "win32" and os.getppid() != parent_pid:
                os._exit(113)
            if looks % 5 == 0:
                faulthandler.dump_traceback_later(quiet_s * 0.85, file=2)
            if not wire.waiting and wire.calls == seen:
                lines = _lines(sys._current_frames().get(main), filename)  # noqa: SLF001
                wire.send({"op": "at", "lines": lines})
            seen, looks = wire.calls, looks + 1

    faulthandler.dump_traceback_later(quiet_s * 0.85, file=2)
    threading.Thread(target=look, name="watchdog", daemon=True).start()


def _lines(frame: FrameType | None, filename: str) -> list[int]:
    """Return the lines at work in the student's file, the outermost call first."""
    lines = []
    while frame is not None:
        if frame.f_code.co_filename == filename:
            lines.append(frame.f_lineno)
        frame = frame.f_back
    return lines[: -DEEPEST - 1 : -1]
