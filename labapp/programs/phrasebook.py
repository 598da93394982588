"""Tables that turn what Python says into what people are told."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from labapp.model.text import Text


@dataclass(frozen=True, slots=True)
class Phrase:
    """One thing that Python says, and our words for it; ``{0}`` is the pattern's first group."""

    pattern: re.Pattern[str]
    words: Text


def phrase(pattern: str, zh: str, en: str) -> Phrase:
    """Return a phrase; the pattern must be found somewhere in what Python says."""
    return Phrase(re.compile(pattern), Text(zh, en))


def say(phrases: Iterable[Phrase], text: str) -> Text | None:
    """Return our words for the first phrase that is found in a text."""
    for known in phrases:
        match = known.pattern.search(text)
        if match is not None:
            return filled(known.words, *match.groups())
    return None


def filled(words: Text, *groups: str | None) -> Text:
    """Return words with ``{0}`` and so on filled in."""
    return Text(words.zh.format(*groups), words.en.format(*groups))
