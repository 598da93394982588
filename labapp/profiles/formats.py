"""How a profile's points stand in registers; the link and the twin both use this."""

from __future__ import annotations

from labapp.profiles.profile import ModbusMap, Point
from labapp.wire.values import ValueFormat


def format_of(point: Point, modbus: ModbusMap) -> ValueFormat:
    """Return the format of ``point`` on the wire, with the map's byte and word order."""
    return ValueFormat(
        type=point.at.type,
        scale=point.scale,
        offset=point.offset,
        bits=point.at.bits,
        byte_order=modbus.byte_order,
        word_order=point.at.word_order or modbus.word_order,
        invalid=point.invalid,
        length=point.at.length,
    )
