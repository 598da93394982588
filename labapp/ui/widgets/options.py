"""An answer to choose: a card with a radio button or a check box, and words that wrap."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QStyle, QStyleOptionButton

from labapp.model.text import Text
from labapp.ui.look import Look
from labapp.ui.style_sizes import CONTROL_RADIUS
from labapp.ui.theme import READING
from labapp.ui.widgets.status import Status

_LEFT, _TEXT_LEFT, _RIGHT, _UP = 12, 42, 40, 9
_WRAP = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap)


class Option(QAbstractButton):
    """One option; with ``many`` any number of its siblings may be on, else exactly one."""

    def __init__(self, look: Look, text: Text, *, many: bool = False) -> None:
        super().__init__()
        self._look, self._text, self._many = look, text, many
        self._mark: Status | None = None
        self.setCheckable(True)
        self.setAutoExclusive(not many)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        look.theme.changed.connect(self.reword)
        look.say.changed.connect(self.reword)
        self.reword()

    def judge(self, mark: Status | None) -> None:
        """Show how the option was judged, or nothing."""
        self._mark = mark
        self.reword()

    @Slot()
    def reword(self) -> None:
        """Show the words in the current language and look."""
        words = self._look.say(self._text)
        judged = "" if self._mark is None else f", {self._look.say(self._mark.word)}"
        self.setAccessibleName(words + judged)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return a width to begin with, and the height for the present one."""
        return QSize(320, self.heightForWidth(max(320, self.width())))

    def minimumSizeHint(self) -> QSize:
        """Return the height that the words need at the present width."""
        return QSize(160, self.heightForWidth(max(160, self.width())))

    def hasHeightForWidth(self) -> bool:
        """Say that the words wrap."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height that the words need."""
        metrics = QFontMetrics(self._look.theme.font(READING))
        room = QRect(0, 0, max(60, width - self._look.theme.px(_TEXT_LEFT) - _RIGHT), 2000)
        return metrics.boundingRect(room, _WRAP, self._look.say(self._text)).height() + 2 * _UP

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint card, indicator, words, mark and focus ring."""
        theme = self._look.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setBrush(theme.color(self._ground()))
        painter.setPen(QPen(theme.color(self._edge()), 1.5 if self.isChecked() else 1))
        painter.drawRoundedRect(box, CONTROL_RADIUS, CONTROL_RADIUS)
        self._paint_indicator(painter)
        painter.setFont(theme.font(READING))
        painter.setPen(theme.color("text"))
        left = theme.px(_TEXT_LEFT)
        room = QRectF(left, 0, box.width() - left - _RIGHT, self.height())
        painter.drawText(room, _WRAP, self._look.say(self._text))
        if self._mark is not None:
            at = QPoint(self.width() - _RIGHT + 8, (self.height() - theme.px(20)) // 2)
            painter.drawPixmap(at, theme.pixmap(self._mark.glyph, self._mark.tone, 20))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.drawRoundedRect(box.adjusted(2, 2, -2, -2), 4, 4)
        painter.end()

    def _edge(self) -> str:
        if self._mark is not None:
            return self._mark.tone
        return "accent" if self.isChecked() else "borderB"

    def _ground(self) -> str:
        if self.isChecked():
            return "select" if self._mark is None else f"{self._mark.tone}Bg"
        return "hover" if self.underMouse() and self.isEnabled() else "surface"

    def _paint_indicator(self, painter: QPainter) -> None:
        option = QStyleOptionButton()
        option.initFrom(self)
        side = self._look.theme.px(18)
        on = QStyle.StateFlag.State_On if self.isChecked() else QStyle.StateFlag.State_Off
        option.rect = QRect(_LEFT, (self.height() - side) // 2, side, side)
        option.state |= on
        element = QStyle.PrimitiveElement
        box = element.PE_IndicatorCheckBox if self._many else element.PE_IndicatorRadioButton
        self.style().drawPrimitive(box, option, painter, self)
