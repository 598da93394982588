"""Durations as people write them: ``500ms``, ``10 s``, ``5min``."""

from __future__ import annotations

import re
from fractions import Fraction

_US = {"us": 1, "ms": 1_000, "s": 1_000_000, "min": 60_000_000, "h": 3_600_000_000}
_FORM = re.compile(r"\s*(\d{1,12}(?:\.\d{1,6})?)\s*(us|ms|s|min|h)\s*")


def parse_duration_us(text: str) -> int:
    """Return a duration in whole microseconds.

    Raises:
        ValueError: not a number with one of us, ms, s, min, h, or not whole microseconds.
    """
    match = _FORM.fullmatch(text)
    if match is None:
        raise ValueError(f"not a duration: {text!r}")
    exact = Fraction(match[1]) * _US[match[2]]
    if exact.denominator != 1:
        raise ValueError(f"not a whole number of microseconds: {text!r}")
    return int(exact)


def write_duration(us: int) -> str:
    """Return the shortest form that reads back the same: ``2 s``, ``500 ms``, ``90 s``."""
    for name, size in (("h", _US["h"]), ("min", _US["min"]), ("s", _US["s"]), ("ms", _US["ms"])):
        if us and us % size == 0:
            return f"{us // size} {name}"
    if us == 0:
        return "0 s"
    return f"{us} us"
