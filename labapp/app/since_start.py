"""A clock that starts at zero."""

from __future__ import annotations

from labapp.model.clock import Clock, Waitable


class SinceStart:
    """The time since this object was made, or since ``origin_us`` of the clock under it."""

    def __init__(self, clock: Clock, origin_us: int | None = None) -> None:
        self._clock = clock
        self._origin_us = clock.now_us() if origin_us is None else origin_us

    def now_us(self) -> int:
        """Return microseconds since the start."""
        return self._clock.now_us() - self._origin_us

    def wait(self, event: Waitable, seconds: float) -> bool:
        """Wait until ``event`` is set, ``seconds`` at most; return whether it is set."""
        return self._clock.wait(event, seconds)
