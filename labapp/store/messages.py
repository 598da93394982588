"""What a recording holds, as ROS 2 messages: one CDR encoding for every item, both ways.

The layout is XCDR1, little-endian, as MCAP's ``ros2`` profile has it (mcap.dev/spec/registry):
four bytes of encapsulation, then fields aligned to their size, counted after those four.
"""

from __future__ import annotations

import json
import math
import struct
from dataclasses import dataclass

from labapp.model.reading import Event, Gap, Quality, Reading, Reason


@dataclass(frozen=True, slots=True)
class RawFrame:
    """Bytes as they stood on the wire at ``t_us``; ``direction`` is ``in`` or ``out``."""

    t_us: int
    direction: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Span:
    """What the recording covers, ``[from_us, to_us)``; its last message when it was finished."""

    from_us: int
    to_us: int


@dataclass(frozen=True, slots=True)
class ChainLink:
    """First message of every chunk: its number, and the chain's head before it, 64 hex digits."""

    number: int
    prev: str


Item = Reading | Gap | Event | RawFrame | Span

POINT_TOPIC = "/kit/"
CHAIN_TOPIC = "/chain"
GAP_TOPIC = "/gap"
EVENT_TOPIC = "/event"
RAW_TOPIC = "/raw"
SPAN_TOPIC = "/span"

SCHEMAS: dict[str, tuple[str, str]] = {
    CHAIN_TOPIC: ("labapp/msg/Chain", "uint64 number\nstring prev\n"),
    POINT_TOPIC: (
        "labapp/msg/Reading",
        "int64 t_us\nfloat64 value\nint64 raw\nfloat64 raw_real\n"
        "uint8 quality\nuint8 form\nstring reason\n",
    ),
    GAP_TOPIC: ("labapp/msg/Gap", "int64 from_us\nint64 to_us\nstring reason\nstring[] points\n"),
    EVENT_TOPIC: ("labapp/msg/Event", "int64 t_us\nstring kind\nstring json\n"),
    RAW_TOPIC: ("labapp/msg/Frame", "int64 t_us\nstring direction\nuint8[] octets\n"),
    SPAN_TOPIC: ("labapp/msg/Span", "int64 from_us\nint64 to_us\n"),
}
"""Message type and its ROS 2 definition, by topic; every ``/kit/…`` topic shares one."""

CDR_LE = b"\x00\x01\x00\x00"
_READING = struct.Struct("<4sqdqdBBHI")
_PAIR = struct.Struct("<4sqq")
_INSTANT = struct.Struct("<4sq")
_COUNT = struct.Struct("<I")
_CHAIN = struct.Struct("<4sQ")

_INT64 = range(-(2**63), 2**63)
_UINT64 = range(2**63, 2**64)
_HAS_VALUE = 1
_RAW_INT, _RAW_UINT, _RAW_REAL = 1 << 1, 2 << 1, 3 << 1
_QUALITIES = tuple(Quality)
_QUALITY_CODE = {quality: code for code, quality in enumerate(_QUALITIES)}
_REASONS = {reason.value.encode(): reason for reason in Reason}
_REASON_TAIL = {reason: (len(reason.value) + 1, reason.value.encode() + b"\0") for reason in Reason}


def encode_reading(reading: Reading) -> bytes:
    """Return one reading, exact: its integers as integers, ``None`` apart from NaN.

    An integer beyond 64 bits never stood in a register; it is kept as the nearest float.
    """
    raw, real, form = _split_raw(reading.raw)
    value = reading.value
    if value is None:
        value = math.nan
    else:
        form |= _HAS_VALUE
        if value != value:
            value = math.nan  # one NaN, so that equal content has equal bytes
    length, tail = _REASON_TAIL[reading.reason]
    quality = _QUALITY_CODE[reading.quality]
    return _READING.pack(CDR_LE, reading.t_us, value, raw, real, quality, form, 0, length) + tail


def _split_raw(raw: int | float | None) -> tuple[int, float, int]:
    if raw is None:
        return 0, 0.0, 0
    if isinstance(raw, float):
        return 0, raw if raw == raw else math.nan, _RAW_REAL
    if raw in _INT64:
        return raw, 0.0, _RAW_INT
    if raw in _UINT64:
        return raw - 2**64, 0.0, _RAW_UINT
    return 0, _nearest_float(raw), _RAW_REAL


def _nearest_float(whole: int) -> float:
    try:
        return float(whole)
    except OverflowError:
        return math.inf if whole > 0 else -math.inf


def decode_reading(point: str, payload: bytes) -> Reading:
    """Return the reading of a ``/kit/<point>`` message.

    Raises:
        ValueError, struct.error, IndexError: the payload is no such message.
    """
    header, t_us, value, raw, real, quality, form, _, length = _READING.unpack_from(payload)
    _check_header(header)
    reason = payload[_READING.size : _READING.size + length - 1] if length > 1 else b""
    return Reading(
        point,
        t_us,
        value if form & _HAS_VALUE else None,
        _join_raw(raw, real, form & 6),
        _QUALITIES[quality],
        _REASONS.get(reason, Reason.NONE),
    )


def _join_raw(raw: int, real: float, kind: int) -> int | float | None:
    if kind == _RAW_INT:
        return raw
    if kind == _RAW_UINT:
        return raw + 2**64
    return real if kind == _RAW_REAL else None


