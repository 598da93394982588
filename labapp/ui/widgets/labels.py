"""Texts that follow language and theme by themselves."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt, Slot
from PySide6.QtGui import QFontMetrics, QFontMetricsF, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from labapp.model.text import Text, same
from labapp.ui.look import Look
from labapp.ui.theme import BODY, CAPTION, METRIC

RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignCenter
NOTHING = same("")


class Label(QLabel):
    """Plain text in one of the type sizes; never reads markup out of its text."""

    def __init__(
        self,
        look: Look,
        text: Text = NOTHING,
        px: int = BODY,
        *,
        bold: bool = False,
        tone: str = "text",
        wrap: bool = False,
        mono: bool = False,
        align: Qt.AlignmentFlag | None = None,
    ) -> None:
        super().__init__()
        self._look, self._text, self._px = look, text, px
        self._bold, self._tone, self._mono = bold, tone, mono
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        if align is not None:
            self.setAlignment(align)
        look.theme.changed.connect(self.restyle)
        look.say.changed.connect(self.reword)
        self.restyle()
        self.reword()

    def set_text(self, text: Text) -> None:
        """Show another text."""
        if text != self._text:
            self._text = text
            self.reword()

    def set_tone(self, tone: str, *, bold: bool | None = None) -> None:
        """Show the text in another token's colour, and perhaps another weight."""
        if tone != self._tone or (bold is not None and bold != self._bold):
            self._tone = tone
            self._bold = self._bold if bold is None else bold
            self.restyle()

    @Slot()
    def restyle(self) -> None:
        """Take font and colour from the theme again."""
        self.setFont(self._look.theme.font(self._px, self._bold, self._mono))
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, self._look.theme.color(self._tone))
        self.setPalette(palette)

    @Slot()
    def reword(self) -> None:
        """Show the text in the current language."""
        self._show_words()

    # What a subclass changes is not the slot: PySide would go on calling an overridden slot
    # of a label that Qt has deleted.
    def _show_words(self) -> None:
        self.setText(self._look.say(self._text))


class ElidedLabel(Label):
    """One line that is cut with an ellipsis where it does not fit; its tool tip has it whole."""

    def minimumSizeHint(self) -> QSize:
        """Return room for a few letters."""
        return QSize(self._look.theme.px(48), super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        """Return room for the whole text."""
        words = self._look.say(self._text)
        return QSize(
            QFontMetrics(self.font()).horizontalAdvance(words) + 2, super().sizeHint().height()
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut the text anew."""
        super().resizeEvent(event)
        self._show_words()

    def _show_words(self) -> None:
        words = self._look.say(self._text)
        mode = Qt.TextElideMode.ElideRight
        shown = QFontMetrics(self.font()).elidedText(words, mode, max(self.width(), 1))
        self.setText(shown)
        self.setToolTip(words if shown != words else "")
        self.setAccessibleName(words)
        self.updateGeometry()


class IconLabel(QLabel):
    """One glyph of the icon font; decoration unless it is given a name."""

    def __init__(
        self, look: Look, glyph: str, tone: str = "text2", px: int = 16, name: Text | None = None
    ) -> None:
        super().__init__()
        self._look, self._glyph, self._tone, self._px, self._name = look, glyph, tone, px, name
        look.theme.changed.connect(self.restyle)
        look.say.changed.connect(self.restyle)
        self.restyle()

    def set_glyph(self, glyph: str, tone: str, name: Text | None = None) -> None:
        """Show another glyph in another colour."""
        if (glyph, tone, name) != (self._glyph, self._tone, self._name):
            self._glyph, self._tone, self._name = glyph, tone, name
            self.restyle()

    @Slot()
    def restyle(self) -> None:
        """Draw the glyph again."""
        side = self._look.theme.px(self._px)
        self.setFixedSize(side, side)
        self.setPixmap(self._look.theme.pixmap(self._glyph, self._tone, self._px))
        self.setAccessibleName(self._look.words(self._name))


class BigNumber(QWidget):
    """A number and its unit on one baseline."""

    def __init__(self, look: Look, px: int = METRIC, unit_px: int = CAPTION) -> None:
        super().__init__()
        self._look, self._px, self._unit_px = look, px, unit_px
        self._value, self._unit, self._tone = "—", NOTHING, "text"
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        look.theme.changed.connect(self.restyle)
        look.say.changed.connect(self.restyle)

    def show_value(self, value: str, unit: Text, tone: str = "text") -> None:
        """Show ``value`` with its unit in a token's colour."""
        if (value, unit, tone) != (self._value, self._unit, self._tone):
            self._value, self._unit, self._tone = value, unit, tone
            self.restyle()

    @Slot()
    def restyle(self) -> None:
        """Measure and paint again."""
        self.setAccessibleName(f"{self._value} {self._look.say(self._unit)}".strip())
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return room for number and unit."""
        theme = self._look.theme
        value = QFontMetricsF(theme.font(self._px, True)).horizontalAdvance(self._value)
        unit = QFontMetricsF(theme.font(self._unit_px)).horizontalAdvance(
            self._look.say(self._unit)
        )
        return QSize(int(value + unit + 9), round(theme.px(self._px) * 1.28))

    def minimumSizeHint(self) -> QSize:
        """Return the same: a number is never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint number and unit."""
        theme = self._look.theme
        painter = QPainter(self)
        font = theme.font(self._px, True)
        base = self.height() - theme.px(self._px) * 0.24
        painter.setFont(font)
        painter.setPen(theme.color(self._tone))
        painter.drawText(QPointF(0, base), self._value)
        x = QFontMetricsF(font).horizontalAdvance(self._value) + 5
        painter.setFont(theme.font(self._unit_px))
        painter.setPen(theme.color("text2"))
        painter.drawText(QPointF(x, base), self._look.say(self._unit))
        painter.end()
