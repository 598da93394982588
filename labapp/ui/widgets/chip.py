"""A status pill: icon and words, never colour alone."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from labapp.model.text import Text
from labapp.ui.look import Look
from labapp.ui.theme import CAPTION

_ICON_PX, _PAD_PX, _ICON_ROOM_PX = 15, 10, 20


class Chip(QWidget):
    """A rounded pill; ``strong`` fills it with the tone, for what must not be missed."""

    def __init__(
        self,
        look: Look,
        text: Text,
        glyph: str | None = None,
        tone: str = "idle",
        *,
        strong: bool = False,
        height: int = 24,
    ) -> None:
        super().__init__()
        self._look, self._text, self._glyph = look, text, glyph
        self._tone, self._strong, self._height = tone, strong, height
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        look.theme.changed.connect(self.restyle)
        look.say.changed.connect(self.restyle)
        self.restyle()

    def become(self, text: Text, glyph: str | None, tone: str, *, strong: bool = False) -> None:
        """Show another state."""
        if (text, glyph, tone, strong) != (self._text, self._glyph, self._tone, self._strong):
            self._text, self._glyph, self._tone, self._strong = text, glyph, tone, strong
            self.restyle()

    @Slot()
    def restyle(self) -> None:
        """Measure and paint again."""
        self.setAccessibleName(self._look.say(self._text))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return room for icon and words."""
        theme = self._look.theme
        words = QFontMetrics(theme.font(CAPTION, True)).horizontalAdvance(self.accessibleName())
        icon = theme.px(_ICON_ROOM_PX) if self._glyph else 0
        return QSize(words + icon + 2 * _PAD_PX, theme.px(self._height))

    def minimumSizeHint(self) -> QSize:
        """Return the same: a state is never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the pill."""
        theme = self._look.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        front, back = ("onAccent", self._tone) if self._strong else (self._tone, f"{self._tone}Bg")
        box = QRectF(self.rect())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(back))
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        x = _PAD_PX
        if self._glyph:
            top = int((box.height() - theme.px(_ICON_PX)) / 2)
            painter.drawPixmap(QPoint(x - 1, top), theme.pixmap(self._glyph, front, _ICON_PX))
            x += theme.px(_ICON_ROOM_PX)
        painter.setFont(theme.font(CAPTION, True))
        painter.setPen(theme.color(front))
        room = QRectF(x, 0, box.width() - x, box.height())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), self.accessibleName())
        painter.end()
