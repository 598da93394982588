"""What stands where there is nothing yet: why, and one thing to do about it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from labapp.model.text import Text
from labapp.ui.look import Look
from labapp.ui.theme import H3
from labapp.ui.widgets.buttons import Button
from labapp.ui.widgets.labels import CENTRE, IconLabel, Label
from labapp.ui.widgets.layout import STRETCH, column, row


class EmptyState(QWidget):
    """A glyph, a heading, a sentence, and perhaps one button."""

    def __init__(
        self, look: Look, glyph: str, title: Text, body: Text, action: Button | None = None
    ) -> None:
        super().__init__()
        self._icon = IconLabel(look, glyph, "text3", 36)
        self._title = Label(look, title, H3, bold=True, wrap=True, align=CENTRE)
        self._body = Label(look, body, tone="text2", wrap=True, align=CENTRE)
        self._body.setMinimumWidth(120)
        button = row(STRETCH, action, STRETCH) if action is not None else None
        self.setLayout(
            column(
                STRETCH,
                row(STRETCH, self._icon, STRETCH),
                self._title,
                self._body,
                button,
                STRETCH,
                margins=(24, 24, 24, 24),
                gap=8,
            )
        )
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, False)

    def say(self, title: Text, body: Text) -> None:
        """Change the words."""
        self._title.set_text(title)
        self._body.set_text(body)
