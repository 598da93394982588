"""A strip under the top bar: what happened, what to do, and buttons that do it."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QSizePolicy

from labapp.model.text import Text
from labapp.ui.look import Look
from labapp.ui.theme import CAPTION
from labapp.ui.widgets.buttons import Button, ToolButton
from labapp.ui.widgets.labels import IconLabel, Label
from labapp.ui.widgets.layout import column, row
from labapp.ui.widgets.panels import Panel

CLOSE = Text("关闭提示", "Dismiss")


class Banner(Panel):
    """An inline message. ``closed`` is emitted when the user has read it."""

    closed = Signal()

    def __init__(
        self,
        look: Look,
        tone: str,
        glyph: str,
        title: Text,
        body: Text | None,
        actions: tuple[Button, ...] = (),
        *,
        closable: bool = False,
    ) -> None:
        super().__init__(look, bg=f"{tone}Bg", edges="b")
        self._title = Label(look, title, bold=True, tone=tone, wrap=True)
        self._body = Label(look, body or title, CAPTION, wrap=True)
        close = ToolButton(look, "close", CLOSE)
        close.clicked.connect(self._close)
        words = column(self._title, self._body, gap=2)
        self.setLayout(
            row(
                IconLabel(look, glyph, tone, 22), (words, 1), *actions, close,
                margins=(16, 8, 12, 8), gap=12,
            )
        )  # fmt: skip
        # Only now that they have a parent: shown before, they would be windows of their own.
        self._body.setVisible(body is not None)
        close.setVisible(closable)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def say(self, title: Text, body: Text | None) -> None:
        """Change the words in place."""
        self._title.set_text(title)
        self._body.set_text(body or title)
        self._body.setVisible(body is not None)

    @Slot()
    def _close(self) -> None:
        self.closed.emit()
