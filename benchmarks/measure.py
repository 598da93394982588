"""Medians of interleaved pairs: what the machine does meanwhile meets both sides alike."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

LOOP = 400_000


@dataclass(frozen=True, slots=True)
class Ratio:
    """One figure: ours to theirs, as medians over pairs that were run in turn."""

    name: str
    ours: float
    theirs: float
    unit: str
    of: str
    ratio: float
    low: float
    high: float
    pairs: int

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def seconds(work: Callable[[], object]) -> float:
    """Return how long ``work`` takes by the wall."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def pairs(
    name: str,
    ours: Callable[[], float],
    theirs: Callable[[], float],
    *,
    of: str,
    count: int = 7,
    unit: str = "s",
) -> Ratio:
    """Take ``count`` pairs in turn after one that does not count; both return their figure."""
    ours(), theirs()
    taken = [
        (ours(), theirs()) if at % 2 else (theirs(), ours())[::-1]  # neither is always first
        for at in range(count)
    ]
    each = sorted(mine / other for mine, other in taken)
    return Ratio(
        name=name,
        ours=_median([mine for mine, _ in taken]),
        theirs=_median([other for _, other in taken]),
        unit=unit,
        of=of,
        ratio=_median(each),
        low=each[0],
        high=each[-1],
        pairs=count,
    )


def loop() -> float:
    """Return how long a fixed loop of plain Python takes: what a figure is compared with."""

    def turn() -> int:
        total = 0
        for number in range(LOOP):
            total = (total * 31 + number) & 0xFFFF
        return total

    return seconds(turn)


def share(values: Sequence[float], percent: float) -> float:
    """Return the value that ``percent`` of all values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def _median(values: Sequence[float]) -> float:
    return statistics.median(values)
