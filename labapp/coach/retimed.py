"""A sink that tells an attempt's own time: microseconds since the attempt began."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from labapp.model.reading import Event, Gap, Reading, Sink


class Retimed:
    """Passes on what happens from ``origin_us`` of the sitting, with that instant as zero."""

    def __init__(self, sinks: Sequence[Sink], origin_us: int) -> None:
        self._sinks = tuple(sinks)
        self._origin_us = origin_us

    def take(self, readings: Sequence[Reading]) -> None:
        """Pass on readings; those from before the attempt are left out."""
        origin = self._origin_us
        moved = [replace(r, t_us=r.t_us - origin) for r in readings if r.t_us >= origin]
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
