"""Words of a kit become readings, each with how far it can be trusted."""

from __future__ import annotations

from labapp.model.reading import Quality, Reading, Reason
from labapp.profiles.profile import Point
from labapp.wire.values import Decoded, Flaw, ValueFormat

_FLAWS = {Flaw.SENTINEL: Reason.SENTINEL, Flaw.NAN: Reason.NAN}


def reading_of(point: Point, form: ValueFormat, words: list[int], t_us: int) -> Reading:
    """Return what ``words`` say of ``point``; out of range and unknown states are uncertain."""
    found = form.decode(words)
    if found.value is None:
        return Reading(point.id, t_us, None, found.raw, Quality.BAD, _FLAWS[found.flaw])
    reason = _doubt(point, found, found.value)
    quality = Quality.GOOD if reason == Reason.NONE else Quality.UNCERTAIN
    return Reading(point.id, t_us, found.value, found.raw, quality, reason)


def missing(point: Point, t_us: int, reason: Reason) -> Reading:
    """Return the reading that says: nothing is known of ``point`` from here on."""
    return Reading(point.id, t_us, None, None, Quality.BAD, reason)


def _doubt(point: Point, found: Decoded, value: float) -> Reason:
    if point.states and not (isinstance(found.raw, int) and 0 <= found.raw < len(point.states)):
        return Reason.UNKNOWN_ENUM
    if point.range is not None and not point.range[0] <= value <= point.range[1]:
        return Reason.OUT_OF_RANGE
    return Reason.NONE
