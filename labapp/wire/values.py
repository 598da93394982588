"""One value in registers: bytes, words, bits, scale and offset, decided exactly.

``value = round(raw * scale + offset, decimals of the scale)`` is computed with fractions
and rounded to a float once, so that every machine reads the same number.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from typing import Literal

ValueType = Literal[
    "bool", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float32", "float64", "string"
]
WordOrder = Literal["big", "little"]

REGISTERS: dict[ValueType, int] = {
    "bool": 1,
    "int16": 1,
    "uint16": 1,
    "int32": 2,
    "uint32": 2,
    "float32": 2,
    "int64": 4,
    "uint64": 4,
    "float64": 4,
}
_CODES: dict[ValueType, str] = {
    "int16": ">h",
    "uint16": ">H",
    "int32": ">i",
    "uint32": ">I",
    "int64": ">q",
    "uint64": ">Q",
    "float32": ">f",
    "float64": ">d",
}
FLOATS: frozenset[ValueType] = frozenset({"float32", "float64"})


class Flaw(StrEnum):
    """Why registers hold no value."""

    NONE = ""
    SENTINEL = "sentinel"
    NAN = "nan"


@dataclass(frozen=True, slots=True)
class Decoded:
    """A value in its unit, what stood on the wire, and why there is no value, if there is none."""

    value: float | None
    raw: int | float
    flaw: Flaw = Flaw.NONE


class OutOfReach(ValueError):
    """A value that the registers cannot hold."""


def exact(number: float) -> Fraction:
    """Return the decimal that a person wrote: ``exact(0.1)`` is 1/10, not its nearest double."""
    return Fraction(repr(number))


@lru_cache(maxsize=1024)
def decimals_of(number: float) -> int:
    """Return how many digits follow the point: 0.0625 has 4, 1e-05 has 5, 20.0 none."""
    exponent = Decimal(repr(number)).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


@dataclass(frozen=True, slots=True)
class ValueFormat:
    """How one value stands in registers (or in one bit, for a bit table: type ``bool``).

    ``bits`` are ``(low, high)`` of a single register, 0 the lowest. ``byte_order`` is that
    inside a register, ``word_order`` that between registers; Modbus itself is big, big.
    ``invalid`` are raw codes that mean "no value". ``length`` is the registers of a string.
    """

    type: ValueType
    scale: float = 1.0
    offset: float = 0.0
    bits: tuple[int, int] | None = None
    byte_order: WordOrder = "big"
    word_order: WordOrder = "big"
    invalid: tuple[int, ...] = ()
    length: int | None = None
    _scale: Fraction = field(init=False, repr=False, compare=False)
    _offset: Fraction = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.scale == 0:
            raise ValueError("scale must not be 0")
        object.__setattr__(self, "_scale", exact(self.scale))
        object.__setattr__(self, "_offset", exact(self.offset))

    @property
    def registers(self) -> int:
        """How many registers (or bits of a bit table) the value takes."""
        return self.length or REGISTERS[self.type]

    @property
    def decimals(self) -> int:
        """Digits after the point that the scale and offset can give; floats have no such limit."""
        return max(decimals_of(self.scale), decimals_of(self.offset))

    def decode(self, registers: Sequence[int]) -> Decoded:
        """Return the value that stands in ``registers``.

        Raises:
            ValueError: their number is not ``self.registers``.
        """
        raw = self.raw_of(registers)
        if isinstance(raw, float) and not math.isfinite(raw):
            return Decoded(None, raw, Flaw.NAN)
        if raw in self.invalid:
            return Decoded(None, raw, Flaw.SENTINEL)
        return Decoded(self.value_of(raw), raw)

    def raw_of(self, registers: Sequence[int]) -> int | float:
        """Return the number that stands on the wire, before scale and offset."""
        if len(registers) != self.registers:
            raise ValueError(f"{len(registers)} registers where {self.registers} belong")
        if self.bits is not None:
            low, high = self.bits
            return self._ordered(registers)[0] >> low & _mask(low, high)
        if self.type == "bool":
            return 1 if registers[0] else 0
        number: int | float = struct.unpack(_CODES[self.type], self._bytes(registers))[0]
        return number

    def value_of(self, raw: int | float) -> float:
        """Return the engineering value of a raw number, rounded to a float once."""
        scaled = Fraction(raw) * self._scale + self._offset
        if self.type in FLOATS:
            return float(scaled)
        return float(round(scaled, self.decimals))

    def text_of(self, registers: Sequence[int]) -> str:
        """Return a string value: UTF-8, two bytes a register, ended by a zero."""
        body = self._bytes(registers).split(b"\0", 1)[0]
        return body.decode("utf-8", "replace").strip()

    def raw_for(self, value: float) -> int | float:
        """Return the nearest raw number for an engineering value (half to even).

        Raises:
            OutOfReach: not finite, or outside what the type or bits can hold.
        """
        if not math.isfinite(value):
            raise OutOfReach(f"{value} is not a number")
        wanted = (exact(value) - self._offset) / self._scale
        if self.type in FLOATS:
            return self._check_float(float(wanted))
        raw = round(wanted)
        low, high = self.raw_limits()
        if not low <= raw <= high:
            raise OutOfReach(f"{value} needs the code {raw}, outside {low}..{high}")
        return raw

    def raw_limits(self) -> tuple[int, int]:
        """Return the least and greatest raw integer of the type or bits."""
        if self.bits is not None:
            return 0, _mask(*self.bits)
        if self.type == "bool":
            return 0, 1
        size = 16 * REGISTERS[self.type]
        if self.type.startswith("u"):
            return 0, (1 << size) - 1
        return -(1 << size - 1), (1 << size - 1) - 1

    def encode(self, value: float, before: Sequence[int] = ()) -> list[int]:
        """Return the registers that hold ``value``.

        ``before`` is what stands there now; needed with ``bits``, whose neighbours are kept.

        Raises:
            OutOfReach: the registers cannot hold it.
        """
        return self.encode_raw(self.raw_for(value), before)

    def encode_raw(self, raw: int | float, before: Sequence[int] = ()) -> list[int]:
        """Return the registers for a raw number; see ``encode``."""
        if self.bits is not None:
            low, high = self.bits
            mask = _mask(low, high) << low
            (word,) = self._ordered(before or [0])
            return self._ordered([word & ~mask & 0xFFFF | int(raw) << low])
        if self.type == "bool":
            return [1 if raw else 0]
        packed = struct.pack(_CODES[self.type], raw)
        return self._ordered(list(struct.unpack(f">{len(packed) // 2}H", packed)))

    def mask(self) -> tuple[int, int]:
        """Return ``(and_mask, or_shift)`` for a mask write of ``bits``, in wire byte order."""
        assert self.bits is not None
        low, high = self.bits
        (kept,) = self._ordered([~(_mask(low, high) << low) & 0xFFFF])
        return kept, low

    def _check_float(self, number: float) -> float:
        try:
            struct.pack(_CODES[self.type], number)
        except OverflowError as cause:
            raise OutOfReach(f"{number} does not fit {self.type}") from cause
        return number

    def _ordered(self, registers: Sequence[int]) -> list[int]:
        """Return registers in big, big order (or back: the exchange is its own inverse)."""
        words = list(registers)
        if self.word_order == "little":
            words.reverse()
        if self.byte_order == "little":
            words = [(word & 0xFF) << 8 | word >> 8 for word in words]
        return words

    def _bytes(self, registers: Sequence[int]) -> bytes:
        words = self._ordered(registers)
        return struct.pack(f">{len(words)}H", *words)


def _mask(low: int, high: int) -> int:
    return (1 << high - low + 1) - 1