def encode_gap(gap: Gap) -> bytes:
    """Return one gap."""
    out = bytearray(_PAIR.pack(CDR_LE, gap.from_us, gap.to_us))
    _put_string(out, gap.reason.value)
    _align(out)
    out += _COUNT.pack(len(gap.points))
    for point in gap.points:
        _put_string(out, point)
    return bytes(out)


def encode_event(event: Event) -> bytes:
    """Return one event; its data as JSON with sorted keys."""
    out = bytearray(_INSTANT.pack(CDR_LE, event.t_us))
    _put_string(out, event.kind)
    _put_string(out, event_json(event.data))
    return bytes(out)


def encode_frame(frame: RawFrame) -> bytes:
    """Return one frame as it stood on the wire."""
    out = bytearray(_INSTANT.pack(CDR_LE, frame.t_us))
    _put_string(out, frame.direction)
    _align(out)
    return bytes(out + _COUNT.pack(len(frame.data)) + frame.data)


def encode_span(span: Span) -> bytes:
    """Return the span that closes a recording."""
    return _PAIR.pack(CDR_LE, span.from_us, span.to_us)


def encode_link(link: ChainLink) -> bytes:
    """Return the message that opens a chunk."""
    out = bytearray(_CHAIN.pack(CDR_LE, link.number))
    _put_string(out, link.prev)
    return bytes(out)


def encode(item: Item) -> tuple[str, int, bytes]:
    """Return an item's topic, the instant it is filed under (microseconds) and its payload."""
    match item:
        case Reading():
            return POINT_TOPIC + item.point, item.t_us, encode_reading(item)
        case Gap():
            return GAP_TOPIC, item.to_us, encode_gap(item)
        case Event():
            return EVENT_TOPIC, item.t_us, encode_event(item)
        case RawFrame():
            return RAW_TOPIC, item.t_us, encode_frame(item)
        case Span():
            return SPAN_TOPIC, item.to_us, encode_span(item)


def decode(topic: str, payload: bytes) -> Item | ChainLink | None:
    """Return the item of a message, or ``None`` for a topic that this version does not know.

    Raises:
        ValueError, struct.error, IndexError: the payload does not fit its topic.
    """
    if topic.startswith(POINT_TOPIC):
        return decode_reading(topic[len(POINT_TOPIC) :], payload)
    cursor = _Cursor(payload)
    match topic:
        case "/gap":
            return _decode_gap(cursor)
        case "/event":
            return Event(cursor.int64(), cursor.string(), _json_object(cursor.string()))
        case "/raw":
            return RawFrame(cursor.int64(), cursor.string(), cursor.octets())
        case "/span":
            return Span(cursor.int64(), cursor.int64())
        case "/chain":
            return ChainLink(cursor.int64(), cursor.string())
    return None


def _decode_gap(cursor: _Cursor) -> Gap:
    from_us, to_us = cursor.int64(), cursor.int64()
    reason = _REASONS.get(cursor.string().encode(), Reason.NONE)
    points = tuple(cursor.string() for _ in range(cursor.count(least_bytes_each=4)))
    return Gap(from_us, to_us, reason, points)


def event_json(data: dict[str, object]) -> str:
    """Return the one JSON text of an event's data: sorted keys, shortest floats, no NaN.

    What JSON cannot hold is written as its text, so that no event is ever lost.
    """
    try:
        return json.dumps(
            data, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
        )
    except (TypeError, ValueError, RecursionError):
        return event_json({str(key): _plain(value) for key, value in data.items()})


def _plain(value: object, depth: int = 0) -> object:
    if depth > 30:
        return "…"
    match value:
        case float():
            return value if math.isfinite(value) else str(value)
        case int() if not -(2**1024) < value < 2**1024:
            return hex(value)  # decimal text of this size is refused by Python itself
        case None | bool() | int() | str():
            return value
        case dict():
            return {str(key): _plain(inner, depth + 1) for key, inner in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_plain(inner, depth + 1) for inner in value]
    return str(value)


def _json_object(text: str) -> dict[str, object]:
    try:
        value = json.loads(text)
    except RecursionError as cause:
        raise ValueError("nested too deep") from cause
    if not isinstance(value, dict):
        raise ValueError("an event's data is an object")
    return value


def _check_header(header: bytes) -> None:
    if header != CDR_LE:
        raise ValueError("not little-endian CDR")


def _align(out: bytearray) -> None:
    """Pad to four bytes; the four of the encapsulation change nothing about that."""
    out += b"\0" * (-len(out) % 4)


def _put_string(out: bytearray, text: str) -> None:
    _align(out)
    octets = text.encode("utf-8", "replace")
    out += _COUNT.pack(len(octets) + 1) + octets + b"\0"


class _Cursor:
    """Walks one CDR payload; every step that would leave it raises."""

    def __init__(self, payload: bytes) -> None:
        _check_header(payload[:4])
        self._payload = payload
        self._at = 4

    def int64(self) -> int:
        (value,) = struct.unpack_from("<q", self._payload, self._at)
        self._at += 8
        return int(value)

    def count(self, *, least_bytes_each: int) -> int:
        self._at += -self._at % 4
        (value,) = _COUNT.unpack_from(self._payload, self._at)
        self._at += 4
        if value * least_bytes_each > len(self._payload) - self._at:
            raise ValueError("a count beyond the end of its message")
        return int(value)

    def octets(self) -> bytes:
        length = self.count(least_bytes_each=1)
        self._at += length
        return self._payload[self._at - length : self._at]

    def string(self) -> str:
        octets = self.octets()
        if octets[-1:] != b"\0":
            raise ValueError("a string without its end")
        return octets[:-1].decode("utf-8")
