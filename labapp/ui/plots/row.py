"""One row of a stack of plots: a bare plot whose axes line up with its neighbours."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QWheelEvent

from labapp.ui.look import Look
from labapp.ui.plots.axis import LEFT_WIDTH, TimeAxis, dress


class PlotRow(pg.PlotWidget):  # type: ignore[misc]
    """A plot without menu, buttons or grid; the stack that owns it moves its time axis."""

    def __init__(self, look: Look, *, last: bool = False) -> None:
        self.time_axis = TimeAxis("bottom")
        super().__init__(axisItems={"bottom": self.time_axis})
        self._look = look
        self._last = last
        item = self.getPlotItem()
        item.hideButtons()
        item.setMenuEnabled(False)
        item.getViewBox().setDefaultPadding(0)
        item.getViewBox().setMouseEnabled(x=False, y=False)
        self._left = LEFT_WIDTH
        item.getAxis("left").setWidth(LEFT_WIDTH)
        item.setContentsMargins(0, 2, 0, 0)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.time_axis.setStyle(showValues=last)
        self.time_axis.setHeight(22 if last else 3)
        self._spans: list[pg.LinearRegionItem] = []
        self.dress()

    def dress(self) -> None:
        """Take the theme's colours and fonts anew."""
        self.setBackground(self._look.theme.color("surface"))
        dress(self.getPlotItem().getAxis("left"), self._look)
        dress(self.time_axis, self._look)

    def set_left_width(self, pixels: int) -> None:
        """Give the left axis this width; all rows of a stack have the same."""
        self._left = pixels
        self.getPlotItem().getAxis("left").setWidth(pixels)

    def show_times(self, from_s: float, to_s: float) -> None:
        """Show this stretch of time, seconds."""
        self.setXRange(from_s, to_s, padding=0)

    def times_between(self) -> tuple[float, float]:
        """Return the pixels, in this widget's parent, between which times lie."""
        box = self.getPlotItem().getViewBox().sceneBoundingRect()
        return self.x() + box.left(), self.x() + box.right()

    def show_spans(self, spans: list[tuple[float, float, str]]) -> None:
        """Hatch stretches of time: ``(from_s, to_s, token)``; items are kept and moved."""
        while len(self._spans) < len(spans):
            region = pg.LinearRegionItem(movable=False)
            region.setZValue(-5)
            self.addItem(region)
            self._spans.append(region)
        for region in self._spans[len(spans) :]:
            region.hide()
        for region, (from_s, to_s, token) in zip(self._spans, spans, strict=False):
            color = self._look.theme.color(token, 150 if token == "fail" else 130)
            style = Qt.BrushStyle.BDiagPattern
            if token == "pass":
                color, style = self._look.theme.color(token, 45), Qt.BrushStyle.SolidPattern
            region.setBrush(QBrush(color, style))
            for line in region.lines:
                line.setPen(pg.mkPen(self._look.theme.color(token)))
            region.setRegion((from_s, to_s))
            region.show()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the stack."""
        event.ignore()
