"""Where a condition is known true and known false on a trace: ``stl-zoh/1``, exactly."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from labapp.criteria.algebra import Truth, negation
from labapp.criteria.amounts import exact_in, float_in
from labapp.criteria.bind import ChannelSpec, check_duration, check_leaf, check_whole
from labapp.criteria.condition import (
    Age,
    Agrees,
    Changes,
    Cmp,
    Compare,
    Condition,
    InRange,
    IsState,
    Leaf,
    Near,
    Quantity,
    Value,
)
from labapp.criteria.intervals import Mask, Runs
from labapp.criteria.logic import Logic
from labapp.criteria.pairs import agreement
from labapp.criteria.signals import (
    Held,
    changed_at_least,
    held_values,
    known_runs,
    samples_of,
    truth_of,
    younger_than,
)
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
        self._logic = Logic(self._leaf, trace.span_us)
        self._held: dict[str, Held] = {}

    def truth(self, condition: Condition) -> Truth:
        """Return where ``condition`` is known true and known false within the span.

        Raises:
            BadInput: the trace lacks a channel, or has it in a unit that does not fit.
        """
        return self._logic.truth(condition)

    def channel(self, name: str) -> Channel:
        """Return a channel of the trace."""
        return self.trace.channels[name]

    def held(self, name: str) -> Held:
        """Return a channel's values and how long each holds."""
        if name not in self._held:
            self._held[name] = held_values(self.channel(name), self.trace)
        return self._held[name]

    def known(self, name: str) -> Runs:
        """Return where a channel's value is known."""
        return known_runs(self.held(name))

    def _leaf(self, leaf: Leaf) -> Truth:
        check_leaf(leaf, self._specs)
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
        raise AssertionError(leaf)

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
