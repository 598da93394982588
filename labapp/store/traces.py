"""Readings of one kit as what criteria are judged on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from labapp.model.reading import Gap, Quality, Reading
from labapp.model.text import Text
from labapp.model.trace import Channel, Trace

FOREVER_US = 10**15
"""How long a reading holds that never gets stale: 31 years."""


class PointFacts(Protocol):
    """What a trace needs to know of a point; ``labapp.profiles.profile.Point`` is one."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def name(self) -> Text:
        """What people call it."""

    @property
    def unit(self) -> str:
        """SenML symbol."""

    @property
    def stale_us(self) -> int:
        """How long a reading holds, microseconds; 0 means for ever."""

    @property
    def states(self) -> tuple[str, ...]:
        """Names of its states by code, or empty."""


class KitFacts(Protocol):
    """What a trace needs to know of a kit; ``labapp.profiles.profile.Profile`` is one."""

    @property
    def points(self) -> Sequence[PointFacts]:
        """Its points."""


def trace_of(
    kit: KitFacts,
    by_point: Mapping[str, Sequence[Reading]],
    gaps: Sequence[Gap],
    span_us: tuple[int, int],
) -> Trace:
    """Return the trace of a recording: a channel for every point of the kit.

    A bad reading ends what was known before it: its value is NaN. Readings of points that
    the kit does not have are left out. A recording of no length has no channels.
    """
    if span_us[1] <= span_us[0]:
        return Trace({}, span_us)
    channels = {
        point.id: channel_of(point, *samples(by_point.get(point.id, ())), gaps)
        for point in kit.points
    }
    return Trace(channels, span_us, merged(gap for gap in gaps if not gap.points))


def channel_of(
    point: PointFacts,
    t_us: NDArray[np.int64],
    value: NDArray[np.float64],
    gaps: Iterable[Gap],
) -> Channel:
    """Return the channel of one point; ``t_us`` must not decrease."""
    return Channel(
        unit=point.unit,
        stale_after_us=point.stale_us if point.stale_us > 0 else FOREVER_US,
        t_us=t_us,
        value=value,
        states=point.states,
        name=point.name,
        gaps_us=merged(gap for gap in gaps if point.id in gap.points),
    )


def samples(readings: Sequence[Reading]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return instants and values in time order; readings of one instant keep theirs."""
    count = len(readings)
    t_us = np.fromiter((reading.t_us for reading in readings), np.int64, count)
    value = np.fromiter((value_of(reading) for reading in readings), np.float64, count)
    if count and np.any(np.diff(t_us) < 0):
        order = np.argsort(t_us, kind="stable")
        t_us, value = t_us[order], value[order]
    return t_us, value


def value_of(reading: Reading) -> float:
    """Return what is judged: NaN where the reading is bad."""
    if reading.value is None or reading.quality == Quality.BAD:
        return np.nan
    return reading.value


def merged(gaps: Iterable[Gap]) -> tuple[tuple[int, int], ...]:
    """Return stretches in order, those that touch as one, empty ones left out."""
    found: list[tuple[int, int]] = []
    for from_us, to_us in sorted((gap.from_us, gap.to_us) for gap in gaps):
        if to_us <= from_us:
            continue
        if found and from_us <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], to_us))
        else:
            found.append((from_us, to_us))
    return tuple(found)
