"""Writes a criterion in its canonical text: what ``parse`` reads back as the same criterion."""

from __future__ import annotations

import re

from labapp.criteria.amounts import written
from labapp.criteria.check import (
    Always,
    Check,
    Clause,
    Each,
    Formula,
    Never,
    Reach,
    Response,
    Statistic,
    Trigger,
    Whenever,
)
from labapp.criteria.condition import (
    Age,
    Agrees,
    And,
    Changes,
    Compare,
    Condition,
    Edge,
    Held,
    Implies,
    InRange,
    IsState,
    Leaf,
    Near,
    Not,
    Number,
    Or,
    Recent,
    Until,
    Value,
    Window,
)
from labapp.model.duration import write_duration

_BARE_STATE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z0-9_]+)*")


def write_check(check: Check) -> str:
    """Return the text of a criterion."""
    match check.clauses:
        case (Formula(of),):
            return f"stl: {write_condition(of)}"
        case _:
            return "; ".join(write_clause(clause) for clause in check.clauses)


def write_clause(clause: Clause) -> str:
    """Return the text of one clause."""
    match clause:
        case Each(trigger=trigger, response=response):
            return f"each time {_trigger(trigger)}: {_response(response)}"
        case Whenever(when=when, then=then, after_us=after):
            late = f" after {write_duration(after)}" if after else ""
            return f"whenever {write_condition(when)}: {write_condition(then)}{late}"
        case Always(of=of, ignoring_us=ignoring):
            return f"always {write_condition(of)}{_ignoring(ignoring)}"
        case Never(of=of, unless=unless, ignoring_us=ignoring):
            return f"never {write_condition(of)}{_unless(unless)}{_ignoring(ignoring)}"
        case Reach():
            return _reach(clause)
        case Statistic(stat=stat, of=of, names=names, cmp=cmp, quantity=quantity):
            inside = [value.name for value in names] if of is None else [write_condition(of)]
            return f"{stat}({', '.join(inside)}) {cmp} {written(quantity)}"
        case Formula(of):
            return f"stl: {write_condition(of)}"


def write_condition(condition: Condition) -> str:
    """Return the text of a condition."""
    match condition:
        case IsState() | Compare() | InRange() | Near() | Agrees():
            return _leaf(condition)
        case Not(of):
            return f"not {_inner(of)}"
        case And(items):
            return " and ".join(_inner(item) for item in items)
        case Or(items):
            return " or ".join(_inner(item) for item in items)
        case Held(of, span):
            return f"{_inner(of)} for {write_duration(span)}"
        case Recent(of, span):
            return f"{_inner(of)} in the last {write_duration(span)}"
        case _:
            return _expert(condition)


def _expert(condition: Implies | Edge | Window | Until) -> str:
    match condition:
        case Implies(left, right):
            return f"{_inner(left)} -> {_inner(right)}"
        case Edge(op, of):
            return f"{op}({write_condition(of)})"
        case Window(op, low, high, of):
            return f"{op}{_window(low, high)} {_inner(of)}"
        case Until(op, low, high, left, right):
            return f"{_inner(left)} {op}{_window(low, high)} {_inner(right)}"


def _inner(condition: Condition) -> str:
    text = write_condition(condition)
    match condition:
        case IsState() | Compare() | InRange() | Near() | Agrees() | Edge():
            return text
        case _:
            return f"({text})"


def _leaf(leaf: Leaf) -> str:
    match leaf:
        case IsState(name, state):
            return f"{name} is {_state(state)}"
        case Compare(number, cmp, quantity):
            return f"{_number(number)} {cmp} {written(quantity)}"
        case InRange(name, low, high):
            return f"{name} in {written(low)}..{written(high)}"
        case Near(name, target, tolerance):
            return f"{name} = {written(target)} +- {written(tolerance)}"
        case Agrees(name, reference, tolerance):
            return f"{name} agrees with {reference} within {written(tolerance)}"


def _number(number: Number) -> str:
    match number:
        case Value(name):
            return name
        case Age(name):
            return f"age({name})"
        case Changes(name, last):
            return f"changes({name}, {write_duration(last)})"


def _trigger(trigger: Trigger) -> str:
    guard = "" if trigger.guard is None else f" while {write_condition(trigger.guard)}"
    if trigger.turns and isinstance(trigger.of, IsState):
        return f"{trigger.of.name} turns {_state(trigger.of.state)}{guard}"
    return f"{write_condition(trigger.of)} {trigger.edge}{guard}"


def _response(response: Response) -> str:
    text = write_condition(response.of)
    if response.within_us is None:
        text += " throughout"
    else:
        text += f" within {write_duration(response.within_us)}"
    if response.for_us is not None:
        text += f" for {write_duration(response.for_us)}"
    if response.until is not None:
        text += f" until {_trigger(response.until)}"
    return text + _unless(response.unless)


def _reach(clause: Reach) -> str:
    if clause.within_us is None:
        held = clause.of if clause.for_us is None else Held(clause.of, clause.for_us)
        return f"reach {write_condition(held)}"
    late = f" within {write_duration(clause.within_us)}"
    held_for = "" if clause.for_us is None else f" for {write_duration(clause.for_us)}"
    return f"reach {write_condition(clause.of)}{late}{held_for}"


def _unless(condition: Condition | None) -> str:
    return "" if condition is None else f" unless {write_condition(condition)}"


def _ignoring(ignoring_us: int) -> str:
    return f" ignoring {write_duration(ignoring_us)} after start" if ignoring_us else ""


def _window(low_us: int, high_us: int) -> str:
    return f"[{write_duration(low_us)}, {write_duration(high_us)}]"


def _state(state: str) -> str:
    return state if _BARE_STATE.fullmatch(state) else f'"{state}"'
