"""Fans out what comes off a kit to everybody who wants it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence

from labapp.model.reading import Event, Gap, Reading, Sink

_log = logging.getLogger(__name__)


class SampleHub:
    """A sink that passes everything on to other sinks, in the order in which they were added.

    ``take``, ``gap`` and ``event`` run the sinks in the caller's thread; callers in different
    threads may overlap, so a sink that is told from several threads has a lock of its own.
    A sink that raises is logged and left out from then on; the others go on.
    ``add`` and ``remove`` may be called from any thread, a sink's own call included.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sinks: tuple[Sink, ...] = ()

    def add(self, sink: Sink, first: Sequence[Reading] = ()) -> None:
        """Let ``sink`` receive ``first`` and then everything; adding it twice changes nothing."""
        with self._lock:
            if any(known is sink for known in self._sinks):
                return
            self._sinks = (*self._sinks, sink)
        if first:
            self._tell_one(sink, lambda it: it.take(first))

    def remove(self, sink: Sink) -> None:
        """End that; a call that is under way in another thread still finishes."""
        with self._lock:
            self._sinks = tuple(known for known in self._sinks if known is not sink)

    def take(self, readings: Sequence[Reading]) -> None:
        """Pass readings on, in time order."""
        if readings:
            self._tell(lambda sink: sink.take(readings))

    def gap(self, gap: Gap) -> None:
        """Pass a stretch without data on."""
        self._tell(lambda sink: sink.gap(gap))

    def event(self, event: Event) -> None:
        """Pass on what happened."""
        self._tell(lambda sink: sink.event(event))

    def _tell(self, tell: Callable[[Sink], None]) -> None:
        for sink in self._sinks:
            self._tell_one(sink, tell)

    def _tell_one(self, sink: Sink, tell: Callable[[Sink], None]) -> None:
        try:
            tell(sink)
        except Exception:  # noqa: BLE001 (a bug of ours: into the log)
            self.remove(sink)
            _log.exception("%s failed and is left out", type(sink).__name__)
