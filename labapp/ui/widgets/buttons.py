"""Buttons: one primary a screen, default, danger, and ghost for tools."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QPushButton, QToolButton

from labapp.model.text import Text
from labapp.ui.look import Look
from labapp.ui.theme import BODY, CAPTION

Kind = Literal["default", "primary", "danger", "ghost"]
_ICON_TONE: dict[Kind, str] = {
    "default": "text2",
    "primary": "onAccent",
    "danger": "fail",
    "ghost": "text2",
}


class Button(QPushButton):
    """A push button whose words, icon and weight follow language, theme and kind.

    Args:
        look: theme and language.
        text: the words on it; a verb.
        kind: primary is filled, danger has the colour of stop.
        glyph: an icon before the words.
        dense: 28 instead of 34 pixels high.
        tip: what it does, or why it cannot now.
    """

    def __init__(
        self,
        look: Look,
        text: Text,
        kind: Kind = "default",
        glyph: str | None = None,
        *,
        dense: bool = False,
        tip: Text | None = None,
    ) -> None:
        super().__init__()
        self._look, self._text, self._kind, self._glyph = look, text, kind, glyph
        self._tip = tip
        self.setProperty("dense", dense)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)
        look.theme.changed.connect(self.restyle)
        look.say.changed.connect(self.reword)
        self.restyle()
        self.reword()

    @property
    def kind(self) -> Kind:
        """How the button looks now."""
        return self._kind

    def become(self, text: Text, kind: Kind, glyph: str | None = None) -> None:
        """Change words, kind and icon."""
        if (text, kind, glyph) != (self._text, self._kind, self._glyph):
            self._text, self._kind, self._glyph = text, kind, glyph
            self.restyle()
            self.reword()

    def set_tip(self, tip: Text | None) -> None:
        """Say what the button does, or why it cannot now."""
        if tip != self._tip:
            self._tip = tip
            self.reword()

    @Slot()
    def restyle(self) -> None:
        """Take font and icon from the theme again."""
        self.setProperty("kind", self._kind)
        self.setFont(self._look.theme.font(BODY, self._kind == "primary"))
        if self._glyph is not None:
            self.setIcon(self._look.theme.icon(self._glyph, _ICON_TONE[self._kind]))
        elif not self.icon().isNull():
            self.setIcon(QIcon())
        side = self._look.theme.px(16) if self._glyph is not None else 0
        self.setIconSize(QSize(side, side))
        self.updateGeometry()
        self.update()

    @Slot()
    def reword(self) -> None:
        """Show words and tip in the current language."""
        self.setText(self._look.say(self._text))
        tip = self._look.words(self._tip)
        self.setToolTip(tip)
        self.setAccessibleDescription(tip)


class ToolButton(QToolButton):
    """A flat button with an icon, and perhaps a short word; its tip is its accessible name."""

    def __init__(
        self,
        look: Look,
        glyph: str,
        tip: Text,
        text: Text | None = None,
        *,
        checkable: bool = False,
    ) -> None:
        super().__init__()
        self._look, self._glyph, self._tip, self._text = look, glyph, tip, text
        self._tone = "text2"
        self.setProperty("kind", "ghost")
        self.setCheckable(checkable)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if text is not None:
            self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.toggled.connect(self.restyle)
        look.theme.changed.connect(self.restyle)
        look.say.changed.connect(self.reword)
        self.restyle()
        self.reword()

    def become(self, glyph: str, tip: Text, text: Text | None = None, tone: str = "text2") -> None:
        """Change icon, tip, word and colour."""
        self._glyph, self._tip, self._text, self._tone = glyph, tip, text, tone
        self.restyle()
        self.reword()

    @Slot()
    def restyle(self) -> None:
        """Take icon and font from the theme again."""
        tone = "accent" if self.isChecked() else self._tone
        self.setIcon(self._look.theme.icon(self._glyph, tone, 18))
        side = self._look.theme.px(16 if self.property("tight") else 18)
        self.setIconSize(QSize(side, side))
        self.setFont(self._look.theme.font(CAPTION))

    @Slot()
    def reword(self) -> None:
        """Show word and tip in the current language."""
        tip = self._look.say(self._tip)
        self.setText(self._look.words(self._text))
        self.setToolTip(tip)
        self.setAccessibleName(tip)
