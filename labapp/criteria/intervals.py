"""Sets of instants as runs of whole microseconds: the arithmetic under every verdict.

With integer ticks a closed window ``[a, b]`` and a half-open run ``[s, e)`` fit together
without any corner of measure zero:

* the window ``t+a … t+b`` touches ``[s, e)`` exactly for ``t`` in ``[s-b, e-a)``;
* it lies inside ``[s, e)`` exactly for ``t`` in ``[s-a, e-b)``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ticks = NDArray[np.int64]
Mask = NDArray[np.bool_]


class Runs(NamedTuple):
    """A set of instants: half-open runs ``[start, end)``, sorted, disjoint, never touching."""

    start: Ticks
    end: Ticks


def runs(pairs: Iterable[tuple[int, int]]) -> Runs:
    """Return the union of ``[from, to)`` pairs given in any order; empty pairs add nothing."""
    kept = sorted(pair for pair in pairs if pair[1] > pair[0])
    start = np.array([pair[0] for pair in kept], np.int64)
    end = np.array([pair[1] for pair in kept], np.int64)
    return merged(start, np.maximum.accumulate(end)) if kept else Runs(start, end)


def one_run(start: int, end: int) -> Runs:
    """Return ``[start, end)``, empty where ``end <= start``."""
    return runs([(start, end)])


def empty() -> Runs:
    """Return the set without instants."""
    return Runs(np.empty(0, np.int64), np.empty(0, np.int64))


def instants(ticks: Ticks) -> Runs:
    """Return the set of single instants ``ticks``, sorted and distinct."""
    return merged(ticks, ticks + 1)


def merged(start: Ticks, end: Ticks) -> Runs:
    """Join runs that overlap or touch; both arrays must not decrease."""
    if len(start) == 0:
        return Runs(start, end)
    apart = start[1:] > end[:-1]
    if apart.all():
        return Runs(start, end)
    first = np.concatenate((np.ones(1, np.bool_), apart))
    last = np.concatenate((apart, np.ones(1, np.bool_)))
    return Runs(start[first], end[last])


def union(a: Runs, b: Runs) -> Runs:
    """Return the instants in ``a`` or ``b``."""
    if len(a.start) == 0:
        return b
    if len(b.start) == 0:
        return a
    return _covered(np.concatenate((a.start, b.start, a.end, b.end)), depth=1)


def intersection(a: Runs, b: Runs) -> Runs:
    """Return the instants in both ``a`` and ``b``."""
    if len(a.start) == 0 or len(b.start) == 0:
        return empty()
    return _covered(np.concatenate((a.end, b.end, a.start, b.start)), depth=2)


def _covered(edges: Ticks, depth: int) -> Runs:
    """Return where at least ``depth`` of two sets overlap.

    ``edges`` holds starts then ends for a union (at equal instants a start sorts first, so
    touching runs join) and ends then starts for an intersection (so touching runs do not meet).
    """
    half = len(edges) // 2
    step = np.ones(len(edges), np.int64)
    step[half:] = -1
    if depth == 2:
        step = -step
    order = np.argsort(edges, kind="stable")
    inside = np.cumsum(step[order]) >= depth
    before = np.concatenate((np.zeros(1, np.bool_), inside[:-1]))
    at = edges[order]
    return Runs(at[inside & ~before], at[~inside & before])


def complement(a: Runs, low: int, high: int) -> Runs:
    """Return the instants of ``[low, high)`` outside ``a``."""
    start = np.concatenate((np.array([low], np.int64), a.end))
    end = np.concatenate((a.start, np.array([high], np.int64)))
    return clip(Runs(start, end), low, high)


def difference(a: Runs, b: Runs) -> Runs:
    """Return the instants of ``a`` that are not in ``b``."""
    if len(a.start) == 0 or len(b.start) == 0:
        return a
    return intersection(a, complement(b, int(a.start[0]), int(a.end[-1])))


def clip(a: Runs, low: int, high: int) -> Runs:
    """Return the instants of ``a`` in ``[low, high)``."""
    start = np.maximum(a.start, low)
    end = np.minimum(a.end, high)
    kept = end > start
    return Runs(start, end) if kept.all() else Runs(start[kept], end[kept])


def touching(a: Runs, low: int, high: int) -> Runs:
    """Return the instants ``t`` whose closed window ``[t+low, t+high]`` meets ``a``."""
    return merged(a.start - high, a.end - low)


def inside(a: Runs, low: int, high: int) -> Runs:
    """Return the instants ``t`` whose closed window ``[t+low, t+high]`` lies within ``a``."""
    start = a.start - low
    end = a.end - high
    kept = end > start
    return Runs(start[kept], end[kept])


def length(a: Runs) -> int:
    """Return how many instants (microseconds) ``a`` holds."""
    return int((a.end - a.start).sum())


def is_empty(a: Runs) -> bool:
    """Say whether ``a`` holds no instant."""
    return len(a.start) == 0


def holds_at(a: Runs, instant: int) -> bool:
    """Say whether ``instant`` is in ``a``."""
    index = int(np.searchsorted(a.start, instant, "right")) - 1
    return index >= 0 and instant < int(a.end[index])


def touches(a: Runs, start: int, end: int) -> bool:
    """Say whether ``a`` holds any instant of ``[start, end)``."""
    index = int(np.searchsorted(a.end, start, "right"))
    return index < len(a.start) and start < end and int(a.start[index]) < end


def members(a: Runs, ticks: Ticks) -> Mask:
    """Say for each of ``ticks`` whether it is in ``a``."""
    if len(a.start) == 0:
        return np.zeros(len(ticks), np.bool_)
    index = np.searchsorted(a.start, ticks, "right") - 1
    return np.asarray((index >= 0) & (ticks < a.end[np.maximum(index, 0)]), np.bool_)


def next_at(a: Runs, ticks: Ticks, never: int) -> Ticks:
    """Return for each of ``ticks`` the first instant of ``a`` at or after it, else ``never``."""
    if len(a.start) == 0:
        return np.full(len(ticks), never, np.int64)
    index = np.searchsorted(a.end, ticks, "right")
    found = index < len(a.start)
    start = a.start[np.minimum(index, len(a.start) - 1)]
    return np.where(found, np.maximum(start, ticks), never).astype(np.int64)


def pairs(a: Runs) -> Iterator[tuple[int, int]]:
    """Give the runs of ``a`` as pairs of Python integers, in time order."""
    return zip(a.start.tolist(), a.end.tolist(), strict=True)
