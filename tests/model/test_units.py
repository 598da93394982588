"""Units are converted exactly, there and back, and only within a dimension."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labapp.model.units import ALIASES, UNITS, Unit, convert, find_unit

AMOUNTS = st.fractions(min_value=-(10**9), max_value=10**9, max_denominator=10**6)
ANY_UNIT = st.sampled_from(sorted(UNITS.values(), key=lambda unit: unit.symbol))


@st.composite
def _alike(draw: st.DrawFn, count: int) -> list[Unit]:
    first = draw(ANY_UNIT)
    alike = [unit for unit in UNITS.values() if unit.dimension == first.dimension]
    return [first, *(draw(st.sampled_from(alike)) for _ in range(count - 1))]


@given(AMOUNTS, _alike(2))
def test_there_and_back_is_where_it_began(amount: Fraction, units: list[Unit]) -> None:
    one, other = units
    assert convert(convert(amount, one, other), other, one) == amount


@given(AMOUNTS, _alike(3))
def test_a_detour_changes_nothing(amount: Fraction, units: list[Unit]) -> None:
    one, between, other = units
    assert convert(convert(amount, one, between), between, other) == convert(amount, one, other)


@given(AMOUNTS, AMOUNTS, _alike(2))
def test_a_difference_is_the_difference_of_two_values(
    low: Fraction, high: Fraction, units: list[Unit]
) -> None:
    one, other = units
    apart = convert(high, one, other) - convert(low, one, other)
    assert convert(high - low, one, other, difference=True) == apart


@given(AMOUNTS, ANY_UNIT, ANY_UNIT)
def test_other_dimensions_are_refused(amount: Fraction, one: Unit, other: Unit) -> None:
    if one.dimension == other.dimension:
        assert convert(amount, one, other).denominator > 0
        return
    with pytest.raises(ValueError, match="is "):
        convert(amount, one, other)


# Worked out by hand, or fixed by the definition of the unit.
@pytest.mark.parametrize(
    ("amount", "source", "target", "expected"),
    [
        ("21.5", "Cel", "K", "294.65"),
        ("-40", "°C", "K", "233.15"),
        ("90", "km/h", "m/s", "25"),
        ("1", "gn", "m/s2", "9.80665"),
        ("50", "%", "1", "0.5"),
        ("400", "ppm", "%", "0.04"),
        ("2.5", "min", "ms", "150000"),
        ("36", "m3/h", "l/s", "10"),
        ("1013.25", "hPa", "Pa", "101325"),
        ("3", "kWh", "Wh", "3000"),
    ],
)
def test_known_amounts(amount: str, source: str, target: str, expected: str) -> None:
    one, other = find_unit(source), find_unit(target)
    assert one is not None
    assert other is not None
    assert convert(Fraction(amount), one, other) == Fraction(expected)


def test_half_a_turn_is_pi() -> None:
    import math

    assert float(convert(Fraction(180), UNITS["deg"], UNITS["rad"])) == math.pi


def test_an_alias_is_no_symbol_and_leads_to_one() -> None:
    assert not ALIASES.keys() & UNITS.keys()
    assert all(found in UNITS for found in ALIASES.values())


def test_every_dimension_has_a_base() -> None:
    bases = {u.dimension for u in UNITS.values() if u.factor == Fraction(1) and not u.offset}
    assert {unit.dimension for unit in UNITS.values()} == bases
    assert all(unit.factor > 0 for unit in UNITS.values())


def test_an_unknown_symbol_has_no_unit() -> None:
    assert find_unit("furlong") is None
    assert find_unit("") is None
