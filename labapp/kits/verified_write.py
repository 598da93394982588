"""One write: sent once, never repeated by itself, and read back until it is proved."""

from __future__ import annotations

from collections.abc import Callable

from labapp.kits import trouble
from labapp.kits.decode import reading_of
from labapp.kits.master import ModbusMaster
from labapp.kits.trouble import NoAnswer
from labapp.kits.write_result import WriteOutcome, WriteResult
from labapp.model.reading import Reading
from labapp.model.text import Text, same
from labapp.profiles.profile import ModbusMap, Point
from labapp.wire.modbus_pdu import ModbusRefused
from labapp.wire.values import OutOfReach, ValueFormat

# Between two looks at a value that is not there yet.
_LOOK_S = 0.02
# How long a read-back may go on once somebody waits for the link to end.
_HURRIED_S = 0.3


class VerifiedWrite:
    """Carries out writes to one kit; owned by the link's thread."""

    def __init__(
        self,
        modbus: ModbusMap,
        master: ModbusMaster,
        now_us: Callable[[], int],
        hurry: Callable[[], bool],
    ) -> None:
        self._modbus = modbus
        self._master = master
        self._now_us = now_us
        self._hurry = hurry

    def carry_out(self, point: Point, form: ValueFormat, value: float) -> WriteResult:
        """Write ``value``, which is within the point's limits, and say what became of it.

        Raises:
            PortGone: the port or the far end is gone.
        """
        try:
            self._send(point, form, value)
        except OutOfReach:
            return WriteResult.rejected(point.id, value, "E-LIMIT", Text(
                f"{point.id} 的寄存器放不下 {value:g}，没有发送。",
                f"The registers of {point.id} cannot hold {value:g}; nothing was sent.",
            ))  # fmt: skip
        except ModbusRefused as refused:
            return WriteResult(
                point=point.id, value=value, outcome=WriteOutcome.REFUSED,
                message=trouble.refusal(refused, point.at.table, point.at.addr),
                code=trouble.refusal_code(refused),
            )  # fmt: skip
        except _NotSent as early:
            return WriteResult.rejected(point.id, value, early.silence.code, Text(
                f"{point.id} 没有发送：{early.silence.message.zh}",
                f"{point.id} was not sent: {early.silence.message.en}",
            ))  # fmt: skip
        except NoAnswer as silence:
            return self._look_after_silence(point, form, value, silence)
        if point.access == "w" or (point.write is not None and point.write.verify_ms == 0):
            return _good(point, value, WriteOutcome.DONE, None)
        return self._verify(point, form, value)

    # ------------------------------------------------------------------ sending

    def _send(self, point: Point, form: ValueFormat, value: float) -> None:
        unit, addr = self._modbus.unit, point.at.addr
        method = "auto" if point.write is None else point.write.method
        raw = form.raw_for(value)
        if point.at.table == "coil":
            if method == "fc15":
                self._master.write_coils(unit, addr, [int(raw)])
            else:
                self._master.write_coil(unit, addr, bool(raw))
        elif method == "mask":
            keep, _ = form.mask()
            (bits,) = form.encode_raw(raw)
            self._master.mask_write(unit, addr, keep, bits)
        elif point.at.bits is not None:
            before = self._before(addr)
            self._master.write_register(unit, addr, form.encode_raw(raw, before)[0])
        else:
            words = form.encode_raw(raw)
            if len(words) == 1 and method != "fc16":
                self._master.write_register(unit, addr, words[0])
            else:
                self._master.write_registers(unit, addr, words)

    def _before(self, addr: int) -> list[int]:
        """Return the register whose other bits are kept."""
        try:
            return self._master.read(self._modbus.unit, "holding", addr, 1)
        except NoAnswer as silence:
            raise _NotSent(silence) from silence

    # ------------------------------------------------------------------ reading back

    def _verify(self, point: Point, form: ValueFormat, value: float) -> WriteResult:
        budget_s = 0.0 if point.write is None else point.write.verify_ms / 1000
        seen = self._read_back(point, form)
        while seen is None or not _is(seen, value, point, form):
            if self._hurry():
                budget_s = min(budget_s, _HURRIED_S)
            if budget_s <= 0:
                break
            before_us = self._now_us()
            self._master.pause(min(_LOOK_S, budget_s))
            seen = self._read_back(point, form)
            # A clock that stands still must not keep us here.
            budget_s -= max(_LOOK_S, (self._now_us() - before_us) / 1e6)
        if seen is None:
            return WriteResult.unknown(point.id, value, Text(
                f"{point.id} 已发送，但读不回来，结果未知。看看套件，再写一次。",
                f"{point.id} was sent but cannot be read back; the outcome is unknown. "
                "Look at the kit and write it again.",
            ))  # fmt: skip
        if _is(seen, value, point, form):
            return _good(point, value, WriteOutcome.VERIFIED, seen)
        return _mismatch(point, value, seen)

    def _look_after_silence(
        self, point: Point, form: ValueFormat, value: float, silence: NoAnswer
    ) -> WriteResult:
        """The reply got lost, so nobody knows whether the kit did it: look, send nothing more."""
        seen = None if point.access == "w" else self._read_back(point, form)
        if seen is not None and _is(seen, value, point, form):
            return _good(point, value, WriteOutcome.VERIFIED, seen)
        now = Text("", "")
        if seen is not None and seen.value is not None:
            now = Text(f"，现在读到 {seen.value:g}", f"; it reads {seen.value:g} now")
        return WriteResult.unknown(point.id, value, Text(
            f"写 {point.id} 没有得到应答，结果未知{now.zh}。{silence.message.zh}",
            f"The write to {point.id} was not answered; the outcome is unknown{now.en}. "
            f"{silence.message.en}",
        ))  # fmt: skip

    def _read_back(self, point: Point, form: ValueFormat) -> Reading | None:
        unit, at = self._modbus.unit, point.at
        for again in (False, True):
            try:
                words = self._master.read(unit, at.table, at.addr, form.registers, again=again)
            except NoAnswer:
                continue
            except ModbusRefused:
                return None
            return reading_of(point, form, words, self._now_us())
        return None


