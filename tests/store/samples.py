"""Recordings of a made-up kit, and a disk that fails when it is told to."""

from __future__ import annotations

import errno
from collections.abc import Sequence
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Any

from labapp.model.reading import Event, Gap, Quality, Reading, Reason
from labapp.model.text import Text
from labapp.store.disk import Disk
from labapp.store.evidence import seal
from labapp.store.messages import Item, RawFrame
from labapp.store.recording import Recorded, RecordingWriter

META = {"project": "p", "when": "2026-01-31T08:00:00+08:00"}
MANIFEST: dict[str, Any] = {
    "project": "p",
    "version": "1.0.0",
    "step": "s",
    "bench": {"kind": "twin", "profile": "k", "seed": 7},
    "student": "李雷",
}
FILES = {"pack/pack.yaml": b"id: p\n", "answers.json": b"{}", "profile.yaml": b"id: k\n"}


@dataclass(frozen=True)
class FakePoint:
    """A point as a trace needs it."""

    id: str
    name: Text
    unit: str = "1"
    stale_us: int = 500_000
    states: tuple[str, ...] = ()


@dataclass(frozen=True)
class FakeKit:
    """A kit as a trace needs it."""

    points: tuple[FakePoint, ...]


KIT = FakeKit(
    (
        FakePoint("temp", Text("温度", "Temperature"), unit="Cel"),
        FakePoint("buzzer", Text("蜂鸣器", "Buzzer"), states=("off", "on")),
    )
)


def story(seconds: int, *, hertz: int = 10) -> list[Item]:
    """Return readings of two points, with a gap, an event and a frame among them."""
    items: list[Item] = [RawFrame(0, "out", b"\x01\x04\x00\x00"), Event(5, "mark", {"id": "begin"})]
    step = 1_000_000 // hertz
    for tick in range(seconds * hertz):
        t = tick * step
        items.append(Reading("temp", t, 20 + tick / 7, 200 + tick))
        items.append(Reading("buzzer", t, float(tick // hertz % 2), tick // hertz % 2))
        if tick == hertz:
            items.append(Gap(t + 1, t + step - 1, Reason.LINK_DOWN))
            items.append(Reading("temp", t + 2, None, 9999, Quality.BAD, Reason.SENTINEL))
    return items


def give(writer: RecordingWriter, items: Sequence[Item]) -> None:
    """Hand items to a writer the way a sitting does."""
    for item in items:
        match item:
            case Reading():
                writer.take([item])
            case Gap():
                writer.gap(item)
            case Event():
                writer.event(item)
            case RawFrame():
                writer.raw(item.t_us, item.direction, item.data)


def record(folder: Path, items: Sequence[Item], to_us: int, **more: Any) -> Recorded:
    """Record items and return what the writer says of them."""
    writer = RecordingWriter(folder, **more)
    writer.start(META)
    try:
        give(writer, items)
        return writer.finish(to_us)
    except BaseException:
        writer.abandon()
        raise


def sealed(folder: Path, seconds: int = 3) -> Path:
    """Return sealed evidence of a short story."""
    record(folder, story(seconds), seconds * 1_000_000)
    return seal(folder, MANIFEST, FILES)


class FailingDisk(Disk):
    """A disk on which the n-th touch of some kind, and all after it, go wrong until ``mend``."""

    def __init__(self, at: int = 0, number: int = errno.ENOSPC, only: str = "") -> None:
        super().__init__()
        self.touches = 0
        self._at = at
        self._number = number
        self._only = only
        self.is_mended = False

    def mend(self) -> None:
        """Let everything work from now on."""
        self.is_mended = True

    def _touch(self, what: str) -> None:
        if self._only and what != self._only:
            return
        self.touches += 1
        if self.touches > self._at and not self.is_mended:
            raise OSError(self._number, "as the test wants it")

    def open(self, path: Path, *, fresh: bool) -> FileIO:
        self._touch("open")
        return super().open(path, fresh=fresh)

    def write(self, file: FileIO, octets: bytes) -> None:
        try:
            self._touch("write")
        except OSError:
            super().write(file, octets[: len(octets) // 2])  # a full disk takes a part
            raise
        super().write(file, octets)

    def sync(self, file: FileIO) -> None:
        self._touch("sync")
        super().sync(file)

    def place(self, source: Path, target: Path) -> None:
        self._touch("place")
        super().place(source, target)

    def replace(self, source: Path, target: Path) -> None:
        self._touch("replace")
        super().replace(source, target)
