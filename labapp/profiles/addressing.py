"""Addresses as manuals print them, and as they go on the wire."""

from __future__ import annotations

from typing import Literal

from labapp.profiles.profile import Table

Addressing = Literal["zero_based", "one_based", "modicon"]
_MODICON_DIGIT: dict[Table, int] = {"coil": 0, "discrete": 1, "input": 3, "holding": 4}


def wire_addr(table: Table, addr: int, addressing: Addressing) -> int | None:
    """Return the zero-based address on the wire, or ``None`` where ``addr`` is none of the table.

    ``modicon`` knows five digits (40001) and six (400001); the first tells the table.
    """
    match addressing:
        case "zero_based":
            wire = addr
        case "one_based":
            wire = addr - 1
        case "modicon":
            return _modicon(_MODICON_DIGIT[table], addr)
    return wire if 0 <= wire <= 0xFFFF else None


def first_addr(table: Table, addressing: Addressing) -> int:
    """Return how the first address of a table is written."""
    match addressing:
        case "zero_based":
            return 0
        case "one_based":
            return 1
        case "modicon":
            return _MODICON_DIGIT[table] * 10_000 + 1


def _modicon(digit: int, addr: int) -> int | None:
    for base, most in ((digit * 10_000, 9_999), (digit * 100_000, 65_536)):
        if 1 <= addr - base <= most:
            return addr - base - 1
    return None
