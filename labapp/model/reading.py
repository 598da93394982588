"""What comes off a kit: readings, and the holes between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Quality(StrEnum):
    """How far a reading can be trusted."""

    GOOD = "good"
    UNCERTAIN = "uncertain"
    BAD = "bad"


class Reason(StrEnum):
    """Why a reading is not good, or why there is none."""

    NONE = ""
    NOT_YET = "not_yet"
    TIMEOUT = "timeout"
    CRC = "crc"
    DESYNC = "desync"
    REFUSED = "refused"
    STALE = "stale"
    SENTINEL = "sentinel"
    NAN = "nan"
    OUT_OF_RANGE = "out_of_range"
    UNKNOWN_ENUM = "unknown_enum"
    LINK_DOWN = "link_down"
    DISABLED = "disabled"
    NOT_RECORDED = "not_recorded"


@dataclass(frozen=True, slots=True)
class Reading:
    """One value of one point at one instant.

    Attributes:
        point: id of the point in its profile.
        t_us: monotonic microseconds since the recording began.
        value: engineering value in the point's unit; ``None`` where there is none (bad).
        raw: what stood on the wire: an integer where the wire has one, else a float.
        quality: good, uncertain (shown hollow, judged) or bad (never judged).
        reason: why it is not good.
    """

    point: str
    t_us: int
    value: float | None
    raw: int | float | None = None
    quality: Quality = Quality.GOOD
    reason: Reason = Reason.NONE


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch without data, ``[from_us, to_us)``: link trouble, never a number.

    ``points`` names what is missing; empty means every point of the kit.
    """

    from_us: int
    to_us: int
    reason: Reason
    points: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened at an instant and is kept with the readings.

    ``kind`` is one of: mark, write, link, program, operator, stimulus, note. ``data``
    holds JSON values only; a mark has ``id``, a write has ``point value result who``.
    """

    t_us: int
    kind: str
    data: dict[str, object]


class Sink(Protocol):
    """Whoever receives what comes off the kit; called in the link's thread, must not block."""

    def take(self, readings: Sequence[Reading]) -> None:
        """Receive readings in time order."""

    def gap(self, gap: Gap) -> None:
        """Receive a stretch without data, once it has ended or the link was lost."""

    def event(self, event: Event) -> None:
        """Receive something that happened."""
