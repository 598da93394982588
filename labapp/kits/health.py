"""How well a link works, and how long to wait before the next try."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Sequence

from labapp.kits.master import Tally

_WINDOW_US = 10_000_000
_MEAN_OF = 8
# A link counts as mended after so much valid data, not when it connects: an accept-then-close
# device would otherwise be dialled without pause.
GOOD_US = 10_000_000
_JITTER = 0.2


class Health:
    """Running figures of one link; owned by its thread."""

    def __init__(self) -> None:
        self.rtt_ms: float | None = None
        self._seen: deque[tuple[int, int, int]] = deque()
        self._fast: deque[int] = deque(maxlen=40)

    def note(self, now_us: int, tally: Tally) -> None:
        """Take in what the master has counted so far."""
        if tally.rtt_us is not None:
            newest = tally.rtt_us / 1000
            before = newest if self.rtt_ms is None else self.rtt_ms
            self.rtt_ms = before + (newest - before) / _MEAN_OF
        self._seen.append((now_us, tally.sent, tally.lost))
        while now_us - self._seen[0][0] > _WINDOW_US:
            self._seen.popleft()

    def note_fast(self, now_us: int) -> None:
        """Note that the fastest points were read."""
        self._fast.append(now_us)

    def forget(self) -> None:
        """Begin anew, as after a new connection."""
        self._seen.clear()
        self._fast.clear()

    @property
    def loss(self) -> float:
        """Share of 1 of the requests of the last ten seconds without an answer."""
        if len(self._seen) < 2:
            return 0.0
        sent = self._seen[-1][1] - self._seen[0][1]
        return (self._seen[-1][2] - self._seen[0][2]) / sent if sent else 0.0

    @property
    def rate_hz(self) -> float:
        """How often a second the fastest points are read."""
        if len(self._fast) < 2 or self._fast[-1] == self._fast[0]:
            return 0.0
        return (len(self._fast) - 1) * 1e6 / (self._fast[-1] - self._fast[0])


class Backoff:
    """The pauses between tries: growing steps, ±20 %; owned by the link's thread."""

    def __init__(self, steps_s: Sequence[float], chance: random.Random | None = None) -> None:
        self._steps_s = tuple(steps_s)
        self._chance = random.Random() if chance is None else chance
        self._at = 0
        self._good_since_us: int | None = None

    def next_s(self) -> float:
        """Return how long to wait before the next try."""
        self._good_since_us = None
        step_s = self._steps_s[min(self._at, len(self._steps_s) - 1)]
        self._at += 1
        return step_s * self._chance.uniform(1 - _JITTER, 1 + _JITTER)

    def note_good(self, now_us: int) -> None:
        """Note valid data; enough of it in a row begins the steps anew."""
        if self._good_since_us is None:
            self._good_since_us = now_us
        elif now_us - self._good_since_us >= GOOD_US:
            self._at = 0
