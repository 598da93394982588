"""What a user has chosen, kept in one small file."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal, cast

from labapp.app.language import system_language
from labapp.model.text import Lang

Theme = Literal["auto", "light", "dark"]
TEXT_PERCENTS = (90, 100, 110, 125, 150)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """A user's choices. ``text_percent`` is one of ``TEXT_PERCENTS``."""

    lang: Lang = "zh"
    theme: Theme = "auto"
    text_percent: int = 100
    student: str = ""
    seat: str = ""
    window: tuple[int, ...] = ()
    last_project: str = ""
    reduce_motion: bool = False

    def with_(self, **changes: Any) -> Settings:
        """Return a copy with some choices changed."""
        return replace(self, **changes)


def load_settings(path: Path) -> Settings:
    """Return the saved settings; a missing or damaged file gives the defaults.

    A field that does not fit is left at its default and the others are kept.
    """
    defaults = Settings(lang=system_language())
    try:
        saved = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return defaults
    if not isinstance(saved, dict):
        return defaults
    known = {f.name for f in fields(Settings)}
    fitting: dict[str, Any] = {k: _fit(k, v) for k, v in saved.items() if k in known}
    return replace(defaults, **{k: v for k, v in fitting.items() if v is not None})


def save_settings(settings: Settings, path: Path) -> None:
    """Write the settings whole or not at all.

    Raises:
        OSError: the folder cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(asdict(settings), ensure_ascii=False, indent=1), encoding="utf-8")
    os.replace(fresh, path)


def _fit(name: str, value: object) -> object:
    match name:
        case "lang":
            return value if value in ("zh", "en") else None
        case "theme":
            return value if value in ("auto", "light", "dark") else None
        case "text_percent":
            return value if value in TEXT_PERCENTS else None
        case "reduce_motion":
            return value if isinstance(value, bool) else None
        case "window":
            whole = isinstance(value, list) and all(type(v) is int for v in value)
            return tuple(cast("list[int]", value)) if whole else None
        case _:
            return value[:80] if isinstance(value, str) else None
