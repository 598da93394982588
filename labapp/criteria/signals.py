"""Samples as what they stand for: values that hold for a while, and nothing in between."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from labapp.criteria.algebra import Truth
from labapp.criteria.intervals import (
    Mask,
    Runs,
    Ticks,
    clip,
    complement,
    difference,
    inside,
    members,
    merged,
    one_run,
    runs,
    union,
)
from labapp.model.trace import Channel, Trace


class Held(NamedTuple):
    """Values that hold, ``value[i]`` on ``[start[i], end[i])``; unknown everywhere else."""

    start: Ticks
    end: Ticks
    value: NDArray[np.float64]


class Samples(NamedTuple):
    """Samples at distinct instants; ``good`` marks those with a usable value outside gaps."""

    at: Ticks
    value: NDArray[np.float64]
    good: Mask


def samples_of(channel: Channel, trace: Trace) -> Samples:
    """Return the channel's samples; of several at one instant the last counts."""
    t_us, value = channel.t_us, channel.value
    last = np.ones(len(t_us), np.bool_)
    last[:-1] = t_us[1:] != t_us[:-1]
    at, kept = t_us[last], value[last]
    good = np.isfinite(kept)
    if channel.states:
        good &= (kept >= 0) & (kept < len(channel.states)) & (kept == np.floor(kept))
    return Samples(at, kept, good & ~members(_gaps(channel, trace), at))


def held_values(channel: Channel, trace: Trace) -> Held:
    """Return how long each good sample holds: to the next one, to staleness or to a gap."""
    at, value, good = samples_of(channel, trace)
    end = at + channel.stale_after_us
    end[:-1] = np.minimum(end[:-1], at[1:])
    gaps = _gaps(channel, trace)
    if len(gaps.start) and len(at):
        following = np.searchsorted(gaps.start, at, "right")
        met = following < len(gaps.start)
        first = gaps.start[np.minimum(following, len(gaps.start) - 1)]
        end = np.where(met, np.minimum(end, first), end)
    kept = good & (end > at)
    return Held(at[kept], end[kept], value[kept])


def known_runs(held: Held) -> Runs:
    """Return where a value is known."""
    return merged(held.start, held.end)


def truth_of(held: Held, holds: Mask) -> Truth:
    """Return where values satisfy a test, given the answer for each piece."""
    return Truth(
        merged(held.start[holds], held.end[holds]), merged(held.start[~holds], held.end[~holds])
    )


def younger_than(samples: Samples, most_us: int, span: tuple[int, int]) -> Truth:
    """Return where the newest good sample is at most ``most_us`` old.

    Before the first one only this is known: that none came since the span began.
    """
    at = samples.at[samples.good]
    upto = np.append(at[1:], span[1])
    end = np.minimum(upto, at + (most_us + 1))
    kept = end > at
    young = clip(merged(at[kept], end[kept]), *span)
    first = int(at[0]) if len(at) else span[1]
    unsure = clip(one_run(span[0], min(first, span[0] + most_us)), *span)
    return Truth(young, complement(union(young, unsure), *span))


def changed_at_least(held: Held, count: int, last_us: int, span: tuple[int, int]) -> Truth:
    """Return where the value changed ``count`` times or more in the last ``last_us``.

    A change is counted where both values are known; an unknown stretch can hide any number.
    What changed before the span began is not of this recording and is not asked for.
    """
    joined = held.start[1:] == held.end[:-1]
    moved = held.value[1:] != held.value[:-1]
    at = held.start[1:][joined & moved & (held.start[1:] > span[0])]
    edges = np.concatenate((at, at + (last_us + 1)))
    step = np.concatenate((np.ones(len(at), np.int64), -np.ones(len(at), np.int64)))
    order = np.argsort(edges, kind="stable")
    edges, level = edges[order], np.cumsum(step[order])
    last = np.ones(len(edges), np.bool_)
    last[:-1] = edges[1:] != edges[:-1]
    edges, enough = edges[last], level[last] >= count
    before = one_run(span[0] - last_us - 1, span[0])
    known = inside(union(before, clip(known_runs(held), *span)), -last_us - 1, 0)
    if count <= 0:
        return Truth(one_run(*span), runs(()))
    upto = np.append(edges[1:], span[1])
    kept = enough & (upto > edges)
    many = clip(merged(edges[kept], upto[kept]), *span)
    return Truth(many, clip(difference(known, many), *span))


def _gaps(channel: Channel, trace: Trace) -> Runs:
    return runs((*trace.gaps_us, *channel.gaps_us))
