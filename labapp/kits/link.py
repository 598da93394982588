"""This PC's end of the wire to one kit: opened, polled, driven, lost and found again.

    closed -> opening -> settling -> online <-> degraded
                 |           |          |
              gave up     gave up     lost -> opening ... -> online

Before the first answer a failure ends in *gave up*, which waits for ``reconnect_now``; after
it a lost kit is looked for until ``stop``.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence

from labapp.kits.health import Backoff
from labapp.kits.link_news import CLOSED, OUR_FAULT, WAITING, LinkNews
from labapp.kits.link_state import LinkKind, LinkState
from labapp.kits.master import ModbusMaster
from labapp.kits.modbus_kit import ModbusKit
from labapp.kits.orders import Order, Orders
from labapp.kits.reach import Reach
from labapp.kits.safe_state import not_tried
from labapp.kits.write_result import WriteResult
from labapp.model.clock import Clock
from labapp.model.reading import Reading, Sink
from labapp.model.text import Text
from labapp.profiles.profile import Profile
from labapp.transport.base import ByteIO, PortGone
from labapp.transport.kit_url import KitUrl
from labapp.transport.ports import PortInfo, list_ports

__all__ = ["Link", "LinkKind", "LinkState"]

_log = logging.getLogger(__name__)
GIVE_UP_S = 10.0
"""How long a kit has to answer for the first time."""
WRITE_S = 5.0
SAFE_S = 10.0
# How often a serial adapter that was unplugged is looked for.
_RESCAN_S = 1.0


class Link:
    """One wire, with one thread of its own that does everything on it.

    Readings, gaps and events go to ``sink`` and states to ``on_change``, both in that thread;
    neither may block. Every method may come from any other thread. Times are ``clock``'s.

    Raises:
        NoKit: ``url`` is no wire (``twin:`` and ``replay:`` are not).
    """

    def __init__(
        self,
        profile: Profile,
        url: KitUrl,
        sink: Sink,
        clock: Clock,
        on_change: Callable[[LinkState], None],
        *,
        ports: Callable[[], Sequence[PortInfo]] = list_ports,
        give_up_s: float = GIVE_UP_S,
    ) -> None:
        self._profile = profile
        self._reach = Reach(profile, url, ports)
        self._clock = clock
        self._give_up_s = give_up_s
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._hasten = threading.Event()
        self._orders = Orders(clock, self._wake)
        self._news = LinkNews(sink, clock, on_change, self._reach.place)
        self._backoff = Backoff(profile.transport.backoff_s)
        self._thread = threading.Thread(target=self._run, name="link", daemon=True)
        self._was_online = False
        self._owes_safe = False
        self._leaves_safe = True
        self._unsafe: list[WriteResult] = []

    # ------------------------------------------------------------------ from any thread

    @property
    def state(self) -> LinkState:
        """How the link stands."""
        return self._news.state

    def start(self) -> None:
        """Begin to open the port; returns at once."""
        self._thread.start()

    def stop(self, *, safe: bool = True) -> list[WriteResult]:
        """End the link and wait for that; with ``safe`` the kit is brought to its safe state first.

        Returns the writes of the safe state that were not confirmed.
        """
        self._leaves_safe = safe
        self._stopping.set()
        self._wake.set()
        if self._thread.ident is not None:
            self._thread.join()
        return list(self._unsafe)

    def write(
        self, point: str, value: float, who: str = "panel", *, timeout: float = WRITE_S
    ) -> WriteResult:
        """Drive a point and verify it, in ``timeout`` seconds at most; it is not begun later."""
        return self._orders.write(point, value, who, timeout)

    def make_safe(self, who: str = "safety", *, timeout: float = SAFE_S) -> list[WriteResult]:
        """Bring the kit to its safe state; a kit that is lost is made safe when it is back."""
        results = self._orders.make_safe(who, timeout)
        if results is None:
            self._owes_safe = self._was_online
            return not_tried(self._profile)
        return results

    def reconnect_now(self) -> None:
        """Try a lost link again at once."""
        self._hasten.set()
        self._wake.set()

    # ------------------------------------------------------------------ the link's thread

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                self._live_once()
            self._news.end_gap(self._clock.now_us())
            self._news.be(LinkKind.CLOSED, CLOSED)
        except Exception:  # noqa: BLE001 (a bug of ours: into the log)
            _log.exception("the link ended by a fault of ours")
            self._news.be(LinkKind.GAVE_UP, OUR_FAULT, "E-OURS")
        finally:
            self._orders.shut()

    def _live_once(self) -> None:
        """Open the port and live with it until it is gone; then wait for the next try."""
        if not self._was_online:
            self._news.be(LinkKind.OPENING, self._reach.opening)
        try:
            io = self._reach.open(self._stopping.is_set)
        except PortGone as gone:
            self._failed(gone.code, gone.message)
            return
        try:
            ended = self._live_with(self._master(io))
        except PortGone as gone:
            ended = (gone.code, gone.message)
        finally:
            self._orders.shut()
            io.close()
        if ended is not None:
            self._failed(*ended)

    def _live_with(self, master: ModbusMaster) -> tuple[str, Text] | None:
        """Find the kit, serve it, find it again; return why that ended, ``None``: by ``stop``."""
        self._news.health.forget()
        self._settle(master)
        kit = ModbusKit(
            self._profile, master, now_us=self._clock.now_us, hurry=self._stopping.is_set
        )
        while not self._stopping.is_set():
            if not self._find(kit):
                if self._was_online or self._stopping.is_set():
                    continue
                return self._reach.silence(noise_bytes=master.tally.noise_bytes)
            self._serve(kit)
        self._leave(kit)
        return None

    def _settle(self, master: ModbusMaster) -> None:
        """Let a board that starts anew on opening have its say first."""
        end_us = self._clock.now_us() + self._profile.transport.settle_ms * 1000
        if not self._was_online:
            self._news.be(LinkKind.SETTLING, WAITING)
        while not self._stopping.is_set() and self._clock.now_us() < end_us:
            master.pause(min(0.1, (end_us - self._clock.now_us()) / 1e6))

    def _leave(self, kit: ModbusKit) -> None:
        """The link ends: bring the kit to its safe state, or say that it may not be safe."""
        if not self._leaves_safe or not self._was_online:
            return
        results = not_tried(self._profile)
        try:
            if self.state.is_up:
                results = self._secure(kit, "safety")
        finally:
            self._unsafe = [result for result in results if not result.is_done]

    def _failed(self, code: str, message: Text) -> None:
        """The port cannot be opened or is gone: give up, or wait until it may be tried again."""
        if self._stopping.is_set():
            if self._was_online and self._leaves_safe and not self._unsafe:
                self._unsafe = not_tried(self._profile)
        elif self._was_online:
            self._news.lost(code, message)
            self._wait_for_port()
            self._news.tries_again()
        else:
            self._news.be(LinkKind.GAVE_UP, message, code)
            self._wait_until(lambda: False, None)

    # ------------------------------------------------------------------ looking for the kit

    def _find(self, kit: ModbusKit) -> bool:
        """Ask until the kit answers; ``False``: it does not, or the link is to end."""
        begun_us = self._clock.now_us()
        while not self._stopping.is_set():
            readings = kit.probe()
            if kit.failures == 0:
                self._found(kit, readings)
                return True
            waited_us = self._clock.now_us() - begun_us
            if self._was_online:
                self._wait_until(lambda: False, self._backoff.next_s())
                self._news.tries_again()
            elif waited_us >= self._give_up_s * 1e6:
                return False
            elif waited_us >= self._profile.transport.first_data_ms * 1000:
                code, advice = self._reach.silence(noise_bytes=kit.master.tally.noise_bytes)
                self._news.be(LinkKind.SETTLING, advice, code)
        return False

    def _found(self, kit: ModbusKit, readings: list[Reading]) -> None:
        """The kit answers: everything is read anew, and nothing that was written is repeated."""
        self._was_online = True
        kit.restart()
        self._news.came([], kit)
        self._news.online(readings[0].t_us if readings else self._clock.now_us())
        self._news.came(readings, kit)
        if self._owes_safe:
            self._owes_safe = False
            self._secure(kit, "safety")
        self._orders.open()

    # ------------------------------------------------------------------ serving it

    def _serve(self, kit: ModbusKit) -> None:
        """Poll and drive until the kit is silent for too long, or the end."""
        failing_since_us: int | None = None
        while not self._stopping.is_set():
            begun_us = self._clock.now_us()
            self._obey(kit)
            for result in kit.end_overdue():
                self._news.wrote(result, "limit")
            self._poll(kit)
            if kit.failures == 0:
                failing_since_us = None
            elif failing_since_us is None:
                failing_since_us = begun_us
            if kit.failures >= self._profile.transport.offline_after:
                self._orders.shut()
                self._news.lost("E-TIMEOUT", kit.last_failure or WAITING, failing_since_us)
                return
            self._rest((kit.next_due_us() - self._clock.now_us()) / 1e6)

    def _poll(self, kit: ModbusKit) -> None:
        """Make the most urgent read; between two reads orders come first."""
        if kit.next_due_us() > self._clock.now_us():
            return
        readings = kit.poll_one()
        if readings and kit.failures == 0:
            self._backoff.note_good(self._clock.now_us())
        self._news.came(readings, kit)

    def _obey(self, kit: ModbusKit) -> None:
        while (order := self._orders.next()) is not None:
            try:
                order.results += self._carry_out(kit, order)
            except PortGone as gone:
                if order.point is not None:
                    lost = WriteResult.unknown(order.point, order.value, gone.message)
                    order.results.append(lost)
                    self._news.wrote(lost, order.who)
                raise
            finally:
                order.done.set()

    def _carry_out(self, kit: ModbusKit, order: Order) -> list[WriteResult]:
        if order.point is None:
            return self._secure(kit, order.who)
        result = kit.write(order.point, order.value, order.who)
        self._news.wrote(result, order.who)
        return [result]

    def _secure(self, kit: ModbusKit, who: str) -> list[WriteResult]:
        results = kit.make_safe()
        for result in results:
            self._news.wrote(result, who)
        return results

    # ------------------------------------------------------------------ waiting

    def _rest(self, seconds: float) -> None:
        """Wait until something is due or asked for."""
        if seconds > 0 and self._clock.wait(self._wake, min(seconds, 1.0)):
            self._wake.clear()

    def _wait_for_port(self) -> None:
        """Wait until the port may be tried again: after a pause, or when the adapter is back."""
        pause_s = self._backoff.next_s()
        if self._reach.is_serial and self._reach.is_known:
            self._wait_until(self._reach.is_back, None)
        else:
            self._wait_until(lambda: False, pause_s)

    def _wait_until(self, fact: Callable[[], bool], seconds: float | None) -> None:
        """Wait for a fact, ``reconnect_now``, the end, or ``seconds``."""
        end_us = None if seconds is None else self._clock.now_us() + round(seconds * 1e6)
        while not self._stopping.is_set() and not self._hasten.is_set():
            left_s = _RESCAN_S if end_us is None else (end_us - self._clock.now_us()) / 1e6
            if left_s <= 0:
                break
            self._clock.wait(self._wake, min(left_s, _RESCAN_S))
            self._wake.clear()
            if fact():
                break
        self._hasten.clear()

    def _master(self, io: ByteIO) -> ModbusMaster:
        transport = self._profile.transport
        return ModbusMaster(
            io,
            self._reach.framing,
            now=self._clock.now_us,
            timeout_ms=transport.timeout_ms,
            late_ms=transport.late_ms,
            gap_us=self._reach.gap_us,
        )
