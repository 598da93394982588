"""Axes of the plots: time as minutes and seconds, values as plain numbers."""

from __future__ import annotations

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtGui import QFontMetrics, QPen

from labapp.ui.look import Look

LEFT_WIDTH, WIDEST_LEFT = 48, 96
"""Width of every left axis in pixels, so that the plots of a stack line up; more for long names."""


class TimeAxis(pg.AxisItem):  # type: ignore[misc]
    """Seconds since the recording began, written ``05:23`` or, zoomed in, ``05:23.6``."""

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        """Return the label of each tick; pyqtgraph calls this while painting."""
        return [clock_text(value, 1 if spacing < 1 else 0) for value in values]


def left_width(look: Look, names: Sequence[str]) -> int:
    """Return how wide the left axes of a stack must be for the names of its lanes."""
    metrics = QFontMetrics(look.theme.font(11))
    wide = max((metrics.horizontalAdvance(name) for name in names), default=0)
    return min(WIDEST_LEFT, max(LEFT_WIDTH, wide + 12))


def clock_text(seconds: float, decimals: int = 0) -> str:
    """Return seconds as ``mm:ss``, with tenths where asked; before the start with a minus."""
    sign = "−" if seconds < 0 else ""
    tenths = round(abs(seconds) * 10**decimals)
    whole, rest = divmod(tenths, 10**decimals)
    minutes, left = divmod(whole, 60)
    tail = f".{rest:0{decimals}d}" if decimals else ""
    return f"{sign}{minutes:02d}:{left:02d}{tail}"


def dress(axis: pg.AxisItem, look: Look, *, line: bool = True) -> None:
    """Give an axis the theme's font and colours."""
    axis.setPen(pg.mkPen(look.theme.color("borderB")) if line else pg.mkPen(None))
    axis.setTextPen(QPen(look.theme.color("text2")))
    axis.setTickFont(look.theme.font(11))
    axis.setStyle(tickLength=-3, tickTextOffset=4)
