"""Turns what the grammar recognised into the parts of a criterion."""

# One method a rule of the grammar, named after it: grammar.py says what each is.
# ruff: noqa: D102

from __future__ import annotations

import re
from fractions import Fraction
from typing import cast

from lark import Token, Transformer

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
    Number,
    Or,
    Place,
    Quantity,
    Recent,
    Until,
    Value,
    Window,
    duration_us,
)
from labapp.criteria.wording import mistake

# Longer than any lesson; keeps all sums of windows far inside 64 bits.
LONGEST_US = 1_000 * 3_600_000_000
_QUANTITY = re.compile(r"(-?\d+(?:\.\d+)?)\s*(.*)", re.DOTALL)

State = tuple[str, Place]


class Build(Transformer[Token, object]):
    """One method a rule of the grammar, called from the leaves up."""

    def check(self, parts: list[Clause]) -> Check:
        return Check(tuple(parts))

    def stl(self, parts: list[object]) -> Check:
        return Check((Formula(cast(Condition, parts[1])),))

    def each(self, parts: list[object]) -> Clause:
        return Each(trigger=cast(Trigger, parts[0]), response=cast(Response, parts[1]))

    def whenever(self, parts: list[object]) -> Clause:
        when, then, after = parts
        return Whenever(
            when=cast(Condition, when), then=cast(Condition, then), after_us=cast(int, after or 0)
        )

    def always_clause(self, parts: list[object]) -> Clause:
        return Always(of=cast(Condition, parts[0]), ignoring_us=cast(int, parts[1] or 0))

    def never(self, parts: list[object]) -> Clause:
        of, unless, ignoring = parts
        return Never(
            of=cast(Condition, of),
            unless=cast("Condition | None", unless),
            ignoring_us=cast(int, ignoring or 0),
        )

    def reach(self, parts: list[object]) -> Clause:
        of, within, hold = cast("tuple[Condition, int | None, int | None]", tuple(parts))
        if within is None and isinstance(of, Held):
            return Reach(of=of.of, for_us=of.for_us)
        return Reach(of=of, within_us=within, for_us=hold)

    def time_stat(self, parts: list[object]) -> Clause:
        name, of, cmp, quantity = parts
        return Statistic(
            stat=str(name),  # type: ignore[arg-type]
            of=cast(Condition, of),
            cmp=cast(Cmp, str(cmp)),
            quantity=cast(Quantity, quantity),
            at=_at(name),
        )

    def value_stat(self, parts: list[object]) -> Clause:
        name, value, cmp, quantity = parts
        return Statistic(
            stat=str(name),  # type: ignore[arg-type]
            names=(cast(Value, value),),
            cmp=cast(Cmp, str(cmp)),
            quantity=cast(Quantity, quantity),
            at=_at(name),
        )

    def pair_stat(self, parts: list[object]) -> Clause:
        name, first, second, _, cmp, quantity = parts
        return Statistic(
            stat=str(name),  # type: ignore[arg-type]
            names=(cast(Value, first), cast(Value, second)),
            cmp=cast(Cmp, str(cmp)),
            quantity=cast(Quantity, quantity),
            at=_at(name),
        )

    def pair_set(self, parts: list[Token]) -> object:
        raise mistake(
            "C-UNSUPPORTED",
            _at(parts[0]),
            f"一次录制里没有 {parts[1]} 这样的子集。去掉“{parts[0]} = {parts[1]}”。",
            f"A recording has no subset {parts[1]}. Leave out “{parts[0]} = {parts[1]}”.",
        )

    def ignoring(self, parts: list[int]) -> int:
        return parts[0]

    def edge_trigger(self, parts: list[object]) -> Trigger:
        of, edge, guard = parts
        return Trigger(
            of=cast(Condition, of),
            edge="begins" if str(edge) == "begins" else "ends",
            guard=cast("Condition | None", guard),
        )

    def turns(self, parts: list[object]) -> Trigger:
        name, state, guard = parts
        return Trigger(
            of=_is_state(cast(Token, name), cast(State, state)),
            guard=cast("Condition | None", guard),
            turns=True,
        )

    def response(self, parts: list[object]) -> Response:
        of, timing, unless = parts
        within, hold, until = cast("tuple[int | None, int | None, Trigger | None]", timing)
        return Response(
            of=cast(Condition, of),
            within_us=within,
            for_us=hold,
            until=until,
            unless=cast("Condition | None", unless),
        )

    def within(self, parts: list[int]) -> object:
        return parts[0], None, None

    def within_for(self, parts: list[int]) -> object:
        return parts[0], parts[1], None

    def within_until(self, parts: list[object]) -> object:
        return parts[0], None, parts[1]

    def throughout(self, parts: list[object]) -> object:
        return None, None, None

    def any_of(self, parts: list[Condition]) -> Condition:
        return Or(tuple(parts)) if len(parts) > 1 else parts[0]

    def all_of(self, parts: list[Condition]) -> Condition:
        return And(tuple(parts)) if len(parts) > 1 else parts[0]

    def negated(self, parts: list[Condition]) -> Condition:
        return Not(parts[0])

    def held(self, parts: list[object]) -> Condition:
        return Held(cast(Condition, parts[0]), cast(int, parts[1]))

    def recent(self, parts: list[object]) -> Condition:
        return Recent(cast(Condition, parts[0]), cast(int, parts[1]))

    def is_state(self, parts: list[object]) -> Condition:
        return _is_state(cast(Token, parts[0]), cast(State, parts[1]))

    def compare(self, parts: list[object]) -> Condition:
        number, cmp, quantity = parts
        return Compare(cast(Number, number), cast(Cmp, str(cmp)), cast(Quantity, quantity))

    def in_range(self, parts: list[object]) -> Condition:
        name, low, high = parts
        return InRange(str(name), cast(Quantity, low), cast(Quantity, high), _at(name))

    def near(self, parts: list[object]) -> Condition:
        name, target, _, tolerance = parts
        return Near(str(name), cast(Quantity, target), cast(Quantity, tolerance), _at(name))

    def agrees(self, parts: list[object]) -> Condition:
        name, reference, tolerance = parts
        return Agrees(
            str(name), str(reference), cast(Quantity, tolerance), _at(name), _at(reference)
        )

    def age(self, parts: list[Token]) -> Number:
        return Age(str(parts[1]), _at(parts[1]))

    def changes(self, parts: list[object]) -> Number:
        return Changes(str(parts[1]), cast(int, parts[2]), _at(parts[1]))

    def value(self, parts: list[Token]) -> Value:
        return Value(str(parts[0]), _at(parts[0]))

    def state(self, parts: list[Token]) -> State:
        word = str(parts[0])
        return (word[1:-1] if parts[0].type == "STRING" else word), _at(parts[0])

    def quantity(self, parts: list[Token]) -> Quantity:
        return _quantity(parts[0])

    def duration(self, parts: list[Token]) -> int:
        quantity = _quantity(parts[0])
        us = duration_us(quantity)
        if us is None or not 0 <= us <= LONGEST_US:
            raise mistake(
                "C-DURATION",
                quantity.at,
                f"“{parts[0]}”不是时长。写成 500 ms、2 s 或 5 min（整微秒，最长 1000 h）。",
                f'"{parts[0]}" is no duration. Write it like 500 ms, 2 s or 5 min '
                "(whole microseconds, 1000 h at most).",
            )
        return us

    def implies(self, parts: list[Condition | None]) -> Condition:
        left, right = parts
        return cast(Condition, left) if right is None else Implies(cast(Condition, left), right)

    def until(self, parts: list[object]) -> Condition:
        left, word, window, right = parts
        if word is None:
            return cast(Condition, left)
        low, high = cast("tuple[int, int]", window)
        op = "until" if str(word) == "until" else "since"
        return Until(op, low, high, cast(Condition, left), cast(Condition, right))  # type: ignore[arg-type]

    def windowed(self, parts: list[object]) -> Condition:
        word, window, of = parts
        low, high = cast("tuple[int, int]", window)
        return Window(str(word), low, high, cast(Condition, of))  # type: ignore[arg-type]

    def flank(self, parts: list[object]) -> Condition:
        return Edge("rise" if str(parts[0]) == "rise" else "fall", cast(Condition, parts[1]))

    def window(self, parts: list[object]) -> object:
        bracket, low, high = cast("tuple[Token, int, int]", tuple(parts))
        if low > high:
            raise mistake(
                "C-WINDOW",
                _at(bracket),
                "窗口的开始比结束晚。把两个时长对调。",
                "The window begins after its end. Swap the two durations.",
            )
        return low, high


def _at(token: object) -> Place:
    return Place(token.line or 1, token.column or 1) if isinstance(token, Token) else Place()


def _is_state(name: Token, state: State) -> IsState:
    return IsState(str(name), state[0], _at(name), state[1])


def _quantity(token: Token) -> Quantity:
    match = _QUANTITY.fullmatch(str(token))
    if match is None or len(match[1]) > 30:
        raise mistake(
            "C-NUMBER",
            _at(token),
            "数字太长，最多 30 个字符。",
            "The number is too long, 30 characters at most.",
        )
    return Quantity(Fraction(match[1]), match[2] or None, _at(token))
