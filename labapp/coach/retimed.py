"""A sink that tells an attempt's own time: microseconds since the attempt began."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from labapp.model.reading import Event, Gap, Reading, Sink

BEGINS_US = 50_000
"""A poll that falls between naming the zero and beginning to listen is at most this late."""


class Retimed:
    """Passes on what happens from ``origin_us`` of the sitting, with that instant as zero.

    ``holds_us`` says how long a reading of each point holds: one from before that still does
    counts from zero on, and so does what the bench tells first of all, what it reads right now.
    """

    def __init__(self, sinks: Sequence[Sink], origin_us: int, holds_us: Mapping[str, int]) -> None:
        self._sinks = tuple(sinks)
        self._origin_us = origin_us
        self._holds_us = dict(holds_us)
        self._begun = False

    def take(self, readings: Sequence[Reading]) -> None:
        """Pass on readings; those from before that hold no longer are left out."""
        origin, first = self._origin_us, not self._begun
        self._begun = True
        moved = []
        for reading in readings:
            t_us = reading.t_us - origin
            if t_us < 0:
                if -t_us <= self._holds_us.get(reading.point, 0):
                    moved.append(replace(reading, t_us=0))
            else:
                moved.append(replace(reading, t_us=0 if first and t_us < BEGINS_US else t_us))
        for sink in self._sinks if moved else ():
            sink.take(moved)

    def gap(self, gap: Gap) -> None:
        """Pass on the part of a gap that lies in the attempt."""
        if gap.to_us <= self._origin_us:
            return
        from_us = max(0, gap.from_us - self._origin_us)
        moved = replace(gap, from_us=from_us, to_us=gap.to_us - self._origin_us)
        for sink in self._sinks:
            sink.gap(moved)

    def event(self, event: Event) -> None:
        """Pass on an event; one from before the attempt is left out."""
        if event.t_us >= self._origin_us:
            moved = replace(event, t_us=event.t_us - self._origin_us)
            for sink in self._sinks:
                sink.event(moved)
