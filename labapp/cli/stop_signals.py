"""Ctrl-C and its kin as a fact that can be waited for."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

# SIGBREAK is what Windows has for "end"; elsewhere there is none.
_ASK_TO_STOP = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGBREAK") if hasattr(signal, name)
)


@contextmanager
def stop_on_signals() -> Iterator[threading.Event]:
    """Yield an event that is set when somebody asks this process to stop.

    Outside the main thread, where Python hears no signals, nobody sets it.
    """
    stop = threading.Event()

    def asked(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = {number: signal.signal(number, asked) for number in _ASK_TO_STOP}
    try:
        yield stop
    finally:
        for number, what in before.items():
            signal.signal(number, what)
