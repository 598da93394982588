"""Verdicts while an attempt runs. They are for looking at: the grade comes from the sealed file."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from labapp.coach.grader import judge_criterion
from labapp.model.reading import Event, Gap, Reading
from labapp.model.trace import Trace
from labapp.model.work import Item
from labapp.packs.pack import Criterion, Step
from labapp.profiles.profile import Profile
from labapp.store.traces import channel_of, merged, value_of

REST_US = 500_000
"""How long a verdict stands before readings that change no state have it judged again."""
_FIRST_ROOM = 1024


@dataclass(slots=True)
class _Growing:
    """Samples of one point; appending costs the same however many there are."""

    t_us: NDArray[np.int64]
    value: NDArray[np.float64]
    count: int = 0

    @classmethod
    def empty(cls) -> _Growing:
        return cls(np.empty(_FIRST_ROOM, np.int64), np.empty(_FIRST_ROOM, np.float64))

    def add(self, t_us: int, value: float) -> bool:
        """Keep a sample; return whether its value is another than the one before."""
        if self.count == len(self.t_us):
            self.t_us = np.concatenate((self.t_us, np.empty_like(self.t_us)))
            self.value = np.concatenate((self.value, np.empty_like(self.value)))
        before = self.value[self.count - 1] if self.count else np.nan
        last_us = int(self.t_us[self.count - 1]) if self.count else t_us
        self.t_us[self.count], self.value[self.count] = max(t_us, last_us), value
        self.count += 1
        return bool(before != value and not (np.isnan(before) and np.isnan(value)))

    def so_far(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return what was added until now; later additions do not show."""
        return self.t_us[: self.count], self.value[: self.count]


class LiveItems:
    """Judges a step's criteria on what came so far; a ``Sink``.

    Readings come in the link's thread, ``so_far`` is asked in the attempt's. A criterion is
    judged again when a state changed, and otherwise at most twice a second; the criteria take
    turns, so that no call judges all of them for readings alone.
    """

    def __init__(self, step: Step, profile: Profile) -> None:
        self._criteria = step.criteria
        self._points = profile.points
        self._states = frozenset(point.id for point in profile.points if point.states)
        self._samples = {point.id: _Growing.empty() for point in profile.points}
        self._gaps: list[Gap] = []
        self._lock = threading.Lock()
        self._is_urgent = True
        self._judged: dict[str, tuple[int, Item]] = {}

    # ------------------------------------------------------------------ Sink

    def take(self, readings: Sequence[Reading]) -> None:
        """Keep readings."""
        with self._lock:
            for reading in readings:
                samples = self._samples.get(reading.point)
                if samples is not None and samples.add(reading.t_us, value_of(reading)):
                    self._is_urgent |= reading.point in self._states

    def gap(self, gap: Gap) -> None:
        """Keep a stretch without data."""
        with self._lock:
            self._gaps.append(gap)
            self._is_urgent = True

    def event(self, event: Event) -> None:
        """Events are not judged."""

    # ------------------------------------------------------------------ verdicts

    def so_far(self, elapsed_us: int) -> tuple[Item, ...]:
        """Return a line for each criterion, as the first ``elapsed_us`` of the attempt have it.

        What is not decided yet is inconclusive or not exercised.
        """
        due = self._due(elapsed_us)
        if due:
            trace = self._trace(elapsed_us)
            for criterion in due:
                self._judged[criterion.id] = elapsed_us, judge_criterion(criterion, trace)
        return tuple(self._judged[criterion.id][1] for criterion in self._criteria)

    def _due(self, elapsed_us: int) -> tuple[Criterion, ...]:
        """Return what to judge now: all after a change of state, else what waits longest."""
        with self._lock:
            is_urgent, self._is_urgent = self._is_urgent, False
        if is_urgent or len(self._judged) < len(self._criteria):
            return self._criteria
        oldest = min(self._criteria, key=lambda c: self._judged[c.id][0], default=None)
        if oldest is None or elapsed_us - self._judged[oldest.id][0] < REST_US:
            return ()
        return (oldest,)

    def _trace(self, elapsed_us: int) -> Trace:
        with self._lock:
            gaps = tuple(self._gaps)
            channels = {
                point.id: channel_of(point, *self._samples[point.id].so_far(), gaps)
                for point in self._points
            }
        return Trace(channels, (0, elapsed_us), merged(gap for gap in gaps if not gap.points))
