"""Finds a small part of the recording that is enough to see why a verdict is as it is.

The truth of a condition at some instants is traced down to its leaves: where all operands
are needed all are followed, where one is enough the one that explains most; a window in
which something held needs a few witnesses, one in which it never did is cited whole. Hiding
every other sample leaves the verdict as it was.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from labapp.criteria.algebra import Truth
from labapp.criteria.cite import Cited, cites_of
from labapp.criteria.condition import (
    Agrees,
    And,
    Compare,
    Condition,
    Edge,
    Held,
    Implies,
    InRange,
    IsState,
    Leaf,
    Near,
    Not,
    Or,
    Recent,
    Until,
    Window,
    leaves_of,
    reach_of,
)
from labapp.criteria.evaluate import Evaluation
from labapp.criteria.finding import Finding
from labapp.criteria.intervals import (
    Runs,
    difference,
    instants,
    intersection,
    is_empty,
    length,
    one_run,
    pairs,
    runs,
    union,
)
from labapp.model.verdict import Cite

# From here on witnesses of a short window are cited as one stretch instead of one by one.
_MANY = 64


def explain(finding: Finding, on: Evaluation) -> tuple[Cite, ...]:
    """Return the evidence of a finding, in time order, one channel after the other."""
    found: list[Cited] = []
    for reason in finding.reasons:
        followed = list(_why(reason.condition, reason.instants, reason.truth, on))
        found += [
            Cited(leaf=leaf, instants=where, truth=truth, wanted=reason.wanted)
            for leaf, where, truth in followed
        ]
    return (*cites_of(found, on), *finding.cites)


Followed = Iterator[tuple[Leaf, Runs, bool]]


def _why(condition: Condition, where: Runs, truth: bool, on: Evaluation) -> Followed:
    """Give the leaves, instants and truths that make ``condition`` ``truth`` at ``where``."""
    if is_empty(where):
        return
    match condition:
        case Not(of):
            yield from _why(of, where, not truth, on)
        case And(items):
            yield from _of_many(items, where, truth, on, all_needed=truth)
        case Or(items):
            yield from _of_many(items, where, truth, on, all_needed=not truth)
        case Implies(left, right):
            yield from _of_many((Not(left), right), where, truth, on, all_needed=not truth)
        case Edge(op, of):
            yield from _of_edge(of if op == "rise" else Not(of), where, truth, on)
        case IsState() | Compare() | InRange() | Near() | Agrees():
            yield condition, where, truth
        case _:
            yield from _of_time(condition, where, truth, on)


def _of_time(
    condition: Held | Recent | Window | Until, where: Runs, truth: bool, on: Evaluation
) -> Followed:
    match condition:
        case Held(of, last):
            yield from _of_window(of, (-last, 0), where, truth, on, every=True)
        case Recent(of, last):
            yield from _of_window(of, (-last, 0), where, truth, on, every=False)
        case Window(op, low, high, of):
            window = (low, high) if op in ("always", "eventually") else (-high, -low)
            every = op in ("always", "historically")
            yield from _of_window(of, window, where, truth, on, every=every)
        case Until():
            yield from _of_until(condition, where, on)


def _side(condition: Condition, truth: bool, on: Evaluation) -> Runs:
    known: Truth = on.truth(condition)
    return known.true if truth else known.false


def _of_many(
    items: tuple[Condition, ...], where: Runs, truth: bool, on: Evaluation, *, all_needed: bool
) -> Followed:
    if all_needed:
        for item in items:
            yield from _why(item, where, truth, on)
        return
    left, rest = list(items), where
    while left and not is_empty(rest):
        shares = [intersection(_side(item, truth, on), rest) for item in left]
        best = max(range(len(left)), key=lambda n: length(shares[n]))
        yield from _why(left[best], shares[best], truth, on)
        rest = difference(rest, shares[best])
        del left[best]


def _of_edge(of: Condition, where: Runs, truth: bool, on: Evaluation) -> Followed:
    if truth:
        yield from _why(of, where, True, on)
        yield from _why(of, _moved(where, -1), False, on)
        return
    now = intersection(_side(of, False, on), where)
    yield from _why(of, now, False, on)
    yield from _why(of, _moved(difference(where, now), -1), True, on)


def _of_window(
    of: Condition,
    window: tuple[int, int],
    where: Runs,
    truth: bool,
    on: Evaluation,
    *,
    every: bool,
) -> Followed:
    low, high = window
    if every == truth:
        whole = runs((a + low, b + high) for a, b in pairs(where))
        yield from _why(of, whole, truth, on)
        return
    side = _side(of, truth, on)
    yield from _why(of, _witnesses(where, side, low, high), truth, on)


def _witnesses(where: Runs, side: Runs, low: int, high: int) -> Runs:
    """Return instants of ``side`` such that every window at ``where`` holds one.

    The latest in the first window serves most of the windows that follow.
    """
    points: list[int] = []
    stretches: list[tuple[int, int]] = []
    for start, end in pairs(where):
        at = start
        while at < end:
            index = int(np.searchsorted(side.start, at + high, "right")) - 1
            if index < 0:
                break
            latest = min(at + high, int(side.end[index]) - 1)
            if latest == at + high and end - at > _MANY * (high - low + 1):
                latest = min(int(side.end[index]), end + high) - 1
                stretches.append((at + high, latest + 1))
            else:
                points.append(latest)
            if latest - low < at:
                break
            at = latest - low + 1
    return union(instants(np.unique(np.array(points, np.int64))), runs(stretches))


def _of_until(condition: Until, where: Runs, on: Evaluation) -> Followed:
    """Cite both operands over the whole window: what came first decides, so all is needed."""
    low, high = condition.low_us, condition.high_us
    if condition.op == "until":
        holding = runs((a, b + high) for a, b in pairs(where))
        goal = runs((a + low, b + high) for a, b in pairs(where))
    else:
        holding = runs((a - high, b) for a, b in pairs(where))
        goal = runs((a - high, b - low) for a, b in pairs(where))
    yield from _all_of(condition.left, holding, on)
    yield from _all_of(condition.right, goal, on)


def _all_of(condition: Condition, where: Runs, on: Evaluation) -> Followed:
    """Cite all that is known of the leaves at ``where`` and as far around as they are looked at."""
    past, future = reach_of(condition)
    around = intersection(runs((a - past, b + future) for a, b in pairs(where)), one_run(*on.span))
    for leaf in leaves_of(condition):
        for truth in (True, False):
            part = intersection(_side(leaf, truth, on), around)
            if not is_empty(part):
                yield leaf, part, truth


def _moved(where: Runs, by: int) -> Runs:
    return Runs(where.start + by, where.end + by)
