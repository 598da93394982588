"""Fields to type and choose in; names and options follow language and theme."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QComboBox, QLineEdit, QWidget

from labapp.model.text import Text
from labapp.ui.look import Look
from labapp.ui.theme import BODY
from labapp.ui.widgets.buttons import Button
from labapp.ui.widgets.labels import NOTHING
from labapp.ui.widgets.layout import row


class Field(QLineEdit):
    """One line to type in; ``name`` is for screen readers, ``ghost`` stands in the empty field."""

    def __init__(
        self, look: Look, name: Text, ghost: Text = NOTHING, *, mono: bool = False
    ) -> None:
        super().__init__()
        self._look, self._name, self._ghost, self._mono = look, name, ghost, mono
        self.setTextMargins(4, 0, 4, 0)
        look.theme.changed.connect(self.restyle)
        look.say.changed.connect(self.reword)
        self.restyle()
        self.reword()

    @Slot()
    def restyle(self) -> None:
        """Take the font from the theme again."""
        self.setFont(self._look.theme.font(BODY, mono=self._mono))
        self.setMinimumHeight(self._look.theme.px(30))

    @Slot()
    def reword(self) -> None:
        """Show name and ghost text in the current language."""
        self.setAccessibleName(self._look.say(self._name))
        self.setPlaceholderText(self._look.say(self._ghost))


class Choice(QComboBox):
    """One of several options; ``picked`` carries the key of what the user chose."""

    picked = Signal(str)

    def __init__(self, look: Look, name: Text, options: Sequence[tuple[str, Text]] = ()) -> None:
        super().__init__()
        self._look, self._name = look, name
        self._options: tuple[tuple[str, Text], ...] = ()
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.activated.connect(self._tell)
        look.theme.changed.connect(self.restyle)
        look.say.changed.connect(self.reword)
        self.show_options(options)
        self.restyle()

    @property
    def key(self) -> str:
        """The key of the option that is chosen; empty where there is none."""
        index = self.currentIndex()
        return self._options[index][0] if 0 <= index < len(self._options) else ""

    def show_options(self, options: Sequence[tuple[str, Text]]) -> None:
        """Offer these options; what was chosen stays chosen where it is still there."""
        kept = self.key
        self._options = tuple(options)
        with QSignalBlocker(self):
            self.clear()
            for key, text in self._options:
                self.addItem(self._look.say(text), key)
        self.choose(kept)
        self.reword()

    def choose(self, key: str) -> None:
        """Choose an option, without telling anybody."""
        keys = [known for known, _ in self._options]
        if key in keys:
            with QSignalBlocker(self):
                self.setCurrentIndex(keys.index(key))

    @Slot()
    def restyle(self) -> None:
        """Take the font from the theme again."""
        self.setFont(self._look.theme.font(BODY))

    @Slot()
    def reword(self) -> None:
        """Show name and options in the current language."""
        self.setAccessibleName(self._look.say(self._name))
        for index, (_, text) in enumerate(self._options):
            self.setItemText(index, self._look.say(text))

    @Slot()
    def _tell(self) -> None:
        self.picked.emit(self.key)


class Segments(QWidget):
    """A few options side by side, one of them on; ``picked`` carries its key."""

    picked = Signal(str)

    def __init__(self, look: Look, name: Text, options: Sequence[tuple[str, Text]]) -> None:
        super().__init__()
        self._look, self._name = look, name
        self._keys = [key for key, _ in options]
        self._group = QButtonGroup(self)
        buttons = [Button(look, text, dense=True) for _, text in options]
        for index, button in enumerate(buttons):
            button.setCheckable(True)
            self._group.addButton(button, index)
        self._group.idClicked.connect(self._tell)
        self.setLayout(row(*buttons, gap=4))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        look.say.changed.connect(self.reword)
        self.reword()

    @property
    def key(self) -> str:
        """The key of the option that is on; empty where none is."""
        index = self._group.checkedId()
        return self._keys[index] if index >= 0 else ""

    def choose(self, key: str) -> None:
        """Switch an option on, without telling anybody."""
        if key in self._keys:
            self._group.button(self._keys.index(key)).setChecked(True)

    @Slot()
    def reword(self) -> None:
        """Say the name in the current language."""
        self.setAccessibleName(self._look.say(self._name))

    @Slot(int)
    def _tell(self, index: int) -> None:
        self.picked.emit(self._keys[index])
