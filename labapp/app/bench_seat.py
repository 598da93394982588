"""The kit that is connected now, or none: connecting and leaving, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from labapp.app.background import Background
from labapp.app.live_bench import LiveBench
from labapp.app.states import AppEvent, BenchChanged, BenchPhase, BenchState, Noted, Told
from labapp.model.clock import Clock
from labapp.model.reading import Event, Gap, Reading
from labapp.model.text import Text
from labapp.model.trouble import LabError
from labapp.profiles.profile import Profile
from labapp.transport.kit_url import KitUrl


class BenchSeat:
    """Holds one bench at a time. Opening and closing happen in the background thread."""

    def __init__(
        self,
        profile: Profile,
        clock: Clock,
        folders: Sequence[Path],
        background: Background,
        publish: Callable[[AppEvent], None],
    ) -> None:
        self._profile = profile
        self._clock = clock
        self._folders = tuple(folders)
        self._background = background
        self._publish = publish
        self._state = BenchState()
        self._asked = 0
        self.bench: LiveBench | None = None

    @property
    def state(self) -> BenchState:
        """How the bench stands."""
        return self._state

    def connect(self, url: KitUrl, preset: str | None) -> None:
        """Leave the present kit and open another; returns at once."""
        self._asked += 1
        order = self._asked
        self._set(
            BenchState(
                phase=BenchPhase.CONNECTING,
                url=url.text,
                message=Text(f"正在打开 {url.text}", f"Opening {url.text}"),
            )
        )
        self._background.do(lambda: self._open(order, url, preset))

    def disconnect(self) -> None:
        """Leave the kit in its safe state; returns at once."""
        self._asked += 1
        self._background.do(self._leave)

    def close(self) -> None:
        """Leave the kit and wait for that."""
        self._asked += 1
        self._leave()

    # ------------------------------------------------------------------ the background thread

    def _open(self, order: int, url: KitUrl, preset: str | None) -> None:
        self._leave_quietly()
        if order != self._asked:
            return
        bench = LiveBench(
            self._profile,
            url,
            self._clock,
            preset=preset,
            seed=1,
            folders=self._folders,
            on_state=lambda state: self._heard(order, state),
        )
        self.bench = bench
        bench.add(_Marks(self._publish))
        try:
            bench.open()
        except LabError as trouble:
            self._gave_up(bench, url, trouble)

    def _gave_up(self, bench: LiveBench, url: KitUrl, trouble: LabError) -> None:
        bench.close()
        self.bench = None
        problem = trouble.problems[0]
        self._set(BenchState(phase=BenchPhase.GAVE_UP, url=url.text, message=problem.message))
        for other in trouble.problems:
            self._publish(Told(other))

    def _leave(self) -> None:
        self._leave_quietly()
        self._set(BenchState())

    def _leave_quietly(self) -> None:
        bench, self.bench = self.bench, None
        unsafe = None if bench is None else bench.close()
        if unsafe is not None:
            self._publish(Told(unsafe))

    def _heard(self, order: int, state: BenchState) -> None:
        if order == self._asked:
            self._set(state)

    def _set(self, state: BenchState) -> None:
        self._state = state
        self._publish(BenchChanged(state))


class _Marks:
    """Tells the window of events that plots mark."""

    def __init__(self, publish: Callable[[AppEvent], None]) -> None:
        self._publish = publish

    def take(self, readings: Sequence[Reading]) -> None:
        """Readings are pulled, not pushed."""

    def gap(self, gap: Gap) -> None:
        """Gaps are pulled with the readings."""

    def event(self, event: Event) -> None:
        """Pass it on."""
        self._publish(Noted(event))
