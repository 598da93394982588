"""The strip under the plots' toolbar that tells what two cursors measure."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy

from labapp.model.text import Text
from labapp.ui.look import Look
from labapp.ui.theme import CAPTION
from labapp.ui.widgets.buttons import ToolButton
from labapp.ui.widgets.labels import NOTHING, Label
from labapp.ui.widgets.layout import column, row
from labapp.ui.widgets.panels import Panel

FILL = Text("填入读数", "Fill in")
FILL_TIP = Text(
    "把两根光标之间的值填进读数（Ctrl+R）", "Fill in what lies between A and B (Ctrl+R)"
)
COPY_TIP = Text("复制这些值（Ctrl+C）", "Copy these values (Ctrl+C)")


class MeasureStrip(Panel):
    """Says times, differences, slopes and means; a strip, so that no curve is covered.

    Signals:
        fill_chosen: the values are wanted in the answers.
        copy_chosen: the values are wanted on the clipboard.
    """

    fill_chosen = Signal()
    copy_chosen = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__(look, bg="accentBg")
        self._times = Label(look, NOTHING, CAPTION, bold=True, tone="accent")
        self._values = Label(look, NOTHING, CAPTION, wrap=True)
        self.fill = ToolButton(look, "tray-arrow-up", FILL_TIP, FILL)
        self.fill.clicked.connect(self.fill_chosen)
        self.copy = ToolButton(look, "content-copy", COPY_TIP)
        self.copy.clicked.connect(self.copy_chosen)
        words = column(self._times, self._values, gap=1)
        self.setLayout(row((words, 1), self.fill, self.copy, margins=(12, 4, 8, 4), gap=4))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    @property
    def words(self) -> str:
        """All of it in the current language, a line each."""
        return f"{self._times.text()}\n{self._values.text()}"

    def show_words(self, times: Text, values: tuple[Text, ...]) -> None:
        """Show what the cursors measure."""
        self._times.set_text(times)
        zh, en = "；".join(v.zh for v in values), "; ".join(v.en for v in values)
        self._values.set_text(Text(zh, en))
