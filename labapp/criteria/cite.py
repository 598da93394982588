"""Cited instants as stretches of channels: what was expected there, and what was seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from labapp.criteria.amounts import written
from labapp.criteria.condition import (
    Age,
    Agrees,
    Changes,
    Cmp,
    Compare,
    InRange,
    IsState,
    Leaf,
    Near,
    Value,
)
from labapp.criteria.evaluate import Evaluation
from labapp.criteria.figures import seconds
from labapp.criteria.intervals import Runs, pairs, runs
from labapp.criteria.pairs import paired
from labapp.criteria.signals import samples_of
from labapp.model.duration import write_duration
from labapp.model.verdict import Cite

_OPPOSITE: dict[Cmp, Cmp] = {">=": "<", "<=": ">", ">": "<=", "<": ">="}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """A leaf that had ``truth`` at ``instants``; ``wanted`` where the other was asked for."""

    leaf: Leaf
    instants: Runs
    truth: bool
    wanted: bool


def cites_of(found: list[Cited], on: Evaluation) -> tuple[Cite, ...]:
    """Return the stretches of channels behind cited leaves, each from the start of a sample.

    Stretches of one channel with one expectation are joined where they overlap or touch.
    """
    spans: dict[tuple[str, str, Leaf], list[tuple[int, int]]] = {}
    for cited in found:
        expected = _expected(cited.leaf, cited.truth != cited.wanted, on)
        for channel, stretch in _stretches(cited, on):
            spans.setdefault((channel, expected, cited.leaf), []).append(stretch)
    made = {
        Cite(channel, a, b, expected, _seen(leaf, channel, a, b, on))
        for (channel, expected, leaf), some in spans.items()
        for a, b in pairs(runs(some))
    }
    return tuple(sorted(made, key=lambda c: (c.channel, c.from_us, c.to_us, c.expected)))


def _stretches(cited: Cited, on: Evaluation) -> list[tuple[str, tuple[int, int]]]:
    """Return which stretches of which channels a leaf's truth rests on."""
    match cited.leaf:
        case Agrees():
            return _paired_stretches(cited.leaf, cited.instants, on)
        case Compare(Age(name)):
            at = samples_of(on.channel(name), on.trace)
            good = at.at[at.good]
            return [(name, (_before(good, a), b)) for a, b in pairs(cited.instants)]
        case Compare(Changes(name, last)):
            return [(name, (_from(name, a - last - 1, on), b)) for a, b in pairs(cited.instants)]
        case Compare(Value(name)) | IsState(name) | InRange(name) | Near(name):
            return [(name, (_from(name, a, on), b)) for a, b in pairs(cited.instants)]
        case _:
            return []


def _paired_stretches(
    leaf: Agrees, where: Runs, on: Evaluation
) -> list[tuple[str, tuple[int, int]]]:
    pair = paired(leaf.name, leaf.reference, on.trace)
    found = []
    for a, b in pairs(where):
        first = max(int(np.searchsorted(pair.at, a, "right")) - 1, 0)
        last = int(np.searchsorted(pair.at, b, "left"))
        partners = pair.partner[first:last]
        if len(partners):
            found.append((pair.slower, (min(int(pair.at[first]), a), b)))
            found.append((pair.faster, (int(partners.min()), int(partners.max()) + 1)))
    return found


def _from(name: str, instant: int, on: Evaluation) -> int:
    """Return when the sample came that holds at ``instant``."""
    held = on.held(name)
    index = int(np.searchsorted(held.start, instant, "right")) - 1
    if index >= 0 and instant < int(held.end[index]):
        return int(held.start[index])
    return instant


def _before(at: np.ndarray[tuple[int], np.dtype[np.int64]], instant: int) -> int:
    index = int(np.searchsorted(at, instant, "right")) - 1
    return int(at[index]) if index >= 0 else instant


def _expected(leaf: Leaf, positive: bool, on: Evaluation) -> str:
    """Return what a leaf asks for, or its opposite, in the language's own symbols."""
    match leaf:
        case IsState(name, state):
            return state if positive else _other_state(state, on.channel(name).states)
        case Compare(number, cmp, quantity):
            sign = cmp if positive else _OPPOSITE[cmp]
            return f"{_counted(number)}{sign} {written(quantity)}"
        case InRange(_, low, high):
            said = f"{written(low)}..{written(high)}"
        case Near(_, target, tolerance):
            said = f"{written(target)} +- {written(tolerance)}"
        case Agrees(name, reference, tolerance):
            said = f"{name} agrees with {reference} within {written(tolerance)}"
    return said if positive else f"not {said}"


def _counted(number: Value | Age | Changes) -> str:
    match number:
        case Age():
            return "age "
        case Changes(_, last):
            return f"changes in {write_duration(last)} "
        case Value():
            return ""


def _other_state(state: str, states: tuple[str, ...]) -> str:
    others = [other for other in states if other != state]
    return others[0] if len(others) == 1 else f"not {state}"


def _seen(leaf: Leaf, channel: str, start: int, end: int, on: Evaluation) -> str:
    """Return what a channel showed on a stretch: its states in order, or its range."""
    if isinstance(leaf, Compare) and isinstance(leaf.number, Age):
        return _oldest(channel, start, end, on)
    held = on.held(channel)
    first = int(np.searchsorted(held.end, start, "right"))
    value = held.value[first : int(np.searchsorted(held.start, end, "left"))]
    if len(value) == 0:
        return "unknown"
    states = on.channel(channel).states
    if states:
        kept = value[np.concatenate(([True], value[1:] != value[:-1]))][:8]
        return ", ".join(states[int(code)] for code in kept)
    low, high, unit = float(value.min()), float(value.max()), on.channel(channel).unit
    words = f"{low:.6g}" if low == high else f"{low:.6g}..{high:.6g}"
    return words if unit in ("1", "/", "count") else f"{words} {unit}"


def _oldest(channel: str, start: int, end: int, on: Evaluation) -> str:
    samples = samples_of(on.channel(channel), on.trace)
    at = samples.at[samples.good]
    edges = np.concatenate((np.array([start], np.int64), at[(at > start) & (at < end)], [end]))
    return f"age up to {seconds(int(np.diff(edges).max()))}"
