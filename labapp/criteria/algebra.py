"""Three-valued temporal logic over runs (Kleene): known true, known false, or unknown.

Every operator is exact at every instant: it says *known* only where any filling of the
unknown stretches would give the same answer operand by operand.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import NamedTuple

import numpy as np

from labapp.criteria.intervals import (
    Runs,
    clip,
    complement,
    empty,
    holds_at,
    inside,
    intersection,
    merged,
    touching,
    union,
)


class Truth(NamedTuple):
    """Where something is known true and where it is known false; elsewhere it is unknown."""

    true: Runs
    false: Runs


def truth_at(x: Truth, instant: int) -> bool | None:
    """Return the truth at ``instant``; ``None`` is unknown."""
    if holds_at(x.true, instant):
        return True
    return False if holds_at(x.false, instant) else None


def unknown(x: Truth, low: int, high: int) -> Runs:
    """Return the instants of ``[low, high)`` where ``x`` is not known."""
    return complement(union(x.true, x.false), low, high)


def within_span(x: Truth, low: int, high: int) -> Truth:
    """Forget all that lies outside ``[low, high)``."""
    return Truth(clip(x.true, low, high), clip(x.false, low, high))


def negation(x: Truth) -> Truth:
    """Not."""
    return Truth(x.false, x.true)


def conjunction(items: Sequence[Truth]) -> Truth:
    """And over one or more operands."""
    return Truth(
        reduce(intersection, (x.true for x in items)), reduce(union, (x.false for x in items))
    )


def disjunction(items: Sequence[Truth]) -> Truth:
    """Or over one or more operands."""
    return negation(conjunction([negation(x) for x in items]))


def implication(x: Truth, y: Truth) -> Truth:
    """Known true where ``x`` is false or ``y`` true."""
    return disjunction([negation(x), y])


def eventually(x: Truth, low: int, high: int) -> Truth:
    """At some instant of ``[t+low, t+high]``; negative bounds look back."""
    return Truth(touching(x.true, low, high), inside(x.false, low, high))


def always(x: Truth, low: int, high: int) -> Truth:
    """At every instant of ``[t+low, t+high]``; negative bounds look back."""
    return Truth(inside(x.true, low, high), touching(x.false, low, high))


def rise(x: Truth) -> Truth:
    """True now and false one tick ago, both known."""
    before = Truth(Runs(x.true.start + 1, x.true.end + 1), Runs(x.false.start + 1, x.false.end + 1))
    return conjunction([x, negation(before)])


def until(x: Truth, y: Truth, low: int, high: int, span: tuple[int, int]) -> Truth:
    """At some ``u`` of ``[t+low, t+high]`` ``y`` holds, and ``x`` at every instant of ``[t, u)``.

    ``span`` bounds where the answer is wanted; operands are unknown where they say nothing.
    """
    reach = high + 1
    around = (span[0] - reach, span[1] + reach)
    perhaps = _until_runs(complement(x.false, *around), complement(y.false, *around), low, high)
    return Truth(_until_runs(x.true, y.true, low, high), complement(perhaps, *span))


def since(x: Truth, y: Truth, low: int, high: int, span: tuple[int, int]) -> Truth:
    """At some ``u`` of ``[t-high, t-low]`` ``y`` held, and ``x`` at every instant of ``(u, t]``."""
    mirrored = until(_mirror(x), _mirror(y), low, high, (1 - span[1], 1 - span[0]))
    return _mirror(mirrored)


def _mirror(x: Truth) -> Truth:
    """Turn time round: instant ``t`` becomes ``-t``."""
    return Truth(*(Runs(1 - side.end[::-1], 1 - side.start[::-1]) for side in x))


def _until_runs(x: Runs, y: Runs, low: int, high: int) -> Runs:
    """Return where ``x until[low, high] y`` holds for two plain sets.

    Within one run ``[s, e)`` of ``x`` the goal ``u`` may lie in ``[s, e]``, its end included:
    there ``t`` runs over ``[max(s, u-high), min(e, u-low+1))``. Where ``low`` is 0, ``u = t``
    needs no ``x`` at all, which adds ``y`` itself.
    """
    starts = [y.start] if low == 0 else []
    ends = [y.end] if low == 0 else []
    if len(x.start) and len(y.start):
        first = np.searchsorted(x.end + 1, y.start, "right")
        count = np.maximum(np.searchsorted(x.start, y.end, "left") - first, 0)
        goal = np.repeat(np.arange(len(count)), count)
        hold = np.arange(len(goal)) - np.repeat(np.cumsum(count) - count - first, count)
        earliest = np.maximum(y.start[goal], x.start[hold])
        latest = np.minimum(y.end[goal], x.end[hold] + 1)
        start = np.maximum(earliest - high, x.start[hold])
        end = np.minimum(latest - low, x.end[hold])
        kept = (latest > earliest) & (end > start)
        starts.append(start[kept])
        ends.append(end[kept])
    if not starts:
        return empty()
    start, end = np.concatenate(starts), np.concatenate(ends)
    order = np.argsort(start, kind="stable")
    return merged(start[order], np.maximum.accumulate(end[order])) if len(order) else empty()
