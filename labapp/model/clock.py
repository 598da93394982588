"""Time as something that is passed in."""

from __future__ import annotations

from typing import Protocol


class Waitable(Protocol):
    """What a clock can wait for; ``threading.Event`` is one."""

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until set, ``timeout`` seconds at most; return whether it is set."""


class Clock(Protocol):
    """A monotonic clock in microseconds, and the only way to wait."""

    def now_us(self) -> int:
        """Return monotonic microseconds; only differences mean anything."""

    def wait(self, event: Waitable, seconds: float) -> bool:
        """Wait until ``event`` is set, ``seconds`` at most; return whether it is set."""
