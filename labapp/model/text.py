"""A text that people read, in both languages of the product."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Lang = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in Chinese and in English; neither can be left out."""

    zh: str
    en: str

    def in_(self, lang: Lang) -> str:
        """Return the text in ``lang``."""
        return self.zh if lang == "zh" else self.en

    def to_json(self) -> dict[str, str]:
        """Return ``{"zh": …, "en": …}``, the form of every published text."""
        return {"zh": self.zh, "en": self.en}


def same(words: str) -> Text:
    """Return a text that reads alike in both languages: an id, a number, a symbol."""
    return Text(words, words)
