"""Literals in a channel's unit: checked for their dimension, converted exactly, rounded once."""

from __future__ import annotations

from fractions import Fraction

from labapp.criteria.condition import Quantity
from labapp.criteria.wording import DIMENSIONS, did_you_mean, mistake
from labapp.model.text import Text
from labapp.model.trouble import BadInput
from labapp.model.units import ALIASES, UNITS, Unit, convert, find_unit

# Units whose number may stand alone: a bare 3 can mean nothing else.
_BARE = ("1", "/", "count", "pH")


def exact_in(quantity: Quantity, symbol: str, name: str, *, difference: bool = False) -> Fraction:
    """Return ``quantity`` in the unit ``symbol`` of the channel ``name``, exactly.

    A difference (a tolerance) leaves the offsets out: 2 degC of tolerance is 2 K.

    Raises:
        BadInput: no such unit, another dimension, or a bare number where a unit is needed.
    """
    target = _channel_unit(quantity, symbol, name)
    if quantity.unit is None:
        if target.symbol in _BARE:
            return quantity.amount
        raise mistake(
            "C-NEEDS-UNIT",
            quantity.at,
            f"“{written(quantity)}”后面要写单位，{name} 的单位是 {symbol}。",
            f'"{written(quantity)}" needs a unit here, {name} is in {symbol}.',
        )
    source = find_unit(quantity.unit)
    if source is None:
        raise _unknown_unit(quantity, symbol)
    if source.dimension != target.dimension:
        raise _other_dimension(quantity, source, target, name)
    return convert(quantity.amount, source, target, difference=difference)


def float_in(quantity: Quantity, symbol: str, name: str, *, difference: bool = False) -> float:
    """Return what ``exact_in`` does, rounded once to the nearest float64."""
    return float(exact_in(quantity, symbol, name, difference=difference))


def share_of(quantity: Quantity) -> Fraction | None:
    """Return a share written as ``5 %``, ``50 ppm`` or ``0.05``; ``None`` for other units."""
    unit = UNITS["1"] if quantity.unit is None else find_unit(quantity.unit)
    if unit is None or unit.dimension != "ratio":
        return None
    return quantity.amount * unit.factor


def written(quantity: Quantity) -> str:
    """Return the quantity as the language writes it: ``40 %``, ``-0.5 degC``, ``3``."""
    number = decimal_text(quantity.amount)
    return number if quantity.unit is None else f"{number} {quantity.unit}"


def shown(quantity: Quantity) -> str:
    """Return the quantity as people read it: ``57 °C``."""
    unit = None if quantity.unit is None else find_unit(quantity.unit)
    number = decimal_text(quantity.amount)
    words = quantity.unit if unit is None else unit.shown
    return f"{number} {words}" if words else number


def decimal_text(amount: Fraction) -> str:
    """Return the finite decimal that ``amount`` was written as, without superfluous zeros.

    Raises:
        ValueError: the amount is no finite decimal (literals always are).
    """
    sign, rest = ("-" if amount < 0 else ""), abs(amount)
    digits = 0
    while rest.denominator != 1:
        rest, digits = rest * 10, digits + 1
        if digits > 40:
            raise ValueError(f"no finite decimal: {amount}")
    text = str(rest.numerator).rjust(digits + 1, "0")
    return sign + (f"{text[:-digits]}.{text[-digits:]}" if digits else text)


def _channel_unit(quantity: Quantity, symbol: str, name: str) -> Unit:
    unit = find_unit(symbol)
    if unit is not None:
        return unit
    raise mistake(
        "C-CHANNEL-UNIT",
        quantity.at,
        f"{name} 的单位 {symbol} 不在单位表里，没法比较。改通道的单位。",
        f"{name} is in {symbol}, which the table of units does not have. Mend the channel's unit.",
    )


def _unknown_unit(quantity: Quantity, symbol: str) -> BadInput:
    unit = quantity.unit or ""
    hint = did_you_mean(unit, [*UNITS, *ALIASES])
    if not hint.en and unit.startswith("percent"):
        hint = Text("是不是 %？", " Did you mean %?")
    return mistake(
        "C-UNIT",
        quantity.at,
        f"“{written(quantity)}”的单位 {unit} 不认识。这里的单位是 {symbol}。{hint.zh}",
        f'"{written(quantity)}" has the unknown unit {unit}. {symbol} is used here.{hint.en}',
    )


def _other_dimension(quantity: Quantity, source: Unit, target: Unit, name: str) -> BadInput:
    zh, en = (DIMENSIONS.get(source.dimension, source.dimension), source.dimension)
    unit = target.shown or target.symbol
    more_zh, more_en = "", ""
    alike = target.symbol != target.shown and source.shown == target.shown
    if alike or (target.symbol.startswith("%") and source.symbol == "%"):
        more_zh, more_en = f"（写作 {target.symbol}）", f" (write {target.symbol})"
    return mistake(
        "C-DIMENSION",
        quantity.at,
        f"“{written(quantity)}”是{zh}，而 {name} 的单位是 {unit}{more_zh}。",
        f'"{written(quantity)}" is {en}, but {name} is in {unit}{more_en}.',
    )
