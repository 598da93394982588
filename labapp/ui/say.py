"""The language that the window speaks now, and how texts follow it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from labapp.model.text import Lang, Text


class Say(QObject):
    """Turns a ``Text`` into words of the current language: ``say(text)``.

    Qt thread only. ``changed`` says: ask again for every word. Widgets of ``ui.widgets``
    keep their ``Text`` and follow by themselves.
    """

    changed = Signal()

    def __init__(self, lang: Lang = "zh", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lang: Lang = lang

    @property
    def lang(self) -> Lang:
        """The current language."""
        return self._lang

    def __call__(self, text: Text) -> str:
        """Return ``text`` in the current language."""
        return text.in_(self._lang)

    def switch(self, lang: Lang) -> None:
        """Speak ``lang`` from now on; everything shown follows at once."""
        if lang != self._lang:
            self._lang = lang
            self.changed.emit()


def joined(parts: list[Text], zh: str = "，", en: str = ", ") -> Text:
    """Return texts side by side, with each language's own mark between them."""
    return Text(zh.join(p.zh for p in parts), en.join(p.en for p in parts))
