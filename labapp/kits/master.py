"""A strict Modbus master: one request in flight, and only its own answer is believed.

Late replies, other units, other functions, other lengths and wrong sums are counted and never
taken. On a line without transaction numbers a timeout makes the line suspect:
the same request may be repeated at once, as a late answer to it says the same; before any
other the line has to be quiet for ``late_ms``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from labapp.kits import trouble
from labapp.kits.trouble import NoAnswer
from labapp.model.text import Text
from labapp.transport.base import ByteIO, PortGone
from labapp.wire import mbap, rtu
from labapp.wire import modbus_pdu as m
from labapp.wire.frame import Damaged, Found, Frame
from labapp.wire.modbus_pdu import ModbusRefused, NotTheAnswer, Table

Framing = Literal["rtu", "mbap"]
Answer = TypeVar("Answer")
# A line that never gets quiet is used again after so many times late_ms.
_LONGEST_QUARANTINE = 3


@dataclass(slots=True, kw_only=True)
class Tally:
    """What a master has seen; counts since it was made.

    ``late`` are replies to other requests, ``lost`` requests without an answer; ``rtt_us`` is
    how long the newest answer took.
    """

    sent: int = 0
    answered: int = 0
    lost: int = 0
    late: int = 0
    damaged: int = 0
    noise_bytes: int = 0
    other_units: int = 0
    misfits: int = 0
    quarantined_us: int = 0
    rtt_us: int | None = None


class ModbusMaster:
    """Asks one kit after the other over ``io``; owned by one thread.

    ``now`` gives monotonic microseconds. ``gap_us`` is the quiet demanded between frames.
    Times are those of the profile; a request waits ``timeout_ms`` and no longer.
    """

    def __init__(
        self,
        io: ByteIO,
        framing: Framing,
        *,
        now: Callable[[], int],
        timeout_ms: int = 500,
        late_ms: int = 500,
        gap_us: int = 0,
    ) -> None:
        self.io = io
        self.framing = framing
        self.tally = Tally()
        self.answered_us = 0
        """When the newest answer was complete."""
        self._now = now
        self._timeout_ms = timeout_ms
        self._late_ms = late_ms
        self._gap_us = gap_us
        self._rtu = rtu.RtuFramer()
        self._mbap = mbap.MbapFramer()
        self._transaction = 0
        self._last = b""
        self._suspect = False
        self._used_us: int | None = None

    # ------------------------------------------------------------------ what can be asked

    def read(
        self, unit: int, table: Table, addr: int, count: int, *, again: bool = False
    ) -> list[int]:
        """Return ``count`` bits or registers; ``again`` repeats the request that got no answer.

        Raises:
            ModbusRefused: the kit answered with an exception.
            NoAnswer: no answer that can be believed came in time.
            PortGone: the port or the far end is gone.
        """
        pdu = m.encode_read(table, addr, count)
        return self._exchange(unit, pdu, lambda reply: m.decode_read(reply, table, count), again)

    def write_coil(self, unit: int, addr: int, on: bool) -> None:
        """Drive one coil (function 5); raises as ``read``. Never sent twice."""
        self._write(unit, m.encode_write_coil(addr, on))

    def write_coils(self, unit: int, addr: int, values: Sequence[int]) -> None:
        """Drive several coils (function 15); raises as ``read``. Never sent twice."""
        self._write(unit, m.encode_write_coils(addr, values))

    def write_register(self, unit: int, addr: int, value: int) -> None:
        """Write one register (function 6); raises as ``read``. Never sent twice."""
        self._write(unit, m.encode_write_register(addr, value))

    def write_registers(self, unit: int, addr: int, values: Sequence[int]) -> None:
        """Write several registers (function 16); raises as ``read``. Never sent twice."""
        self._write(unit, m.encode_write_registers(addr, values))

    def mask_write(self, unit: int, addr: int, and_mask: int, or_mask: int) -> None:
        """Change some bits of a register (function 22); raises as ``read``. Never sent twice."""
        self._write(unit, m.encode_mask_write(addr, and_mask, or_mask))

    def identify(self, unit: int, level: int = 1) -> dict[int, bytes]:
        """Return device identification objects (function 43/14); raises as ``read``."""
        objects: dict[int, bytes] = {}
        first: int | None = 0
        while first is not None and first not in objects:
            pdu = m.encode_read_identification(level, first)
            found, first = self._exchange(
                unit, pdu, lambda reply: m.decode_identification(reply, level), False
            )
            objects |= found
        return objects

    def pause(self, seconds: float) -> None:
        """Let the line rest; what arrives meanwhile belongs to nobody and is counted.

        Raises:
            PortGone: the port or the far end is gone.
        """
        end_us = self._now() + round(seconds * 1e6)
        while (left_us := end_us - self._now()) > 0:
            if not self._drop(self.io.read(left_us / 1e6)):
                return

    # ------------------------------------------------------------------ one exchange

    def _write(self, unit: int, pdu: bytes) -> None:
        self._exchange(unit, pdu, lambda reply: m.check_write(reply, pdu), False)

    def _exchange(
        self, unit: int, pdu: bytes, decode: Callable[[bytes], Answer], again: bool
    ) -> Answer:
        self._make_ready(bytes((unit,)) + pdu, again)
        sent_us = self._send(unit, pdu)
        end_us = sent_us + self._timeout_ms * 1000
        seen = _Seen()
        while (left_us := end_us - self._now()) > 0:
            chunk = self.io.read(left_us / 1e6)
            if not chunk:
                break
            self._used_us = self._now()
            for found in self._feed(chunk):
                reply = self._own(found, unit, seen)
                if reply is None:
                    continue
                try:
                    answer = decode(reply)
                except NotTheAnswer:
                    self.tally.misfits += 1
                    seen.misfits += 1
                    continue
                except ModbusRefused:
                    self._note_answer(sent_us)
                    raise
                self._note_answer(sent_us)
                return answer
        raise self._failed(unit, seen)

    def _make_ready(self, request: bytes, again: bool) -> None:
        """See that nothing on the line can be taken for the answer to ``request``."""
        if self.framing == "mbap":
            return
        if self._suspect and not (again and request == self._last):
            self._quarantine()
        self._last = request
        while self._drop(self.io.read(0)):
            self._used_us = self._now()
        if self._used_us is not None and self._gap_us:
            self.pause((self._used_us + self._gap_us - self._now()) / 1e6)

    def _quarantine(self) -> None:
        """Throw away what comes until the line was quiet for ``late_ms``, within bounds."""
        began_us = self._now()
        quiet_us = self._late_ms * 1000
        while self._now() - began_us < _LONGEST_QUARANTINE * quiet_us:
            chunk = self.io.read(quiet_us / 1e6)
            if not chunk:
                break
            self._drop(chunk)
            self.tally.late += 1
        self.tally.quarantined_us += self._now() - began_us
        self._suspect = False

    def _send(self, unit: int, pdu: bytes) -> int:
        self.tally.sent += 1
        if self.framing == "mbap":
            self._transaction = self._transaction % 0xFFFF + 1
            self.io.write(mbap.encode(unit, pdu, self._transaction))
        else:
            self._rtu.expect(pdu[0])
            self.io.write(rtu.encode(unit, pdu))
        self._used_us = self._now()
        return self._used_us

    def _feed(self, chunk: bytes) -> list[Found]:
        return self._mbap.feed(chunk) if self.framing == "mbap" else self._rtu.feed(chunk)

    def _own(self, found: Found, unit: int, seen: _Seen) -> bytes | None:
        """Return the reply if it is to the request in flight; else count what it is."""
        match found:
            case Damaged(lost=True):
                raise PortGone("E-FRAMING", _NOT_MODBUS_TCP)
            case Damaged(raw, why):
                self._count_damage(raw, why)
                seen.damaged = seen.damaged or why == "crc"
            case Frame(transaction=number) if number is not None and number != self._transaction:
                self.tally.late += 1
                seen.misfits += 1
            case Frame(unit=other) if other != unit:
                self.tally.other_units += 1
                seen.other_unit = other
            case Frame(pdu=reply):
                return reply
        return None

    def _note_answer(self, sent_us: int) -> None:
        self.answered_us = self._now()
        self.tally.answered += 1
        self.tally.rtt_us = self.answered_us - sent_us

    def _failed(self, unit: int, seen: _Seen) -> NoAnswer:
        self._suspect = True
        self.tally.lost += 1
        if self.framing == "rtu":
            for left in self._rtu.idle():
                if isinstance(left, Damaged):
                    self._count_damage(left.raw, left.why)
                    seen.damaged = seen.damaged or left.why == "crc"
        if seen.damaged:
            return trouble.damaged()
        if seen.other_unit is not None:
            return trouble.wrong_unit(unit, seen.other_unit)
        if seen.misfits:
            return trouble.out_of_step(self._timeout_ms + self._late_ms)
        return trouble.timeout(unit, self._timeout_ms)

    def _count_damage(self, raw: bytes, why: str) -> None:
        self.tally.damaged += why == "crc"
        self.tally.noise_bytes += len(raw)

    def _drop(self, chunk: bytes) -> bool:
        self.tally.noise_bytes += len(chunk)
        return bool(chunk)


@dataclass(slots=True)
class _Seen:
    """What came instead of the answer, in one exchange."""

    damaged: bool = False
    misfits: int = 0
    other_unit: int | None = None


_NOT_MODBUS_TCP = Text(
    "连上了，但对方说的不是 Modbus TCP。串口服务器请改用 rtu+tcp://。",
    "Connected, but the far end does not speak Modbus TCP. For a serial server use rtu+tcp://.",
)
