"""A kit as data: the frozen form that the rest of the app works with."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from labapp.model.text import Text

Table = Literal["coil", "discrete", "input", "holding"]
ValueType = Literal[
    "bool",
    "int16",
    "uint16",
    "int32",
    "uint32",
    "int64",
    "uint64",
    "float32",
    "float64",
    "string",
]
ByteOrder = Literal["big", "little"]
BIT_TABLES: frozenset[Table] = frozenset({"coil", "discrete"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One way to reach the kit. ``framing`` is rtu or mbap; times in milliseconds."""

    link: Literal["serial", "tcp"]
    framing: Literal["rtu", "mbap"]
    baud: int = 9600
    bytesize: int = 8
    parity: Literal["N", "E", "O"] = "N"
    stopbits: int = 1
    port: int | None = None
    min_gap_ms: int = 0
    dtr: bool | None = None
    rts: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transport:
    """How the kit is reached and how patient to be; times as their names say."""

    variants: tuple[Variant, ...]
    timeout_ms: int = 500
    late_ms: int = 500
    read_retries: int = 1
    offline_after: int = 3
    backoff_s: tuple[float, ...] = (1.0, 2.0, 5.0, 10.0, 30.0)
    settle_ms: int = 0
    first_data_ms: int = 3000
    usb: tuple[tuple[int, int | None], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ModbusMap:
    """What holds for the whole register map of one kit."""

    unit: int = 1
    byte_order: ByteOrder = "big"
    word_order: ByteOrder = "big"
    max_registers: int = 125
    max_bits: int = 2000
    max_gap: int = 8
    readable: tuple[tuple[Table, int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a point stands: zero-based address, type, and bits ``(low, high)`` of a register."""

    table: Table
    addr: int
    type: ValueType
    bits: tuple[int, int] | None = None
    length: int | None = None
    word_order: ByteOrder | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """Limits of a point that can be driven, in its own unit."""

    min: float
    max: float
    step: float | None = None
    safe: float | None = None
    verify_ms: int = 1000
    tolerance: float = 0.0
    min_interval_ms: int = 0
    max_rate_per_s: float | None = None
    max_on_s: float | None = None
    confirm: bool = False
    method: Literal["auto", "fc5", "fc6", "fc15", "fc16", "rmw", "mask"] = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One measured or driven quantity.

    ``states`` are the names that criteria use, by code (``("off", "on")``), and
    ``state_names`` what people read; both empty for a quantity. ``decimals`` is how many
    digits follow the point in ``unit``; ``period_us`` is 0 for a point read once.
    """

    id: str
    name: Text
    at: Place
    scale: float = 1.0
    offset: float = 0.0
    unit: str = "1"
    decimals: int = 0
    range: tuple[float, float] | None = None
    invalid: tuple[int, ...] = ()
    kind: Literal["gauge", "counter", "state"] = "gauge"
    poll: str = "normal"
    period_us: int = 1_000_000
    stale_us: int = 3_000_000
    access: Literal["r", "rw", "w"] = "r"
    states: tuple[str, ...] = ()
    state_names: tuple[Text, ...] = ()
    write: Write | None = None

    @property
    def is_driven(self) -> bool:
        """Whether the kit lets us write this point."""
        return self.access != "r"


@dataclass(frozen=True, slots=True, kw_only=True)
class Watchdog:
    """A point that must be written anew within ``period_us``, or the kit makes itself safe."""

    point: str
    period_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A kit: its points, its map, its limits, and the file that said so."""

    id: str
    version: str
    name: Text
    transport: Transport
    modbus: ModbusMap
    polls: tuple[tuple[str, int], ...]
    points: tuple[Point, ...]
    safe_on_disconnect: tuple[str, ...]
    path: Path
    source: bytes
    watchdog: Watchdog | None = None

    def point(self, point_id: str) -> Point | None:
        """Return the point of that id, or ``None``."""
        return next((p for p in self.points if p.id == point_id), None)

    @property
    def driven(self) -> tuple[Point, ...]:
        """The points that can be written, in the profile's order."""
        return tuple(p for p in self.points if p.is_driven)

    @property
    def sha256(self) -> str:
        """``sha256:`` of the file, with line ends as LF so that every machine agrees."""
        return "sha256:" + hashlib.sha256(self.source.replace(b"\r\n", b"\n")).hexdigest()
