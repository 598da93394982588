"""What the launcher tells people, on stderr, in their language."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from labapp.app.language import system_language
from labapp.model.text import Lang, Text

_ADDRESS = re.compile(r"\b[a-z][a-z+.-]*://[^\s'\",)]*", re.IGNORECASE)
_HOST = re.compile(r"(host=|resolve |connect to |Connection to |\()?'?[\w-]+(?:\.[\w-]+)+'?")
_TOP_LEVEL = re.compile(r"\.[a-z]{2,}'?$", re.IGNORECASE)


def seconds_said(seconds: float) -> str:
    """Return a length of time as people say it: ``0.4 s``, ``31 s``, ``2 min 40 s``."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    minutes, rest = divmod(whole, 60)
    return f"{minutes} min {rest} s" if minutes else f"{whole} s"


def without_addresses(line: str) -> str:
    """Return a line without addresses and names of servers, which are nobody's business."""
    return _HOST.sub(_hidden, _ADDRESS.sub("…", line))


def _hidden(match: re.Match[str]) -> str:
    word = match[0]
    named = match[1] in ("host=", "resolve ", "connect to ", "Connection to ")
    if not named or not _TOP_LEVEL.search(word):
        return word
    return f"{match[1]}…"


class Voice:
    """Speaks to the person who started ``lab.py``."""

    def __init__(self, lang: Lang) -> None:
        self.lang = lang
        self._live = sys.stderr.isatty()

    def say(self, text: Text) -> None:
        """Write one line."""
        self._write(f"lab.py: {text.in_(self.lang)}\n")

    @contextmanager
    def step(self, text: Text) -> Iterator[None]:
        """Write what is being done, and then how long it took."""
        began = time.monotonic()
        self._write(f"lab.py: {text.in_(self.lang)} … ")
        try:
            yield
        except BaseException:
            self._write("\n")
            raise
        self._write(f"{seconds_said(time.monotonic() - began)}\n")

    def progress(self, count: int) -> None:
        """Show, on a terminal only, how many parts of the running step are done."""
        if self._live:
            shown = f"{count:3d} "
            self._write(shown + "\b" * len(shown))

    def _write(self, words: str) -> None:
        sys.stderr.write(words)
        sys.stderr.flush()


def listen(words: list[str]) -> Voice:
    """Return a voice in the language that ``--lang`` or else the system asks for."""
    for at, word in enumerate(words):
        asked = words[at + 1] if word == "--lang" and at + 1 < len(words) else word[7:]
        if word.startswith("--lang") and asked in ("zh", "en"):
            return Voice("zh" if asked == "zh" else "en")
    return Voice(system_language())
