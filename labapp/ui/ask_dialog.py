"""A question before work would be lost; the only kind of box that stops the window."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QWidget

from labapp.model.text import Text
from labapp.ui.look import Look
from labapp.ui.theme import H3
from labapp.ui.widgets.buttons import Button
from labapp.ui.widgets.labels import IconLabel, Label
from labapp.ui.widgets.layout import STRETCH, column, row

WIDTH_PX = 420


class AskDialog(QDialog):
    """Shown with ``open()``; accepted when the user wants it, staying is the default."""

    def __init__(self, look: Look, title: Text, body: Text, yes: Text, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(look.say(title))
        self.yes = Button(look, yes, "danger")
        self.no = Button(look, Text("接着做", "Stay"), "primary")
        self.no.setDefault(True)
        self.yes.clicked.connect(self.accept)
        self.no.clicked.connect(self.reject)
        icon = column(IconLabel(look, "help-circle-outline", "warn", 28), STRETCH)
        words = column(
            Label(look, title, H3, bold=True, wrap=True),
            Label(look, body, tone="text2", wrap=True),
            gap=6,
        )
        self.setLayout(
            column(
                row(icon, (words, 1), gap=14),
                row(STRETCH, self.yes, self.no),
                margins=(22, 20, 22, 18),
                gap=18,
            )
        )
        self.setMinimumWidth(look.theme.px(WIDTH_PX))
