"""The file of one recording while it grows, and the memory that stands in for a lost disk."""

from __future__ import annotations

import contextlib
from collections import deque
from io import FileIO
from pathlib import Path

from labapp.store.disk import Disk, try_lock

PART_NAME = "recording.mcap.part"
FINAL_NAME = "recording.mcap"


class PartFile:
    """Blocks of a recording in order: all of them remembered, and on the disk when it works.

    After a write that went wrong the file is cut back to its last whole block before the
    next attempt, so that it never holds half a block followed by another. Up to
    ``keep_bytes`` of what is safely on the disk stay in memory too, so that a whole
    recording outlives its folder. One thread at a time; every method that touches the disk
    may raise ``OSError`` and can be called again.
    """

    def __init__(self, folder: Path, preamble: bytes, disk: Disk, keep_bytes: int) -> None:
        self.folder = folder
        self.is_whole = True
        """False where a move had to leave behind what only the old folder held."""
        self._preamble = preamble
        self._disk = disk
        self._keep_bytes = keep_bytes
        self._blocks: deque[bytes] = deque()
        self._kept_bytes = 0
        self._released = 0
        self._released_bytes = 0
        self._file: FileIO | None = None
        self._was_open = False
        self._written = 0
        self._good_bytes = 0
        self._synced = 0
        self._synced_bytes = 0
        self.add(preamble)

    @property
    def path(self) -> Path:
        """Where the growing file stands."""
        return self.folder / PART_NAME

    @property
    def size(self) -> int:
        """Bytes of all blocks so far."""
        return self._released_bytes + self._kept_bytes

    @property
    def waiting_bytes(self) -> int:
        """Bytes that only memory is sure to hold."""
        return self.size - self._synced_bytes

    def add(self, block: bytes) -> None:
        """Remember one more block; touches no disk."""
        self._blocks.append(block)
        self._kept_bytes += len(block)

    def write_out(self) -> None:
        """Bring the file up to date."""
        if self._file is None:
            self._file = self._open()
        try:
            if self._written < self._count:
                self._disk.cut(self._file, self._good_bytes)
            while self._written < self._count:
                block = self._blocks[self._written - self._released]
                self._disk.write(self._file, block)
                self._written += 1
                self._good_bytes += len(block)
        except OSError:
            self.let_go()
            raise

    def sync(self) -> None:
        """Return when everything written so far would survive a power cut.

        A sync that went wrong says nothing about which bytes arrived, so all of them since
        the last good one are written again.
        """
        if self._file is None or self._synced == self._written:
            return
        try:
            self._disk.sync(self._file)
            if not self._disk.is_there(self.path, self._file):
                raise FileNotFoundError(f"{self.path} is gone")
        except OSError:
            self.let_go()
            self._written, self._good_bytes = self._synced, self._synced_bytes
            raise
        self._synced, self._synced_bytes = self._written, self._good_bytes
        self._release()

    def let_go(self) -> None:
        """Close the file; the next ``write_out`` opens it again."""
        file, self._file = self._file, None
        if file is not None:
            with contextlib.suppress(OSError):
                file.close()

    def moved_to(self, folder: Path) -> PartFile:
        """Return the same recording in another folder, synced; this one is closed.

        Where the new folder does not take it, nothing has changed.
        """
        there = PartFile(folder, self._preamble, self._disk, self._keep_bytes)
        if self._released:
            there._blocks.clear()
            there._kept_bytes = 0
            there.add(self._released_part() or self._preamble)
            there.is_whole = there.size > len(self._preamble)
        for block in list(self._blocks)[0 if self._released else 1 :]:
            there.add(block)
        try:
            self._disk.make_folder(folder)
            there.write_out()
            there.sync()
        except OSError:
            there.let_go()
            raise
        self.let_go()
        return there

    def finish(self) -> Path:
        """Give the synced file its final name and return its path."""
        self.let_go()
        final = self.folder / FINAL_NAME
        self._disk.place(self.path, final)
        return final

    @property
    def _count(self) -> int:
        return self._released + len(self._blocks)

    def _open(self) -> FileIO:
        if not self._was_open:
            file = self._open_fresh()
            self._was_open = True
            return file
        try:
            file = self._disk.open(self.path, fresh=False)
        except FileNotFoundError:
            if self._released:
                raise
            self._written = self._good_bytes = self._synced = self._synced_bytes = 0
            return self._open_fresh()
        if file.seek(0, 2) < self._good_bytes:
            self._step_back(file)
        return self._locked(file)

    def _open_fresh(self) -> FileIO:
        return self._locked(self._disk.open(self.path, fresh=True))

    def _locked(self, file: FileIO) -> FileIO:
        try_lock(file)  # tells a recovery at the start of another window to keep off
        return file

    def _step_back(self, file: FileIO) -> None:
        """Somebody cut the file: write again everything that memory still has."""
        if file.seek(0, 2) < self._released_bytes:
            file.close()
            raise FileNotFoundError(f"{self.path} was cut short from outside")
        self._written = self._synced = self._released
        self._good_bytes = self._synced_bytes = self._released_bytes

    def _release(self) -> None:
        """Forget the oldest blocks that are safe on the disk, beyond ``keep_bytes``."""
        while self._kept_bytes > self._keep_bytes and self._released < self._synced:
            block = self._blocks.popleft()
            self._kept_bytes -= len(block)
            self._released_bytes += len(block)
            self._released += 1

    def _released_part(self) -> bytes:
        """Return what memory has let go of, from the file; empty where it cannot be read."""
        try:
            return self._disk.read(self.path, self._released_bytes - 1)
        except OSError:
            return b""
