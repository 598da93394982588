"""A plot of one quantity, with its limits and the marks of what happened."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt

from labapp.model.text import Text
from labapp.ui.look import Look
from labapp.ui.plots.row import PlotRow

LIMIT_AT = 0.24
"""Where along its line a limit is named, as a share of the plot's width."""


class AnaloguePlot(PlotRow):
    """One curve over time; the name stands in the curve's colour, the unit beside it.

    Args:
        title: name and unit, as shown above the curve.
        token: colour token of the curve.
        least_span: smallest height of the value axis, in the point's unit, so that noise
            does not fill the plot.
    """

    def __init__(
        self, look: Look, title: Text, token: str, least_span: float, *, last: bool = False
    ) -> None:
        super().__init__(look, last=last)
        self._title = title
        self._token = token
        self._least_span = least_span
        self._curve = pg.PlotCurveItem(connect="finite", antialias=True)
        self.addItem(self._curve)
        self._caption = pg.LabelItem("", justify="left")
        self._caption.setParentItem(self.getPlotItem().getViewBox())
        self._caption.anchor(itemPos=(0, 0), parentPos=(0, 0), offset=(4, -2))
        self._limits: list[pg.InfiniteLine] = []
        self._marks: list[pg.InfiniteLine] = []
        self._cursors: list[pg.InfiniteLine] = []
        self._dots = pg.ScatterPlotItem(size=9, pxMode=True)
        self._dots.setZValue(8)
        self.addItem(self._dots)
        self._tags: list[pg.TextItem] = []
        self._names: list[pg.TextItem] = []
        self._held: tuple[float, float] | None = None
        self.retell()

    def dress(self) -> None:
        """Take the theme's colours and fonts anew."""
        super().dress()
        if hasattr(self, "_curve"):
            self.retell()

    def retell(self) -> None:
        """Write the caption anew, in the current language and colours."""
        color = self._look.theme.color(self._token)
        self._curve.setPen(pg.mkPen(color, width=2))
        self._caption.item.setFont(self._look.theme.font(11, bold=True))
        self._caption.setText(self._look.words(self._title), color=color.name())

    def show_curve(self, t_s: NDArray[np.float64], y: NDArray[np.float64]) -> None:
        """Draw the samples; NaN breaks the line. Shape (n,) each."""
        self._curve.setData(t_s, y)
        finite = y[np.isfinite(y)]
        if finite.size:
            self._fit(float(finite.min()), float(finite.max()))

    def _fit(self, low: float, high: float) -> None:
        """Widen the value axis when the curve or a limit leaves it; narrow it only when far too wide."""
        for line in self._limits:
            low, high = min(low, line.value()), max(high, line.value())
        span = max(high - low, self._least_span)
        low, high = (low + high - span) / 2, (low + high + span) / 2
        pad = span * 0.12
        held = self._held
        if held and held[0] <= low and high <= held[1] and held[1] - held[0] < 2.5 * span:
            return
        self._held = (low - pad, high + pad)
        self.setYRange(*self._held, padding=0)

    def show_limits(self, limits: list[tuple[float, str]]) -> None:
        """Draw dashed limits: ``(value, label)`` in the point's unit."""
        for line in self._limits:
            self.removeItem(line)
        self._limits = [self._limit(value, label) for value, label in limits]

    def _limit(self, value: float, label: str) -> pg.InfiniteLine:
        color = self._look.theme.color("fail")
        # Right of the caption; below a line in the upper half, so that it never leaves the plot.
        options = {
            "position": LIMIT_AT,
            "color": color,
            "anchors": [(0, 0), (0, 1)],
            "fill": self._look.theme.color("surface", 200),
        }
        line = pg.InfiniteLine(
            value,
            angle=0,
            pen=pg.mkPen(color, width=1, style=Qt.PenStyle.DashLine),
            label=label,
            labelOpts=options,
        )
        line.label.setFont(self._look.theme.font(11))
        self.addItem(line)
        return line

    def name_spans(self, spans: list[tuple[float, float, str, str]]) -> None:
        """Name stretches at the top of the plot: ``(from_s, to_s, words, token)``."""
        for old in self._names:
            self.removeItem(old)
        self._names = []
        top = self.getPlotItem().getViewBox().viewRange()[1][1]
        for from_s, to_s, words, token in spans:
            surface = self._look.theme.color("surface", 200)
            name = pg.TextItem(words, self._look.theme.color(token), anchor=(0.5, 0), fill=surface)
            name.setFont(self._look.theme.font(11, bold=True))
            name.setPos((from_s + to_s) / 2, top)
            name.setZValue(6)
            self.addItem(name)
            self._names.append(name)

    def show_marks(self, instants_s: list[float]) -> None:
        """Draw a dotted line at each instant, seconds."""
        pen = pg.mkPen(self._look.theme.color("text3"), style=Qt.PenStyle.DotLine)
        place_lines(self, self._marks, instants_s, pen)

    def show_cursors(self, instants_s: list[float], values: list[float], words: list[str]) -> None:
        """Draw the measuring cursors with the value of the curve at each; none for no instants."""
        color = self._look.theme.color("accent")
        place_lines(self, self._cursors, instants_s, pg.mkPen(color, width=2))
        known = [(t, v) for t, v in zip(instants_s, values, strict=True) if np.isfinite(v)]
        surface = self._look.theme.color("surface")
        self._dots.setData(
            [t for t, _ in known],
            [v for _, v in known],
            pen=pg.mkPen(color, width=2),
            brush=surface,
        )
        while len(self._tags) < len(instants_s):
            tag = pg.TextItem("", anchor=(1, 1))
            tag.setZValue(9)
            self.addItem(tag)
            self._tags.append(tag)
        for tag in self._tags:
            tag.hide()
        low, high = self.getPlotItem().getViewBox().viewRange()[1]
        left, right = self.getPlotItem().getViewBox().viewRange()[0]
        for said, tag, t, v in zip(words, self._tags, instants_s, values, strict=False):
            tag.setText(said, color=color)
            tag.setFont(self._look.theme.font(11, bold=True))
            # Left of the cursor and above the curve, unless the plot ends there.
            tag.setAnchor(
                (0 if t < left + 0.2 * (right - left) else 1, 0 if v > (low + high) / 2 else 1)
            )
            tag.setPos(t, v)
            tag.setVisible(bool(np.isfinite(v)))


def place_lines(
    row: PlotRow, lines: list[pg.InfiniteLine], instants_s: list[float], pen: object
) -> None:
    """Move the kept vertical lines to ``instants_s``; make those that are missing, hide the rest."""
    while len(lines) < len(instants_s):
        line = pg.InfiniteLine(angle=90)
        line.setZValue(4)
        row.addItem(line)
        lines.append(line)
    for line in lines[len(instants_s) :]:
        line.hide()
    for line, instant in zip(lines, instants_s, strict=False):
        line.setPen(pen)
        line.setValue(instant)
        line.show()
