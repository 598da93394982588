"""Checksums of the lab's wires."""

from __future__ import annotations


def _table() -> tuple[int, ...]:
    """Remainders of the reflected polynomial 0xA001 (MODBUS over Serial Line V1.02, §6.2.2)."""
    rows = []
    for value in range(256):
        for _ in range(8):
            value = (value >> 1) ^ 0xA001 if value & 1 else value >> 1
        rows.append(value)
    return tuple(rows)


_CRC16 = _table()


def crc16_modbus(data: bytes | bytearray | memoryview) -> int:
    """Return the Modbus RTU CRC of ``data``; it goes on the wire low byte first."""
    crc = 0xFFFF
    for byte in data:
        crc = (crc >> 8) ^ _CRC16[(crc ^ byte) & 0xFF]
    return crc


def with_crc(data: bytes) -> bytes:
    """Return ``data`` followed by its CRC, as an RTU frame has it."""
    return data + crc16_modbus(data).to_bytes(2, "little")


def has_good_crc(frame: bytes | bytearray) -> bool:
    """Whether the last two bytes are the CRC of the rest."""
    return len(frame) >= 4 and crc16_modbus(frame[:-2]) == frame[-2] | frame[-1] << 8
