"""A twin's registers, made from the profile: what the link decodes is what the twin encodes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import labapp
from labapp.profiles.profile import Point, Profile
from labapp.twins.engine import TICK_US, Twin
from labapp.wire.modbus_pdu import BIT_TABLES, ILLEGAL_ADDRESS, ILLEGAL_VALUE, ModbusRefused, Table
from labapp.wire.values import FLOATS, ValueFormat

_NAN = float("nan")


@dataclass(frozen=True, slots=True)
class Slot:
    """Where one point stands, and how its value is written there."""

    point: Point
    form: ValueFormat

    @property
    def span(self) -> range:
        """The addresses that it takes."""
        return range(self.point.at.addr, self.point.at.addr + self.form.registers)


class TwinMemory:
    """The four tables of a simulated kit; a RegisterMemory. Reading never advances time.

    Addresses inside ``readable`` that hold no point read as 0; any other is refused with
    exception 2. A write outside a point's limits is refused with exception 3 and nothing of
    the request is carried out. Points that the twin does not play are its status
    (``heartbeat``, ``tick``, ``uptime``, ``firmware``) or plain storage.
    """

    def __init__(self, profile: Profile, twin: Twin) -> None:
        self.profile = profile
        self.twin = twin
        self._slots: dict[tuple[Table, int], list[Slot]] = {}
        self._stored: dict[str, float] = {}
        self._held: dict[str, list[int]] = {}
        for point in profile.points:
            slot = Slot(point, _form(point, profile))
            for addr in slot.span:
                self._slots.setdefault((point.at.table, addr), []).append(slot)
        self._blank: Mapping[Table, list[range]] = {
            table: [
                range(low, high + 1) for name, low, high in profile.modbus.readable if name == table
            ]
            for table, _, _ in profile.modbus.readable
        }

    @property
    def identity(self) -> dict[int, str]:
        """Device identification (function 43/14): vendor, product, version, name."""
        version = f"twin-{labapp.__version__}"
        return {0: "labapp", 1: self.profile.id, 2: version, 4: self.profile.name.en}

    # ------------------------------------------------------------------ reading

    def read(self, table: Table, addr: int, count: int) -> list[int]:
        """Return ``count`` bits or registers as they stand now.

        Raises:
            ModbusRefused: 2, an address that the kit does not have.
        """
        return [self._cell(table, at) for at in range(addr, addr + count)]

    def _cell(self, table: Table, addr: int) -> int:
        slots = self._slots.get((table, addr))
        if slots is None:
            if any(addr in span for span in self._blank.get(table, ())):
                return 0
            raise ModbusRefused(ILLEGAL_ADDRESS)
        word = 0
        for slot in slots:
            word |= self._registers(slot)[addr - slot.point.at.addr]
        return word

    def _registers(self, slot: Slot) -> list[int]:
        """Return a point's registers, with zeros beside its bits."""
        point = slot.point
        if point.at.type == "string":
            return _text_registers(f"twin-{labapp.__version__}", slot.form.registers)
        value = self._value(point)
        if value is None:
            return self._no_value(slot)
        registers = slot.form.encode(_bounded(value, slot.form))
        self._held[point.id] = registers
        return registers

    def _value(self, point: Point) -> float | None:
        twin = self.twin
        if point.id in twin.plant.sensors or point.id in twin.plant.actuators:
            return twin.read(point.id)
        match point.id:
            case "heartbeat":
                return float(twin.t_us // 1_000_000 % 0x1_0000)
            case "uptime":
                return twin.t_us / 1_000_000
            case "tick":
                return float(twin.t_us // TICK_US)
        return self._stored.get(point.id, 0.0)

    def _no_value(self, slot: Slot) -> list[int]:
        """Return how this point says that it has no value; the last one where it cannot say so."""
        if slot.point.invalid:
            return slot.form.encode_raw(slot.point.invalid[0])
        if slot.point.at.type in FLOATS:
            return slot.form.encode_raw(_NAN)
        return self._held.get(slot.point.id, [0] * slot.form.registers)

    # ------------------------------------------------------------------ writing

    def write(self, table: Table, addr: int, values: Sequence[int]) -> None:
        """Carry out a write: all of it or, refused, none of it.

        Raises:
            ModbusRefused: 2, not a driven point or a torn one; 3, outside its limits.
        """
        written = dict(zip(range(addr, addr + len(values)), values, strict=True))
        orders = []
        for slot in self._touched(table, written):
            raw = slot.form.raw_of([written.get(at, self._cell(table, at)) for at in slot.span])
            changed = raw != slot.form.raw_of([self._cell(table, at) for at in slot.span])
            if not slot.point.is_driven:
                if changed or slot.point.at.bits is None:
                    raise ModbusRefused(ILLEGAL_ADDRESS)
                continue
            orders.append((slot.point, self._checked(slot, raw)))
        for point, value in orders:
            self._carry_out(point, value)

    def _touched(self, table: Table, written: Mapping[int, int]) -> list[Slot]:
        touched: dict[str, Slot] = {}
        for at in written:
            slots = self._slots.get((table, at))
            if slots is None:
                raise ModbusRefused(ILLEGAL_ADDRESS)
            touched |= {slot.point.id: slot for slot in slots}
        return list(touched.values())

    def _checked(self, slot: Slot, raw: int | float) -> float:
        if raw in slot.point.invalid or raw != raw:
            raise ModbusRefused(ILLEGAL_VALUE)
        value = slot.form.value_of(raw)
        write = slot.point.write
        if write is not None and not write.min <= value <= write.max:
            raise ModbusRefused(ILLEGAL_VALUE)
        if slot.point.states and not 0 <= value < len(slot.point.states):
            raise ModbusRefused(ILLEGAL_VALUE)
        return value

    def _carry_out(self, point: Point, value: float) -> None:
        if point.id in self.twin.plant.actuators:
            self.twin.drive(point.id, value)
        else:
            self._stored[point.id] = value


def _form(point: Point, profile: Profile) -> ValueFormat:
    at = point.at
    is_bit = at.table in BIT_TABLES
    return ValueFormat(
        type=at.type,
        scale=point.scale,
        offset=point.offset,
        bits=None if is_bit else at.bits,
        byte_order=profile.modbus.byte_order,
        word_order=at.word_order or profile.modbus.word_order,
        invalid=point.invalid,
        length=at.length,
    )


def _bounded(value: float, form: ValueFormat) -> float:
    """Return the value, or the nearest that the registers can hold, as a real converter does."""
    if form.type in FLOATS:
        return value
    low, high = _ends(form)
    return min(high, max(low, value))


@lru_cache(maxsize=1024)
def _ends(form: ValueFormat) -> tuple[float, float]:
    """Return the least and greatest value that the registers can hold."""
    first, last = (form.value_of(raw) for raw in form.raw_limits())
    return min(first, last), max(first, last)


def _text_registers(text: str, count: int) -> list[int]:
    body = text.encode("utf-8")[: 2 * count].ljust(2 * count, b"\0")
    return [body[at] << 8 | body[at + 1] for at in range(0, 2 * count, 2)]
