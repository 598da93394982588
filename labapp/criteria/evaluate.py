"""Where a condition is known true and known false on a trace: ``stl-zoh/1``, exactly."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from labapp.criteria.algebra import (
    Truth,
    always,
    conjunction,
    disjunction,
    eventually,
    implication,
    negation,
    rise,
    since,
    until,
    within_span,
)
from labapp.criteria.amounts import exact_in, float_in
from labapp.criteria.bind import ChannelSpec, check_duration, check_leaf, check_whole
from labapp.criteria.check import (
    Age,
    Agrees,
    And,
    Changes,
    Cmp,
    Compare,
    Condition,
    Edge,
    Held,
    Implies,
    InRange,
    IsState,
    Near,
    Not,
    Or,
    Quantity,
    Recent,
    Until,
    Value,
    Window,
)
from labapp.criteria.intervals import Mask, Runs
from labapp.criteria.pairs import agreement
from labapp.criteria.signals import (
    Held as HeldValues,
)
from labapp.criteria.signals import (
    changed_at_least,
    held_values,
    known_runs,
    samples_of,
    truth_of,
    younger_than,
)
from labapp.criteria.wording import mistake
from labapp.model.trace import Channel, Trace


class Evaluation:
    """Conditions on one trace; every answer is computed once."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.span = trace.span_us
        self._specs = {
            name: ChannelSpec(unit=channel.unit, states=channel.states)
            for name, channel in trace.channels.items()
        }
        self._truths: dict[Condition, Truth] = {}
        self._held: dict[str, HeldValues] = {}

    def truth(self, condition: Condition) -> Truth:
        """Return where ``condition`` is known true and known false within the span.

        Raises:
            BadInput: the trace lacks a channel, or has it in a unit that does not fit.
        """
        found = self._truths.get(condition)
        if found is None:
            found = within_span(self._compute(condition), *self.span)
            self._truths[condition] = found
        return found

    def channel(self, name: str) -> Channel:
        """Return a channel of the trace."""
        return self.trace.channels[name]

    def held(self, name: str) -> HeldValues:
        """Return a channel's values and how long each holds."""
        if name not in self._held:
            self._held[name] = held_values(self.channel(name), self.trace)
        return self._held[name]

    def known(self, name: str) -> Runs:
        """Return where a channel's value is known."""
        return known_runs(self.held(name))

    def _compute(self, condition: Condition) -> Truth:
        match condition:
            case Not(of):
                return negation(self.truth(of))
            case And(items):
                return conjunction([self.truth(item) for item in items])
            case Or(items):
                return disjunction([self.truth(item) for item in items])
            case Implies(left, right):
                return implication(self.truth(left), self.truth(right))
            case Held() | Recent() | Window() | Until() | Edge():
                return self._temporal(condition)
            case _:
                check_leaf(condition, self._specs)
                return self._leaf(condition)

    def _temporal(self, condition: Held | Recent | Window | Until | Edge) -> Truth:
        match condition:
            case Held(of, last):
                return always(self.truth(of), -last, 0)
            case Recent(of, last):
                return eventually(self.truth(of), -last, 0)
            case Window(op, low, high, of):
                ahead = op in ("always", "eventually")
                window = (low, high) if ahead else (-high, -low)
                every = op in ("always", "historically")
                return (always if every else eventually)(self.truth(of), *window)
            case Until(op, low, high, left, right):
                form = until if op == "until" else since
                return form(self.truth(left), self.truth(right), low, high, self.span)
            case Edge(op, of):
                level = self.truth(of)
                return rise(level if op == "rise" else negation(level))

    def _leaf(self, leaf: IsState | Compare | InRange | Near | Agrees) -> Truth:
        match leaf:
            case IsState(name, state):
                held = self.held(name)
                return truth_of(held, held.value == self.channel(name).states.index(state))
            case Compare(Value(name), cmp, quantity):
                held = self.held(name)
                return truth_of(held, compared(held.value, cmp, self._literal(quantity, name)))
            case Compare(Age(name), cmp, quantity):
                return self._age(name, cmp, check_duration(quantity))
            case Compare(Changes(name, last), cmp, quantity):
                return self._changes(name, last, cmp, check_whole(quantity))
            case InRange(name, low, high):
                return self._between(name, self._literal(low, name), self._literal(high, name))
            case Near(name, target, tolerance):
                unit = self.channel(name).unit
                middle = exact_in(target, unit, name)
                around = exact_in(tolerance, unit, name, difference=True)
                return self._between(name, float(middle - around), float(middle + around))
            case Agrees():
                return agreement(leaf, self.trace)
            case _:
                raise mistake("C-LEAF", leaf.quantity.at, "无法判定。", "Cannot be judged.")

    def _literal(self, quantity: Quantity, name: str) -> float:
        return float_in(quantity, self.channel(name).unit, name)

    def _between(self, name: str, low: float, high: float) -> Truth:
        held = self.held(name)
        return truth_of(held, np.asarray((held.value >= low) & (held.value <= high), np.bool_))

    def _age(self, name: str, cmp: Cmp, limit_us: int) -> Truth:
        most = limit_us if cmp in ("<=", ">") else limit_us - 1
        young = younger_than(samples_of(self.channel(name), self.trace), most, self.span)
        return young if cmp in ("<=", "<") else negation(young)

    def _changes(self, name: str, last_us: int, cmp: Cmp, count: int) -> Truth:
        least = count if cmp in (">=", "<") else count + 1
        many = changed_at_least(self.held(name), least, last_us, self.span)
        return many if cmp in (">=", ">") else negation(many)


def compared(value: NDArray[np.float64], cmp: Cmp, limit: float) -> Mask:
    """Compare each value with ``limit``."""
    match cmp:
        case ">=":
            found = value >= limit
        case "<=":
            found = value <= limit
        case ">":
            found = value > limit
        case "<":
            found = value < limit
    return np.asarray(found, np.bool_)


def satisfied(value: Fraction | int, cmp: Cmp, limit: Fraction | int) -> bool:
    """Compare two exact numbers."""
    match cmp:
        case ">=":
            return value >= limit
        case "<=":
            return value <= limit
        case ">":
            return value > limit
        case "<":
            return value < limit
