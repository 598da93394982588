"""Lanes: on-off signals as steps, and the names of what happened above the curves."""

from __future__ import annotations

import math

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics

from labapp.model.text import Text
from labapp.ui.look import Look
from labapp.ui.plots.analogue import place_lines
from labapp.ui.plots.row import PlotRow

LANE_PX, LOW_LANE_PX = 26, 17
AXIS_PX = 26
EVENT_LANE_PX = 22


class LogicLanes(PlotRow):
    """Several on-off signals, one lane each, filled while on.

    Args:
        names: short names of the signals, top lane first.
    """

    def __init__(self, look: Look, names: tuple[Text, ...], *, last: bool = True) -> None:
        super().__init__(look, last=last)
        self._names = names
        self._curves = [self._lane() for _ in names]
        self._marks: list[pg.InfiniteLine] = []
        self._cursors: list[pg.InfiniteLine] = []
        self.setYRange(0, max(1, len(names)), padding=0)
        self.set_room(AXIS_PX + LANE_PX * len(names))
        self.retell()

    def set_room(self, height: int) -> None:
        """Be no higher than this, as far as the names can still be read."""
        count = max(1, len(self._names))
        lane = min(LANE_PX, max(LOW_LANE_PX, (height - AXIS_PX) // count))
        self.setFixedHeight(lane * count + AXIS_PX)

    def dress(self) -> None:
        """Take the theme's colours and fonts anew."""
        super().dress()
        if hasattr(self, "_curves"):
            self.retell()

    def retell(self) -> None:
        """Write the names anew, in the current language and colours."""
        count = len(self._names)
        ticks = [(count - i - 0.5, self._look.words(n)) for i, n in enumerate(self._names)]
        self.getPlotItem().getAxis("left").setTicks([ticks])
        for i, curve in enumerate(self._curves):
            color = self._look.theme.series(i + 2)
            curve.setPen(pg.mkPen(color, width=1))
            fill = self._look.theme.series(i + 2)
            fill.setAlpha(60)
            curve.setBrush(fill)

    def _lane(self) -> pg.PlotCurveItem:
        curve = pg.PlotCurveItem(connect="finite", stepMode=None)
        self.addItem(curve)
        return curve

    def show_lane(self, index: int, t_s: NDArray[np.float64], on: NDArray[np.float64]) -> None:
        """Draw one signal by its change points; ``on`` is 0 to 1, NaN where unknown."""
        base = len(self._names) - index - 1 + 0.16
        t_s, on = changes(t_s, on)
        stepped_t = np.repeat(t_s, 2)[1:]
        stepped = np.repeat(on, 2)[:-1]
        curve = self._curves[index]
        curve.setFillLevel(base)
        curve.setData(stepped_t, base + 0.64 * stepped)

    def show_marks(self, instants_s: list[float]) -> None:
        """Draw a dotted line at each instant, seconds."""
        pen = pg.mkPen(self._look.theme.color("text3"), style=Qt.PenStyle.DotLine)
        place_lines(self, self._marks, instants_s, pen)

    def show_cursors(self, instants_s: list[float]) -> None:
        """Draw the measuring cursors; none for no instants."""
        pen = pg.mkPen(self._look.theme.color("accent"), width=2)
        place_lines(self, self._cursors, instants_s, pen)


class EventLane(PlotRow):
    """The names of what happened, in a lane of their own so that they never cover a curve."""

    NAME = Text("事件", "Events")

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._labels: list[pg.TextItem] = []
        self.setYRange(0, 1, padding=0)
        self.setFixedHeight(EVENT_LANE_PX)
        self.getPlotItem().hideAxis("bottom")
        self.retell()

    def dress(self) -> None:
        """Take the theme's colours and fonts anew."""
        super().dress()
        self.getPlotItem().getAxis("left").setPen(pg.mkPen(None))
        for label in getattr(self, "_labels", []):
            self._dress_label(label)

    def _dress_label(self, label: pg.TextItem) -> None:
        label.setColor(self._look.theme.color("text2"))
        label.setFont(self._look.theme.font(11, bold=True))

    def retell(self) -> None:
        """Write the lane's name anew."""
        self.getPlotItem().getAxis("left").setTicks([[(0.5, self._look.words(self.NAME))]])

    def show_events(self, events: list[tuple[float, str]], to_s: float, span_s: float) -> None:
        """Name each event at its instant; one near the right edge stands left of its line."""
        while len(self._labels) < len(events):
            label = pg.TextItem("")
            self.addItem(label)
            self._labels.append(label)
            self._dress_label(label)
        for label in self._labels[len(events) :]:
            label.hide()
        room_s = span_s / max(1, self.width() - self._left) * 1.06
        metrics = QFontMetrics(self._look.theme.font(11, bold=True))
        taken_s = -math.inf
        for label, (instant, name) in zip(self._labels, events, strict=False):
            wide_s = (metrics.horizontalAdvance(name) + 12) * room_s
            at_end = instant > to_s - max(wide_s, 0.1 * span_s)
            begins = instant - wide_s if at_end else instant
            if begins < taken_s:  # one that would stand on another; its line is there anyway
                label.hide()
                continue
            taken_s = begins + wide_s
            if label.toPlainText() != name:
                label.setText(name)
            label.setAnchor((1 if at_end else 0, 0.5))
            label.setPos(instant, 0.5)
            label.show()


def changes(
    t_s: NDArray[np.float64], on: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return a signal by its first sample, every sample that differs from the one before, and its last."""
    if on.size < 3:
        return t_s, on
    differs = on[1:] != on[:-1]
    differs &= ~(np.isnan(on[1:]) & np.isnan(on[:-1]))
    kept = np.concatenate(([True], differs))
    kept[-1] = True
    return t_s[kept], on[kept]
