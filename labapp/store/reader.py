"""Reading a recording, whole or damaged: what is intact comes back, the rest is named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from labapp.model.reading import Event, Gap, Reading, Reason
from labapp.model.text import Text
from labapp.model.trouble import Damaged, Problem
from labapp.store.content import Counts
from labapp.store.disk import Disk
from labapp.store.messages import Item, RawFrame, Span
from labapp.store.scan import DamageNote, FoundChunk, Scan
from labapp.store.wording import disk_problem

MOST_BYTES = 512 * 1024 * 1024  # ten hours of 24 points at 20 Hz


@dataclass(frozen=True, eq=False)
class Recording:
    """Everything that a recording holds, in the order in which it was recorded.

    ``is_complete`` is whether it was finished in order; ``damage`` names what is missing.
    """

    meta: Mapping[str, object]
    items: tuple[Item, ...]
    chunks: tuple[FoundChunk, ...]
    damage: tuple[DamageNote, ...]
    counts: Counts
    head: str
    digest: str
    is_complete: bool

    @cached_property
    def readings(self) -> tuple[Reading, ...]:
        """All readings."""
        return tuple(item for item in self.items if isinstance(item, Reading))

    @cached_property
    def by_point(self) -> Mapping[str, tuple[Reading, ...]]:
        """All readings of each point, points in the order of their first reading."""
        found: dict[str, list[Reading]] = {}
        for reading in self.readings:
            found.setdefault(reading.point, []).append(reading)
        return {point: tuple(readings) for point, readings in found.items()}

    @cached_property
    def gaps(self) -> tuple[Gap, ...]:
        """All gaps, and one for every stretch that damage took."""
        lost = [
            Gap(note.from_us, note.to_us, Reason.NOT_RECORDED)
            for note in self.damage
            if note.from_us is not None and note.to_us is not None and note.from_us < note.to_us
        ]
        return tuple(item for item in self.items if isinstance(item, Gap)) + tuple(lost)

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """All events."""
        return tuple(item for item in self.items if isinstance(item, Event))

    @cached_property
    def frames(self) -> tuple[RawFrame, ...]:
        """Bytes of the wire, where they were asked for."""
        return tuple(item for item in self.items if isinstance(item, RawFrame))

    @cached_property
    def span_us(self) -> tuple[int, int]:
        """What it covers, ``[from, to)``; an unfinished one ends just after its last item."""
        for item in reversed(self.items):
            if isinstance(item, Span):
                return item.from_us, item.to_us
        firsts = [min(0, chunk.first_us) for chunk in self.chunks]
        lasts = [chunk.last_us + 1 for chunk in self.chunks]
        return min(firsts, default=0), max(lasts, default=0)


def read_recording(source: Path | bytes, *, disk: Disk | None = None) -> Recording:
    """Return what a finished or unfinished recording holds; damage is noted, never guessed over.

    Raises:
        Damaged: the file cannot be read at all, is over 512 MiB, or is no recording.
    """
    octets = source if isinstance(source, bytes) else _read_file(source, disk or Disk())
    scan = Scan(octets)
    if not scan.walk():
        raise Damaged(_not_a_recording(source))
    return Recording(
        meta=scan.meta,
        items=tuple(scan.items()),
        chunks=tuple(chunk for chunk, _ in scan.found),
        damage=tuple(scan.notes),
        counts=scan.counts,
        head=scan.head,
        digest=scan.digest.text,
        is_complete=scan.is_complete,
    )


def _read_file(path: Path, disk: Disk) -> bytes:
    try:
        octets = disk.read(path, MOST_BYTES)
    except OSError as cause:
        raise Damaged(disk_problem("recording", path, cause)) from cause
    if len(octets) > MOST_BYTES:
        raise Damaged(_not_a_recording(path))
    return octets


def _not_a_recording(source: Path | bytes) -> Problem:
    name = None if isinstance(source, bytes) else str(source)
    return Problem(
        code="recording.unreadable",
        file=name,
        message=Text(
            zh=f"{name or '这些字节'} 不是实验记录，或开头和每一段都坏了。换一份备份。",
            en=f"{name or 'This'} is not a recording, or its start and every chunk are damaged. "
            "Use another copy.",
        ),
    )
