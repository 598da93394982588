"""Lines of the checks panel: how a check stands, what was measured, what is required, why."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

from labapp.model.text import Text
from labapp.ui.lesson import CheckRow
from labapp.ui.look import Look
from labapp.ui.theme import CAPTION, LARGE_TEXT
from labapp.ui.widgets.buttons import ToolButton
from labapp.ui.widgets.labels import NOTHING, RIGHT, IconLabel, Label
from labapp.ui.widgets.layout import column, row
from labapp.ui.widgets.status import PASSED

NEED_PX, VALUE_PX = 64, 72
GOTO = Text("定位曲线", "Show on plot")
GOTO_TIP = Text("在曲线上看这一段", "Show this stretch on the plot")


class CheckLine(QWidget):
    """One check. ``goto_chosen`` asks for the curve that shows why."""

    goto_chosen = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._id = ""
        self._row: CheckRow | None = None
        self._icon = IconLabel(look, PASSED.glyph, PASSED.tone, 20)
        self._title = Label(look, NOTHING, wrap=True)
        self._why = Label(look, NOTHING, CAPTION, wrap=True)
        self._goto = ToolButton(look, "crosshairs-gps", GOTO_TIP, GOTO)
        self._goto.clicked.connect(self._ask)
        self._value = Label(look, NOTHING, bold=True, align=RIGHT)
        self._need = Label(look, NOTHING, CAPTION, tone="text3", align=RIGHT)
        words = column(row((self._title, 1), self._goto), self._why, gap=0)
        self.setLayout(
            row(
                self._icon, (words, 1), self._value, self._need,
                margins=(12, 5, 12, 5), gap=10,
            )
        )  # fmt: skip
        look.theme.changed.connect(self._resize)
        look.say.changed.connect(self._respeak)
        self._resize()

    @property
    def row(self) -> CheckRow | None:
        """What is shown."""
        return self._row

    def show_check(self, check: CheckRow) -> None:
        """Show another state."""
        if check == self._row:
            return
        self._row = check
        tone = check.status.tone
        self._icon.set_glyph(check.status.glyph, tone, check.status.word)
        self._title.set_text(check.title)
        self._value.set_text(check.measured)
        self._value.set_tone(tone if tone in ("pass", "fail", "warn") else "text")
        self._need.set_text(check.required)
        self._why.setVisible(check.why is not None)
        if check.why is not None:
            self._why.set_text(check.why)
            self._why.set_tone(tone if tone in ("fail", "warn") else "text2")
        self._goto.setVisible(check.goto)
        self._respeak()

    @Slot()
    def _ask(self) -> None:
        if self._row is not None:
            self.goto_chosen.emit(self._row.id)

    @Slot()
    def _resize(self) -> None:
        theme = self._look.theme
        self.setMinimumHeight(theme.px(36))
        word = GOTO if theme.scale < LARGE_TEXT else None
        self._goto.become("crosshairs-gps", GOTO_TIP, word)
        self._need.setMinimumWidth(theme.px(NEED_PX))

    @Slot()
    def _respeak(self) -> None:
        if self._row is not None:
            self.setAccessibleName(spoken_check(self._look, self._row))
            self.setToolTip(self._look.words(self._row.sentence))


def spoken_check(look: Look, check: CheckRow) -> str:
    """Return a check as one sentence for a screen reader."""
    say = look.say
    parts = [say(check.title), say(check.status.word)]
    if say(check.measured) not in ("", "—"):
        parts.append(say(Text("实测 ", "measured ")) + say(check.measured))
    if say(check.required):
        parts.append(say(Text("要求 ", "required ")) + say(check.required))
    if check.why is not None:
        parts.append(say(check.why))
    return say(Text("，", ", ")).join(parts)


class FoldedLine(QWidget):
    """Stands for several passed checks where the window is low; a click unfolds them."""

    unfold_chosen = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._label = Label(look, NOTHING, tone="text2")
        self._chevron = IconLabel(look, "chevron-down", "text3", 16)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        icon = IconLabel(look, PASSED.glyph, PASSED.tone, 20, PASSED.word)
        self.setLayout(row(icon, (self._label, 1), self._chevron, margins=(12, 5, 12, 5), gap=10))

    def show_count(self, count: int) -> None:
        """Say how many are folded."""
        plural = "" if count == 1 else "s"
        self._label.set_text(Text(f"{count} 项已通过", f"{count} check{plural} passed"))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Unfold."""
        self.unfold_chosen.emit()
