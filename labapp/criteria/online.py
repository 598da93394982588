"""A condition followed live: values are fed as they come, and its truth is asked as time goes."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from labapp.criteria.algebra import Truth, negation, truth_at
from labapp.criteria.amounts import exact_in, float_in
from labapp.criteria.bind import BoundCondition, ChannelSpec, check_duration, check_whole
from labapp.criteria.condition import (
    Age,
    Agrees,
    Changes,
    Compare,
    Condition,
    Edge,
    Implies,
    InRange,
    IsState,
    Leaf,
    Near,
    Place,
    Until,
    Value,
    Window,
    leaves_of,
    parts_of,
    reach_of,
)
from labapp.criteria.evaluate import compared
from labapp.criteria.intervals import runs
from labapp.criteria.logic import Logic
from labapp.criteria.signals import Held as HeldValues
from labapp.criteria.signals import changed_at_least
from labapp.criteria.wording import mistake

# Later than any instant of a sitting, early enough for sums in 64 bits.
_FAR_US = 2**60

Test = Callable[[float], bool]


@dataclass(slots=True)
class _Timeline:
    """What has been true of something since when: ``truth[i]`` from ``since[i]`` on."""

    since: list[int] = field(default_factory=list)
    truth: list[bool | None] = field(default_factory=list)

    def put(self, t_us: int, truth: bool | None) -> bool:
        """Note the truth from ``t_us`` on; say whether that changed anything."""
        kept = bisect_right(self.since, t_us - 1)
        before = (self.since[kept:], self.truth[kept:])
        del self.since[kept:], self.truth[kept:]
        if not self.truth or self.truth[-1] != truth:
            self.since.append(t_us)
            self.truth.append(truth)
        return before != (self.since[kept:], self.truth[kept:])

    def forget(self, before_us: int) -> None:
        """Drop what no longer matters: all but the entry that holds at ``before_us``."""
        kept = bisect_right(self.since, before_us) - 1
        if kept > 0:
            del self.since[:kept], self.truth[:kept]

    def known(self) -> Truth:
        """Return the timeline as known stretches."""
        ends = [*self.since[1:], _FAR_US]
        rows = list(zip(self.since, ends, self.truth, strict=True))
        return Truth(
            runs((a, b) for a, b, truth in rows if truth is True),
            runs((a, b) for a, b, truth in rows if truth is False),
        )


class OnlineCondition:
    """A bound condition that sees values one by one, in time order.

    A value holds until the next is fed; ``None`` makes its point unknown. What came more
    than the condition's own horizon ago is forgotten, so memory stays bounded. Not
    thread-safe: one owner feeds and asks.

    Raises:
        BadInput: the condition pairs samples (``agrees with``) or looks ahead, which cannot
            be answered while it happens.
    """

    def __init__(self, bound: BoundCondition) -> None:
        _check_live(bound.condition)
        self.points: frozenset[str] = bound.points
        self._condition = bound.condition
        self._channels = bound.channels
        self._horizon_us = reach_of(bound.condition)[0]
        self._leaves = {leaf: _follow(leaf, bound.channels) for leaf in leaves_of(bound.condition)}
        self._by_point: dict[str, list[_Followed]] = {name: [] for name in sorted(bound.points)}
        for followed in self._leaves.values():
            self._by_point[followed.point].append(followed)
        self._last_us: int | None = None
        self._answer: Truth | None = None

    def feed(self, point: str, t_us: int, value: float | None) -> None:
        """Note a point's value from ``t_us`` on; points that do not matter are ignored.

        An instant before the last one fed counts as that one.
        """
        leaves = self._by_point.get(point)
        if leaves is None:
            return
        if self._last_us is None:
            self._last_us = t_us
            for leaf in self._leaves.values():
                leaf.begin(t_us)
        self._last_us = max(t_us, self._last_us)
        usable = _usable(value, self._channels[point])
        for leaf in leaves:
            if leaf.feed(self._last_us, usable):
                self._answer = None
            leaf.forget(self._last_us - self._horizon_us)

    def truth(self, t_us: int) -> bool | None:
        """Return the truth at ``t_us``, not before the last value fed; ``None`` is unknown."""
        if self._last_us is None:
            return None
        if self._answer is None:
            low = min((leaf.since_us(self._last_us) for leaf in self._leaves.values()), default=0)
            logic = Logic(lambda leaf: self._leaves[leaf].known(), (low, _FAR_US))
            self._answer = logic.truth(self._condition)
        return truth_at(self._answer, max(t_us, self._last_us))


class _Followed:
    """A leaf whose truth at an instant is that of the value then."""

    def __init__(self, point: str, test: Test) -> None:
        self.point = point
        self._test = test
        self._line = _Timeline()

    def begin(self, t_us: int) -> None:
        """Note when the condition was first fed at all: before that nothing is known."""
        self._line.put(t_us, None)

    def feed(self, t_us: int, value: float | None) -> bool:
        """Note a value; say whether the leaf's truth changed."""
        return self._line.put(t_us, None if value is None else self._test(value))

    def forget(self, before_us: int) -> None:
        """Drop what came before ``before_us`` and no longer holds then."""
        self._line.forget(before_us)

    def since_us(self, now_us: int) -> int:
        """Return the first instant that is remembered."""
        return min(self._line.since, default=now_us)

    def known(self) -> Truth:
        """Return where the leaf is known."""
        return self._line.known()


