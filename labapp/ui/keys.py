"""The keys of the window: one table that binds them and one dialog that tells them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QGridLayout, QWidget

from labapp.model.text import Text, same
from labapp.ui.look import Look
from labapp.ui.theme import CAPTION, H2
from labapp.ui.widgets.buttons import Button
from labapp.ui.widgets.labels import Label
from labapp.ui.widgets.layout import STRETCH, column, row
from labapp.ui.widgets.panels import Line


@dataclass(frozen=True, slots=True)
class Key:
    """One thing to do by keys. ``alike`` are further keys for the same, which are not told.

    ``shown`` stands for a row of keys; a key without a name is not told either.
    """

    keys: str
    name: Text
    act: Callable[[], object]
    alike: tuple[str, ...] = ()
    shown: str = ""


# Keys that a view binds for itself, while it has the focus.
PLOT_KEYS = (
    ("Space", Text("曲线：停住或继续画面", "Plots: freeze or resume the picture")),
    ("Home / End", Text("曲线：看全程，跟随最新", "Plots: whole run, follow the newest")),
    ("+ / -", Text("曲线：放大或缩小时间", "Plots: zoom time")),
    ("M, ←/→", Text("曲线：量两点，移动光标", "Plots: measure, move the cursor")),
)
TITLE = Text("快捷键", "Keyboard shortcuts")


def bind_keys(owner: QWidget, keys: Sequence[Key]) -> list[QShortcut]:
    """Bind all keys to ``owner`` and what is inside it; return the shortcuts, to keep them."""
    bound = []
    for key in keys:
        for sequence in (key.keys, *key.alike):
            shortcut = QShortcut(QKeySequence(sequence), owner)
            shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
            shortcut.activated.connect(key.act)
            bound.append(shortcut)
    return bound


class KeysDialog(QDialog):
    """Tells the keys; shown with ``open()``."""

    def __init__(self, look: Look, keys: Sequence[Key], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        told = [(key.shown or key.keys, key.name) for key in keys if key.name.zh] + list(PLOT_KEYS)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(7)
        half = (len(told) + 1) // 2
        for index, (sequence, name) in enumerate(told):
            at, side = index % half, 3 * (index // half)
            grid.addWidget(Label(look, same(sequence), CAPTION, bold=True, mono=True), at, side)
            grid.addWidget(Label(look, name), at, side + 1)
        grid.setColumnMinimumWidth(2, 24)
        done = Button(look, Text("知道了", "Got it"), "primary")
        done.setDefault(True)
        done.clicked.connect(self.accept)
        self.setLayout(
            column(
                Label(look, TITLE, H2, bold=True), Line(look), grid, Line(look), row(STRETCH, done),
                margins=(24, 20, 24, 20), gap=14,
            )
        )  # fmt: skip
        look.say.changed.connect(self.reword)
        self.reword()

    @Slot()
    def reword(self) -> None:
        """Show the title in the current language."""
        self.setWindowTitle(self._look.say(TITLE))
