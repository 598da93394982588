"""What a link tells: states to whoever shows it, readings, gaps and events to the sink."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from labapp.kits.health import Health
from labapp.kits.link_state import LinkKind, LinkState
from labapp.kits.modbus_kit import ModbusKit
from labapp.kits.write_result import WriteResult
from labapp.model.clock import Clock
from labapp.model.reading import Event, Gap, Reading, Reason, Sink
from labapp.model.text import Text

WAITING = Text("套件还没有应答，最多等 10 s", "The kit has not answered yet; waiting 10 s at most")
CLOSED = Text("已断开", "Disconnected")
OUR_FAULT = Text(
    "连接因为软件自己的问题中断了，原因在日志里。请重新连接。",
    "The link was ended by a fault of the software; the log has the cause. Please connect again.",
)
_TELL_EVERY_US = 1_000_000
_DEGRADED_LOSS = 0.05


class LinkNews:
    """Keeps the link's state and passes on what comes of it; used in the link's thread only.

    ``state`` is replaced whole, so that any thread may look at it.
    """

    def __init__(
        self, sink: Sink, clock: Clock, on_change: Callable[[LinkState], None], place: str
    ) -> None:
        self.state = LinkState()
        self.health = Health()
        self._sink = sink
        self._clock = clock
        self._on_change = on_change
        self._place = place
        self._attempts = 0
        self._lost_since_us: int | None = None
        self._told_us = 0

    # ------------------------------------------------------------------ states

    def be(
        self, kind: LinkKind, message: Text, code: str = "", *, since_us: int | None = None
    ) -> None:
        """Go to a state, or tell the present one anew."""
        before = self.state
        if since_us is None:
            since_us = before.since_us if before.kind == kind else self._clock.now_us()
        self.state = LinkState(
            kind=kind,
            since_us=since_us,
            message=message,
            code=code,
            rtt_ms=self.health.rtt_ms,
            loss=self.health.loss,
            rate_hz=self.health.rate_hz,
            attempts=self._attempts,
        )
        self._on_change(self.state)

    def online(self, since_us: int) -> None:
        """The kit answers since an instant; there the gap ends, where there was one."""
        self.end_gap(since_us)
        self._attempts = 0
        self.be(LinkKind.ONLINE, self._online_words())
        self._sink.event(Event(self._clock.now_us(), "link", {"state": "online"}))

    def lost(self, code: str, message: Text, since_us: int | None = None) -> None:
        """The kit does not answer, or its port is gone; told again it only changes the words."""
        now_us = self._clock.now_us()
        if self._lost_since_us is None:
            self._lost_since_us = now_us if since_us is None else since_us
            self._sink.event(Event(now_us, "link", {"state": "lost", "code": code}))
        self.health.forget()
        self.be(LinkKind.LOST, message, code, since_us=self._lost_since_us)

    def tries_again(self) -> None:
        """Count one more try to find the kit."""
        self._attempts += 1
        self.be(self.state.kind, self.state.message, self.state.code)

    def end_gap(self, at_us: int) -> None:
        """Tell of the stretch without data, where there is one; it lasted until ``at_us``."""
        if self._lost_since_us is not None:
            self._sink.gap(Gap(self._lost_since_us, at_us, Reason.LINK_DOWN))
            self._lost_since_us = None

    # ------------------------------------------------------------------ what comes off the kit

    def came(self, readings: Sequence[Reading], kit: ModbusKit) -> None:
        """Pass readings on, and once a second how the link works."""
        now_us = self._clock.now_us()
        self.health.note(now_us, kit.master.tally)
        if readings:
            self._sink.take(readings)
            if kit.failures == 0 and readings[0].point == _fastest(kit):
                self.health.note_fast(now_us)
        if now_us - self._told_us >= _TELL_EVERY_US:
            self._told_us = now_us
            self._tell_health(kit)

    def wrote(self, result: WriteResult, who: str) -> None:
        """Pass on a write: what was read back as a reading, and the audit's event."""
        if result.reading is not None:
            self._sink.take([result.reading])
        said: dict[str, object] = {
            "point": result.point,
            "value": result.value,
            "result": result.outcome.value,
            "who": who,
        }
        self._sink.event(Event(self._clock.now_us(), "write", said))

    def _tell_health(self, kit: ModbusKit) -> None:
        if not self.state.is_up:
            return
        disabled = sorted(kit.schedule.disabled)
        if disabled:
            self.be(LinkKind.DEGRADED, _disabled(disabled), "E-REFUSED-2")
        elif self.health.loss > _DEGRADED_LOSS:
            self.be(LinkKind.DEGRADED, kit.last_failure or WAITING, "E-TIMEOUT")
        else:
            self.be(LinkKind.ONLINE, self._online_words())

    def _online_words(self) -> Text:
        return Text(f"已连接 {self._place}", f"Connected to {self._place}")


def _fastest(kit: ModbusKit) -> str | None:
    blocks = kit.schedule.blocks
    return blocks[0].points[0].id if blocks else None


def _disabled(points: Sequence[str]) -> Text:
    names = ", ".join(points)
    return Text(
        f"套件没有这些点：{names.replace(', ', '、')}。其余照常；核对档案里的地址。",
        f"The kit does not have {names}. The rest goes on; check the addresses in the profile.",
    )