class _FollowedAge(_Followed):
    """Whether the newest good value is at most so old: true at its coming, later false."""

    def __init__(self, point: str, most_us: int, young: bool) -> None:
        super().__init__(point, lambda _: True)
        self._most_us = most_us
        self._young = young
        self._newest_us: int | None = None
        self._without_newest: tuple[list[int], list[bool | None]] = ([], [])

    def begin(self, t_us: int) -> None:
        self._line.put(t_us, None)
        self._line.put(t_us + max(self._most_us, 0), False)

    def feed(self, t_us: int, value: float | None) -> bool:
        replaced = t_us == self._newest_us
        if replaced:
            # Of several values at one instant the last counts, also where it is none.
            self._line.since, self._line.truth = self._without_newest
        self._newest_us = None if value is None else t_us
        if value is None:
            return replaced
        self._without_newest = (list(self._line.since), list(self._line.truth))
        self._line.put(t_us, self._most_us >= 0)
        self._line.put(t_us + self._most_us + 1, False)
        return True

    def known(self) -> Truth:
        truth = self._line.known()
        return truth if self._young else negation(truth)


class _FollowedChanges(_Followed):
    """Whether a value changed so many times in the time just past."""

    def __init__(self, point: str, leaf: Compare, number: Changes) -> None:
        super().__init__(point, lambda _: True)
        count = check_whole(leaf.quantity)
        self._least = count if leaf.cmp in (">=", "<") else count + 1
        self._many = leaf.cmp in (">=", ">")
        self._last_us = number.last_us
        self._values: list[tuple[int, float | None]] = []

    def begin(self, t_us: int) -> None:
        self._values.append((t_us, None))

    def feed(self, t_us: int, value: float | None) -> bool:
        before = self._values[-1] if self._values else None
        if before is not None and before[0] == t_us:
            self._values.pop()
            before = self._values[-1] if self._values else None
        elif before is not None and before[1] == value:
            return False
        if before is None or before[1] != value:
            self._values.append((t_us, value))
        return True

    def forget(self, before_us: int) -> None:
        limit = before_us - self._last_us - 1
        kept = bisect_right([t for t, _ in self._values], limit) - 1
        if kept > 0:
            del self._values[:kept]

    def since_us(self, now_us: int) -> int:
        return self._values[0][0] if self._values else now_us

    def known(self) -> Truth:
        ends = [*(t for t, _ in self._values[1:]), _FAR_US]
        rows = [(a, b, v) for (a, v), b in zip(self._values, ends, strict=True) if v is not None]
        held = HeldValues(
            np.array([a for a, _, _ in rows], np.int64),
            np.array([b for _, b, _ in rows], np.int64),
            np.array([v for _, _, v in rows], np.float64),
        )
        span = (self.since_us(0), _FAR_US)
        truth = changed_at_least(held, self._least, self._last_us, span)
        return truth if self._many else negation(truth)


def _check_live(condition: Condition) -> None:
    match condition:
        case Agrees(at=at):
            raise mistake(
                "C-NOT-LIVE",
                at,
                "“agrees with”要成对的样本，只能在录制结束后判定，不能用在规则和场景里。",
                "“agrees with” needs paired samples: it is judged on recordings, "
                "not in rules and scenarios.",
            )
        case Window() | Until() | Edge() | Implies():
            raise mistake(
                "C-NOT-LIVE",
                Place(),
                "规则和场景里不能用 stl 公式。",
                "Formulas of stl: cannot be used in rules and scenarios.",
            )
        case _:
            for part in parts_of(condition):
                _check_live(part)


def _follow(leaf: Leaf, channels: Mapping[str, ChannelSpec]) -> _Followed:
    match leaf:
        case IsState(name, state):
            code = channels[name].states.index(state)
            return _Followed(name, lambda value: value == code)
        case Compare(Value(name), cmp, quantity):
            limit = float_in(quantity, channels[name].unit, name)
            return _Followed(name, lambda value: bool(compared(np.array([value]), cmp, limit)[0]))
        case Compare(Age(name), cmp, quantity):
            oldest = check_duration(quantity)
            most = oldest if cmp in ("<=", ">") else oldest - 1
            return _FollowedAge(name, most, cmp in ("<=", "<"))
        case Compare(Changes(name) as number):
            return _FollowedChanges(name, leaf, number)
        case InRange(name, low, high):
            unit = channels[name].unit
            return _Followed(name, _between(float_in(low, unit, name), float_in(high, unit, name)))
        case Near(name, target, tolerance):
            unit = channels[name].unit
            middle = exact_in(target, unit, name)
            around = exact_in(tolerance, unit, name, difference=True)
            return _Followed(name, _between(float(middle - around), float(middle + around)))
    raise AssertionError(leaf)


def _between(low: float, high: float) -> Test:
    return lambda value: low <= value <= high


def _usable(value: float | None, spec: ChannelSpec) -> float | None:
    """Return the value, or ``None`` where it is no number or no state of its point."""
    if value is None or not math.isfinite(value):
        return None
    if spec.states and value not in range(len(spec.states)):
        return None
    return value
