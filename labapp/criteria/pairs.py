"""Two channels compared sample by sample, at the slower one's instants, never by held values."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from labapp.criteria.algebra import Truth
from labapp.criteria.amounts import exact_in
from labapp.criteria.condition import Agrees
from labapp.criteria.intervals import Mask, Ticks
from labapp.criteria.signals import Held, Samples, held_values, samples_of, truth_of
from labapp.model.trace import Trace
from labapp.model.units import convert, find_unit

# Two roundings of a float64 difference stay far below this share of the larger operand.
_DOUBT = 1e-12


class Pairs(NamedTuple):
    """Samples of the slower channel, each with the nearest one of the faster.

    ``first`` and ``second`` follow the order of the names, in their own units; ``good``
    is where both are known and near enough; ``held`` is how long the slower one holds.
    """

    at: Ticks
    first: NDArray[np.float64]
    second: NDArray[np.float64]
    good: Mask
    held: Held
    slower: str
    faster: str
    partner: Ticks


def paired(name: str, reference: str, trace: Trace) -> Pairs:
    """Return the pairs of two channels: nearest within half a period of the slower.

    The nearest sample is sought among all; one that is unknown leaves its pair unknown,
    so that losing a sample can never turn into comparing with another.
    """
    a, b = (samples_of(trace.channels[each], trace) for each in (name, reference))
    swap = _period(a) < _period(b)
    slow, fast = (b, a) if swap else (a, b)
    slower, faster = (reference, name) if swap else (name, reference)
    near, good = _nearest(slow, fast)
    good &= slow.good
    own = np.where(good, slow.value, 0.0)
    other = np.where(good, fast.value[near], 0.0) if len(fast.at) else np.zeros(len(slow.at))
    first, second = (other, own) if swap else (own, other)
    return Pairs(
        at=slow.at,
        first=first,
        second=second,
        good=good,
        held=held_values(trace.channels[slower], trace),
        slower=slower,
        faster=faster,
        partner=fast.at[near] if len(fast.at) else slow.at,
    )


def agreement(leaf: Agrees, trace: Trace) -> Truth:
    """Return where the newest pair agrees; it holds as long as the slower sample does."""
    pairs = paired(leaf.name, leaf.reference, trace)
    agrees = _within(leaf, pairs, trace)
    index = np.searchsorted(pairs.at, pairs.held.start)
    good = pairs.good[index]
    held = Held(pairs.held.start[good], pairs.held.end[good], pairs.held.value[good])
    return truth_of(held, agrees[index][good])


def differences(name: str, reference: str, pairs: Pairs, trace: Trace) -> list[Fraction]:
    """Return the exact differences of good pairs, in the unit of the first channel."""
    first, second = (find_unit(trace.channels[each].unit) for each in (name, reference))
    found = []
    for a, b in zip(pairs.first[pairs.good], pairs.second[pairs.good], strict=True):
        other = Fraction(float(b))
        if first is not None and second is not None and first != second:
            other = convert(other, second, first)
        found.append(Fraction(float(a)) - other)
    return found


def _within(leaf: Agrees, pairs: Pairs, trace: Trace) -> Mask:
    """Say for every pair whether it agrees: floats where they are sure, else fractions."""
    units = [find_unit(trace.channels[each].unit) for each in (leaf.name, leaf.reference)]
    relative = leaf.tolerance.unit == "%"
    if relative:
        limit = leaf.tolerance.amount / 100
    else:
        limit = exact_in(leaf.tolerance, trace.channels[leaf.name].unit, leaf.name, difference=True)
    agrees = np.zeros(len(pairs.at), np.bool_)
    unsure = pairs.good.copy()
    if units[0] == units[1]:
        gap = np.abs(pairs.first - pairs.second)
        most = np.abs(pairs.second) * float(limit) if relative else np.full(len(gap), float(limit))
        doubt = _DOUBT * (np.abs(pairs.first) + np.abs(pairs.second) + most)
        agrees = np.asarray(pairs.good & (gap < most - doubt), np.bool_)
        unsure &= np.abs(gap - most) <= doubt
    for index in np.flatnonzero(unsure):
        a, b = Fraction(float(pairs.first[index])), Fraction(float(pairs.second[index]))
        if units[0] is not None and units[1] is not None:
            b = convert(b, units[1], units[0])
        agrees[index] = abs(a - b) <= (limit * abs(b) if relative else limit)
    return agrees


def _period(samples: Samples) -> int:
    """Return the usual distance of samples: the lower median; one sample is slower than any."""
    steps = np.sort(np.diff(samples.at))
    return int(steps[(len(steps) - 1) // 2]) if len(steps) else 2**62


def _nearest(slow: Samples, fast: Samples) -> tuple[Ticks, Mask]:
    """Return for each slow sample the nearest fast one, and whether it is good and near.

    Of two equally near the earlier counts.
    """
    if len(fast.at) == 0:
        return np.zeros(len(slow.at), np.int64), np.zeros(len(slow.at), np.bool_)
    after = np.minimum(np.searchsorted(fast.at, slow.at), len(fast.at) - 1)
    before = np.maximum(after - 1, 0)
    closer = np.abs(fast.at[before] - slow.at) <= np.abs(fast.at[after] - slow.at)
    near = np.where(closer, before, after)
    distance = np.abs(fast.at[near] - slow.at)
    return near, np.asarray((distance * 2 <= _period(slow)) & fast.good[near], np.bool_)
