"""A bench that runs in real time: the link, what it told so far, and the twin at its far end."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from labapp.app.since_start import SinceStart
from labapp.app.states import BenchPhase, BenchState
from labapp.kits.link import Link, LinkKind, LinkState
from labapp.kits.modbus_kit import WriteResult
from labapp.kits.safe_state import safe_state_problem
from labapp.model.bench import Bench, BenchKind
from labapp.model.clock import Clock
from labapp.model.reading import Event, Gap, Reading, Reason, Sink
from labapp.model.text import Text
from labapp.model.trouble import Problem
from labapp.profiles.profile import Profile
from labapp.session.sitting import Sitting
from labapp.transport.kit_url import KitUrl
from labapp.twins.process import TwinProcess

_log = logging.getLogger(__name__)
WRITE_S = 5.0
"""Longest that a write may take to be carried out and verified, or given up."""
ANEW_S = 2.0
"""Longest wait for every point after a twin began anew: its polls come 10 to 1 times a second."""
_PHASES = {
    LinkKind.CLOSED: BenchPhase.NONE,
    LinkKind.OPENING: BenchPhase.CONNECTING,
    LinkKind.SETTLING: BenchPhase.CONNECTING,
    LinkKind.ONLINE: BenchPhase.ONLINE,
    LinkKind.DEGRADED: BenchPhase.DEGRADED,
    LinkKind.LOST: BenchPhase.LOST,
    LinkKind.GAVE_UP: BenchPhase.GAVE_UP,
}


class LiveBench:
    """One sitting at a kit. ``open`` blocks while a twin starts; every method may come from any thread.

    A twin that dies is started again at the same address, and the link finds it there.
    ``on_state`` is told of the link in the link's thread.
    """

    def __init__(
        self,
        profile: Profile,
        url: KitUrl,
        clock: Clock,
        *,
        preset: str | None = None,
        scenario: str | None = None,
        seed: int | None = None,
        folders: Sequence[Path] = (),
        on_state: Callable[[BenchState], None],
    ) -> None:
        self.profile = profile
        self.url = url
        self.clock = SinceStart(clock)
        self.sitting = Sitting(profile, self.clock)
        self._folders = tuple(folders)
        self._scenario = scenario
        self._preset = preset
        self._seed = seed
        self._on_state = on_state
        self._twin: TwinProcess | None = None
        self._link: Link | None = None
        self._state = LinkState()
        self._detail: list[Text] = []
        self._closing = threading.Event()
        self._lock = threading.Lock()

    # ------------------------------------------------------------------ opening and closing

    def open(self) -> None:
        """Start the twin where the URL asks for one, then the link.

        Raises:
            BadInput: the scenario cannot be used.
            NoKit: the twin did not start, or the address cannot be used at all.
        """
        reach = self.url
        if self.url.scheme == "twin":
            reach = self._start_twin()
        link = Link(self.profile, reach, self.sitting, self.clock, self._link_changed)
        with self._lock:
            self._link = link
        link.start()

    def close(self) -> Problem | None:
        """Bring the kit to its safe state and leave; waits until nothing of it is left.

        Returns what to tell where the safe state was not confirmed.
        """
        self._closing.set()
        with self._lock:
            link, twin = self._link, self._twin
            self._link = self._twin = None
        unsafe = [] if link is None else link.stop()
        if twin is not None:
            twin.stop()
            return None  # nothing can happen on a simulated kit that is gone
        return safe_state_problem(unsafe, self.profile)

    def _start_twin(self) -> KitUrl:
        twin = TwinProcess(
            self.profile,
            scenario=self._scenario,
            seed=self._seed,
            preset=self._preset,
            folders=self._folders,
            on_event=self._twin_told,
            on_exit=self._twin_ended,
        )
        url = twin.start()
        with self._lock:
            self._twin = twin
        return KitUrl.parse(url)

    def _twin_ended(self) -> None:
        """The twin's process is gone, not by us: start it again where it was."""
        twin = self._twin
        if self._closing.is_set() or twin is None:
            return
        self.sitting.event(Event(self.now_us(), "note", {"id": "twin-ended"}))
        try:
            twin.start()
        except Exception:  # noqa: BLE001 (a bug of ours: into the log)
            _log.exception("the twin did not start again")
        else:
            self.reconnect_now()

    def _twin_told(self, event: Event) -> None:
        self.sitting.event(Event(self.now_us(), event.kind, event.data))

    # ------------------------------------------------------------------ what it is

    @property
    def bench(self) -> Bench:
        """Provenance of what this bench tells."""
        is_twin = self.url.scheme == "twin"
        return Bench(
            kind=BenchKind.TWIN if is_twin else BenchKind.HARDWARE,
            profile=self.profile.id,
            link=self.url.text,
            unit=self.profile.modbus.unit,
            seed=self._seed if is_twin else None,
            scenario=self._scenario if is_twin else None,
            clock="live",
        )

    @property
    def state(self) -> BenchState:
        """The link as people see it."""
        return self._picture(self._state)

    def now_us(self) -> int:
        """Return microseconds since the sitting began."""
        return self.clock.now_us()

    # ------------------------------------------------------------------ using it

    def add(self, sink: Sink) -> None:
        """Let ``sink`` receive everything from now on, and first what the kit reads now."""
        self.sitting.add(sink, with_newest=True)

    def remove(self, sink: Sink) -> None:
        """End that."""
        self.sitting.remove(sink)

    def write(self, point: str, value: float, who: str) -> WriteResult:
        """Drive a point and verify it; blocks for a moment."""
        link = self._link
        if link is None:
            return WriteResult.unknown(point, value, Text("套件没有连接。", "No kit is connected."))
        return link.write(point, value, who, timeout=WRITE_S)

    def make_safe(self) -> None:
        """Bring every driven point to its safe state."""
        link = self._link
        if link is not None:
            link.make_safe()

    def stimulate(self, do: str, **args: float | str | bool) -> None:
        """Do something to the twin by hand; nothing on hardware."""
        twin = self._twin
        if twin is not None:
            twin.stimulate(do, **args)

    def begin(self, scenario: str | None, seed: int) -> None:
        """Bring the twin to the start of a scenario; on hardware nothing changes.

        Returns once every point was read anew, so that nothing from before is taken for now.

        Raises:
            BadInput: the scenario cannot be used.
        """
        twin = self._twin
        if twin is not None:
            self._scenario, self._seed = scenario, seed
            twin.begin(scenario, seed)
            self._read_anew()

    def _read_anew(self) -> None:
        anew = _ReadAnew(self.profile, self.now_us())
        self.sitting.add(anew)
        self.clock.wait(anew.complete, ANEW_S)
        self.sitting.remove(anew)

    def reconnect_now(self) -> None:
        """Try again at once."""
        if self._link is not None:
            self._link.reconnect_now()

    def open_gap(self) -> Gap | None:
        """Return the stretch without data that lasts until now, or ``None``."""
        state = self._state
        if state.kind not in (LinkKind.LOST, LinkKind.GAVE_UP):
            return None
        return Gap(state.since_us, self.now_us(), Reason.LINK_DOWN)

    # ------------------------------------------------------------------ the link's thread

    def _link_changed(self, state: LinkState) -> None:
        if state.kind != self._state.kind:
            self._detail = [*self._detail[-7:], state.message]
        self._state = state
        self._on_state(self._picture(state))

    def _picture(self, state: LinkState) -> BenchState:
        is_lost = state.kind in (LinkKind.LOST, LinkKind.GAVE_UP)
        return BenchState(
            phase=_PHASES[state.kind],
            bench=self.bench,
            url=self.url.text,
            message=state.message,
            detail=tuple(self._detail),
            rtt_ms=state.rtt_ms,
            loss=state.loss,
            rate_hz=state.rate_hz,
            attempts=state.attempts,
            lost_since_us=state.since_us if is_lost else None,
        )


class _ReadAnew:
    """Waits until every polled point was read since an instant; counters may be slow."""

    def __init__(self, profile: Profile, since_us: int) -> None:
        self._since_us = since_us
        self._missing = {p.id for p in profile.points if p.period_us and p.kind != "counter"}
        self.complete = threading.Event()

    def take(self, readings: Sequence[Reading]) -> None:
        """Tick off what was read."""
        self._missing -= {r.point for r in readings if r.t_us >= self._since_us}
        if not self._missing:
            self.complete.set()

    def gap(self, gap: Gap) -> None:
        """A gap brings no reading."""

    def event(self, event: Event) -> None:
        """Neither does an event."""
