"""The form of a case: a criterion, channels, gaps and a span as plain JSON, checked throughout."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeVar

import numpy as np

from labapp.criteria.finding import Needs, ScoreRule
from labapp.model.duration import parse_duration_us
from labapp.model.text import Text
from labapp.model.trace import Channel, Trace
from labapp.model.trouble import BadInput, Problem

# Far beyond any lesson, and small enough that sums of windows stay exact in 64 bits.
FARTHEST_US = 2**60
MOST_SAMPLES = 5_000_000
MOST_STATES = 1_000

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case, read."""

    check: str
    trace: Trace
    needs: Needs
    score: ScoreRule
    doubt_us: int
    query_us: tuple[int, ...]


def read_case(case: object) -> Case:
    """Return the case that a JSON value states.

    Raises:
        BadInput: all that is wrong with it, each with its path in the value.
    """
    if not isinstance(case, dict):
        raise _wrong("", "一个 JSON 对象", "a JSON object")
    if "not_json" in case:
        raise _no_json(case["not_json"])
    found = _Findings()
    read = Case(
        check=found.look(lambda: _text(case.get("check"), "check"), ""),
        trace=_trace(case, found),
        needs=found.look(lambda: _needs(case.get("needs")), Needs()),
        score=found.look(lambda: _score(case.get("score")), ScoreRule()),
        doubt_us=found.look(lambda: _length(case.get("doubt_us", 0), "doubt_us"), 0),
        query_us=tuple(found.look(lambda: _instants(case.get("query_us", []), "query_us"), [])),
    )
    if found.problems:
        raise BadInput(*found.problems)
    return read


def _trace(case: dict[str, Any], found: _Findings) -> Trace:
    return Trace(
        channels=found.look(lambda: _channels(case.get("channels")), {}),
        span_us=found.look(lambda: _stretch(case.get("span_us"), "span_us"), (0, 0)),
        gaps_us=found.look(lambda: _stretches(case.get("gaps_us", []), "gaps_us"), ()),
    )


class _Findings:
    """Collects what is wrong, so that all of it is told at once."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def look(self, read: Callable[[], T], otherwise: T) -> T:
        """Return what ``read`` gives; note why it cannot and return ``otherwise``."""
        try:
            return read()
        except BadInput as trouble:
            self.problems.extend(trouble.problems)
            return otherwise


def _channels(value: object) -> dict[str, Channel]:
    found = _Findings()
    read = {}
    for name, each in _object(value, "channels").items():
        try:
            read[name] = _channel(each, f"channels.{name}")
        except BadInput as trouble:
            found.problems.extend(trouble.problems)
    if found.problems:
        raise BadInput(*found.problems)
    return read


def _channel(value: object, path: str) -> Channel:
    form = _object(value, path)
    t_us = np.array(_instants(form.get("t_us"), f"{path}.t_us"), np.int64)
    values = _values(form.get("value"), f"{path}.value")
    if len(t_us) != len(values):
        raise _wrong(
            f"{path}.value",
            f"和 t_us 一样多（{len(t_us)} 个）的数",
            f"{len(t_us)} values, as many as t_us",
        )
    if len(t_us) and bool((np.diff(t_us) < 0).any()):
        first = int(np.flatnonzero(np.diff(t_us) < 0)[0]) + 1
        raise _wrong(f"{path}.t_us.{first}", "不早于前一个时刻", "an instant not before the last")
    stale = form.get("stale_after_us")
    return Channel(
        unit=_text(form.get("unit", "1"), f"{path}.unit"),
        stale_after_us=_stale(t_us, path)
        if stale is None
        else _length(stale, f"{path}.stale_after_us"),
        t_us=t_us,
        value=np.array(values, np.float64),
        states=_states(form.get("states", []), f"{path}.states"),
        gaps_us=_stretches(form.get("gaps_us", []), f"{path}.gaps_us"),
    )


def _stale(t_us: np.ndarray[Any, np.dtype[np.int64]], path: str) -> int:
    """Return three times the usual period, what a channel is stale after unless it says so."""
    steps = np.sort(np.diff(t_us))
    if not len(steps):
        raise _wrong(f"{path}.stale_after_us", "微秒数", "a number of microseconds")
    return 3 * int(steps[(len(steps) - 1) // 2])


def _states(value: object, path: str) -> tuple[str, ...]:
    names = [_text(each, f"{path}.{n}") for n, each in enumerate(_list(value, path))]
    if len(names) > MOST_STATES or len(set(names)) != len(names):
        raise _wrong(path, "互不相同的状态名", "state names that differ")
    return tuple(names)


def _values(value: object, path: str) -> list[float]:
    found = []
    for n, each in enumerate(_list(value, path)):
        number = float("nan") if each is None else _number(each)
        if number is None:
            raise _wrong(f"{path}.{n}", "有限的数或 null", "a finite number or null")
        found.append(number)
    return found


def _number(value: object) -> float | None:
    """Return a JSON number as a float64; ``None`` where it is none, or beyond all floats."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return None if number in (float("inf"), float("-inf")) else number


