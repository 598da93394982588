"""The small fields inside a rule's sentence: as wide as what stands in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, QRegularExpression, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QPalette,
    QRegularExpressionValidator,
)
from PySide6.QtWidgets import QWidget

from labapp.model.text import Text
from labapp.ui.look import Look
from labapp.ui.rule_words import AND, LEADS, OR
from labapp.ui.rules_text import Joint
from labapp.ui.theme import BODY, CAPTION
from labapp.ui.widgets.buttons import Button
from labapp.ui.widgets.fields import Choice, Field
from labapp.ui.widgets.labels import Label

_NUMBER = QRegularExpression(r"[-+]?\d{0,7}([.,]\d{0,4})?")
_CHEVRON_PX, _PAD_PX, _LEAST_PX = 16, 9, 14


class FitChoice(Choice):
    """A choice as wide as the option that is chosen; its list is as wide as the longest one."""

    def __init__(self, look: Look, name: Text, options: Sequence[tuple[str, Text]] = ()) -> None:
        super().__init__(look, name, options)
        self.setProperty("tight", True)

    def sizeHint(self) -> QSize:
        """Return room for the chosen option."""
        metrics, theme = QFontMetrics(self.font()), self._look.theme
        chevron = theme.px(_CHEVRON_PX) if self.isEnabled() else 0
        words = metrics.horizontalAdvance(self.currentText())
        return QSize(words + chevron + 2 * _PAD_PX, theme.px(28))

    def minimumSizeHint(self) -> QSize:
        """Return the same: an option is never cut."""
        return self.sizeHint()

    def showPopup(self) -> None:
        """Open a list that has room for every option."""
        metrics = QFontMetrics(self.font())
        widest = max(
            (metrics.horizontalAdvance(self.itemText(n)) for n in range(self.count())), default=0
        )
        self.view().setMinimumWidth(widest + 2 * _PAD_PX + 8)
        super().showPopup()

    def choose(self, key: str) -> None:
        """Choose an option, and take the room that it needs."""
        super().choose(key)
        self.updateGeometry()


class NumberField(Field):
    """A number with its unit behind it; ``entered`` carries it whenever it is another number."""

    entered = Signal(str)

    def __init__(self, look: Look, name: Text, value: str, unit: str) -> None:
        self._unit = unit
        super().__init__(look, name)
        self.setValidator(QRegularExpressionValidator(_NUMBER, self))
        self.setText(value)
        self._kept = value
        self.textChanged.connect(self._grow)
        self.textEdited.connect(self._tell)
        self.editingFinished.connect(self._tidy)
        self.setTextMargins(3, 0, self._unit_width() + (7 if unit else 0), 0)
        self.setMinimumHeight(0)

    def sizeHint(self) -> QSize:
        """Return room for number and unit."""
        theme = self._look.theme
        words = QFontMetrics(self.font()).horizontalAdvance(self.text())
        gap = 5 if self._unit else 0
        width = max(words, theme.px(_LEAST_PX)) + gap + self._unit_width() + 2 * _PAD_PX + 2
        return QSize(width, theme.px(28))

    def minimumSizeHint(self) -> QSize:
        """Return the same: a number is never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the unit behind the number."""
        super().paintEvent(event)
        if not self._unit:
            return
        theme = self._look.theme
        painter = QPainter(self)
        painter.setFont(theme.font(BODY))
        painter.setPen(theme.color("text2"))
        room = QRectF(0, 0, self.width() - 9, self.height())
        align = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(room, int(align), self._unit)
        painter.end()

    def _unit_width(self) -> int:
        return QFontMetrics(self._look.theme.font(BODY)).horizontalAdvance(self._unit)

    @Slot()
    def _grow(self) -> None:
        self.updateGeometry()

    @Slot()
    def _tell(self) -> None:
        number = self.text().replace(",", ".").strip().rstrip(".")
        if number.lstrip("+-") not in ("", ".") and number != self._kept:
            self._kept = number
            self.entered.emit(number)

    @Slot()
    def _tidy(self) -> None:
        if self.text().strip("+-., ") == "":
            self.setText(self._kept)


class Word(Label):
    """A word of the sentence before its fields: when, and, then."""

    def __init__(self, look: Look, text: Text, *others: Text) -> None:
        self._alike = (text, *others)
        super().__init__(look, text, BODY, bold=True, tone="accent")
        look.theme.changed.connect(self.fit)
        look.say.changed.connect(self.fit)
        self.fit()

    @Slot()
    def fit(self) -> None:
        """Be as wide as the longest of the words that stand in this place."""
        metrics = QFontMetrics(self._look.theme.font(BODY, True))
        wide = max(metrics.horizontalAdvance(self._look.say(word)) for word in self._alike)
        self.setFixedSize(wide + 4, self._look.theme.px(28))


class JointButton(Button):
    """The word between two comparisons; a click changes and into or."""

    def __init__(self, look: Look, joint: Joint, join: Callable[[str], None]) -> None:
        other, words = ("or", AND) if joint == "and" else ("and", OR)
        tip = Text("点一下，在“且”和“或”之间换", "Click to change between and and or")
        self._alike = LEADS
        super().__init__(look, words, "ghost", dense=True, tip=tip)
        self.clicked.connect(lambda: join(other))
        look.theme.changed.connect(self.fit)
        look.say.changed.connect(self.fit)
        self.fit()

    def sizeHint(self) -> QSize:
        """Return the size that it was given: a word without a button's room around it."""
        return self.maximumSize()

    @Slot()
    def fit(self) -> None:
        """Be as wide as the other words in its place."""
        self.setFont(self._look.theme.font(BODY, True))
        metrics = QFontMetrics(self.font())
        wide = max(metrics.horizontalAdvance(self._look.say(word)) for word in self._alike)
        self.setFixedSize(wide + 4, self._look.theme.px(28))


class Remark(Label):
    """A small grey remark at the end of a sentence."""

    def __init__(self, look: Look, text: Text) -> None:
        super().__init__(look, text, CAPTION, tone="text2")


def show_as_tag(widget: QWidget, look: Look, reading: bool) -> None:
    """Let a field be a plain tag that is only read, in full contrast, or a field again."""
    widget.setEnabled(not reading)
    widget.setProperty("tag", reading)
    palette = widget.palette()
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, look.theme.color("text"))
    widget.setPalette(palette)
    widget.updateGeometry()
