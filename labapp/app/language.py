"""Which of the two languages a person wants, when nobody has said so."""

from __future__ import annotations

import locale
import os
from collections.abc import Mapping

from labapp.model.text import Lang


def system_language(environ: Mapping[str, str] | None = None) -> Lang:
    """Return the system's language: Chinese where the system speaks it, else English."""
    names = os.environ if environ is None else environ
    for key in ("LC_ALL", "LC_MESSAGES", "LANGUAGE", "LANG"):
        if names.get(key):
            return _of(names[key])
    return _of(locale.getlocale()[0] or "")


def _of(name: str) -> Lang:
    return "zh" if name.lower().startswith(("zh", "chinese")) else "en"
