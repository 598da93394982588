"""Writing a recording so that nothing of it is lost, whatever the disk or the power does."""

from __future__ import annotations

import contextlib
import logging
import struct
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from labapp.model.clock import Clock
from labapp.model.reading import Event, Gap, Reading
from labapp.model.text import Text
from labapp.model.trouble import LabError, Problem
from labapp.store.chunks import Chunk, ChunkBuilder
from labapp.store.content import Counts
from labapp.store.disk import Disk
from labapp.store.inbox import Inbox, extent
from labapp.store.messages import Item, RawFrame, Span
from labapp.store.part_file import FINAL_NAME, PART_NAME, PartFile
from labapp.store.reader import Recording, read_recording
from labapp.store.wording import disk_problem, seconds

__all__ = ["Recorded", "Recording", "RecordingWriter", "read_recording"]

FLUSH_US = 800_000
"""Longest that anything waits for the disk; 0.2 s are left for a slow sync (promise: 1 s)."""
MEMORY_BYTES = 64 * 1024 * 1024
SYNC_BYTES = 4 * 1024 * 1024
_STUCK_S = 30.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A finished recording: its file, what it holds, and what ties it down."""

    path: Path
    counts: Counts
    chunks: int
    head: str
    digest: str
    span_us: tuple[int, int]

    def copied_to(self, folder: Path, disk: Disk | None = None) -> Recorded:
        """Return the same recording in another folder; raises LabError as ``move_to`` does."""
        disk, copy = disk or Disk(), folder / self.path.name
        try:
            disk.make_folder(folder)
            disk.write_whole(copy, self.path.read_bytes())
        except OSError as cause:
            raise LabError(disk_problem("recording", copy, cause)) from cause
        return replace(self, path=copy)


class RecordingWriter:
    """Takes everything that comes off a kit and keeps it; a ``Sink``.

    ``take``, ``gap``, ``event`` and ``raw`` may be called from any thread, return at once
    and never raise for a disk. A thread of its own encodes and writes. With a ``clock``,
    what came is on the disk, synced, within a second of that clock. Without one (lockstep)
    chunks end by content alone, so that equal readings give an equal file; it is synced
    every 4 MiB and at the end, and a caller faster than the disk waits for it.

    A disk that is full, read-only or gone is told to ``on_problem`` (from the writer's
    thread) and tried again; up to ``memory_bytes`` wait in memory meanwhile. ``move_to``
    goes on elsewhere. What did not fit in memory either becomes a gap ``not_recorded``.
    """

    def __init__(
        self,
        folder: Path,
        *,
        clock: Clock | None = None,
        on_problem: Callable[[Problem], None] | None = None,
        disk: Disk | None = None,
        memory_bytes: int = MEMORY_BYTES,
    ) -> None:
        self._disk = disk if disk is not None else Disk()
        self._folder = folder
        self._clock = clock
        self._on_problem = on_problem
        self._memory_bytes = memory_bytes
        self._sync_bytes = min(SYNC_BYTES, memory_bytes // 4)
        self._inbox = Inbox(memory_bytes)
        self._bell = threading.Event()
        self._room = threading.Event()
        self._storing = threading.Lock()  # guards the builder and the file
        self._builder: ChunkBuilder | None = None
        self._file: PartFile | None = None
        self._thread: threading.Thread | None = None
        self._is_ending = False
        self._trouble: Problem | None = None
        self._told: set[str] = set()
        self._waiting_since_us: int | None = None
        self._span = Span(0, 0)
        self._is_closed = False

    @property
    def folder(self) -> Path:
        """Where the recording is being kept."""
        return self._file.folder if self._file is not None else self._folder

    @property
    def trouble(self) -> Problem | None:
        """What keeps the disk from taking the recording, or ``None`` while all is well."""
        return self._trouble

    def start(self, meta: Mapping[str, object], *, from_us: int = 0) -> None:
        """Open the part and start the writer's thread.

        ``meta`` is kept in the file: provenance, the wall-clock anchor, the class's nonce;
        strings, integers, booleans, lists and objects of them. A disk that does not take
        the part is reported like any later trouble.

        Raises:
            LabError: the folder already holds a recording.
            TypeError: ``meta`` has no canonical form.
        """
        self._span = Span(from_us, from_us)
        self._builder = ChunkBuilder(meta)
        if any((self._folder / name).exists() for name in (PART_NAME, FINAL_NAME)):
            raise LabError(_taken(self._folder))
        self._file = PartFile(self._folder, self._builder.preamble, self._disk, self._memory_bytes)
        with contextlib.suppress(OSError):
            self._disk.make_folder(self._folder)  # opening the part tells what is wrong
        self._store(self._file, sync=True)
        self._thread = threading.Thread(target=self._run, name="recording", daemon=True)
        self._thread.start()

    def take(self, readings: Sequence[Reading]) -> None:
        """Keep readings, in the order given."""
        self._put(readings)

    def gap(self, gap: Gap) -> None:
        """Keep a stretch without data."""
        self._put((gap,))

    def event(self, event: Event) -> None:
        """Keep something that happened."""
        self._put((event,))

    def raw(self, t_us: int, direction: str, octets: bytes) -> None:
        """Keep bytes of the wire; ``direction`` is ``in`` or ``out``."""
        self._put((RawFrame(t_us, direction, bytes(octets)),))

    def move_to(self, folder: Path) -> None:
        """Go on in another folder with everything recorded so far; also after ``finish`` raised.

        Raises:
            LabError: the new folder does not take it either; nothing has changed.
        """
        with self._storing:
            old = self._opened_file()
            try:
                self._file = old.moved_to(folder)
            except OSError as cause:
                raise LabError(disk_problem("recording", folder / PART_NAME, cause)) from cause
            self._is_well(self._file)
            if self._file.is_whole:
                with contextlib.suppress(OSError):
                    self._disk.remove(old.path)

    def finish(self, to_us: int | None = None) -> Recorded:
        """Close the recording at ``to_us`` (default: just after its last item) and sync it.

        Whatever was taken before this call is in it. After a ``LabError`` everything is
        still held in memory: call ``move_to`` and ``finish`` again.

        Raises:
            LabError: the disk does not take the rest; says what was kept and where.
        """
        self._stop_thread()
        with self._storing:
            file = self._opened_file()
            if self._builder is None:
                raise RuntimeError("finish before start")
            if not self._is_closed:
                self._close(self._builder, file, to_us)
            try:
                file.write_out()
                file.sync()
                path = file.finish()
            except OSError as cause:
                raise LabError(self._not_kept(file, cause)) from cause
            if not file.is_whole:
                raise LabError(_incomplete(path))
            builder = self._builder
            span = (self._span.from_us, self._span.to_us)
            head, digest = builder.head, builder.digest.text
            return Recorded(path, builder.counts, builder.chunks, head, digest, span)

    def abandon(self) -> None:
        """Stop without closing the recording; its part stays as a crash would leave it."""
        self._stop_thread()
        with self._storing:
            if self._file is not None:
                self._file.let_go()

    def _put(self, items: Sequence[Item]) -> None:
        if self._clock is None:
            self._wait_for_room()
        if not self._inbox.put(items):
            self._tell(_memory_full(self.folder, self._memory_bytes))
        self._bell.set()

    def _wait_for_room(self) -> None:
        """Hold a lockstep caller that outruns a healthy disk."""
        while self._inbox.is_full and self._trouble is None and not self._is_ending:
            self._room.clear()
            self._bell.set()
            if self._inbox.is_full:
                self._room.wait(0.1)

    def _run(self) -> None:
        is_ending = False
        while not is_ending:
            self._rest()
            self._bell.clear()
            is_ending = self._is_ending
            with self._storing:
                self._encode(self._opened_file(), self._inbox.drain())
            self._room.set()

    def _rest(self) -> None:
        """Wait for items, or until those that wait have waited long enough."""
        if self._clock is None or self._waiting_since_us is None:
            self._bell.wait()
            return
        left_us = self._waiting_since_us + FLUSH_US - self._clock.now_us()
        if left_us > 0:
            self._clock.wait(self._bell, left_us / 1e6)

    def _encode(self, file: PartFile, items: list[Item]) -> None:
        if self._builder is None:
            return
        finished = False
        for item in items:
            chunk = self._add(self._builder, item)
            if chunk is not None:
                file.add(chunk.block)
                finished = True
        if items and self._waiting_since_us is None and self._clock is not None:
            self._waiting_since_us = self._clock.now_us()
        if self._is_due():
            chunk = self._builder.cut()
            if chunk is not None:
                file.add(chunk.block)
            self._store(file, sync=True)
        elif finished and (self._trouble is None or self._clock is None):
            self._store(file, sync=self._clock is None and file.waiting_bytes >= self._sync_bytes)
        self._inbox.outside_bytes = file.waiting_bytes

    def _add(self, builder: ChunkBuilder, item: Item) -> Chunk | None:
        try:
            chunk = builder.add(item)
        except (struct.error, TypeError, ValueError, KeyError, AttributeError):
            _log.exception("an item that cannot be recorded: %.200r", item)
            self._tell(_unrecordable(item))
            return None
        self._span = Span(self._span.from_us, max(self._span.to_us, extent(item)[1]))
        return chunk

    def _is_due(self) -> bool:
        if self._clock is None or self._waiting_since_us is None:
            return False
        return self._clock.now_us() - self._waiting_since_us >= FLUSH_US

    def _store(self, file: PartFile, *, sync: bool) -> None:
        """Bring the disk up to date; trouble is told and tried again a while later."""
        try:
            file.write_out()
            if sync:
                file.sync()
        except OSError as cause:
            self._trouble = disk_problem("recording", file.path, cause)
            self._tell(self._trouble)
            if self._clock is not None:
                self._waiting_since_us = self._clock.now_us()
        else:
            self._is_well(file)

    def _is_well(self, file: PartFile) -> None:
        self._trouble = None
        self._told.clear()
        self._waiting_since_us = None if file.waiting_bytes == 0 else self._waiting_since_us

    def _tell(self, problem: Problem) -> None:
        """Tell each kind of trouble once, until the disk was well again."""
        if problem.code in self._told or self._on_problem is None:
            return
        self._told.add(problem.code)
        try:
            self._on_problem(problem)
        except Exception:  # noqa: BLE001 (a bug of ours: into the log)
            _log.exception("whoever is told of trouble with a recording raised")

    def _opened_file(self) -> PartFile:
        if self._file is None:
            raise RuntimeError("the recording was not started")
        return self._file

    def _stop_thread(self) -> None:
        self._inbox.close()
        self._is_ending = True
        self._bell.set()
        if self._thread is None:
            return
        self._thread.join(_STUCK_S)
        if self._thread.is_alive():
            raise LabError(_stuck(self.folder))
        self._thread = None

    def _close(self, builder: ChunkBuilder, file: PartFile, to_us: int | None) -> None:
        """Add the span, the last chunk and the closing section."""
        span = self._span if to_us is None else Span(self._span.from_us, to_us)
        self._span = span
        for chunk in (builder.add(span), builder.cut()):
            if chunk is not None:
                file.add(chunk.block)
        file.add(builder.closing(file.size))
        self._is_closed = True

    def _not_kept(self, file: PartFile, cause: OSError) -> Problem:
        what = disk_problem("recording", file.path, cause)
        kept = file.size - file.waiting_bytes
        end = seconds(self._span.to_us)
        return Problem(
            code=what.code,
            file=what.file,
            message=Text(
                zh=f"{what.message.zh} 磁盘上已存 {kept} 字节，其余（到 {end} 秒）还在内存里。"
                "换文件夹后再保存一次，数据就全了。",
                en=f"{what.message.en} {kept} bytes are on the disk; the rest (to {end} s) is "
                "still in memory. Pick another folder and save again, and all of it is kept.",
            ),
        )


def _taken(folder: Path) -> Problem:
    return Problem(
        code="recording.exists",
        file=str(folder),
        message=Text(
            zh=f"{folder} 里已经有一份记录。换一个新文件夹，旧记录不会被覆盖。",
            en=f"{folder} already holds a recording. Pick a new folder; nothing is overwritten.",
        ),
    )


def _memory_full(folder: Path, most_bytes: int) -> Problem:
    size = most_bytes // (1024 * 1024)
    return Problem(
        code="recording.memory_full",
        file=str(folder),
        message=Text(
            zh=f"等待写盘的数据到了 {size} MB 上限，之后的读数记为缺口。换文件夹后继续记录。",
            en=f"{size} MB wait for the disk, which is the limit; readings from here on become a "
            "gap. Pick another folder to go on recording.",
        ),
    )


def _unrecordable(item: Item) -> Problem:
    kind = type(item).__name__
    return Problem(
        code="recording.unrecordable",
        message=Text(
            zh=f"有一条 {kind} 无法写进记录，已跳过；其余照常记录。详情见日志。",
            en=f"One {kind} cannot be recorded and was skipped; the rest goes on. See the log.",
        ),
    )


def _stuck(folder: Path) -> Problem:
    return Problem(
        code="recording.stuck",
        file=str(folder),
        message=Text(
            zh=f"磁盘 30 秒没有应答：{folder}。检查 U 盘或网络盘；重启后会自动找回已写入的部分。",
            en=f"The disk has not answered for 30 s: {folder}. Check the stick or network drive; "
            "what was written is recovered at the next start.",
        ),
    )


def _incomplete(path: Path) -> Problem:
    return Problem(
        code="recording.incomplete",
        file=str(path),
        message=Text(
            zh=f"{path} 缺开头一段：原文件夹已读不到。原盘插回后可以找回。",
            en=f"{path} lacks its beginning, which only the old folder holds. Put the old disk "
            "back to recover it.",
        ),
    )
