"""An exception of a student's program as its process told it, checked."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from labapp.model.text import Text
from labapp.model.trouble import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is known of an exception; ``kinds`` are its classes' names, the closest first.

    ``code`` is the text of its line, ``names`` what could be seen there, ``name`` what it is
    about, ``reason`` words that the app itself gave it.
    """

    kinds: tuple[str, ...] = ()
    text: str = ""
    file: str = ""
    line: int | None = None
    column: int | None = None
    code: str = ""
    names: tuple[str, ...] = ()
    name: str = ""
    reason: Text | None = None

    @property
    def kind(self) -> str:
        """The name of its class."""
        return self.kinds[0] if self.kinds else "Exception"

    def problem(self, code: str, message: Text) -> Problem:
        """Return a problem that stands where the fault does."""
        return Problem(
            code=code, message=message, file=self.file, line=self.line, column=self.column
        )

    @classmethod
    def from_json(cls, told: Mapping[str, Any], source: str, filename: str) -> Fault:
        """Return what ``report.describe`` told; whatever is not as it tells it is left out."""
        file = _text(told.get("file"))
        is_own = file in ("", filename, os.path.basename(filename))
        line = _whole(told.get("line"))
        code = _text(told.get("source"))
        if is_own and not code and line is not None:
            lines = source.split("\n")
            code = lines[line - 1] if 1 <= line <= len(lines) else ""
        return cls(
            kinds=_texts(told.get("kinds")),
            text=_text(told.get("text")),
            file=filename if is_own else file,
            line=line,
            column=_whole(told.get("column")),
            code=code,
            names=_texts(told.get("names")),
            name=_text(told.get("name")),
            reason=_reason(told.get("reason")),
        )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and value > 0 else None


def _texts(value: object) -> tuple[str, ...]:
    return tuple(v for v in value if isinstance(v, str)) if isinstance(value, list) else ()


def _reason(value: object) -> Text | None:
    match value:
        case {"zh": str(zh), "en": str(en)} if zh and en:
            return Text(zh, en)
    return None
