"""The step's checks, live: always visible under the step, the failed ones first in mind."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from labapp.model.text import Text
from labapp.ui.check_rows import NEED_PX, CheckLine, FoldedLine
from labapp.ui.lesson import CheckRow, count_words
from labapp.ui.look import Look
from labapp.ui.style_sizes import CARD_RADIUS
from labapp.ui.theme import CAPTION, H3
from labapp.ui.widgets.buttons import ToolButton
from labapp.ui.widgets.labels import NOTHING, RIGHT, ElidedLabel, IconLabel, Label
from labapp.ui.widgets.layout import STRETCH, clear, column, row
from labapp.ui.widgets.panels import Line, Panel, ScrollColumn

TITLE = Text("本步检查", "Checks")
CHALLENGE_TITLE = Text("挑战评判", "Verdicts")
UNFOLD = Text("展开检查项 (Ctrl+J)", "Unfold checks (Ctrl+J)")
FOLD = Text("收起检查项 (Ctrl+J)", "Fold checks (Ctrl+J)")
LARGEST_SHARE = 0.5


class _Summary(QWidget):
    """The checks in one line, for tabs that need the height."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._box = row(gap=10)
        self.setLayout(self._box)

    def show_checks(self, rows: Sequence[CheckRow]) -> None:
        clear(self._box)
        for check in rows:
            icon = IconLabel(
                self._look, check.status.glyph, check.status.tone, 16, check.status.word
            )
            icon.setToolTip(self._look.say(check.title))
            self._box.addWidget(icon)


class _Lines(QWidget):
    """Holds the lines and says when they need another height."""

    asked = Signal()

    def event(self, event: QEvent) -> bool:
        """Pass on that a line wants more room, or less."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.asked.emit()
        return super().event(event)


class _Scroll(ScrollColumn):
    """Wants the height of its lines, and gives way down to two of them where there is less."""

    wanted = 0

    def sizeHint(self) -> QSize:
        """Return the height that all lines need."""
        return QSize(200, self.wanted)

    def minimumSizeHint(self) -> QSize:
        """Return the height of two lines."""
        return QSize(120, min(self.wanted, self.fontMetrics().height() * 4))


class ChecksPanel(Panel):
    """A card with a line for each check; folds to one. ``goto_chosen`` carries an item's id."""

    goto_chosen = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__(look, radius=CARD_RADIUS, border="border")
        self._rows: tuple[CheckRow, ...] = ()
        self._folded = self._low = self._unfold_passed = False
        self._lines: list[CheckLine] = []
        self._ruled: list[QWidget] = []
        self._title = Label(look, TITLE, H3, bold=True)
        self._count = ElidedLabel(look, NOTHING, CAPTION, tone="text2")
        self._summary = _Summary(look)
        self._value_head = Label(look, Text("实测", "Measured"), CAPTION, tone="text3", align=RIGHT)
        self._need_head = Label(look, Text("要求", "Required"), CAPTION, tone="text3", align=RIGHT)
        self._fold_button = ToolButton(look, "chevron-down", FOLD)
        self._fold_button.clicked.connect(self.toggle)
        self._passed = FoldedLine(look)
        self._passed.setParent(self)  # no window of its own before it has its place
        self._passed.hide()
        self._passed.unfold_chosen.connect(self._show_passed)
        self._body = column(gap=0)
        inner = _Lines()
        inner.asked.connect(self._fit_later)
        inner.setLayout(column(self._body, STRETCH, gap=0))
        self._scroll = _Scroll(look, inner)
        self._inner = inner
        self._scroll.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.setLayout(column(self._head(), self._scroll, gap=0, margins=(1, 1, 1, 6)))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.hide()
        look.theme.changed.connect(self._fit_later)
        look.say.changed.connect(self._fit_later)

    def _head(self) -> QWidget:
        head = QWidget()
        head.setLayout(
            row(
                self._title,
                (self._count, 1),
                self._summary,
                self._value_head,
                self._need_head,
                self._fold_button,
                margins=(12, 4, 6, 4),
                gap=8,
            )
        )
        return head

    def show_checks(self, rows: tuple[CheckRow, ...], *, challenge: bool = False) -> None:
        """Show these checks; without any the card is not shown at all."""
        self._title.set_text(CHALLENGE_TITLE if challenge else TITLE)
        if rows == self._rows:
            return
        rebuild = [r.id for r in rows] != [r.id for r in self._rows]
        self._rows = rows
        self._count.set_text(count_words(rows))
        self._summary.show_checks(rows)
        self.setVisible(bool(rows))
        if rebuild:
            self._unfold_passed = False
            self._build()
        self._fill()

    def set_folded(self, folded: bool) -> None:
        """Fold the card to one line, or open it."""
        self._folded = folded
        self._fill()

    def set_low(self, low: bool) -> None:
        """In a low window passed checks share one line."""
        if low != self._low:
            self._low = low
            self._fill()

    @Slot()
    def toggle(self) -> None:
        """Fold or unfold."""
        self.set_folded(not self._folded)

    @Slot()
    def _show_passed(self) -> None:
        self._unfold_passed = True
        self._fill()

    def _build(self) -> None:
        self._passed.setParent(self)
        self._passed.hide()
        clear(self._body)
        self._lines = [CheckLine(self.look) for _ in self._rows]
        self._ruled = [_with_rule(self.look, line) for line in self._lines]
        for line, rule in zip(self._lines, self._ruled, strict=True):
            line.goto_chosen.connect(self.goto_chosen)
            self._body.addWidget(rule)
        self._body.addWidget(self._passed)

    def _fill(self) -> None:
        hide_passed = self._low and not self._unfold_passed
        hidden = 0
        for line, rule, check in zip(self._lines, self._ruled, self._rows, strict=True):
            line.show_check(check)
            away = hide_passed and check.status.tone == "pass" and len(self._rows) > 2
            hidden += away
            rule.setVisible(not away)
        self._passed.show_count(hidden)
        self._passed.setVisible(hidden > 0)
        self._scroll.setVisible(not self._folded)
        self._summary.setVisible(self._folded)
        wide = any(self.look.say(r.required) for r in self._rows)
        for head in (self._value_head, self._need_head):
            head.setVisible(not self._folded and wide)
        glyph, tip = ("chevron-up", UNFOLD) if self._folded else ("chevron-down", FOLD)
        self._fold_button.become(glyph, tip)
        self._fit()

    @Slot()
    def _fit_later(self) -> None:
        self._fit()

    def _fit(self) -> None:
        """Give the lines the height they need, up to half of the column."""
        self._need_head.setMinimumWidth(self.look.theme.px(NEED_PX))
        width = max(200, self.width() - 2)
        needed = self._inner.heightForWidth(width)
        if needed < 0:
            needed = self._inner.sizeHint().height()
        parent = self.parentWidget()
        room = int((parent.height() if parent is not None else 600) * LARGEST_SHARE)
        wanted = min(needed, max(room, 120))
        if wanted != self._scroll.wanted:
            self._scroll.wanted = wanted
            self._scroll.updateGeometry()
            self.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Measure the lines anew."""
        super().resizeEvent(event)
        self._fit()


def _with_rule(look: Look, line: CheckLine) -> QWidget:
    box = QWidget()
    box.setLayout(column(Line(look), line, gap=0))
    return box
