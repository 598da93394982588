"""Criteria judged by brute force: every tick by itself, straight from the definitions.

Shares nothing with the engine but the parts of the language; slow, and easy to believe.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cache
from itertools import pairwise

from labapp.criteria import check as k
from labapp.criteria import condition as c
from labapp.model.trace import Channel, Trace

Kleene = bool | None


def no(x: Kleene) -> Kleene:
    return None if x is None else not x


def all_of(items: Iterable[Kleene]) -> Kleene:
    found = list(items)
    return False if False in found else None if None in found else True


def any_of(items: Iterable[Kleene]) -> Kleene:
    return no(all_of(no(item) for item in items))


def value_at(channel: Channel, trace: Trace, t: int) -> float | None:
    """The value that holds at ``t``: of the last sample not after it, unless it ended before."""
    newest = [i for i, at in enumerate(channel.t_us.tolist()) if at <= t]
    if not newest:
        return None
    at, value = int(channel.t_us[newest[-1]]), float(channel.value[newest[-1]])
    gaps = (*trace.gaps_us, *channel.gaps_us)
    hidden = any(a <= tick < b for a, b in gaps for tick in range(at, t + 1))
    if t >= at + channel.stale_after_us or hidden or math.isnan(value):
        return None
    if channel.states and value not in range(len(channel.states)):
        return None
    return value


class Oracle:
    """The truth of conditions at single ticks of a trace."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.low, self.high = trace.span_us
        self.at = cache(self._at)
        self.value = cache(self._value)

    def _value(self, name: str, t: int) -> float | None:
        return value_at(self.trace.channels[name], self.trace, t)

    def _at(self, f: c.Condition, t: int) -> Kleene:  # noqa: C901  (a table of definitions)
        if not self.low <= t < self.high:
            return None
        match f:
            case c.IsState(name, state):
                code = self.trace.channels[name].states.index(state)
                return None if (v := self.value(name, t)) is None else v == code
            case c.Compare(c.Value(name), cmp, quantity):
                v, limit = self.value(name, t), float(quantity.amount)
                tests = {">=": lambda a: a >= limit, "<=": lambda a: a <= limit,
                         ">": lambda a: a > limit, "<": lambda a: a < limit}  # fmt: skip
                return None if v is None else tests[cmp](v)
            case c.InRange(name, low, high):
                v = self.value(name, t)
                return None if v is None else float(low.amount) <= v <= float(high.amount)
            case c.Not(of):
                return no(self.at(of, t))
            case c.And(items):
                return all_of(self.at(item, t) for item in items)
            case c.Or(items):
                return any_of(self.at(item, t) for item in items)
            case c.Implies(left, right):
                return any_of([no(self.at(left, t)), self.at(right, t)])
            case c.Edge(op, of):
                now, before = self.at(of, t), self.at(of, t - 1)
                return all_of([now, no(before)] if op == "rise" else [no(now), before])
            case c.Held(of, last):
                return all_of(self.at(of, u) for u in range(t - last, t + 1))
            case c.Recent(of, last):
                return any_of(self.at(of, u) for u in range(t - last, t + 1))
            case c.Window(op, low, high, of):
                ahead = op in ("always", "eventually")
                ticks = range(t + low, t + high + 1) if ahead else range(t - high, t - low + 1)
                joined = all_of if op in ("always", "historically") else any_of
                return joined(self.at(of, u) for u in ticks)
            case c.Until("until", low, high, left, right):
                return any_of(
                    all_of([self.at(right, u), *(self.at(left, w) for w in range(t, u))])
                    for u in range(t + low, t + high + 1)
                )
            case c.Until("since", low, high, left, right):
                return any_of(
                    all_of([self.at(right, u), *(self.at(left, w) for w in range(u + 1, t + 1))])
                    for u in range(t - high, t - low + 1)
                )
        raise AssertionError(f)

    # -- clauses: the verdict over the span

    def verdict(self, clause: k.Clause, needs: int = 1) -> str:
        ticks = range(self.low, self.high)
        match clause:
            case k.Each():
                known, rows = self._each(clause)
                return outcome(rows, known >= needs)
            case k.Always(of=of, ignoring_us=ignoring):
                active = range(min(self.low + ignoring, self.high), self.high)
                return outcome([self.at(of, t) for t in active], bool(active))
            case k.Never(of=of, unless=unless, ignoring_us=ignoring):
                active = range(min(self.low + ignoring, self.high), self.high)
                kept = c.Not(of) if unless is None else c.Or((c.Not(of), unless))
                return outcome([self.at(kept, t) for t in active], bool(active))
            case k.Whenever(when=when, then=then, after_us=after):
                held = [self._lasting(when, t, after) for t in ticks]
                rows = [any_of([no(a), self.at(then, t)]) for a, t in zip(held, ticks, strict=True)]
                told = [a for a in held if a is not None]
                begun = [a and not before for before, a in pairwise([False, *told])]
                return outcome(rows, sum(begun) >= needs)
            case k.Reach(of=of, within_us=within, for_us=hold):
                late = self.high - 1 - self.low - (hold or 0) if within is None else within
                rows = [
                    any_of(
                        all_of(self.at(of, u) for u in range(t, t + (hold or 0) + 1))
                        for t in range(self.low, self.low + max(late, 0) + 1)
                    )
                ]
                return outcome(rows, True)
            case k.Formula(of):
                return outcome([self.at(of, self.low)], True)
        raise AssertionError(clause)

    def _lasting(self, when: c.Condition, t: int, after: int) -> Kleene:
        """Held through the grace; what held when the span began began there."""
        window = range(t - after, t + 1)
        return all_of(False if u < self.low else self.at(when, u) for u in window)

    def _trigger(self, trigger: k.Trigger, t: int) -> Kleene:
        edge = self.at(c.Edge("rise", trigger.level), t)
        if not self.low <= t < self.high:
            return None
        return edge if trigger.guard is None else all_of([edge, self.at(trigger.guard, t)])

    def _each(self, clause: k.Each) -> tuple[int, list[Kleene]]:
        """How many triggers are known, and a verdict for each tick that may hold one."""
        ticks = list(range(self.low, self.high))
        came = [self._trigger(clause.trigger, t) for t in ticks]
        start = 0
        while start < len(ticks) and came[start] is None:
            start += 1
        names = c.names_of(clause.trigger.of)
        names |= frozenset() if clause.trigger.guard is None else c.names_of(clause.trigger.guard)
        seen = all(self.value(n, t) is not None for n in names for t in ticks[:start])
        rows = []
        for n, t in enumerate(ticks):
            if came[n] is False or (n < start and seen):
                continue
            kept = self._answered(clause, t)
            rows.append(kept if came[n] is True else any_of([kept, None]))
        return sum(x is True for x in came), rows

    def _answered(self, clause: k.Each, t: int) -> Kleene:
        response = clause.response
        of, unless = response.of, response.unless
        if response.within_us is None:
            kept = of if unless is None else c.Or((of, unless))
            over = c.Not(clause.trigger.level)
            return any_of(
                all_of([self.at(over, u), *(self.at(kept, w) for w in range(t, u))])
                for u in range(t, self.high + 1)
            )
        found = []
        for u in range(t, t + response.within_us + 1):
            found.append(self._settled(response, u))
            if unless is not None:
                found.append(self.at(unless, u))
        return any_of(found)

    def _settled(self, response: k.Response, u: int) -> Kleene:
        if not self.low <= u < self.high:
            return None
        if response.until is not None:
            return any_of(
                all_of(
                    [
                        self._trigger(response.until, v),
                        *(self.at(response.of, w) for w in range(u, v)),
                    ]
                )
                for v in range(u, self.high + 1)
            )
        hold = response.for_us or 0
        kept = all_of(self.at(response.of, w) for w in range(u, u + hold + 1))
        if response.unless is None or not hold:
            return kept
        cut = [
            all_of([self.at(response.unless, v), *(self.at(response.of, w) for w in range(u, v))])
            for v in range(u, u + hold + 1)
        ]
        return any_of([kept, *cut])


def outcome(rows: list[Kleene], exercised: bool) -> str:
    if False in rows:
        return "not_met"
    if None in rows:
        return "inconclusive"
    return "met" if exercised else "not_exercised"