def _needs(value: object) -> Needs:
    form = _object({} if value is None else value, "needs")
    episodes = form.get("episodes", 1)
    if isinstance(episodes, bool) or not isinstance(episodes, int) or not 0 <= episodes <= 10**6:
        raise _wrong("needs.episodes", "0 到 1000000 的整数", "a whole number from 0 to 1000000")
    spaced = form.get("spaced_us", form.get("spaced", 0))
    return Needs(episodes=episodes, spaced_us=_length(spaced, "needs.spaced_us"))


def _score(value: object) -> ScoreRule:
    form = _object({} if value is None else value, "score")
    by = form.get("by", "all")
    if by not in ("all", "episodes", "time") or not isinstance(by, str):
        raise _wrong("score.by", "all、episodes 或 time", "all, episodes or time")
    zero_at = form.get("zero_at")
    return ScoreRule(
        by=by,  # type: ignore[arg-type]
        zero_at=None if zero_at is None else _share(zero_at),
    )


def _share(value: object) -> Fraction:
    """Return a share written as ``"80 %"``, ``"4/5"``, ``"0.8"`` or ``0.8``."""
    share: Fraction | None = None
    text = repr(value) if isinstance(value, int | float) else value
    if isinstance(text, str) and len(text) <= 40:
        percent = text.strip().endswith("%")
        try:
            share = Fraction(text.strip().removesuffix("%").strip()) / (100 if percent else 1)
        except (ValueError, ZeroDivisionError):
            share = None
    if share is None or isinstance(value, bool) or not 0 <= share < 1:
        raise _wrong("score.zero_at", "0 到 1（不含）的比例", "a share from 0 to below 1")
    return share


def _stretches(value: object, path: str) -> tuple[tuple[int, int], ...]:
    return tuple(_stretch(each, f"{path}.{n}") for n, each in enumerate(_list(value, path)))


def _stretch(value: object, path: str) -> tuple[int, int]:
    ends = _instants(value, path)
    if len(ends) != 2 or ends[0] > ends[1]:
        raise _wrong(path, "[开始, 结束]，开始不晚于结束", "[from, to] with from not after to")
    return ends[0], ends[1]


def _instants(value: object, path: str) -> list[int]:
    found = _list(value, path)
    for n, each in enumerate(found):
        if isinstance(each, bool) or not isinstance(each, int) or abs(each) > FARTHEST_US:
            raise _wrong(f"{path}.{n}", "整微秒的时刻", "an instant in whole microseconds")
    return found


def _length(value: object, path: str) -> int:
    if isinstance(value, str):
        try:
            value = parse_duration_us(value)
        except ValueError:
            value = None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= FARTHEST_US:
        raise _wrong(path, "不小于 0 的整微秒数", "a whole number of microseconds, 0 or more")
    return value


def _text(value: object, path: str) -> str:
    if not isinstance(value, str):
        raise _wrong(path, "一段文字", "a text")
    return value


def _list(value: object, path: str) -> list[Any]:
    if not isinstance(value, list):
        raise _wrong(path, "一个列表", "a list")
    if len(value) > MOST_SAMPLES:
        raise _wrong(
            path, f"一个列表（最多 {MOST_SAMPLES} 项）", f"a list of {MOST_SAMPLES} items at most"
        )
    return value


def _object(value: object, path: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _wrong(path, "一个 JSON 对象", "a JSON object")
    return value


def _wrong(path: str, zh: str, en: str) -> BadInput:
    where = path or "case"
    return BadInput(
        Problem(
            code="C-CASE",
            message=Text(f"{where} 应当是{zh}。", f"{where} must be {en}."),
            path=path or None,
        )
    )


def _no_json(message: object) -> BadInput:
    return BadInput(
        Problem(
            code="C-NOT-JSON",
            message=Text(
                f"这一行不是 JSON（{message}）。每行写一个 JSON 对象。",
                f"This line is no JSON ({message}). Write one JSON object a line.",
            ),
        )
    )
