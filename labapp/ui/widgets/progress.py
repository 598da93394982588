"""A thin bar that says how far, and a ring that says: working."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QProgressBar, QWidget

from labapp.model.text import Text
from labapp.ui.look import Look

_TURN_MS = 60


class ThinBar(QProgressBar):
    """A bar without words; its accessible name carries them."""

    def __init__(self, look: Look, name: Text, tone: str = "accent", height: int = 6) -> None:
        super().__init__()
        self._look, self._name = look, name
        self.setTextVisible(False)
        self.setFixedHeight(height)
        self.setProperty("tone", tone)
        look.theme.changed.connect(self.reword)
        look.say.changed.connect(self.reword)
        self.reword()

    def show_share(self, done: int, total: int, name: Text, tone: str = "accent") -> None:
        """Show ``done`` of ``total``."""
        self.setRange(0, max(1, total))
        self.setValue(done)
        self.setProperty("tone", tone)
        self._name = name
        self.reword()

    @Slot()
    def reword(self) -> None:
        """Say how far in the current language."""
        self.setAccessibleName(self._look.say(self._name))
        self.update()


class Spinner(QWidget):
    """A turning arc while something is under way; it stands still for who asked for calm."""

    def __init__(self, look: Look, px: int = 20) -> None:
        super().__init__()
        self._look, self._px, self._angle = look, px, 90
        self._timer = QTimer(self)
        self._timer.setInterval(_TURN_MS)
        self._timer.timeout.connect(self._turn)
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        """Return its square."""
        side = self._look.theme.px(self._px)
        return QSize(side, side)

    def showEvent(self, event: QShowEvent) -> None:
        """Turn while it is seen."""
        super().showEvent(event)
        if not self._look.theme.calm:
            self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest while it is not seen."""
        super().hideEvent(event)
        self._timer.stop()

    @Slot()
    def _turn(self) -> None:
        self._angle = (self._angle - 24) % 360
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ring and arc."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(2.5, 2.5, -2.5, -2.5)
        painter.setPen(QPen(self._look.theme.color("border"), 2.5))
        painter.drawEllipse(box)
        pen = QPen(self._look.theme.color("accent"), 2.5)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawArc(box, self._angle * 16, 100 * 16)
        painter.end()
