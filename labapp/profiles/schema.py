"""What a device profile may say: ``labapp.device/1``, Modbus kits."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from labapp.profiles import point_rules
from labapp.profiles.document import Part, Words
from labapp.profiles.explain import mistakes_error
from labapp.profiles.profile import ByteOrder, Table, ValueType

SCHEMA = "labapp.device/1"

Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
PointId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
SemVer = Annotated[str, Field(pattern=r"^[0-9]+\.[0-9]+\.[0-9]+$")]
Word = Annotated[int, Field(ge=0, le=0xFFFF)]
Span = tuple[Word, Word]


class VariantPart(Part):
    """One way to reach the kit."""

    link: Literal["serial", "tcp"]
    framing: Literal["rtu", "mbap"]
    baud: Annotated[int, Field(ge=300, le=4_000_000)] = 9600
    bytesize: Literal[7, 8] = 8
    parity: Literal["N", "E", "O"] = "N"
    stopbits: Literal[1, 2] = 1
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    min_gap_ms: Annotated[int, Field(ge=0, le=1000)] = 0
    dtr: bool | None = None
    rts: bool | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        if found := point_rules.variant_mistakes(self):
            raise mistakes_error(found)
        return self


class UsbPart(Part):
    """A USB id that ranks ports in the dialog; never a filter."""

    vid: Word
    pid: Word | None = None


class TransportPart(Part):
    """How the kit is reached and how patient to be."""

    variants: Annotated[list[VariantPart], Field(min_length=1, max_length=16)]
    timeout_ms: int = 500
    late_ms: Annotated[int, Field(ge=0, le=30_000)] = 500
    read_retries: Annotated[int, Field(ge=0, le=5)] = 1
    offline_after: Annotated[int, Field(ge=1, le=100)] = 3
    backoff_s: Annotated[
        list[Annotated[float, Field(gt=0, le=600)]], Field(min_length=1, max_length=16)
    ] = [1.0, 2.0, 5.0, 10.0, 30.0]
    usb: Annotated[list[UsbPart], Field(max_length=64)] = []
    settle_ms: Annotated[int, Field(ge=0, le=30_000)] = 0
    first_data_ms: Annotated[int, Field(ge=0, le=60_000)] = 3000

    @model_validator(mode="after")
    def _check(self) -> Self:
        if found := point_rules.transport_mistakes(self):
            raise mistakes_error(found)
        return self


class MaxReadPart(Part):
    """The largest read that the kit answers (V1.1b3 allows 125 registers, 2000 bits)."""

    registers: Annotated[int, Field(ge=1, le=125)] = 125
    bits: Annotated[int, Field(ge=1, le=2000)] = 2000


class ModbusPart(Part):
    """What holds for the whole register map."""

    unit: int = 1
    addressing: Literal["zero_based", "one_based", "modicon"] = "zero_based"
    byte_order: ByteOrder = "big"
    word_order: ByteOrder = "big"
    max_read: MaxReadPart = MaxReadPart()
    max_gap: Annotated[int, Field(ge=0, le=124)] = 8
    readable: dict[Table, list[Span]] = {}

    @model_validator(mode="after")
    def _check(self) -> Self:
        if found := point_rules.modbus_mistakes(self):
            raise mistakes_error(found)
        return self


class AtPart(Part):
    """Where a point stands; ``addr`` counts as ``modbus.addressing`` says."""

    table: Table
    addr: Annotated[int, Field(ge=0, le=465_536)]
    type: ValueType
    bits: tuple[int, int] | None = None
    length: Annotated[int, Field(ge=1, le=60)] | None = None
    word_order: ByteOrder | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        if found := point_rules.place_mistakes(self):
            raise mistakes_error(found)
        return self


class WritePart(Part):
    """What may be written, and how it is verified."""

    method: Literal["auto", "fc5", "fc6", "fc15", "fc16", "rmw", "mask"] = "auto"
    min: float | None = None
    max: float | None = None
    step: Annotated[float, Field(gt=0)] | None = None
    max_rate_per_s: Annotated[float, Field(gt=0)] | None = None
    min_interval_ms: Annotated[int, Field(ge=0, le=3_600_000)] = 0
    max_on_s: Annotated[float, Field(gt=0, le=86_400)] | None = None
    verify_ms: Annotated[int, Field(ge=0, le=60_000)] = 1000
    tolerance: Annotated[float, Field(ge=0)] = 0.0
    confirm: bool = False
    safe: float | None = None


class ExamplePart(Part):
    """A self-test vector: these registers (or bits) read as this value."""

    regs: Annotated[list[Word], Field(min_length=1, max_length=60)]
    value: float | None


class PointPart(Part):
    """One measured or driven quantity."""

    id: PointId
    name: Words
    at: AtPart
    scale: float = 1.0
    offset: float = 0.0
    unit: str = "1"
    decimals: Annotated[int, Field(ge=0, le=9)] | None = None
    range: tuple[float, float] | None = None
    invalid: list[int] = []
    kind: Literal["gauge", "counter", "state"] = "gauge"
    poll: str = "normal"
    access: Literal["r", "rw", "w"] = "r"
    enum: Annotated[dict[int, Words], Field(min_length=1, max_length=256)] | None = None
    write: WritePart | None = None
    stale_ms: Annotated[int, Field(ge=1, le=86_400_000)] | None = None
    example: ExamplePart | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        if found := point_rules.point_mistakes(self):
            raise mistakes_error(found)
        return self


class WatchdogPart(Part):
    """A register of the kit that must keep changing, or the kit goes to its own safe state."""

    point: PointId | None = None
    period_ms: Annotated[int, Field(ge=0, le=60_000)] = 0


class SafetyPart(Part):
    """What is made safe when the lab lets go of the kit, in this order."""

    on_disconnect: list[str] = []
    device_watchdog: WatchdogPart = WatchdogPart()


class ProfilePart(Part):
    """A whole profile."""

    schema_: Literal["labapp.device/1"] = Field(alias="schema")
    id: Slug
    version: SemVer
    name: Words
    transport: TransportPart
    modbus: ModbusPart
    polls: dict[str, Annotated[int, Field(ge=0, le=86_400_000)]]
    points: Annotated[list[PointPart], Field(min_length=1, max_length=1000)]
    safety: SafetyPart = SafetyPart()
