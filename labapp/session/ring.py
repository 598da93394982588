"""Readings for plots: bounded, and quick to draw at any zoom."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from labapp.model.reading import Gap, Reading

Times = NDArray[np.int64]
Values = NDArray[np.float64]
_FIRST_ROWS = 1024
_MOST_GAPS = 4096
# Samples a block, blocks kept. At 10 Hz: single samples for 55 min, 1.6 s for 7 h, 26 s for 5 days.
_LEVELS = ((1, 1 << 15), (16, 1 << 14), (256, 1 << 14))
# A coarser level is taken when there are more blocks than this for one column.
_ROWS_A_COLUMN = 8
_NAN = float("nan")


class Rows(NamedTuple):
    """Stretches in time order: when each begins, its lowest and its highest value."""

    t_us: Times
    low: Values
    high: Values


class PlotRing:
    """The readings of some points, as their lowest and highest values at three zooms.

    A point takes 3 MB at most; what is oldest is forgotten first. Any thread may write and any
    may look; both hold one lock, for microseconds.
    """

    def __init__(self, points: Sequence[str]) -> None:
        self._lock = threading.Lock()
        self._stores = {point: _Store() for point in points}

    def take(self, readings: Sequence[Reading]) -> None:
        """Add readings, each point's in time order; one without a value breaks the line.

        Readings of points that the ring was not made for are left out.
        """
        with self._lock:
            for reading in readings:
                store = self._stores.get(reading.point)
                if store is not None:
                    store.add(reading.t_us, _NAN if reading.value is None else reading.value)

    def gap(self, gap: Gap) -> None:
        """Break the lines of the gap's points where it is; it may be told late."""
        with self._lock:
            for point in gap.points or self._stores:
                if point in self._stores:
                    self._stores[point].gaps.append((gap.from_us, gap.to_us))

    def window(
        self, point: str, from_us: int, to_us: int, columns: int
    ) -> tuple[Times, Values, Values]:
        """Return what to draw of ``[from_us, to_us]``: at most ``columns`` stretches in time order.

        Each is when it begins, its lowest and its highest value. Where all readings fit they
        are given one by one, with the nearest one outside each end so that lines reach the
        edge. A gap is one stretch of NaN. Stretches keep their bounds while the window moves.
        """
        store = self._stores.get(point)
        if store is None or columns < 1 or to_us < from_us:
            return Rows(np.empty(0, np.int64), np.empty(0), np.empty(0))
        with self._lock:
            gaps = [(a, b) for a, b in store.gaps if b > from_us and a < to_us]
            single = store.levels[0].around(from_us, to_us, columns - len(gaps))
            if single is None:
                rows = store.fitting(from_us, to_us, columns).between(from_us, to_us)
        if single is not None:
            return _with_breaks(single, gaps)
        return _folded(rows, gaps, from_us, to_us, columns)


class _Store:
    """One point: its levels, finest first, and its gaps."""

    def __init__(self) -> None:
        self.levels = tuple(_Level(every, most) for every, most in _LEVELS)
        self.gaps: deque[tuple[int, int]] = deque(maxlen=_MOST_GAPS)

    def add(self, t_us: int, value: float) -> None:
        for level in self.levels:
            level.add(t_us, value)

    def fitting(self, from_us: int, to_us: int, columns: int) -> _Level:
        """Return the finest level that still knows ``from_us`` and has not too many blocks."""
        for level in self.levels:
            if level.reaches(from_us) and level.count(from_us, to_us) <= _ROWS_A_COLUMN * columns:
                return level
        return self.levels[-1]


