"""A kit on a Modbus line: its points read by plan, and driven with proof."""

from __future__ import annotations

from collections.abc import Callable

from labapp.kits import trouble
from labapp.kits.decode import missing, reading_of
from labapp.kits.limits import Limits
from labapp.kits.master import ModbusMaster
from labapp.kits.schedule import Schedule
from labapp.kits.trouble import NoAnswer
from labapp.kits.verified_write import VerifiedWrite
from labapp.kits.watchdog import KitWatchdog
from labapp.kits.write_result import WriteOutcome, WriteResult
from labapp.model.reading import Reading, Reason
from labapp.model.text import Text
from labapp.profiles.formats import format_of
from labapp.profiles.poll_plan import Block
from labapp.profiles.profile import Point, Profile
from labapp.wire.modbus_pdu import ILLEGAL_ADDRESS, ModbusRefused

__all__ = ["ModbusKit", "WriteOutcome", "WriteResult"]


class ModbusKit:
    """The points of ``profile`` at the far end of ``master``; owned by one thread.

    Everything that talks to the kit raises ``PortGone`` where the port or far end is gone.
    ``now_us`` gives the time that readings carry. ``hurry`` says that whoever waits has no more
    patience: reading back then ends early.
    """

    def __init__(
        self,
        profile: Profile,
        master: ModbusMaster,
        *,
        now_us: Callable[[], int],
        hurry: Callable[[], bool] = lambda: False,
    ) -> None:
        self.profile = profile
        self.master = master
        self.schedule = Schedule(profile, now_us())
        self.texts: dict[str, str] = {}
        """Text points as they were read last; they make no readings."""
        self.failures = 0
        """Exchanges in a row that brought no answer; any answer, a refusal too, begins anew."""
        self.last_failure: Text | None = None
        self._now_us = now_us
        self._formats = {p.id: format_of(p, profile.modbus) for p in profile.points}
        self._limits = {p.id: Limits(p, p.write) for p in profile.driven if p.write is not None}
        self._watchdog = KitWatchdog(profile, master, now_us())
        self._writes = VerifiedWrite(profile.modbus, master, now_us, hurry)

    # ------------------------------------------------------------------ reading

    def next_due_us(self) -> int:
        """Return when something is to be done next: a read, or an output that was on long enough."""
        times = [limits.off_at_us for limits in self._limits.values()]
        times += [self.schedule.next_due_us(), self._watchdog.due_us]
        return min(at for at in times if at is not None)

    def poll_due(self) -> list[Reading]:
        """Make every read that is due now and return what it brought, bad readings included."""
        readings: list[Reading] = []
        now_us = self._now_us()
        self._watchdog.feed(now_us)
        while (block := self.schedule.take_due(now_us)) is not None:
            readings += self.fetch(block)
        return readings

    def poll_one(self) -> list[Reading]:
        """Make the most urgent read, if one is due, and return what it brought."""
        self._watchdog.feed(self._now_us())
        block = self.schedule.take_due(self._now_us())
        return [] if block is None else self.fetch(block)

    def fetch(self, block: Block) -> list[Reading]:
        """Read one block now, the same again where no answer came, as often as the profile says."""
        tries = 1 + self.profile.transport.read_retries
        why = Reason.TIMEOUT
        for turn in range(tries):
            try:
                words = self.master.read(
                    self.profile.modbus.unit, block.table, block.addr, block.count, again=turn > 0
                )
            except NoAnswer as silence:
                self._note_silence(silence.message)
                why = silence.reason
                if self.failures >= self.profile.transport.offline_after:
                    break
            except ModbusRefused as refused:
                return self._refused(block, refused)
            else:
                self.failures = 0
                return self._decode(block, words)
        return [missing(point, self._now_us(), why) for point in _numeric(block)]

    def probe(self) -> list[Reading]:
        """Look with one short read whether the kit is there; empty where it is not."""
        block = self.schedule.smallest()
        if block is None:
            return []
        try:
            words = self.master.read(self.profile.modbus.unit, block.table, block.addr, block.count)
        except NoAnswer as silence:
            self._note_silence(silence.message)
            return []
        except ModbusRefused as refused:
            return self._refused(block, refused)
        self.failures = 0
        return self._decode(block, words)

    def restart(self) -> None:
        """Read everything anew, as after a connecting; what was written is forgotten, not repeated."""
        self.failures = 0
        self.schedule.restart(self._now_us())

    def _decode(self, block: Block, words: list[int]) -> list[Reading]:
        t_us = self._now_us()
        readings = []
        for point in block.points:
            form = self._formats[point.id]
            own = block.words_of(point, words)
            if point.at.type == "string":
                self.texts[point.id] = form.text_of(own)
            else:
                readings.append(reading_of(point, form, own, t_us))
        return readings

    def _refused(self, block: Block, refused: ModbusRefused) -> list[Reading]:
        said = trouble.refusal(refused, block.table, block.addr)
        if refused.code in trouble.SILENCE:
            self._note_silence(said)
        else:
            self.failures = 0
            self.last_failure = said
        reason = Reason.REFUSED
        if refused.code == ILLEGAL_ADDRESS:
            if self.schedule.learn_refusal(block, self._now_us()):
                return []  # the new, smaller reads are due at once
            reason = Reason.DISABLED
        return [missing(point, self._now_us(), reason) for point in _numeric(block)]

    def _note_silence(self, message: Text) -> None:
        self.failures += 1
        self.last_failure = message

    # ------------------------------------------------------------------ writing

    def write(self, point_id: str, value: float, who: str = "program") -> WriteResult:
        """Check, send once and read back; ``who`` is for whoever keeps the audit.

        Nothing is sent where the point cannot be driven or the value is outside its limits,
        too soon or too steep.
        """
        limits = self._limits.get(point_id)
        if limits is None:
            return WriteResult.rejected(point_id, value, "E-LIMIT", self._not_driven(point_id))
        refusal = limits.refusal(value, self._now_us())
        if refusal is not None:
            return WriteResult.rejected(point_id, value, refusal.code, refusal.message)
        return self._send(limits, value)

    def make_safe(self) -> list[WriteResult]:
        """Write the safe value of every point that the profile names, in its order.

        Limits of rate do not hold this back. A kit that stays silent twice is not asked again:
        the rest is told as unknown.
        """
        results = []
        silent = 0
        for point_id in self.profile.safe_on_disconnect:
            limits = self._limits[point_id]
            if silent >= 2:
                results.append(WriteResult.unknown(point_id, limits.rest, _NOT_SAFE))
                continue
            result = self._send(limits, limits.rest)
            silent = silent + 1 if result.outcome == WriteOutcome.UNKNOWN else 0
            results.append(result)
        return results

    def end_overdue(self) -> list[WriteResult]:
        """Switch off what has been on for as long as its ``max_on_s`` allows."""
        now_us = self._now_us()
        return [
            self._send(limits, limits.rest)
            for limits in self._limits.values()
            if limits.off_at_us is not None and limits.off_at_us <= now_us
        ]

    def _send(self, limits: Limits, value: float) -> WriteResult:
        limits.note_sent(value, self._now_us())
        result = self._writes.carry_out(limits.point, self._formats[limits.point.id], value)
        if result.outcome == WriteOutcome.UNKNOWN:
            self._note_silence(result.message)
        else:
            self.failures = 0
        return result

    def _not_driven(self, point_id: str) -> Text:
        names = ", ".join(self._limits)
        if self.profile.point(point_id) is None:
            return Text(
                f"套件上没有叫 {point_id} 的点。可以写的有：{names.replace(', ', '、')}。",
                f"The kit has no point {point_id}. What can be written: {names}.",
            )
        return Text(
            f"{point_id} 只能读。可以写的有：{names.replace(', ', '、')}。",
            f"{point_id} can only be read. What can be written: {names}.",
        )


def _numeric(block: Block) -> list[Point]:
    return [point for point in block.points if point.at.type != "string"]


_NOT_SAFE = Text(
    "套件没有应答，安全状态没有确认。请手动断电。",
    "The kit does not answer; its safe state is not confirmed. Switch it off by hand.",
)
