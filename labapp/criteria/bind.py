"""Ties a criterion to channels: every name, state and unit is checked before it is judged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from labapp.criteria.amounts import exact_in, float_in, share_of, written
from labapp.criteria.check import Check, Statistic, channels_of, conditions_of
from labapp.criteria.condition import (
    Age,
    Agrees,
    Changes,
    Compare,
    Condition,
    InRange,
    IsState,
    Leaf,
    Near,
    Place,
    Quantity,
    Value,
    duration_us,
    leaves_of,
    names_of,
)
from labapp.criteria.wording import did_you_mean, listed, mistake
from labapp.model.text import Text
from labapp.model.trouble import BadInput, Problem
from labapp.model.units import find_unit


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSpec:
    """What a criterion needs to know of a channel.

    Attributes:
        unit: SenML symbol, or ``1``.
        states: for a state point, its names by code; else empty.
        name: what people call it.
        period_us: how often it is sampled, microseconds, where that is known.
    """

    unit: str
    states: tuple[str, ...] = ()
    name: Text | None = None
    period_us: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundCheck:
    """A criterion whose every name, state and unit fits its channels."""

    check: Check
    channels: Mapping[str, ChannelSpec]

    @property
    def points(self) -> frozenset[str]:
        """The channels that it speaks of."""
        return frozenset(self.channels)


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundCondition:
    """A condition whose every name, state and unit fits its channels."""

    condition: Condition
    channels: Mapping[str, ChannelSpec]

    @property
    def points(self) -> frozenset[str]:
        """The channels that it speaks of."""
        return frozenset(self.channels)


def bind(check: Check, channels: Mapping[str, ChannelSpec]) -> BoundCheck:
    """Return ``check`` tied to ``channels``.

    Raises:
        BadInput: all names, states and units that do not fit, each with its line and column.
    """
    found: list[Problem] = []
    for clause in check.clauses:
        for condition in conditions_of(clause):
            _check_condition(found, condition, channels)
        if isinstance(clause, Statistic):
            _note(found, lambda clause=clause: _check_statistic(clause, channels))  # type: ignore[misc]
    if found:
        raise BadInput(*found)
    return BoundCheck(check=check, channels=_only(channels, channels_of(check)))


def bind_condition(condition: Condition, channels: Mapping[str, ChannelSpec]) -> BoundCondition:
    """Return ``condition`` tied to ``channels``; raises as ``bind`` does."""
    found: list[Problem] = []
    _check_condition(found, condition, channels)
    if found:
        raise BadInput(*found)
    return BoundCondition(condition=condition, channels=_only(channels, names_of(condition)))


def _only(channels: Mapping[str, ChannelSpec], names: frozenset[str]) -> Mapping[str, ChannelSpec]:
    return {name: channels[name] for name in sorted(names)}


def _check_condition(
    found: list[Problem], condition: Condition, channels: Mapping[str, ChannelSpec]
) -> None:
    for leaf in leaves_of(condition):
        _note(found, lambda leaf=leaf: check_leaf(leaf, channels))  # type: ignore[misc]


def _note(found: list[Problem], look: Callable[[], None]) -> None:
    try:
        look()
    except BadInput as trouble:
        found.extend(trouble.problems)


def check_leaf(leaf: Leaf, channels: Mapping[str, ChannelSpec]) -> None:
    """Raise ``BadInput`` where a leaf does not fit its channels."""
    match leaf:
        case IsState(name, state, at, state_at):
            _check_state(name, state, channels, at, state_at)
        case Compare(Value(name, at), _, quantity):
            float_in(quantity, _quantity_channel(name, channels, at).unit, name)
        case Compare(Age(name, at), _, quantity):
            _channel(name, channels, at)
            check_duration(quantity)
        case Compare(Changes(name, _, at), _, quantity):
            _channel(name, channels, at)
            check_whole(quantity)
        case InRange(name, low, high, at):
            _check_range(name, low, high, _quantity_channel(name, channels, at).unit)
        case Near(name, target, tolerance, at):
            unit = _quantity_channel(name, channels, at).unit
            float_in(target, unit, name)
            _check_tolerance(tolerance, exact_in(tolerance, unit, name, difference=True) >= 0)
        case Agrees():
            _check_agrees(leaf, channels)


def check_duration(quantity: Quantity) -> int:
    """Return a literal as whole microseconds; raise ``BadInput`` where it is no time."""
    us = duration_us(quantity)
    if us is None or us < 0 or us > 3_600_000_000_000:
        raise mistake(
            "C-DURATION",
            quantity.at,
            f"“{written(quantity)}”不是时长。写成 500 ms、2 s 或 5 min。",
            f'"{written(quantity)}" is no duration. Write it like 500 ms, 2 s or 5 min.',
        )
    return us


def check_whole(quantity: Quantity) -> int:
    """Return a literal as a whole number; raise ``BadInput`` where it is none."""
    if quantity.unit is not None or quantity.amount.denominator != 1:
        raise mistake(
            "C-WHOLE",
            quantity.at,
            f"“{written(quantity)}”应当是不带单位的整数，这里数的是次数。",
            f'"{written(quantity)}" must be a whole number without a unit: times are counted here.',
        )
    return quantity.amount.numerator


def check_share(quantity: Quantity) -> None:
    """Raise ``BadInput`` where a literal is no share."""
    if share_of(quantity) is None:
        raise mistake(
            "C-SHARE",
            quantity.at,
            f"“{written(quantity)}”应当是比例，例如 90 %。",
            f'"{written(quantity)}" must be a share, like 90 %.',
        )


def _channel(name: str, channels: Mapping[str, ChannelSpec], at: Place) -> ChannelSpec:
    spec = channels.get(name)
    if spec is not None:
        return spec
    hint, known = did_you_mean(name, channels), listed(sorted(channels)[:20])
    raise mistake(
        "C-NAME",
        at,
        f"没有通道 {name}。{hint.zh}可用的有：{known.zh}。",
        f"There is no channel {name}.{hint.en} Known: {known.en}.",
    )


def _quantity_channel(name: str, channels: Mapping[str, ChannelSpec], at: Place) -> ChannelSpec:
    spec = _channel(name, channels, at)
    if not spec.states:
        return spec
    known = listed(spec.states)
    raise mistake(
        "C-NOT-QUANTITY",
        at,
        f"{name} 是状态（{known.zh}），不能比大小。写成 {name} is {spec.states[-1]}。",
        f"{name} is a state ({known.en}), not a quantity. Write: {name} is {spec.states[-1]}.",
    )


def _check_state(
    name: str, state: str, channels: Mapping[str, ChannelSpec], at: Place, state_at: Place
) -> None:
    spec = _channel(name, channels, at)
    if state in spec.states:
        return
    if not spec.states:
        raise mistake(
            "C-NOT-STATE",
            at,
            f"{name} 是数值（单位 {spec.unit}），没有状态。写成 {name} >= 数值 {spec.unit}。",
            f"{name} is a quantity in {spec.unit} and has no states. "
            f"Write: {name} >= NUMBER {spec.unit}.",
        )
    hint, known = did_you_mean(state, spec.states), listed(spec.states)
    raise mistake(
        "C-STATE",
        state_at,
        f"{name} 没有状态 {state}。{hint.zh}它有：{known.zh}。",
        f"{name} has no state {state}.{hint.en} It has: {known.en}.",
    )


def _check_range(name: str, low: Quantity, high: Quantity, unit: str) -> None:
    if exact_in(low, unit, name) > exact_in(high, unit, name):
        raise mistake(
            "C-RANGE",
            low.at,
            f"范围反了：{written(low)} 大于 {written(high)}。把两个数对调。",
            f"The range is the wrong way round: {written(low)} is above {written(high)}. "
            "Swap the two.",
        )


def _check_tolerance(tolerance: Quantity, fits: bool) -> None:
    if not fits:
        raise mistake(
            "C-TOLERANCE",
            tolerance.at,
            f"容差“{written(tolerance)}”不能小于 0。",
            f'The tolerance "{written(tolerance)}" must not be below 0.',
        )


def _check_agrees(leaf: Agrees, channels: Mapping[str, ChannelSpec]) -> None:
    first = _quantity_channel(leaf.name, channels, leaf.at)
    second = _quantity_channel(leaf.reference, channels, leaf.reference_at)
    check_same_dimension(leaf.name, first, leaf.reference, second, leaf.reference_at)
    if leaf.tolerance.unit == "%":
        _check_tolerance(leaf.tolerance, leaf.tolerance.amount >= 0)
        return
    exact = exact_in(leaf.tolerance, first.unit, leaf.name, difference=True)
    _check_tolerance(leaf.tolerance, exact >= 0)


def check_same_dimension(
    name: str, first: ChannelSpec, other: str, second: ChannelSpec, at: Place
) -> None:
    """Raise ``BadInput`` where two channels cannot be compared with each other."""
    units = find_unit(first.unit), find_unit(second.unit)
    if None not in units and units[0].dimension == units[1].dimension:  # type: ignore[union-attr]
        return
    raise mistake(
        "C-DIMENSION",
        at,
        f"{name} 的单位是 {first.unit}，{other} 的单位是 {second.unit}，不能互相比较。",
        f"{name} is in {first.unit}, but {other} is in {second.unit}: they cannot be compared.",
    )


def _check_statistic(clause: Statistic, channels: Mapping[str, ChannelSpec]) -> None:
    match clause.stat:
        case "share":
            check_share(clause.quantity)
        case "total":
            check_duration(clause.quantity)
        case "count":
            check_whole(clause.quantity)
        case "accuracy":
            _check_labels(clause, channels)
        case "median_abs_error" | "rmse":
            _check_errors(clause, channels)
        case _:
            name = clause.names[0]
            unit = _quantity_channel(name.name, channels, name.at).unit
            float_in(clause.quantity, unit, name.name)


def _check_errors(clause: Statistic, channels: Mapping[str, ChannelSpec]) -> None:
    first, second = clause.names
    spec = _quantity_channel(first.name, channels, first.at)
    other = _quantity_channel(second.name, channels, second.at)
    check_same_dimension(first.name, spec, second.name, other, second.at)
    exact_in(clause.quantity, spec.unit, first.name, difference=True)


def _check_labels(clause: Statistic, channels: Mapping[str, ChannelSpec]) -> None:
    first, second = clause.names
    spec, other = (_channel(value.name, channels, value.at) for value in (first, second))
    check_share(clause.quantity)
    if spec.states != other.states or not spec.states:
        raise mistake(
            "C-LABELS",
            second.at,
            f"{first.name} 和 {second.name} 的状态表不一样，不能比对。",
            f"{first.name} and {second.name} must be states with the same names.",
        )
