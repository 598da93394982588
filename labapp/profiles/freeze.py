"""A checked document becomes the frozen profile that the rest of the app works with."""

from __future__ import annotations

import re
from pathlib import Path

from labapp.model.text import Text
from labapp.profiles import profile as frozen
from labapp.profiles.addressing import wire_addr
from labapp.profiles.point_rules import limits_of
from labapp.profiles.schema import ModbusPart, PointPart, ProfilePart, TransportPart, WritePart
from labapp.wire.values import FLOATS, decimals_of

_OFF_ON = (Text("关", "Off"), Text("开", "On"))
# A float register says nothing of how many digits mean something.
_FLOAT_DECIMALS = 2
_STALE_PERIODS = 3


def freeze(part: ProfilePart, path: Path, source: bytes) -> frozen.Profile:
    """Return the frozen form of ``part``, whose addresses were checked before."""
    return frozen.Profile(
        id=part.id,
        version=part.version,
        name=part.name.text,
        transport=_transport(part.transport),
        modbus=_modbus(part.modbus),
        polls=tuple(part.polls.items()),
        points=tuple(freeze_point(point, part) for point in part.points),
        safe_on_disconnect=tuple(part.safety.on_disconnect),
        path=path,
        source=source,
        watchdog=_watchdog(part),
    )


def _watchdog(part: ProfilePart) -> frozen.Watchdog | None:
    said = part.safety.device_watchdog
    if said.point is None:
        return None
    return frozen.Watchdog(point=said.point, period_us=said.period_ms * 1000)


def freeze_point(part: PointPart, whole: ProfilePart) -> frozen.Point:
    """Return the frozen form of one point."""
    period_us = whole.polls.get(part.poll, 0) * 1000
    names = _state_names(part)
    addr = wire_addr(part.at.table, part.at.addr, whole.modbus.addressing)
    return frozen.Point(
        id=part.id,
        name=part.name.text,
        at=frozen.Place(
            table=part.at.table,
            addr=part.at.addr if addr is None else addr,
            type=part.at.type,
            bits=part.at.bits,
            length=part.at.length,
            word_order=part.at.word_order,
        ),
        scale=part.scale,
        offset=part.offset,
        unit=part.unit,
        decimals=_decimals(part),
        range=part.range,
        invalid=tuple(part.invalid),
        kind="state" if names else part.kind,
        poll=part.poll,
        period_us=period_us,
        stale_us=period_us * _STALE_PERIODS if part.stale_ms is None else part.stale_ms * 1000,
        access=part.access,
        states=tuple(state_id(name.en) for name in names),
        state_names=names,
        write=None if part.write is None else _write(part, part.write),
    )


def state_id(english: str) -> str:
    """Return the word that criteria and rules use for a state: ``Off wrist`` is ``off_wrist``."""
    return re.sub(r"[^a-z0-9]+", "_", english.lower()).strip("_")


def _state_names(part: PointPart) -> tuple[Text, ...]:
    if part.enum is not None:
        return tuple(part.enum[code].text for code in sorted(part.enum))
    return _OFF_ON if part.at.type == "bool" else ()


def _decimals(part: PointPart) -> int:
    if part.decimals is not None:
        return part.decimals
    of_scale = max(decimals_of(part.scale), decimals_of(part.offset))
    return max(of_scale, _FLOAT_DECIMALS) if part.at.type in FLOATS else of_scale


def _write(part: PointPart, write: WritePart) -> frozen.Write:
    low, high = limits_of(part)
    return frozen.Write(
        min=0.0 if low is None else low,
        max=0.0 if high is None else high,
        step=write.step,
        safe=write.safe,
        verify_ms=write.verify_ms,
        tolerance=write.tolerance,
        min_interval_ms=write.min_interval_ms,
        max_rate_per_s=write.max_rate_per_s,
        max_on_s=write.max_on_s,
        confirm=write.confirm,
        method=write.method,
    )


def _transport(part: TransportPart) -> frozen.Transport:
    return frozen.Transport(
        variants=tuple(frozen.Variant(**variant.model_dump()) for variant in part.variants),
        timeout_ms=part.timeout_ms,
        late_ms=part.late_ms,
        read_retries=part.read_retries,
        offline_after=part.offline_after,
        backoff_s=tuple(part.backoff_s),
        settle_ms=part.settle_ms,
        first_data_ms=part.first_data_ms,
        usb=tuple((usb.vid, usb.pid) for usb in part.usb),
    )


def _modbus(part: ModbusPart) -> frozen.ModbusMap:
    return frozen.ModbusMap(
        unit=part.unit,
        byte_order=part.byte_order,
        word_order=part.word_order,
        max_registers=part.max_read.registers,
        max_bits=part.max_read.bits,
        max_gap=part.max_gap,
        readable=tuple(
            (table, low, high)
            for table, spans in readable_spans(part).items()
            for low, high in spans
        ),
    )


def readable_spans(part: ModbusPart) -> dict[frozen.Table, list[tuple[int, int]]]:
    """Return the ranges that may be read, zero-based; one that is no address is left out."""
    return {
        table: [
            (start, end)
            for low, high in spans
            if (start := wire_addr(table, low, part.addressing)) is not None
            and (end := wire_addr(table, high, part.addressing)) is not None
        ]
        for table, spans in part.readable.items()
    }
