"""One figure of the pack, as large as there is room, on the light ground it was drawn for."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QRectF, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QWidget

from labapp.model.text import Text
from labapp.ui.look import Look

_PAD_PX = 14


class FigureView(QWidget):
    """Draws an SVG in its own proportions; ``title`` is what a screen reader says of it."""

    def __init__(self, look: Look, figure: bytes, title: Text) -> None:
        super().__init__()
        self._look, self._title = look, title
        self._renderer = QSvgRenderer(QByteArray(figure), self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 160)
        look.theme.changed.connect(self.reword)
        look.say.changed.connect(self.reword)
        self.reword()

    @Slot()
    def reword(self) -> None:
        """Say the title in the current language."""
        self.setAccessibleName(self._look.say(self._title))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground and figure."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._look.theme.paper)
        painter.drawRoundedRect(QRectF(self.rect()), 6, 6)
        size = self._renderer.viewBoxF().size()
        if self._renderer.isValid() and not size.isEmpty():
            room = QRectF(self.rect()).adjusted(_PAD_PX, _PAD_PX, -_PAD_PX, -_PAD_PX)
            size.scale(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
            box = QRectF(room.topLeft(), size)
            box.moveCenter(room.center())
            self._renderer.render(painter, box)
        painter.end()
