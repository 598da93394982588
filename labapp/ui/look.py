"""What every widget is given: how things look and which language they speak."""

from __future__ import annotations

from dataclasses import dataclass

from labapp.model.text import Text
from labapp.ui.say import Say
from labapp.ui.theme import Theme


@dataclass(frozen=True, slots=True)
class Look:
    """The theme and the language of one window. Qt thread only."""

    theme: Theme
    say: Say

    def words(self, text: Text | None) -> str:
        """Return ``text`` in the current language; nothing for ``None``."""
        return "" if text is None else self.say(text)
