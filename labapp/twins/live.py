"""A twin that lives in real time, and what can be done to it while it does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from labapp.model.clock import Clock
from labapp.model.reading import Event
from labapp.profiles.profile import Profile
from labapp.twins.engine import TICK_US, Twin
from labapp.twins.fault_spec import FaultSpec
from labapp.twins.memory import TwinMemory
from labapp.twins.registry import make_twin

_SLICE_US = 100_000  # of twin time, between two looks at the clock
MOST_BUSY_US = 20_000
"""Longest that the twin lives on before its wire is looked at again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Which twin to play: see ``make_twin``. Faults begin with every start of a scenario."""

    profile: Profile
    scenario: str | Path | None = None
    seed: int | None = None
    preset: str | None = None
    folders: Sequence[Path] = ()
    faults: Sequence[FaultSpec] = ()

    def make(self) -> Twin:
        """Return the twin at the start of its scenario.

        Raises:
            BadInput: the scenario or preset does not fit the kit.
            LabError: a fault does not.
        """
        twin = make_twin(self.profile, self.seed, self.scenario, self.preset, self.folders)
        for fault in self.faults:
            twin.plan(fault.cue(self.profile))
        return twin


class LiveTwin:
    """Keeps a twin at ``rate`` times the clock; one thread.

    When the machine is too slow the twin falls behind and stays behind: it drops pace, never
    ticks, so that what it does is what it would always have done.
    """

    def __init__(self, cast: Cast, clock: Clock, rate: float = 1.0) -> None:
        self.cast = cast
        self.lag_us = 0
        self._clock = clock
        self._rate = rate
        self._is_paused = False
        self._told = 0
        self._set(cast.make())

    @property
    def memory(self) -> TwinMemory:
        """The kit's registers as they stand now."""
        return self._memory

    def _set(self, twin: Twin) -> None:
        self.twin = twin
        self._memory = TwinMemory(self.cast.profile, twin)
        self._told = 0
        self._rebase()

    def _rebase(self) -> None:
        self._since_us = self._clock.now_us()
        self._from_us = self.twin.t_us

    # ------------------------------------------------------------------ time

    def advance(self) -> None:
        """Live up to the present, for ``MOST_BUSY_US`` at most; what is missing then is lag."""
        if self._is_paused:
            return
        started_us = self._clock.now_us()
        goal_us = self._from_us + int((started_us - self._since_us) * self._rate)
        goal_us -= goal_us % TICK_US
        while self.twin.t_us < goal_us:
            if self._clock.now_us() - started_us > MOST_BUSY_US:
                self.lag_us += goal_us - self.twin.t_us
                self._rebase()
                return
            self.twin.run_to(min(goal_us, self.twin.t_us + _SLICE_US))

    def pause(self) -> None:
        """Let time stand still; registers can still be read and written."""
        self.advance()
        self._is_paused = True

    def resume(self) -> None:
        """Let time go on from where it stood."""
        self._is_paused = False
        self._rebase()

    def at_rate(self, rate: float) -> None:
        """Go on at another pace."""
        self.advance()
        self._rate = rate
        self._rebase()

    # ------------------------------------------------------------------ what is done to it

    def begin(self, scenario: str | Path | None, seed: int | None) -> None:
        """Start anew with another scenario; a preset that was asked for stays.

        Raises:
            BadInput: the scenario cannot be used; the present one goes on.
        """
        cast = replace(self.cast, scenario=scenario, seed=seed)
        twin = cast.make()
        self.cast = cast
        self._set(twin)
        self._is_paused = False

    def stimulate(self, do: str, args: dict[str, float | str | bool]) -> None:
        """Do something to the kit now.

        Raises:
            BadInput: no such stimulus on this kit, or an argument that does not fit.
        """
        self.advance()
        self.twin.stimulate(do, **args)

    def fresh_events(self) -> list[Event]:
        """Return the marks and stimuli since the last call, or since the scenario's start."""
        fresh = self.twin.events[self._told :]
        self._told = len(self.twin.events)
        return fresh
