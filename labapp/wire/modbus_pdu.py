"""Modbus requests and replies without their envelope (MODBUS Application Protocol V1.1b3)."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Literal

Table = Literal["coil", "discrete", "input", "holding"]

READ_COILS = 1
READ_DISCRETE = 2
READ_HOLDING = 3
READ_INPUT = 4
WRITE_COIL = 5
WRITE_REGISTER = 6
WRITE_COILS = 15
WRITE_REGISTERS = 16
MASK_WRITE = 22
READ_WRITE = 23
ENCAPSULATED = 43
DEVICE_IDENTIFICATION = 14

READ_FUNCTION: dict[Table, int] = {
    "coil": READ_COILS,
    "discrete": READ_DISCRETE,
    "holding": READ_HOLDING,
    "input": READ_INPUT,
}
READ_TABLE: dict[int, Table] = {function: table for table, function in READ_FUNCTION.items()}
BIT_TABLES: frozenset[Table] = frozenset({"coil", "discrete"})

# V1.1b3 §6: the largest quantities of one exchange.
MAX_READ_BITS = 2000
MAX_READ_REGISTERS = 125
MAX_WRITE_BITS = 1968
MAX_WRITE_REGISTERS = 123
MAX_RW_WRITE_REGISTERS = 121
MAX_PDU = 253

ILLEGAL_FUNCTION = 1
ILLEGAL_ADDRESS = 2
ILLEGAL_VALUE = 3
DEVICE_FAILURE = 4

# V1.1b3 §7.
EXCEPTION_NAMES: dict[int, str] = {
    1: "illegal function",
    2: "illegal data address",
    3: "illegal data value",
    4: "server device failure",
    5: "acknowledge",
    6: "server device busy",
    8: "memory parity error",
    10: "gateway path unavailable",
    11: "gateway target failed to respond",
}


class ModbusRefused(Exception):
    """The far end answered with an exception ``code`` (1–11)."""

    def __init__(self, code: int) -> None:
        super().__init__(f"exception {code} ({EXCEPTION_NAMES.get(code, 'unknown')})")
        self.code = code


class NotTheAnswer(ValueError):
    """An intact reply, but not to this request: wrong function, length or echo."""


def encode_read(table: Table, addr: int, count: int) -> bytes:
    """Return a request for ``count`` bits or registers from ``addr`` (zero-based)."""
    limit = MAX_READ_BITS if table in BIT_TABLES else MAX_READ_REGISTERS
    _check_span(addr, count, limit)
    return struct.pack(">BHH", READ_FUNCTION[table], addr, count)


def decode_read(pdu: bytes, table: Table, count: int) -> list[int]:
    """Return the bits (0 or 1) or registers (0 to 65535) of a reply to ``encode_read``.

    Raises:
        ModbusRefused: the reply is an exception.
        NotTheAnswer: the reply belongs to another request.
    """
    check_function(pdu, READ_FUNCTION[table])
    size = (count + 7) // 8 if table in BIT_TABLES else 2 * count
    if len(pdu) != 2 + size or pdu[1] != size:
        raise NotTheAnswer(f"{len(pdu) - 2} bytes where {size} were asked for")
    if table in BIT_TABLES:
        return unpack_bits(pdu[2:], count)
    return list(struct.unpack(f">{count}H", pdu[2:]))


def encode_write_coil(addr: int, on: bool) -> bytes:
    """Return a request that drives one coil (function 5)."""
    _check_span(addr, 1, 1)
    return struct.pack(">BHH", WRITE_COIL, addr, 0xFF00 if on else 0x0000)


def encode_write_coils(addr: int, values: Sequence[int]) -> bytes:
    """Return a request that drives several coils (function 15)."""
    _check_span(addr, len(values), MAX_WRITE_BITS)
    packed = pack_bits(values)
    return struct.pack(">BHHB", WRITE_COILS, addr, len(values), len(packed)) + packed


def encode_write_register(addr: int, value: int) -> bytes:
    """Return a request that writes one register (function 6)."""
    _check_span(addr, 1, 1)
    return struct.pack(">BHH", WRITE_REGISTER, addr, value)


def encode_write_registers(addr: int, values: Sequence[int]) -> bytes:
    """Return a request that writes several registers (function 16)."""
    _check_span(addr, len(values), MAX_WRITE_REGISTERS)
    head = struct.pack(">BHHB", WRITE_REGISTERS, addr, len(values), 2 * len(values))
    return head + struct.pack(f">{len(values)}H", *values)


def encode_mask_write(addr: int, and_mask: int, or_mask: int) -> bytes:
    """Return a request for ``reg = (reg & and_mask) | (or_mask & ~and_mask)`` (function 22)."""
    _check_span(addr, 1, 1)
    return struct.pack(">BHHH", MASK_WRITE, addr, and_mask, or_mask)


def check_write(pdu: bytes, request: bytes) -> None:
    """Check that ``pdu`` acknowledges the write ``request``.

    Raises:
        ModbusRefused: the reply is an exception.
        NotTheAnswer: the echo differs from what was written.
    """
    function = request[0]
    check_function(pdu, function)
    echo = request[:5] if function in (WRITE_COILS, WRITE_REGISTERS) else request
    if pdu != echo:
        raise NotTheAnswer("the echo differs from the request")


def encode_read_identification(level: int, first: int = 0) -> bytes:
    """Return a request for device identification (function 43/14), from object ``first``."""
    return bytes((ENCAPSULATED, DEVICE_IDENTIFICATION, level, first))


def decode_identification(pdu: bytes, level: int) -> tuple[dict[int, bytes], int | None]:
    """Return objects by number, and the number to go on from where more follow.

    Raises:
        ModbusRefused: the reply is an exception.
        NotTheAnswer: the reply is not a well-formed identification of this level.
    """
    check_function(pdu, ENCAPSULATED)
    if len(pdu) < 7 or pdu[1] != DEVICE_IDENTIFICATION or pdu[2] != level:
        raise NotTheAnswer("not a device identification")
    objects: dict[int, bytes] = {}
    at = 7
    for _ in range(pdu[6]):
        if at + 2 > len(pdu) or at + 2 + pdu[at + 1] > len(pdu):
            raise NotTheAnswer("a cut device identification")
        objects[pdu[at]] = pdu[at + 2 : at + 2 + pdu[at + 1]]
        at += 2 + pdu[at + 1]
    if at != len(pdu):
        raise NotTheAnswer("bytes after the device identification")
    return objects, pdu[5] if pdu[4] else None


def check_function(pdu: bytes, function: int) -> None:
    """Check that a reply is to ``function``.

    Raises:
        ModbusRefused: it is that function's exception.
        NotTheAnswer: it is another function's, or cut.
    """
    if len(pdu) == 2 and pdu[0] == function | 0x80:
        raise ModbusRefused(pdu[1])
    if len(pdu) < 2 or pdu[0] != function:
        raise NotTheAnswer(f"not a reply to function {function}")


def pack_bits(values: Sequence[int]) -> bytes:
    """Return bits as bytes, the first in the lowest bit (V1.1b3 §6.1)."""
    packed = bytearray((len(values) + 7) // 8)
    for index, value in enumerate(values):
        if value:
            packed[index // 8] |= 1 << (index % 8)
    return bytes(packed)


def unpack_bits(packed: bytes, count: int) -> list[int]:
    """Return the first ``count`` bits as 0 or 1."""
    return [packed[index // 8] >> (index % 8) & 1 for index in range(count)]


def _check_span(addr: int, count: int, limit: int) -> None:
    if not 1 <= count <= limit:
        raise ValueError(f"count {count} is outside 1..{limit}")
    if not addr >= 0 or addr + count > 0x1_0000:
        raise ValueError(f"{addr}..{addr + count - 1} is outside 0..65535")
