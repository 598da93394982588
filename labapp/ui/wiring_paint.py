"""How wires and terminals look on a figure: light tokens always, since figures are light."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from labapp.ui.theme import LIGHT

REACH_PX = 18
"""How far from its centre a terminal can be hit: a target of 36, more than WCAG's 24."""
TERMINAL_PX = 9
_WIRE_TOKENS = ("p0", "p1", "p2", "p3", "p4", "p5")
_SAG = 0.16
_MOST_SAG_PX = 46.0


def wire_token(index: int) -> str:
    """Return the colour token of the n-th wire."""
    return _WIRE_TOKENS[index % len(_WIRE_TOKENS)]


def wire_path(a: QPointF, b: QPointF) -> QPainterPath:
    """Return a wire between two spots; it hangs a little, as wires do."""
    along = b - a
    length = max(1.0, (along.x() ** 2 + along.y() ** 2) ** 0.5)
    sag = QPointF(0.0, min(_MOST_SAG_PX, length * _SAG))
    path = QPainterPath(a)
    path.cubicTo(a + along / 3 + sag, b - along / 3 + sag, b)
    return path


def paint_wire(
    painter: QPainter, path: QPainterPath, token: str, *, bold: bool = False, dashed: bool = False
) -> None:
    """Paint a wire in a token's colour on a white sheath."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    width = 5.0 if bold else 3.5
    for color, extra in ((QColor(LIGHT["surface"]), 3.0), (QColor(LIGHT[token]), 0.0)):
        pen = QPen(color, width + extra)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        if dashed and not extra:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawPath(path)


def paint_terminal(
    painter: QPainter, at: QPointF, *, wired: bool, held: bool, hot: bool, focused: bool
) -> None:
    """Paint a terminal: a ring, filled when it is wired, larger when it is held or pointed at."""
    accent, surface = QColor(LIGHT["accent"]), QColor(LIGHT["surface"])
    radius = TERMINAL_PX + (2 if held or hot else 0)
    painter.setPen(QPen(surface, 5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(at, radius, radius)
    painter.setPen(QPen(accent if held or hot or wired else QColor(LIGHT["borderS"]), 2.5))
    painter.setBrush(accent if held else surface)
    painter.drawEllipse(at, radius, radius)
    if wired or held:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(surface if held else accent)
        painter.drawEllipse(at, radius / 2.4, radius / 2.4)
    if focused:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(accent, 2))
        painter.drawEllipse(at, radius + 5, radius + 5)
