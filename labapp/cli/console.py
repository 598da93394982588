"""Where commands print: results to stdout, progress and logs to stderr, never mixed."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Any, TextIO

from labapp.model.text import Lang, Text
from labapp.model.trouble import Problem


class Console:
    """Prints for people or, with ``as_json``, one JSON object a command."""

    def __init__(
        self, lang: Lang, as_json: bool, out: TextIO | None = None, err: TextIO | None = None
    ) -> None:
        self.lang = lang
        self.as_json = as_json
        self.out = sys.stdout if out is None else out
        self.err = sys.stderr if err is None else err

    def say(self, text: Text | str) -> None:
        """Print a line for people; nothing where JSON was asked for."""
        if not self.as_json:
            print(self._words(text), file=self.out, flush=True)

    def note(self, text: Text | str) -> None:
        """Print a line of progress to stderr."""
        print(self._words(text), file=self.err, flush=True)

    def progress(self, done: float, text: Text) -> None:
        """Redraw a progress bar on stderr; ``done`` is a share of 1. Silent where stderr is no terminal."""
        if not self.err.isatty():
            return
        filled = round(24 * min(1.0, max(0.0, done)))
        bar = "#" * filled + "." * (24 - filled)
        end = "\n" if done >= 1.0 else ""
        print(f"\r[{bar}] {done:4.0%} {self._words(text)}", end=end, file=self.err, flush=True)

    def give(self, result: dict[str, Any]) -> None:
        """Print the one JSON object of a command, where JSON was asked for."""
        if self.as_json:
            self.line(result)

    def line(self, value: dict[str, Any]) -> None:
        """Print one JSON line whatever was asked for."""
        print(json.dumps(value, ensure_ascii=False), file=self.out, flush=True)

    def problems(self, problems: Iterable[Problem]) -> None:
        """Tell every mistake: to stderr for people, or as the published object to stdout."""
        told = list(problems)
        if self.as_json:
            self.line({"errors": [problem.to_json() for problem in told]})
        for problem in told if not self.as_json else ():
            where = f"{problem.where}: " if problem.where else ""
            self.note(f"{where}{problem.message.in_(self.lang)}  [{problem.code}]")

    def _words(self, text: Text | str) -> str:
        return text.in_(self.lang) if isinstance(text, Text) else text


def speak_utf8() -> None:
    """Make the standard streams carry any text: UTF-8 into pipes and files on every system."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is None:
            continue
        if stream.isatty():
            reconfigure(errors="replace")
        else:
            reconfigure(encoding="utf-8", errors="backslashreplace")
