"""The one place that knows what time it is."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from labapp.model.clock import Waitable


class SystemClock:
    """The machine's monotonic clock in microseconds; any thread."""

    def now_us(self) -> int:
        """Return monotonic microseconds since some fixed instant."""
        return time.monotonic_ns() // 1_000

    def wait(self, event: Waitable, seconds: float) -> bool:
        """Wait until ``event`` is set, ``seconds`` at most; return whether it is set."""
        return event.wait(max(0.0, seconds))


def wall_time() -> str:
    """Return the wall-clock time as ISO 8601 with its zone, for people and for anchors."""
    return datetime.now(UTC).astimezone().isoformat(timespec="milliseconds")


def file_stamp() -> str:
    """Return local time as ``20260131-142503``, for the names of folders."""
    return datetime.now(UTC).astimezone().strftime("%Y%m%d-%H%M%S")
