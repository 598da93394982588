"""Reads any kit that a profile describes, for people and for scripts."""

from __future__ import annotations

import queue
from collections.abc import Callable, Sequence

from labapp.app.clock import SystemClock
from labapp.app.since_start import SinceStart
from labapp.kits.link import Link, LinkKind, LinkState
from labapp.kits.safe_state import safe_state_problem
from labapp.model.clock import Clock
from labapp.model.reading import Event, Gap, Reading
from labapp.model.text import Text
from labapp.model.trouble import ExitCode, LabError, NoKit, Problem
from labapp.profiles.profile import Profile
from labapp.programs.kit_access import WriteRefused, accept, facts_of
from labapp.transport.kit_url import KitUrl
from labapp.twins.process import TwinProcess

Show = Callable[[dict[str, object]], None]
Tell = Callable[[Text], None]
# How long to look for the next reading before looking at the time again.
_LOOK_S = 0.1


def monitor_kit(
    profile: Profile,
    kit_url: str,
    *,
    for_us: int | None,
    writes: Sequence[tuple[str, str]],
    show: Show,
    tell: Tell,
) -> int:
    """Show each reading for ``for_us`` after the kit answered, or until Ctrl-C; return the exit code.

    ``writes`` are carried out first, in their order, and verified; with any of them the kit is
    brought to its safe state at the end, without it is only read. ``tell`` gets what happens
    besides. ``twin:`` starts a simulated kit for as long as this lasts.

    Raises:
        LabError: the URL or a write cannot be used; nothing was sent.
        NoKit: no kit answers, it did not take a write, or the link was lost and did not return.
    """
    url = KitUrl.parse(kit_url)
    orders = _orders(profile, writes)
    twin = TwinProcess(profile) if url.scheme == "twin" else None
    try:
        reach = url if twin is None else KitUrl.parse(twin.start())
        watch = _Watch(profile, SinceStart(SystemClock()), show, tell)
        return watch.run(reach, for_us, orders)
    finally:
        if twin is not None:
            twin.stop()


def _orders(profile: Profile, writes: Sequence[tuple[str, str]]) -> list[tuple[str, float]]:
    facts = facts_of(profile)
    orders = []
    for point, text in writes:
        try:
            value = accept(point, _number_or_word(text), facts)
        except WriteRefused as refused:
            raise LabError(Problem(code="E-LIMIT", message=refused.reason)) from refused
        orders.append((point, float(value)))
    return orders


def _number_or_word(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


class _Watch:
    """A link whose readings are shown in the calling thread; a ``Sink``."""

    def __init__(self, profile: Profile, clock: Clock, show: Show, tell: Tell) -> None:
        self._profile = profile
        self._clock = clock
        self._show = show
        self._tell = tell
        self._units = {point.id: point.unit for point in profile.points}
        self._came: queue.SimpleQueue[Reading | LinkState] = queue.SimpleQueue()
        self._state = LinkState()

    def run(self, url: KitUrl, for_us: int | None, orders: Sequence[tuple[str, float]]) -> int:
        link = Link(self._profile, url, self, self._clock, self._came.put)
        link.start()
        try:
            if not self._until_answered():
                raise NoKit(Problem(code=self._state.code, message=self._state.message))
            end_us = None if for_us is None else self._clock.now_us() + for_us
            failed = self._drive(link, orders)
            self._until(end_us)
        except KeyboardInterrupt:
            return int(ExitCode.DONE)
        finally:
            self._end(link, safe=bool(orders))
        if failed is not None:
            raise NoKit(failed)
        if self._state.kind in (LinkKind.LOST, LinkKind.GAVE_UP):
            raise NoKit(Problem(code=self._state.code, message=self._state.message))
        return int(ExitCode.DONE)

    def _until_answered(self) -> bool:
        while not self._state.is_up:
            if self._state.kind == LinkKind.GAVE_UP:
                return False
            self._show_next()
        return True

    def _until(self, end_us: int | None) -> None:
        while end_us is None or self._clock.now_us() < end_us:
            if self._state.kind == LinkKind.GAVE_UP:
                return
            self._show_next()

    def _drive(self, link: Link, orders: Sequence[tuple[str, float]]) -> Problem | None:
        """Carry the writes out; return what to end with where the kit did not take one."""
        failed = None
        for point, value in orders:
            result = link.write(point, value, "monitor")
            self._tell(result.message)
            if not result.is_done:
                failed = Problem(code=result.code, message=result.message)
        return failed

    def _end(self, link: Link, *, safe: bool) -> None:
        state = self._state
        unsafe = safe_state_problem(link.stop(safe=safe), self._profile)
        while not self._came.empty():
            item = self._came.get()
            if isinstance(item, Reading):
                self._show(self._line(item))
        self._state = state
        if unsafe is not None:
            self._tell(unsafe.message)

    def _show_next(self) -> None:
        try:
            item = self._came.get(timeout=_LOOK_S)
        except queue.Empty:
            return
        if isinstance(item, Reading):
            self._show(self._line(item))
            return
        if item.kind not in (self._state.kind, LinkKind.GAVE_UP):
            self._tell(item.message)
        self._state = item

    def _line(self, reading: Reading) -> dict[str, object]:
        return {
            "t_us": reading.t_us,
            "point": reading.point,
            "value": reading.value,
            "unit": self._units[reading.point],
            "quality": reading.quality.value,
            "reason": reading.reason.value,
        }

    # ------------------------------------------------------------------ Sink, in the link's thread

    def take(self, readings: Sequence[Reading]) -> None:
        """Pass readings on to the calling thread."""
        for reading in readings:
            self._came.put(reading)

    def gap(self, gap: Gap) -> None:
        """The state that ends a gap is told; the gap itself is where no reading is."""

    def event(self, event: Event) -> None:
        """Writes are told when they are done."""
