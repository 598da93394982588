"""Recordings as they would be if one thing had gone wrong: what a rubric must tell from the right one.

Made from the recording of the reference program. Samples keep their instants; values change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from labapp.model.trace import Channel, Trace

Values = NDArray[np.float64]
Instants = NDArray[np.int64]
Wanted = Literal["loses", "spares", "earns-nothing"]
"""What a rubric has to do: take marks away, take none for what is missing, or give none."""

LATE_US = 20_000_000
PULSE_US = 3_000_000
OVERSTAY_US = 40_000_000
FLUTTER_US = 500_000
GAP_US = 10_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Mutant:
    """One changed recording: ``id`` is ``POINT.KIND``, or ``KIND`` where it is about all points."""

    id: str
    wanted: Wanted
    trace: Trace


def mutants(trace: Trace, driven: tuple[str, ...]) -> Iterator[Mutant]:
    """Give every mutant of ``trace``; those of ``driven`` points that change nothing are left out."""
    for name in driven:
        channel = trace.channels.get(name)
        if channel is None or len(channel.value) == 0:
            continue
        for kind, change in _CHANGES.items():
            value = change(channel.t_us, channel.value)
            if not np.array_equal(value, channel.value, equal_nan=True):
                yield Mutant(f"{name}.{kind}", "loses", _with(trace, name, value))
    yield Mutant("no-stimulus", "earns-nothing", _frozen(trace))
    for number, (from_us, to_us) in enumerate(_first_actions(trace, driven)):
        gap = (max(trace.span_us[0], from_us - GAP_US // 2), min(trace.span_us[1], to_us))
        yield Mutant(f"gap.{number + 1}", "spares", replace(trace, gaps_us=(*trace.gaps_us, gap)))
    middle = (trace.span_us[0] + trace.span_us[1]) // 2
    lost = (middle, trace.span_us[1])
    yield Mutant("link-lost", "spares", replace(trace, gaps_us=(*trace.gaps_us, lost)))


def _with(trace: Trace, name: str, value: Values) -> Trace:
    channel = replace(trace.channels[name], value=value)
    return replace(trace, channels={**trace.channels, name: channel})


def _frozen(trace: Trace) -> Trace:
    """Return the recording of a kit on which nothing ever happened."""
    return replace(
        trace, channels={name: _still(channel) for name, channel in trace.channels.items()}
    )


def _still(channel: Channel) -> Channel:
    if len(channel.value) == 0:
        return channel
    return replace(channel, value=np.full_like(channel.value, channel.value[0]))


def _first_actions(trace: Trace, driven: tuple[str, ...]) -> list[tuple[int, int]]:
    """Return the stretch about the first action of each driven point, without repeats."""
    found = set()
    for name in driven:
        channel = trace.channels.get(name)
        runs = [] if channel is None else _runs(channel.value)
        if channel is not None and runs:
            at = int(channel.t_us[runs[0][0]])
            found.add((at, at + GAP_US // 2))
    return sorted(found)


def _runs(value: Values) -> list[tuple[int, int]]:
    """Return where a point was away from its first value, as ranges of samples."""
    if len(value) == 0:
        return []
    away = np.concatenate(([False], value != value[0], [False]))
    edges = np.flatnonzero(away[1:] != away[:-1])
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _acting(value: Values) -> float:
    """Return the value that a point has when it acts: the first one that is not where it began."""
    runs = _runs(value)
    return float(value[runs[0][0]]) if runs else 1.0 - float(value[0])


def _late(t: Instants, value: Values) -> Values:
    """Every change comes 20 s later."""
    earlier = np.searchsorted(t, t - LATE_US, side="right") - 1
    return np.where(earlier < 0, value[0], value[np.maximum(earlier, 0)])


def _stuck_at_start(_t: Instants, value: Values) -> Values:
    return np.full_like(value, value[0])


def _stuck_acting(_t: Instants, value: Values) -> Values:
    return np.full_like(value, _acting(value))


def _inverted(_t: Instants, value: Values) -> Values:
    return np.where(value == value[0], _acting(value), value[0])


def _without_one(_t: Instants, value: Values) -> Values:
    """The first action is left out."""
    changed = value.copy()
    runs = _runs(value)
    if runs:
        changed[runs[0][0] : runs[0][1]] = value[0]
    return changed


def _pulse(t: Instants, value: Values) -> Values:
    """One action of 3 s for no reason, half-way to the first one."""
    changed = value.copy()
    runs = _runs(value)
    end = int(t[runs[0][0]]) if runs else int(t[-1])
    at = (int(t[0]) + end) // 2
    changed[(t >= at) & (t < min(at + PULSE_US, end))] = _acting(value)
    return changed


def _overstayed(t: Instants, value: Values) -> Values:
    """Every action lasts 40 s longer."""
    changed = value.copy()
    for start, end in _runs(value):
        stop = int(t[min(end, len(t) - 1)]) + OVERSTAY_US
        changed[(t >= t[start]) & (t < stop)] = value[start]
    return changed


def _fluttering(t: Instants, value: Values) -> Values:
    """Half a second on, half a second off, while it acts."""
    changed = value.copy()
    for start, end in _runs(value):
        since = (t[start:end] - t[start]) // FLUTTER_US
        changed[start:end] = np.where(since % 2 == 1, value[0], value[start:end])
    return changed


_CHANGES: dict[str, Callable[[Instants, Values], Values]] = {
    "late": _late,
    "stuck-at-start": _stuck_at_start,
    "stuck-acting": _stuck_acting,
    "inverted": _inverted,
    "one-missing": _without_one,
    "pulse": _pulse,
    "overstays": _overstayed,
    "flutters": _fluttering,
}
