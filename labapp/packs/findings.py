"""Collects everything that is wrong with a pack, each with the place where it stands."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from fractions import Fraction

from labapp.model.duration import parse_duration_us
from labapp.model.text import Text
from labapp.model.trouble import BadInput, Problem
from labapp.model.units import convert, find_unit
from labapp.profiles.document import Document

Loc = tuple[str | int, ...]


class Findings:
    """The mistakes of one ``pack.yaml`` so far."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self.problems: list[Problem] = []

    def say(self, code: str, loc: Loc, zh: str, en: str) -> None:
        """Note a mistake at the place ``loc`` of the document."""
        self.problems.append(self._document.problem(code, loc, Text(zh, en)))

    def add(self, problems: Iterable[Problem]) -> None:
        """Note mistakes that have their own file and place."""
        self.problems.extend(problems)

    def raise_all(self) -> None:
        """Raise BadInput if anything was noted."""
        if self.problems:
            raise BadInput(*self.problems)

    def inside(self, loc: Loc, trouble: BadInput) -> None:
        """Note mistakes inside the text at ``loc``; their columns count within that text."""
        self.problems += [self._document.inside(loc, problem) for problem in trouble.problems]

    def unknown(self, code: str, loc: Loc, what: Text, name: str, known: Iterable[str]) -> None:
        """Note a name that is not one of ``known``, with the nearest that is."""
        near = difflib.get_close_matches(name, list(known), n=1)
        hint_zh = f"是不是想写 {near[0]}？" if near else f"可用的有：{_some(known)}。"
        hint_en = f"Did you mean {near[0]}?" if near else f"There are: {_some(known)}."
        self.say(
            code,
            loc,
            f"没有叫 {name} 的{what.zh}。{hint_zh}",
            f"No {what.en} is called {name}. {hint_en}",
        )

    def unique(self, code: str, at: Iterable[tuple[str, Loc]]) -> None:
        """Note every name of ``at`` that stands there a second time."""
        seen: set[str] = set()
        for name, loc in at:
            if name in seen:
                self.say(
                    code,
                    loc,
                    f"{name} 用了两次。换一个名字。",
                    f"{name} is used twice. Choose another name.",
                )
            seen.add(name)

    def duration(self, text: str, loc: Loc) -> int:
        """Return a duration in microseconds; 0 and a note where it is none."""
        try:
            return parse_duration_us(text)
        except ValueError:
            self.say(
                "P-DURATION",
                loc,
                f"{text} 不是时长。写成 500 ms、10 s 或 5 min 的样子。",
                f"{text} is not a duration. Write it like 500 ms, 10 s or 5 min.",
            )
            return 0

    def share(self, text: str, loc: Loc) -> Fraction:
        """Return a share such as ``60 %`` as 3/5; 0 and a note where it is none."""
        number = text.strip().removesuffix("%").strip()
        if text.strip().endswith("%") and _is_number(number) and 0 <= Fraction(number) <= 100:
            return Fraction(number) / 100
        self.say(
            "P-SHARE",
            loc,
            f"{text} 不是 0 %～100 % 的比例。",
            f"{text} is not a share between 0 % and 100 %.",
        )
        return Fraction(0)

    def amount(self, text: str, unit: str, loc: Loc, *, difference: bool = False) -> Fraction:
        """Return an amount such as ``57 Cel`` exactly, in ``unit``; 0 and a note where it is none."""
        number, _, symbol = text.strip().partition(" ")
        source, target = find_unit(symbol.strip() or "1"), find_unit(unit)
        if not _is_number(number) or source is None or target is None:
            self.say(
                "P-AMOUNT",
                loc,
                f"{text} 不是一个数加单位。写成 57 {unit} 的样子。",
                f"{text} is not a number and a unit. Write it like 57 {unit}.",
            )
            return Fraction(0)
        try:
            return convert(Fraction(number), source, target, difference=difference)
        except ValueError:
            self.say(
                "P-UNIT",
                loc,
                f"{text} 的单位对不上，这个量用 {unit}。",
                f"The unit of {text} does not fit; this quantity is in {unit}.",
            )
            return Fraction(0)


def exact(points: float) -> Fraction:
    """Return a number as people wrote it: 2.5 is five halves, not its nearest float."""
    return Fraction(str(points))


def _is_number(text: str) -> bool:
    try:
        Fraction(text)
    except (ValueError, ZeroDivisionError):
        return False
    return "/" not in text and "_" not in text and "e" not in text.lower()


def _some(known: Iterable[str]) -> str:
    return ", ".join(list(known)[:12])