class _Level:
    """Blocks of ``every`` samples, the last one still growing; ``most`` at least are kept.

    The arrays are twice as long as what is kept: when they are full the newer half moves to
    the front, so that any stretch of blocks is one slice.
    """

    def __init__(self, every: int, most: int) -> None:
        self.every = every
        self._most = most
        self._rows = 0
        self._in_block = every
        self._has_forgotten = False
        self._t = np.empty(_FIRST_ROWS, np.int64)
        self._low = np.empty(_FIRST_ROWS)
        self._high = np.empty(_FIRST_ROWS)

    def add(self, t_us: int, value: float) -> None:
        if self._in_block == self.every:
            self._begin_block(t_us, value)
            return
        row = self._rows - 1
        self._in_block += 1
        # A comparison with NaN is false: the first number of a block replaces it by the `not`.
        if not self._low[row] <= value and value == value:
            self._low[row] = value
        if not self._high[row] >= value and value == value:
            self._high[row] = value

    def _begin_block(self, t_us: int, value: float) -> None:
        if self._rows == self._t.size:
            self._make_room()
        row = self._rows
        # Lines never run backwards: a clock that was set back stands still until it catches up.
        self._t[row] = max(t_us, int(self._t[row - 1])) if row else t_us
        self._low[row] = self._high[row] = value
        self._rows = row + 1
        self._in_block = 1

    def _make_room(self) -> None:
        size = self._t.size
        if size < 2 * self._most:
            self._t = np.concatenate((self._t, np.empty(size, np.int64)))
            self._low = np.concatenate((self._low, np.empty(size)))
            self._high = np.concatenate((self._high, np.empty(size)))
            return
        kept = size - self._most
        for array in (self._t, self._low, self._high):
            array[: self._most] = array[kept:].copy()
        self._rows = self._most
        self._has_forgotten = True

    def reaches(self, t_us: int) -> bool:
        """Return whether nothing since ``t_us`` was forgotten."""
        return not self._has_forgotten or bool(self._t[0] <= t_us)

    def count(self, from_us: int, to_us: int) -> int:
        """Return how many blocks lie in a stretch."""
        first, last = self._span(from_us, to_us)
        return last - first

    def between(self, from_us: int, to_us: int) -> Rows:
        """Return copies of the blocks of a stretch."""
        return self._copied(*self._span(from_us, to_us))

    def around(self, from_us: int, to_us: int, most: int) -> Rows | None:
        """Return the samples of a stretch and one beyond each end; ``None`` for more than ``most``."""
        if not self.reaches(from_us):
            return None
        first, last = self._span(from_us, to_us)
        first, last = max(0, first - 1), min(self._rows, last + 1)
        return self._copied(first, last) if last - first <= most else None

    def _span(self, from_us: int, to_us: int) -> tuple[int, int]:
        t = self._t[: self._rows]
        first = int(np.searchsorted(t, from_us, "left"))
        if self.every > 1 and first > 0:
            first -= 1  # the block that began before may reach in
        return first, int(np.searchsorted(t, to_us, "right"))

    def _copied(self, first: int, last: int) -> Rows:
        return Rows(
            self._t[first:last].copy(), self._low[first:last].copy(), self._high[first:last].copy()
        )


def _with_breaks(rows: Rows, gaps: Sequence[tuple[int, int]]) -> Rows:
    """Return the rows with one of NaN at the start of every gap."""
    if not gaps:
        return rows
    starts = np.array(sorted(start for start, _ in gaps), np.int64)
    at = np.searchsorted(rows.t_us, starts, "right")
    return Rows(
        np.insert(rows.t_us, at, starts),
        np.insert(rows.low, at, _NAN),
        np.insert(rows.high, at, _NAN),
    )


def _folded(
    rows: Rows, gaps: Sequence[tuple[int, int]], from_us: int, to_us: int, columns: int
) -> Rows:
    """Return one row for every column that holds a block; bounds are multiples of a width.

    A column without any that lies wholly in a gap becomes NaN, one for each gap.
    """
    width = max(1, -(-(to_us - from_us) // max(1, columns - 1)))
    if columns == 1:
        width = to_us + 1
    # A block that began before the window is drawn at its edge.
    column = np.maximum(rows.t_us, from_us) // width
    starts = np.flatnonzero(np.diff(column, prepend=column[:1] - 1))
    folded = Rows(
        rows.t_us[starts],
        np.fmin.reduceat(rows.low, starts) if starts.size else rows.low,
        np.fmax.reduceat(rows.high, starts) if starts.size else rows.high,
    )
    taken = set(column[starts].tolist())
    breaks = {at for a, b in gaps if (at := _empty_column(a, b, width, taken)) is not None}
    return _with_breaks(folded, [(at * width, 0) for at in sorted(breaks)])


def _empty_column(from_us: int, to_us: int, width: int, taken: set[int]) -> int | None:
    """Return the first column that lies wholly in a gap and holds nothing."""
    inside = range(-(-from_us // width), to_us // width)
    return next((at for at in inside if at not in taken), None)
