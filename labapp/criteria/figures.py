"""Times, values and counts as a verdict shows them."""

from __future__ import annotations

import re
from fractions import Fraction

from labapp.criteria.amounts import decimal_text
from labapp.model.text import Text, same
from labapp.model.units import find_unit

_BESIDE_LATIN = re.compile(
    r"(?<=[\u4e00-\u9fff])(?=[A-Za-z0-9≤≥])|(?<=[A-Za-z0-9%°²³])(?=[\u4e00-\u9fff])"
)
_BESIDE_MARK = re.compile(r"(?<=[“”（）「」，。；：～、]) | (?=[“”（）「」，。；：～、])")
_MANY_SPACES = re.compile(" +")
NO_DATA = Text("缺数据", "no data")
DASH = same("—")


def seconds(us: int) -> str:
    """Return a time in seconds to 0.01 s, finer only where it would vanish or is exact."""
    exact = Fraction(us, 1_000_000)
    for digits in (2, 3):
        rounded = Fraction(round(exact * 10**digits), 10**digits)
        if rounded == exact or (digits == 3 and rounded != 0):
            return f"{decimal_text(rounded)} s"
    return f"{decimal_text(exact)} s"


def number(value: float, symbol: str) -> str:
    """Return a value with its unit as people read it: ``64.03 °C``."""
    unit = find_unit(symbol)
    words = symbol if unit is None else unit.shown
    text = str(int(value)) if value == int(value) and abs(value) < 1e15 else f"{value:.6g}"
    return f"{text} {words}" if words else text


def spaced(zh: str) -> str:
    """Return Chinese with one space between Chinese and Latin letters, none beside marks."""
    text = _BESIDE_LATIN.sub(" ", zh)
    return _BESIDE_MARK.sub("", _MANY_SPACES.sub(" ", text)).strip()


def times(count: int) -> Text:
    """Return how many times: ``0 次`` and ``0 times``."""
    return Text(f"{count} 次", "1 time" if count == 1 else f"{count} times")
