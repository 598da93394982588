"""The objectives as a radar: a shape to remember; the bars below it carry the numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt, Slot
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from labapp.ui.look import Look
from labapp.ui.report_facts import Share
from labapp.ui.theme import CAPTION

LEAST_AXES, HEIGHT_PX, LABEL_PX = 3, 210, 34
_RINGS = (0.25, 0.5, 0.75, 1.0)


class Radar(QWidget):
    """Draws from three objectives on; with fewer it is not shown."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._shares: tuple[Share, ...] = ()
        self._pass = 0.6
        look.theme.changed.connect(self.restyle)
        look.say.changed.connect(self.restyle)
        self.restyle()

    def show_shares(self, shares: Sequence[Share], pass_share: float) -> None:
        """Show these objectives; the numbers are told by the bars."""
        self._shares, self._pass = tuple(shares), pass_share
        self.setVisible(len(shares) >= LEAST_AXES)
        self.update()

    @Slot()
    def restyle(self) -> None:
        """Take sizes and colours from the theme again."""
        self.setFixedHeight(self._look.theme.px(HEIGHT_PX))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint rings, pass mark, shape and names."""
        theme = self._look.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.color("border"), 1))
        for ring in _RINGS:
            painter.drawPolygon(self._polygon([ring] * len(self._shares)))
        for index in range(len(self._shares)):
            painter.drawLine(self._spot(index, 0), self._spot(index, 1))
        painter.setPen(QPen(theme.color("warn"), 1.2, Qt.PenStyle.DashLine))
        painter.drawPolygon(self._polygon([self._pass] * len(self._shares)))
        painter.setPen(QPen(theme.color("accent"), 2))
        painter.setBrush(theme.color("accent", 50))
        shape = [float(share.share) for share in self._shares]
        painter.drawPolygon(self._polygon(shape))
        painter.setBrush(theme.color("surface"))
        for index, share in enumerate(shape):
            painter.drawEllipse(self._spot(index, share), 3.5, 3.5)
        self._paint_names(painter)
        painter.end()

    def _paint_names(self, painter: QPainter) -> None:
        theme = self._look.theme
        painter.setFont(theme.font(CAPTION))
        painter.setPen(theme.color("text2"))
        metrics = QFontMetricsF(theme.font(CAPTION))
        for index, share in enumerate(self._shares):
            words = self._look.say(share.title)
            spot = self._spot(index, 1.0)
            out = spot - self._middle()
            wide = min(metrics.horizontalAdvance(words) + 4, self.width() * 0.45)
            side = 0.5 + 0.5 * (out.x() / max(1.0, abs(out.x()) + abs(out.y()) * 0.6))
            left = spot.x() - wide * (1 - side) + 6 * (2 * side - 1)
            top = spot.y() - metrics.height() * (0.5 - 0.7 * out.y() / max(1.0, self._radius()))
            box = QRectF(min(max(0.0, left), self.width() - wide), top, wide, metrics.height())
            shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, wide)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), shown)

    def _middle(self) -> QPointF:
        return QPointF(self.width() / 2, self.height() / 2)

    def _radius(self) -> float:
        return min(self.width() * 0.32, self.height() / 2 - self._look.theme.px(LABEL_PX) + 8)

    def _spot(self, index: int, share: float) -> QPointF:
        angle = 2 * math.pi * index / len(self._shares) - math.pi / 2
        length = self._radius() * share
        return self._middle() + QPointF(math.cos(angle) * length, math.sin(angle) * length)

    def _polygon(self, shares: Sequence[float]) -> QPolygonF:
        return QPolygonF([self._spot(index, share) for index, share in enumerate(shares)])
