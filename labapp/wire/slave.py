"""The far end of Modbus: what a kit answers to each request (V1.1b3 §6)."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from labapp.wire import modbus_pdu as m
from labapp.wire.modbus_pdu import ModbusRefused, Table

Refused = ModbusRefused

_IDENTIFICATION_LAST = {1: 2, 2: 6, 3: 255}


class RegisterMemory(Protocol):
    """The four tables of a kit, zero-based; called in whatever thread answers."""

    def read(self, table: Table, addr: int, count: int) -> list[int]:
        """Return ``count`` bits or registers.

        Raises:
            ModbusRefused: the kit has nothing there (2) or cannot say now (4, 6).
        """

    def write(self, table: Table, addr: int, values: Sequence[int]) -> None:
        """Store bits or registers; all of them or none.

        Raises:
            ModbusRefused: the kit has nothing there (2) or will not take them (3, 4, 6).
        """


def answer_pdu(
    memory: RegisterMemory, pdu: bytes, identity: Mapping[int, str] | None = None
) -> bytes:
    """Return the reply to one request; a refused one is answered with its exception.

    ``identity`` holds device identification objects by number (0 vendor, 1 product, 2 version, …).
    """
    if not pdu:
        return bytes((0x80, m.ILLEGAL_FUNCTION))
    try:
        return _answer(memory, pdu, identity or {})
    except ModbusRefused as refused:
        return bytes((pdu[0] | 0x80, refused.code))


def _answer(memory: RegisterMemory, pdu: bytes, identity: Mapping[int, str]) -> bytes:
    function = pdu[0]
    if function in m.READ_TABLE:
        return _read(memory, pdu)
    if function == m.ENCAPSULATED:
        return _identify(pdu, identity)
    write = _WRITES.get(function)
    if write is None:
        raise ModbusRefused(m.ILLEGAL_FUNCTION)
    return write(memory, pdu)


def _read(memory: RegisterMemory, pdu: bytes) -> bytes:
    addr, count = _words(pdu, 2)
    table = m.READ_TABLE[pdu[0]]
    values = _fetch(memory, table, addr, count)
    return _block(pdu[0], table, values)


def _fetch(memory: RegisterMemory, table: Table, addr: int, count: int) -> list[int]:
    limit = m.MAX_READ_BITS if table in m.BIT_TABLES else m.MAX_READ_REGISTERS
    _check_span(addr, count, limit)
    return memory.read(table, addr, count)


def _block(function: int, table: Table, values: Sequence[int]) -> bytes:
    if table in m.BIT_TABLES:
        body = m.pack_bits(values)
    else:
        body = struct.pack(f">{len(values)}H", *values)
    return bytes((function, len(body))) + body


def _write_coil(memory: RegisterMemory, pdu: bytes) -> bytes:
    addr, value = _words(pdu, 2)
    if value not in (0x0000, 0xFF00):
        raise ModbusRefused(m.ILLEGAL_VALUE)
    memory.write("coil", addr, [1 if value else 0])
    return pdu


def _write_register(memory: RegisterMemory, pdu: bytes) -> bytes:
    addr, value = _words(pdu, 2)
    memory.write("holding", addr, [value])
    return pdu


def _write_coils(memory: RegisterMemory, pdu: bytes) -> bytes:
    addr, count, body = _span_and_body(pdu)
    _check_span(addr, count, m.MAX_WRITE_BITS)
    if len(body) != (count + 7) // 8:
        raise ModbusRefused(m.ILLEGAL_VALUE)
    memory.write("coil", addr, m.unpack_bits(body, count))
    return pdu[:5]


def _write_registers(memory: RegisterMemory, pdu: bytes) -> bytes:
    addr, count, body = _span_and_body(pdu)
    _check_span(addr, count, m.MAX_WRITE_REGISTERS)
    if len(body) != 2 * count:
        raise ModbusRefused(m.ILLEGAL_VALUE)
    memory.write("holding", addr, struct.unpack(f">{count}H", body))
    return pdu[:5]


def _mask_write(memory: RegisterMemory, pdu: bytes) -> bytes:
    addr, and_mask, or_mask = _words(pdu, 3)
    (before,) = memory.read("holding", addr, 1)
    memory.write("holding", addr, [(before & and_mask) | (or_mask & ~and_mask & 0xFFFF)])
    return pdu


def _read_write(memory: RegisterMemory, pdu: bytes) -> bytes:
    if len(pdu) < 10:
        raise ModbusRefused(m.ILLEGAL_VALUE)
    read_at, read_count, write_at, write_count = struct.unpack(">HHHH", pdu[1:9])
    body = pdu[10:]
    _check_span(read_at, read_count, m.MAX_READ_REGISTERS)
    _check_span(write_at, write_count, m.MAX_RW_WRITE_REGISTERS)
    if len(body) != 2 * write_count or pdu[9] != len(body):
        raise ModbusRefused(m.ILLEGAL_VALUE)
    memory.write("holding", write_at, struct.unpack(f">{write_count}H", body))
    return _block(pdu[0], "holding", memory.read("holding", read_at, read_count))


_WRITES: dict[int, Callable[[RegisterMemory, bytes], bytes]] = {
    m.WRITE_COIL: _write_coil,
    m.WRITE_REGISTER: _write_register,
    m.WRITE_COILS: _write_coils,
    m.WRITE_REGISTERS: _write_registers,
    m.MASK_WRITE: _mask_write,
    m.READ_WRITE: _read_write,
}


def _identify(pdu: bytes, identity: Mapping[int, str]) -> bytes:
    """Answer function 43/14: a stream of objects (levels 1 to 3) or one of them (level 4)."""
    if len(pdu) != 4 or pdu[1] != m.DEVICE_IDENTIFICATION or not identity:
        raise ModbusRefused(m.ILLEGAL_FUNCTION)
    level, first = pdu[2], pdu[3]
    if level == 4:
        if first not in identity:
            raise ModbusRefused(m.ILLEGAL_ADDRESS)
        wanted = [first]
    elif level in _IDENTIFICATION_LAST:
        known = sorted(n for n in identity if n <= _IDENTIFICATION_LAST[level])
        wanted = [n for n in known if n >= first] if first in identity else known
    else:
        raise ModbusRefused(m.ILLEGAL_VALUE)
    body, count, follows = _pack_objects(identity, wanted)
    conformity = 0x80 | (1 if max(identity) <= 2 else 2 if max(identity) <= 6 else 3)
    more = 0xFF if follows is not None else 0
    head = (m.ENCAPSULATED, m.DEVICE_IDENTIFICATION, level, conformity, more, follows or 0, count)
    return bytes(head) + body


def _pack_objects(identity: Mapping[int, str], wanted: list[int]) -> tuple[bytes, int, int | None]:
    """Return as many objects as fit, their number, and the first that did not fit."""
    body = b""
    for packed, number in enumerate(wanted):
        text = identity[number].encode("utf-8")[: m.MAX_PDU - 9]
        if 7 + len(body) + 2 + len(text) > m.MAX_PDU:
            return body, packed, number
        body += bytes((number, len(text))) + text
    return body, len(wanted), None


def _words(pdu: bytes, count: int) -> tuple[int, ...]:
    if len(pdu) != 1 + 2 * count:
        raise ModbusRefused(m.ILLEGAL_VALUE)
    return struct.unpack(f">{count}H", pdu[1:])


def _span_and_body(pdu: bytes) -> tuple[int, int, bytes]:
    if len(pdu) < 6 or pdu[5] != len(pdu) - 6:
        raise ModbusRefused(m.ILLEGAL_VALUE)
    addr, count = struct.unpack(">HH", pdu[1:5])
    return addr, count, pdu[6:]


def _check_span(addr: int, count: int, limit: int) -> None:
    if not 1 <= count <= limit:
        raise ModbusRefused(m.ILLEGAL_VALUE)
    if addr + count > 0x1_0000:
        raise ModbusRefused(m.ILLEGAL_ADDRESS)
