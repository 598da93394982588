"""What a stack of plots is drawn from: the running sitting, or a sealed recording."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from labapp.model.reading import Event, Gap


class PlotSource(Protocol):
    """Readings to draw. Called in the Qt thread, answers at once."""

    def now_us(self) -> int:
        """Return the newest instant, microseconds since the sitting began."""

    def window(
        self, point: str, from_us: int, to_us: int, columns: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
        """Return instants with the lowest and highest value of each of at most ``columns`` stretches."""

    def events(self) -> Sequence[Event]:
        """Return what happened, in time order."""

    def gaps(self) -> Sequence[Gap]:
        """Return the stretches without data, in time order."""


def outline(
    t_us: NDArray[np.int64], low: NDArray[np.float64], high: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return one polyline through the lowest and highest value of every stretch, time in seconds."""
    if np.array_equal(low, high, equal_nan=True):
        return t_us / 1e6, low
    t_s = np.repeat(t_us / 1e6, 2)
    y = np.empty(2 * low.size)
    y[0::2], y[1::2] = low, high
    return t_s, y
