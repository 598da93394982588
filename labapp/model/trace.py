"""What a criterion is judged on: samples that hold, gaps that do not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from labapp.model.text import Text


@dataclass(frozen=True, slots=True, eq=False)
class Channel:
    """All samples of one point.

    A sample holds from its instant until the next sample, ``stale_after_us`` or a gap,
    whichever comes first; outside that the value is unknown. NaN is unknown too.

    Attributes:
        unit: SenML symbol, or ``1``.
        stale_after_us: how long a sample holds without a next one, microseconds.
        t_us: instants, int64, not decreasing, shape (n,).
        value: values in ``unit``, float64, shape (n,).
        states: for a state point, its names by code: ``("off", "on")``; else empty.
        name: what people call it.
        gaps_us: stretches ``[from, to)`` without data for this point alone.
    """

    unit: str
    stale_after_us: int
    t_us: NDArray[np.int64]
    value: NDArray[np.float64]
    states: tuple[str, ...] = ()
    name: Text | None = None
    gaps_us: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """Channels over one span ``[from, to)``; nothing outside it is ever known."""

    channels: Mapping[str, Channel]
    span_us: tuple[int, int]
    gaps_us: tuple[tuple[int, int], ...] = field(default=())
