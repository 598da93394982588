"""Tabs over pages; a page may come and go with the step."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QTabBar

from labapp.model.text import Text
from labapp.ui.look import Look


class Tabs(QTabBar):
    """A row of named tabs; ``opened`` carries the key of the one that was opened."""

    opened = Signal(str)

    def __init__(self, look: Look, name: Text) -> None:
        super().__init__()
        self._look, self._name = look, name
        self._tabs: tuple[tuple[str, Text], ...] = ()
        self.setExpanding(False)
        self.setDrawBase(False)
        self.setUsesScrollButtons(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.currentChanged.connect(self._tell)
        look.theme.changed.connect(self.restyle)
        look.say.changed.connect(self.reword)
        self.restyle()

    @property
    def key(self) -> str:
        """The key of the open tab."""
        index = self.currentIndex()
        return self._tabs[index][0] if 0 <= index < len(self._tabs) else ""

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of all tabs, left to right."""
        return tuple(key for key, _ in self._tabs)

    def show_tabs(self, tabs: Sequence[tuple[str, Text]]) -> None:
        """Show these tabs; the open one stays open where it is still there, else the first."""
        if tuple(tabs) == self._tabs:
            return
        kept = self.key
        with QSignalBlocker(self):
            while self.count():
                self.removeTab(self.count() - 1)
            self._tabs = tuple(tabs)
            for _, text in tabs:
                self.addTab(self._look.say(text))
            self.setCurrentIndex(self.keys.index(kept) if kept in self.keys else 0)
        self.reword()
        self.opened.emit(self.key)

    def open(self, key: str) -> None:
        """Open a tab; unknown keys change nothing."""
        if key in self.keys:
            self.setCurrentIndex(self.keys.index(key))

    @Slot()
    def restyle(self) -> None:
        """Take the font from the theme again; bold, so that the open tab never needs more room."""
        self.setFont(self._look.theme.font(bold=True))
        self.updateGeometry()
        self.update()

    @Slot()
    def reword(self) -> None:
        """Show the tabs in the current language."""
        self.setAccessibleName(self._look.say(self._name))
        for index, (_, text) in enumerate(self._tabs):
            self.setTabText(index, self._look.say(text))
            self.setTabToolTip(index, f"Ctrl+{index + 1}")

    @Slot()
    def _tell(self) -> None:
        self.opened.emit(self.key)
