"""Values in registers, there and back."""

from __future__ import annotations

import math
import struct
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labapp.wire.values import FLOATS, REGISTERS, Flaw, OutOfReach, ValueFormat, decimals_of

WHOLE = st.sampled_from(["int16", "uint16", "int32", "uint32", "int64", "uint64"])
ORDERS = st.sampled_from(["big", "little"])
SCALES = st.sampled_from([1.0, 0.1, 0.01, 0.0625, 2.5, -0.5, 10.0])


@st.composite
def formats(draw: st.DrawFn) -> ValueFormat:
    facts: dict[str, Any] = {
        "type": draw(WHOLE),
        "scale": draw(SCALES),
        "offset": draw(st.sampled_from([0.0, -40.0, 273.15])),
        "byte_order": draw(ORDERS),
        "word_order": draw(ORDERS),
    }
    return ValueFormat(**facts)


@given(formats(), st.data())
def test_raw_numbers_there_and_back(form: ValueFormat, data: st.DataObject) -> None:
    raw = data.draw(st.integers(*form.raw_limits()))
    words = form.encode_raw(raw)
    assert len(words) == form.registers == REGISTERS[form.type]
    assert all(0 <= word <= 0xFFFF for word in words)
    assert form.raw_of(words) == raw


@given(formats(), st.data())
def test_values_there_and_back(form: ValueFormat, data: st.DataObject) -> None:
    """What a reading shows can be written, and gives the same code (up to a float's 2^53)."""
    low, high = form.raw_limits()
    raw = data.draw(st.integers(max(low, -(2**45)), min(high, 2**45)))
    value = form.value_of(raw)
    assert form.decode(form.encode(value)).value == value


@given(formats(), st.integers(-(2**15), 2**15 - 1))
def test_a_value_is_the_exact_decimal_rounded_once(form: ValueFormat, raw: int) -> None:
    exact = Fraction(str(form.scale)) * raw + Fraction(str(form.offset))
    digits = max(decimals_of(form.scale), decimals_of(form.offset))
    assert form.value_of(raw) == float(round(exact, digits))


@given(st.sampled_from(["float32", "float64"]), ORDERS, ORDERS, st.floats(width=32))
def test_floats_there_and_back(kind: Any, byte_order: Any, word_order: Any, number: float) -> None:
    form = ValueFormat(type=kind, byte_order=byte_order, word_order=word_order)
    found = form.decode(form.encode_raw(number))
    if math.isfinite(number):
        assert (found.value, found.flaw) == (number, Flaw.NONE)
    else:
        assert (found.value, found.flaw) == (None, Flaw.NAN)


@given(st.integers(0, 0xFFFF), st.integers(0, 15), st.integers(0, 15), ORDERS, st.data())
def test_bits_leave_their_neighbours_alone(
    word: int, one: int, other: int, byte_order: Any, data: st.DataObject
) -> None:
    bits = (min(one, other), max(one, other))
    form = ValueFormat(type="uint16", bits=bits, byte_order=byte_order)
    raw = data.draw(st.integers(*form.raw_limits()))
    (after,) = form.encode_raw(raw, [word])
    assert form.raw_of([after]) == raw
    keep, shift = form.mask()
    assert after & keep == word & keep
    assert shift == bits[0]


# How the four orders of 32 bits are called: ABCD, BADC, CDAB, DCBA (libmodbus' manual).
@pytest.mark.parametrize(
    ("byte_order", "word_order", "words"),
    [
        ("big", "big", [0x1234, 0x5678]),
        ("little", "big", [0x3412, 0x7856]),
        ("big", "little", [0x5678, 0x1234]),
        ("little", "little", [0x7856, 0x3412]),
    ],
)
def test_the_four_orders(byte_order: Any, word_order: Any, words: list[int]) -> None:
    form = ValueFormat(type="uint32", byte_order=byte_order, word_order=word_order)
    assert form.raw_of(words) == 0x12345678
    assert form.encode_raw(0x12345678) == words


def test_three_tenths_are_three_tenths() -> None:
    form = ValueFormat(type="uint16", scale=0.1)
    assert form.decode([3]).value == 0.3
    assert form.encode(0.3) == [3]


def test_sentinels_are_matched_before_scaling() -> None:
    form = ValueFormat(type="int16", scale=0.0625, invalid=(-32768,))
    found = form.decode([0x8000])
    assert (found.value, found.raw, found.flaw) == (None, -32768, Flaw.SENTINEL)


def test_the_data_sheets_example_of_a_thermometer() -> None:
    """DS18B20 data sheet, table 1: FF5E is -10.125 °C, 07D0 is +125 °C."""
    form = ValueFormat(type="int16", scale=0.0625)
    assert form.decode([0xFF5E]).value == -10.125
    assert form.decode([0x07D0]).value == 125.0


@pytest.mark.parametrize(
    ("kind", "value"), [("uint16", -1), ("uint16", 65_536), ("int16", 32_768), ("float32", 1e39)]
)
def test_what_does_not_fit_is_said(kind: Any, value: float) -> None:
    with pytest.raises(OutOfReach):
        ValueFormat(type=kind).encode(value)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_never_written(value: float) -> None:
    for kind in ("int16", *FLOATS):
        with pytest.raises(OutOfReach):
            ValueFormat(type=kind).encode(value)


def test_text_in_registers() -> None:
    form = ValueFormat(type="string", length=4)
    words = list(struct.unpack(">4H", b"v1.2\0xyz"))
    assert form.text_of(words) == "v1.2"


def test_a_wrong_number_of_registers_is_refused() -> None:
    with pytest.raises(ValueError, match="2 belong"):
        ValueFormat(type="float32").raw_of([1])
