"""Two cursors on the plots: values at both, and what lies between them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from labapp.model.text import Text
from labapp.ui.plots.axis import clock_text
from labapp.ui.plots.source import PlotSource

FINE_COLUMNS = 20_000
"""More columns than readings between two cursors, so that they come one by one."""
_NEAR_US = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """One quantity between two instants; NaN where nothing was recorded.

    ``statistics`` are mean, median, min, max, first and final of the readings in between.
    """

    point: str
    at_a: float
    at_b: float
    statistics: dict[str, float]


class Ruler:
    """Two instants, in seconds, on the readings of a source; ``active`` is the one that moves."""

    def __init__(self, source: PlotSource, points: Sequence[str], a_s: float, b_s: float) -> None:
        self._source, self._points = source, tuple(points)
        self.a_s, self.b_s = a_s, b_s
        self.active = "b"

    def put(self, instant_s: float) -> None:
        """Move the nearer cursor to the reading nearest to an instant."""
        self.active = "a" if abs(instant_s - self.a_s) <= abs(instant_s - self.b_s) else "b"
        self.move_to(instant_s)

    def move_to(self, instant_s: float) -> None:
        """Move the active cursor to the reading nearest to an instant."""
        snapped = self._snapped(instant_s)
        if self.active == "a":
            self.a_s = snapped
        else:
            self.b_s = snapped

    def step(self, readings: int) -> None:
        """Move the active cursor by readings of the first quantity."""
        instant = self.a_s if self.active == "a" else self.b_s
        t_us = self._instants(instant)
        if not t_us.size:
            return
        at = int(np.argmin(np.abs(t_us - instant * 1e6)))
        self.move_to(float(t_us[min(max(0, at + readings), t_us.size - 1)]) / 1e6)

    def stretches(self) -> tuple[Stretch, ...]:
        """Return what lies between the cursors, for each quantity."""
        return tuple(self._stretch(point) for point in self._points)

    def value_at(self, point: str, instant_s: float) -> float:
        """Return the reading that holds at an instant, NaN where there is none."""
        end = round(instant_s * 1e6)
        t_us, low, _ = self._source.window(point, end - _NEAR_US, end + 1, FINE_COLUMNS)
        known = np.flatnonzero(t_us <= end + 1)
        return float(low[known[-1]]) if known.size else math.nan

    def _stretch(self, point: str) -> Stretch:
        first, last = sorted((round(self.a_s * 1e6), round(self.b_s * 1e6)))
        t_us, low, high = self._source.window(point, first, last, FINE_COLUMNS)
        inside = (t_us >= first) & (t_us <= last) & np.isfinite(low)
        values = (low[inside] + high[inside]) / 2
        return Stretch(
            point=point,
            at_a=self.value_at(point, self.a_s),
            at_b=self.value_at(point, self.b_s),
            statistics=_statistics(values) if values.size else {},
        )

    def _instants(self, instant_s: float) -> np.ndarray:
        middle = round(instant_s * 1e6)
        if not self._points:
            return np.empty(0, np.int64)
        t_us, _, _ = self._source.window(
            self._points[0], middle - _NEAR_US, middle + _NEAR_US, FINE_COLUMNS
        )
        return t_us

    def _snapped(self, instant_s: float) -> float:
        t_us = self._instants(instant_s)
        if not t_us.size:
            return instant_s
        return float(t_us[np.argmin(np.abs(t_us - instant_s * 1e6))]) / 1e6


def times_words(ruler: Ruler) -> Text:
    """Return both instants and the time between them."""
    first, last = clock_text(ruler.a_s, 1), clock_text(ruler.b_s, 1)
    apart = f"{abs(ruler.b_s - ruler.a_s):.1f} s"
    return Text(f"A {first} → B {last}，相隔 {apart}", f"A {first} → B {last}, {apart} apart")


def stretch_words(stretch: Stretch, name: Text, unit: str, decimals: int, apart_s: float) -> Text:
    """Return the difference, the slope and the mean of a quantity between the cursors."""
    change = stretch.at_b - stretch.at_a
    if math.isnan(change) or not stretch.statistics:
        return Text(f"{name.zh} 没有数据", f"{name.en}: no data")
    digits = min(decimals, 2)
    tail = f" {unit}" if unit else ""
    moved = f"{change:+.{digits}f}{tail}"
    slope = f"{change / apart_s:+.2f}/s" if apart_s else "—"
    mean = f"{stretch.statistics['mean']:.{digits}f}{tail}"
    return Text(
        f"{name.zh} {moved}（{slope}），平均 {mean}", f"{name.en} {moved} ({slope}), mean {mean}"
    )


def _statistics(values: np.ndarray) -> dict[str, float]:
    return {
        "mean": math.fsum(values.tolist()) / values.size,
        "median": float(np.median(values)),
        "min": float(values.min()),
        "max": float(values.max()),
        "first": float(values[0]),
        "final": float(values[-1]),
    }
