"""One sitting at the bench: what the kit said so far, and who else hears it."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence

from labapp.model.clock import Clock
from labapp.model.reading import Event, Gap, Reading, Sink
from labapp.profiles.profile import Profile
from labapp.session.hub import SampleHub
from labapp.session.ring import PlotRing

MOST_KEPT = 20_000
"""Events, and gaps, that a sitting remembers; a recording keeps all of them."""


class Sitting:
    """A sink: keeps what the window shows and passes everything on to the sinks that were added.

    Every method may be called from any thread. Sinks hear of a reading after the sitting has
    it, one caller at a time, so a sink needs no lock against two links' threads.
    """

    def __init__(self, profile: Profile, clock: Clock) -> None:
        self.profile = profile
        self.clock = clock
        self.ring = PlotRing(tuple(point.id for point in profile.points))
        self._hub = SampleHub()
        self._telling = threading.RLock()
        self._lock = threading.Lock()
        self._latest: dict[str, Reading] = {}
        self._events: deque[Event] = deque(maxlen=MOST_KEPT)
        self._gaps: deque[Gap] = deque(maxlen=MOST_KEPT)

    # ------------------------------------------------------------------ what comes off the kit

    def take(self, readings: Sequence[Reading]) -> None:
        """Receive readings in time order."""
        if not readings:
            return
        with self._telling:
            with self._lock:
                self._latest.update((reading.point, reading) for reading in readings)
            self.ring.take(readings)
            self._hub.take(readings)

    def gap(self, gap: Gap) -> None:
        """Receive a stretch without data."""
        with self._telling:
            with self._lock:
                self._gaps.append(gap)
            self.ring.gap(gap)
            self._hub.gap(gap)

    def event(self, event: Event) -> None:
        """Receive something that happened."""
        with self._telling:
            with self._lock:
                self._events.append(event)
            self._hub.event(event)

    # ------------------------------------------------------------------ who hears it

    def add(self, sink: Sink, *, with_newest: bool = False) -> None:
        """Let ``sink`` receive everything from now on.

        ``with_newest`` begins with the newest reading of each point that still holds: what was
        read just before is known, not unknown until the next poll.
        """
        with self._telling:
            self._hub.add(sink, self._holding() if with_newest else ())

    def _holding(self) -> tuple[Reading, ...]:
        now_us = self.clock.now_us()
        holds_us = {point.id: point.stale_us for point in self.profile.points}
        with self._lock:
            newest = [
                r for r in self._latest.values() if now_us - r.t_us <= holds_us.get(r.point, 0)
            ]
        return tuple(sorted(newest, key=lambda reading: reading.t_us))

    def remove(self, sink: Sink) -> None:
        """End that. After it returns the sink is not called any more, unless from its own call."""
        with self._telling:
            self._hub.remove(sink)

    # ------------------------------------------------------------------ what is shown

    def latest(self, point: str) -> Reading | None:
        """Return the newest reading of a point, good or not; ``None`` before the first."""
        with self._lock:
            return self._latest.get(point)

    def events(self) -> tuple[Event, ...]:
        """Return what happened, in the order in which it was told."""
        with self._lock:
            return tuple(self._events)

    def gaps(self) -> tuple[Gap, ...]:
        """Return the stretches without data that are known so far, in the order of their telling."""
        with self._lock:
            return tuple(self._gaps)
