"""The parts around a rule's sentence: its name, the grip to drag it by, and what is wrong."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QMouseEvent

from labapp.model.text import Text, same
from labapp.ui.look import Look
from labapp.ui.theme import BODY, CAPTION
from labapp.ui.widgets.fields import Field
from labapp.ui.widgets.labels import IconLabel, Label
from labapp.ui.widgets.layout import row
from labapp.ui.widgets.panels import Panel


class NameField(Field):
    """The rule's name, plain until it is edited. ``named`` carries it in both languages."""

    named = Signal(object)

    def __init__(self, look: Look, name: Text) -> None:
        self._words = name
        super().__init__(look, Text("规则的名字", "Name of the rule"))
        self.setProperty("quiet", True)
        self.setMinimumHeight(0)
        self.setMaxLength(60)
        self.textEdited.connect(self._edit)
        look.theme.changed.connect(self.embolden)
        look.say.changed.connect(self.show_name)
        self.embolden()
        self.show_name()

    @Slot()
    def embolden(self) -> None:
        """Be bold: it is a heading."""
        self.setFont(self._look.theme.font(BODY, True))
        self.setMinimumHeight(0)

    @Slot()
    def show_name(self) -> None:
        """Show the name in the current language."""
        if not self.hasFocus():
            self.setText(self._look.say(self._words))
            self.setCursorPosition(0)

    @Slot(str)
    def _edit(self, words: str) -> None:
        old = self._words
        if old.zh == old.en:
            self._words = same(words)
        elif self._look.say.lang == "zh":
            self._words = Text(words, old.en)
        else:
            self._words = Text(old.zh, words)
        self.named.emit(self._words)


class FlawStrip(Panel):
    """A line under the sentence that says what is wrong."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, bg="warnBg", radius=6)
        self._icon = IconLabel(look, "alert", "warn", 16)
        self._words = Label(look, same(""), CAPTION, wrap=True)
        self.setLayout(row(self._icon, (self._words, 1), margins=(8, 5, 8, 5)))
        self.hide()

    def show_words(self, words: Text | None, tone: str) -> None:
        """Show these words, or nothing."""
        self.setVisible(words is not None)
        if words is not None:
            self._icon.set_glyph("alert" if tone == "warn" else "alert-circle", tone)
            self.set_tokens(f"{tone}Bg")
            self._words.set_text(words)


class Grip(IconLabel):
    """Where a card is taken to be dragged; the menu and Alt with the arrows do the same."""

    def __init__(self, look: Look, on_drop: Callable[[QPoint], None]) -> None:
        super().__init__(look, "drag-vertical", "text3", 18)
        self._on_drop = on_drop
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setToolTip(look.say(Text("拖动来换顺序", "Drag to reorder")))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the card."""
        self.setCursor(Qt.CursorShape.ClosedHandCursor)
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Leave the card where the mouse is."""
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self._on_drop(event.globalPosition().toPoint())
        event.accept()
