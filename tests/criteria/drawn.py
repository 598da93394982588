"""Conditions, clauses and traces drawn from a seed: many a second, where hypothesis makes few."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import TypeVar

import numpy as np

from labapp.criteria import check as k
from labapp.criteria import condition as c
from labapp.model.trace import Channel, Trace
from tests.criteria.made import number

T = TypeVar("T")
CMPS: tuple[c.Cmp, ...] = (">=", "<=", ">", "<")


class Draw:
    """Everything of one case, from one source of chance."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)

    def some(self, low: int, high: int) -> int:
        return self.chance.randint(low, high)

    def maybe(self, share: float, make: Callable[[], T]) -> T | None:
        return make() if self.chance.random() < share else None

    def leaf(self) -> c.Condition:
        match self.some(0, 8):
            case 0 | 1 | 2 | 3:
                name, cmp = self.chance.choice("xy"), self.chance.choice(CMPS)
                return c.Compare(c.Value(name), cmp, number(self.some(0, 2)))
            case 4:
                low, high = sorted((self.some(0, 2), self.some(0, 2)))
                return c.InRange("x", number(low), number(high))
            case _:
                return c.IsState("s", self.chance.choice(["off", "on", "open"]))

    def condition(self, depth: int) -> c.Condition:
        """A condition as rules and clauses use it."""
        if depth == 0 or self.chance.random() < 0.3:
            return self.leaf()
        inner = [self.condition(depth - 1) for _ in range(self.some(2, 3))]
        last = self.some(0, 4)
        return self.chance.choice(
            (c.Not(inner[0]), c.And(tuple(inner)), c.Or(tuple(inner)), c.Held(inner[0], last),
             c.Recent(inner[0], last))
        )  # fmt: skip

    def formula(self, depth: int) -> c.Condition:
        """A condition of the expert form."""
        if depth == 0 or self.chance.random() < 0.25:
            return self.leaf()
        f, g = self.formula(depth - 1), self.formula(depth - 1)
        low, high = sorted((self.some(0, 4), self.some(0, 4)))
        return self.chance.choice(
            (c.Not(f), c.And((f, g)), c.Or((f, g)), c.Implies(f, g), c.Edge("rise", f),
             c.Edge("fall", f), c.Window("always", low, high, f),
             c.Window("eventually", low, high, f), c.Window("once", low, high, f),
             c.Window("historically", low, high, f), c.Until("until", low, high, f, g),
             c.Until("since", low, high, f, g))
        )  # fmt: skip

    def trigger(self) -> k.Trigger:
        edge = "begins" if self.chance.random() < 0.6 else "ends"
        guard = self.maybe(0.2, self.leaf)
        return k.Trigger(of=self.condition(1), edge=edge, guard=guard)  # type: ignore[arg-type]

    def response(self) -> k.Response:
        of, unless = self.condition(1), self.maybe(0.3, self.leaf)
        match self.some(0, 3):
            case 0:
                return k.Response(of=of, within_us=None, unless=unless)
            case 1:
                hold = self.some(0, 3)
                return k.Response(of=of, within_us=self.some(0, 3), for_us=hold, unless=unless)
            case 2:
                end = self.trigger()
                return k.Response(of=of, within_us=self.some(0, 3), until=end, unless=unless)
            case _:
                return k.Response(of=of, within_us=self.some(0, 4), unless=unless)

    def clause(self) -> k.Clause:
        of = self.condition(2)
        match self.some(0, 7):
            case 0 | 1 | 2:
                return k.Each(trigger=self.trigger(), response=self.response())
            case 3:
                return k.Whenever(when=of, then=self.condition(2), after_us=self.some(0, 4))
            case 4:
                return k.Always(of=of, ignoring_us=self.chance.choice([0, 0, 2, 25]))
            case 5:
                unless = self.maybe(0.5, lambda: self.condition(2))
                return k.Never(of=of, unless=unless, ignoring_us=self.chance.choice([0, 0, 3]))
            case 6:
                within = self.maybe(0.6, lambda: self.some(0, 8))
                hold = self.maybe(0.6, lambda: self.some(0, 5))
                return k.Reach(of=of, within_us=within, for_us=hold)
            case _:
                return k.Formula(self.formula(3))

    def gap(self) -> tuple[int, int]:
        start = self.some(-2, 18)
        return start, start + self.some(0, 4)

    def channel(self, states: tuple[str, ...] = ()) -> Channel:
        """Mostly a sample a tick; some irregular, equal, null, stale or hidden."""
        often = self.chance.random() < 0.6
        steps = [
            1 if often and self.chance.random() < 0.8 else self.some(0, 4)
            for _ in range(self.some(0, 20))
        ]
        at = np.cumsum([self.some(-3, 2), *steps]).astype(np.int64)
        values, now = [], float(self.some(0, 2))
        for _ in at:
            if self.chance.random() < 0.4:
                now = float(self.some(0, 3 if states else 2))
            values.append(np.nan if self.chance.random() < 0.04 else now)
        return Channel(
            unit="1",
            stale_after_us=self.chance.choice([1, 2, 3, 5, 30]),
            t_us=at,
            value=np.array(values, np.float64),
            states=states,
            gaps_us=(self.gap(),) if self.chance.random() < 0.3 else (),
        )

    def trace(self) -> Trace:
        channels = {
            "x": self.channel(),
            "y": self.channel(),
            "s": self.channel(("off", "on", "open")),
        }
        gaps = (self.gap(),) if self.chance.random() < 0.4 else ()
        return Trace(channels=channels, span_us=(0, self.some(1, 18)), gaps_us=gaps)
