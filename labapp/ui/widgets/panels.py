"""Surfaces: flat panels, cards, hairlines, scrolling columns."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QFrame, QLayout, QScrollArea, QSizePolicy, QWidget

from labapp.ui.look import Look
from labapp.ui.style_sizes import CARD_RADIUS


class Panel(QFrame):
    """A flat surface, rounded with a border or square with hairlines at some edges.

    ``edges`` names sides with a hairline by their first letters: ``"b"``, ``"tr"``.
    """

    def __init__(
        self,
        look: Look,
        layout: QLayout | None = None,
        *,
        bg: str = "surface",
        radius: int = 0,
        border: str | None = None,
        edges: str = "",
    ) -> None:
        super().__init__()
        self.look = look
        self._bg, self._radius, self._border, self._edges = bg, radius, border, edges
        self.setFrameShape(QFrame.Shape.NoFrame)
        if layout is not None:
            self.setLayout(layout)
        look.theme.changed.connect(self.repaint_surface)

    def set_tokens(self, bg: str, border: str | None = None) -> None:
        """Paint surface and border in other tokens."""
        if (bg, border) != (self._bg, self._border):
            self._bg, self._border = bg, border
            self.update()

    @Slot()
    def repaint_surface(self) -> None:
        """Paint again in the new look."""
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint surface, border and hairlines."""
        color = self.look.theme.color
        painter = QPainter(self)
        box = QRectF(self.rect())
        if self._radius:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            pen = QPen(color(self._border), 1) if self._border else QPen(Qt.PenStyle.NoPen)
            painter.setPen(pen)
            painter.setBrush(color(self._bg))
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), self._radius, self._radius)
        else:
            painter.fillRect(box, color(self._bg))
            wide, high = box.width(), box.height()
            sides = {
                "b": QRectF(0, high - 1, wide, 1),
                "t": QRectF(0, 0, wide, 1),
                "r": QRectF(wide - 1, 0, 1, high),
                "l": QRectF(0, 0, 1, high),
            }
            for side in self._edges:
                painter.fillRect(sides[side], color("border"))
        painter.end()


def card(look: Look, layout: QLayout, *, bg: str = "surface", border: str = "border") -> Panel:
    """Return a rounded surface with a border."""
    return Panel(look, layout, bg=bg, radius=CARD_RADIUS, border=border)


class Line(QFrame):
    """A hairline, lying or upright (20 pixels high)."""

    def __init__(self, look: Look, *, upright: bool = False) -> None:
        super().__init__()
        self._look = look
        if upright:
            self.setFixedSize(1, 20)
        else:
            self.setFixedHeight(1)
        look.theme.changed.connect(self.repaint_line)

    @Slot()
    def repaint_line(self) -> None:
        """Paint again in the new look."""
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.theme.color("border"))
        painter.end()


class ScrollColumn(QScrollArea):
    """A column that scrolls up and down on a surface of one token."""

    def __init__(self, look: Look, inner: QWidget, bg: str = "surface") -> None:
        super().__init__()
        self._look, self._bg = look, bg
        # Asked for the viewport that Qt made, PySide would first build every widget class it has.
        self.setViewport(QWidget())
        self.setWidget(inner)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inner.setAutoFillBackground(False)
        look.theme.changed.connect(self.restyle)
        self.restyle()

    @Slot()
    def restyle(self) -> None:
        """Take the surface's colour from the theme again."""
        for widget in (self, self.viewport()):
            palette = widget.palette()
            palette.setColor(QPalette.ColorRole.Window, self._look.theme.color(self._bg))
            widget.setPalette(palette)
        self.viewport().setAutoFillBackground(True)