class _NotSent(Exception):
    """The register could not be read before its bits were to be changed."""

    def __init__(self, silence: NoAnswer) -> None:
        super().__init__(str(silence))
        self.silence = silence


def _is(seen: Reading, value: float, point: Point, form: ValueFormat) -> bool:
    """Whether the kit holds ``value``: the same code, or within the point's tolerance."""
    if seen.raw == form.raw_of(form.encode(value)):
        return True
    tolerance = 0.0 if point.write is None else point.write.tolerance
    return seen.value is not None and tolerance > 0 and abs(seen.value - value) <= tolerance


def _good(point: Point, value: float, outcome: WriteOutcome, seen: Reading | None) -> WriteResult:
    shown = point.state_names[int(value)] if point.states else same(f"{value:g}")
    return WriteResult(
        point=point.id, value=value, outcome=outcome, reading=seen,
        message=Text(
            f"{point.name.zh} 已写为 {shown.zh}", f"{point.name.en} set to {shown.en}"
        ),
    )  # fmt: skip


def _mismatch(point: Point, value: float, seen: Reading) -> WriteResult:
    found = "—" if seen.value is None else f"{seen.value:g}"
    return WriteResult(
        point=point.id, value=value, outcome=WriteOutcome.MISMATCH, reading=seen, code="W-MISMATCH",
        message=Text(
            f"{point.id} 的设备回读为 {found}，不是 {value:g}。看看套件是不是在手动方式。",
            f"The kit reports {point.id} as {found}, not {value:g}. See whether it is in manual mode.",
        ),
    )  # fmt: skip
