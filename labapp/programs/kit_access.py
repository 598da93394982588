"""What a program may do with a kit, and the check that every written value passes first."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal, Protocol

from labapp.model.reading import Quality
from labapp.model.text import Text
from labapp.model.units import UNITS
from labapp.profiles.profile import Profile

Value = float | str
"""A number in the point's unit, the code of a state (0, 1, …), or a word for a text point."""

_LARGEST = sys.float_info.max


@dataclass(frozen=True, slots=True)
class PointFacts:
    """What a program must know of one point.

    ``states`` are names by code, empty for a quantity; ``access`` is r, rw or w; ``min``
    and ``max`` bound what may be written, in ``unit``. ``is_text`` is set for a point that
    takes words; ``period_us`` and ``stale_us`` are 0 where they are not known.
    """

    unit: str = "1"
    states: tuple[str, ...] = ()
    access: Literal["r", "rw", "w"] = "r"
    min: float | None = None
    max: float | None = None
    name: Text | None = None
    decimals: int | None = None
    period_us: int = 0
    stale_us: int = 0
    is_text: bool = False

    @property
    def is_driven(self) -> bool:
        """Whether a program may write this point."""
        return self.access != "r"


class KitAccess(Protocol):
    """A kit as a program sees it: hardware, a live twin or a lockstep twin.

    In live runs the methods are called in the program's serving thread, in lockstep in the
    thread that calls ``advance``.
    """

    @property
    def points(self) -> Mapping[str, PointFacts]:
        """Every point by id; the same for the whole run."""

    def read(self, point: str) -> tuple[Value | None, Quality]:
        """Return the newest good value (``None`` before the first) and today's quality.

        A state is its code or its name. Bad quality says that there is no usable reading now.
        """

    def write(self, point: str, value: Value) -> None:
        """Drive ``point``; ``value`` passed ``accept`` before: finite, in limits, code of a state.

        Raises:
            WriteRefused: the kit did not take it; its reason is shown to the student.
        """

    def now_us(self) -> int:
        """Return microseconds since the sitting began."""


class WriteRefused(Exception):
    """A value that the kit did not take; ``reason`` says why and what it would take."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


def facts_of(profile: Profile) -> dict[str, PointFacts]:
    """Return what programs must know of each point of a profile, in its order."""
    return {
        point.id: PointFacts(
            unit=point.unit,
            states=point.states,
            access=point.access,
            min=point.write.min if point.write else None,
            max=point.write.max if point.write else None,
            name=point.name,
            decimals=point.decimals,
            period_us=point.period_us,
            stale_us=point.stale_us,
            is_text=point.at.type == "string",
        )
        for point in profile.points
    }


def accept(point: str, value: object, points: Mapping[str, PointFacts]) -> Value:
    """Return ``value`` as ``KitAccess.write`` takes it; nothing else ever reaches a kit.

    State points take a state's name in any case, ``True``/``False`` or a code; quantities a
    finite number within the point's limits; text points a word.

    Raises:
        WriteRefused: an unknown or read-only point, or a value that it cannot take.
    """
    facts = points.get(point)
    if facts is None:
        raise WriteRefused(unknown_point(point, points))
    if not facts.is_driven:
        raise WriteRefused(
            Text(
                f"{point} 只能读，不能写。可以写的有：{_driven(points, '、')}。",
                f"{point} can only be read. What can be written: {_driven(points, ', ')}.",
            )
        )
    if facts.is_text:
        return _word(point, value)
    if facts.states:
        return float(_code(point, value, facts.states))
    return _number(point, value, facts)


def unknown_point(point: str, points: Mapping[str, PointFacts]) -> Text:
    """Return the sentence for a point that the kit does not have."""
    near = nearest(point, points)
    if near:
        return Text(
            f"套件上没有叫 {point} 的点。是不是想写 {near}？",
            f"The kit has no point called {point}. Did you mean {near}?",
        )
    every = ", ".join(points)
    return Text(
        f"套件上没有叫 {point} 的点。它有：{every.replace(', ', '、')}。",
        f"The kit has no point called {point}. It has: {every}.",
    )


def nearest(word: str, words: Mapping[str, object] | list[str]) -> str | None:
    """Return the one of ``words`` that was most likely meant, or ``None``."""
    close = get_close_matches(word.lower(), [w.lower() for w in words], n=1, cutoff=0.6)
    return next((w for w in words if close and w.lower() == close[0]), None)


def shown(value: Value, facts: PointFacts) -> str:
    """Return a value as people read it: ``64.0 °C``, ``on``, ``80 %``."""
    if isinstance(value, str):
        return value
    if facts.states:
        code = int(value)
        return facts.states[code] if 0 <= code < len(facts.states) else str(code)
    number = f"{value:.{facts.decimals}f}" if facts.decimals is not None else f"{value:g}"
    unit = UNITS[facts.unit].shown if facts.unit in UNITS else facts.unit
    return f"{number} {unit}".strip()


def code_of(value: Value, facts: PointFacts) -> float | None:
    """Return a read value as a number, a state's name as its code; ``None`` for other words."""
    if not isinstance(value, str):
        return value if math.isfinite(value) else None
    return float(facts.states.index(value)) if value in facts.states else None


