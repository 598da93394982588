"""The bench as a student's program sees it: newest good values in, verified writes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from labapp.kits.modbus_kit import WriteResult
from labapp.model.reading import Event, Gap, Quality, Reading
from labapp.profiles.profile import Profile
from labapp.programs.kit_access import PointFacts, Value, WriteRefused, code_of, facts_of

Write = Callable[[str, float], WriteResult]


class BenchAccess:
    """A ``KitAccess`` over a link, and the ``Sink`` that keeps it up to date.

    Readings come in the link's thread, the program asks in its own; each dictionary entry is
    replaced whole, so no lock is needed. ``write`` puts a value on the wire and verifies it.
    """

    def __init__(self, profile: Profile, write: Write, now_us: Callable[[], int]) -> None:
        self._points = facts_of(profile)
        self._write = write
        self._now_us = now_us
        self._newest: dict[str, Reading] = {}
        self._good: dict[str, float] = {}

    @property
    def points(self) -> Mapping[str, PointFacts]:
        """Every point of the kit by id."""
        return self._points

    def now_us(self) -> int:
        """Return microseconds since the attempt began."""
        return self._now_us()

    def read(self, point: str) -> tuple[Value | None, Quality]:
        """Return the newest good value and how far a reading can be trusted now."""
        newest = self._newest.get(point)
        if newest is None:
            return None, Quality.BAD
        stale_us = self._points[point].stale_us
        is_stale = stale_us > 0 and self._now_us() - newest.t_us > stale_us
        return self._good.get(point), Quality.BAD if is_stale else newest.quality

    def write(self, point: str, value: Value) -> None:
        """Drive a point.

        Raises:
            WriteRefused: the kit did not take it, or did not say so.
        """
        number = code_of(value, self._points[point])
        if number is None:
            number = float("nan")
        result = self._write(point, number)
        if not result.is_done:
            raise WriteRefused(result.message)

    # ------------------------------------------------------------------ Sink

    def take(self, readings: Sequence[Reading]) -> None:
        """Keep the newest reading of each point, and its newest good value."""
        for reading in readings:
            if reading.quality != Quality.BAD and reading.value is not None:
                self._good[reading.point] = reading.value
            self._newest[reading.point] = reading

    def gap(self, gap: Gap) -> None:
        """A gap brings nothing to read; age tells of it."""

    def event(self, event: Event) -> None:
        """Events are not for programs."""