def _code(point: str, value: object, states: tuple[str, ...]) -> int:
    if isinstance(value, str) and value.lower() in states:
        return states.index(value.lower())
    if isinstance(value, bool | int | float) and value in range(len(states)):
        return int(value)
    zh, en = "、".join(states), ", ".join(states)
    raise WriteRefused(
        Text(
            f"{point} 不能是 {_spelled(value)}，它只有这些状态：{zh}。",
            f"{point} cannot be {_spelled(value)}; its states are {en}.",
        )
    )


def _number(point: str, value: object, facts: PointFacts) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise WriteRefused(
            Text(
                f"{point} 要一个数，写来的是 {_spelled(value)}。写成 kit.{point} = 50 这样。",
                f"{point} takes a number and was given {_spelled(value)}. "
                f"Write it like kit.{point} = 50.",
            )
        )
    if not abs(value) <= _LARGEST:
        raise WriteRefused(
            Text(
                f"{point} 要一个有限的数，算出来的是 {_spelled(value)}。检查这个数是怎么算的。",
                f"{point} takes a finite number and was given {_spelled(value)}. "
                "Check how it is computed.",
            )
        )
    low = -math.inf if facts.min is None else facts.min
    high = math.inf if facts.max is None else facts.max
    if not low <= value <= high:
        seen, bounds = shown(float(value), facts), _bounds(facts)
        raise WriteRefused(
            Text(
                f"{point} 不能是 {seen}，允许的范围是 {bounds}。",
                f"{point} cannot be {seen}; {bounds} is allowed.",
            )
        )
    return float(value)


def _word(point: str, value: object) -> str:
    if isinstance(value, str) and len(value) <= 256:
        return value
    raise WriteRefused(
        Text(
            f"{point} 要一段不超过 256 个字的文字，写来的是 {_spelled(value)}。",
            f"{point} takes a text of 256 characters at most and was given {_spelled(value)}.",
        )
    )


def _bounds(facts: PointFacts) -> str:
    low = "" if facts.min is None else shown(facts.min, facts)
    high = "" if facts.max is None else shown(facts.max, facts)
    if low and high:
        return f"{low} … {high}"
    return f"≥ {low}" if low else f"≤ {high}"


def _driven(points: Mapping[str, PointFacts], joint: str) -> str:
    return joint.join(name for name, facts in points.items() if facts.is_driven) or "—"


def _spelled(value: object) -> str:
    words = {None: "None", True: "True", False: "False"}
    if value is None or isinstance(value, bool):
        return words[value]
    text = f'"{value}"' if isinstance(value, str) else repr(value)
    return text if len(text) <= 40 else text[:37] + "…"
