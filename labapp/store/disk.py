"""Every touch of the file system that the store makes while it must not lose anything.

One small class, so that a test can let the n-th write, sync or rename go wrong.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from threading import Event as _Bell
from typing import Protocol

_WINDOWS = os.name == "nt"
_FIRST_RETRY_S = 0.02
_PATIENCE_S = 5.0  # a virus scanner may hold a new file for seconds
_LOCK_AT = 0x7FFF_FFF0  # one byte far behind any recording; Windows locks are mandatory


class Waits(Protocol):
    """Waits some seconds; what it returns does not matter."""

    def __call__(self, seconds: float, /) -> object:
        """Wait so long."""
        ...


class Disk:
    """The real file system; every method raises ``OSError`` where it cannot do its work.

    ``patience_s`` is how long a rename waits for a program that holds the file (Windows);
    ``wait`` is how it waits.
    """

    def __init__(
        self, *, patience_s: float = _PATIENCE_S if _WINDOWS else 0.0, wait: Waits | None = None
    ) -> None:
        self._patience_s = patience_s
        self._wait: Waits = wait if wait is not None else _Bell().wait

    def make_folder(self, path: Path) -> None:
        """Make a folder and those above it."""
        path.mkdir(parents=True, exist_ok=True)

    def open(self, path: Path, *, fresh: bool) -> FileIO:
        """Open for writing without a buffer; ``fresh`` refuses a file that is there already."""
        return FileIO(path, "xb+" if fresh else "rb+")

    def write(self, file: FileIO, octets: bytes) -> None:
        """Write all of ``octets``, however often the system takes only a part."""
        rest = memoryview(octets)
        while rest:
            taken = file.write(rest)
            if not taken:
                raise OSError("the disk took no bytes")
            rest = rest[taken:]

    def cut(self, file: FileIO, size: int) -> None:
        """Cut the file to ``size`` bytes and stand at its end."""
        file.truncate(size)
        file.seek(size)

    def sync(self, file: FileIO) -> None:
        """Return when the file's bytes would survive a power cut."""
        os.fsync(file.fileno())

    def is_there(self, path: Path, file: FileIO) -> bool:
        """Whether ``path`` still names the open ``file``: a stick may be gone, a folder deleted."""
        try:
            return os.path.samestat(os.stat(path), os.fstat(file.fileno()))
        except FileNotFoundError:
            return False

    def read(self, path: Path, most: int) -> bytes:
        """Return a file's bytes, ``most`` + 1 at most."""
        with FileIO(path, "rb") as file:
            parts, left = [], most + 1
            while left > 0 and (part := file.read(min(left, 1 << 24))):
                parts.append(part)
                left -= len(part)
        return b"".join(parts)

    def replace(self, source: Path, target: Path) -> None:
        """Rename, taking the place of ``target`` in one step."""
        self._patiently(lambda: os.replace(source, target))
        self.sync_folder(target.parent)

    def place(self, source: Path, target: Path) -> None:
        """Rename, and raise ``FileExistsError`` rather than overwrite."""
        self._patiently(lambda: _rename_new(source, target))
        self.sync_folder(target.parent)

    def remove(self, path: Path) -> None:
        """Remove a file; one that is not there is no trouble."""
        self._patiently(lambda: path.unlink(missing_ok=True))

    def sync_folder(self, folder: Path) -> None:
        """Make a rename survive a power cut; Windows has no such call and needs none."""
        if _WINDOWS:
            return
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def write_whole(self, path: Path, octets: bytes) -> None:
        """Put a whole file in place in one step: written aside, synced, renamed."""
        aside = path.with_name(path.name + ".tmp")
        self.write_aside(aside, octets)
        self.replace(aside, path)

    def write_aside(self, aside: Path, octets: bytes) -> None:
        """Write and sync a file that nobody reads yet; nothing of it stays if that fails."""
        self.remove(aside)
        try:
            with self.open(aside, fresh=True) as file:
                self.write(file, octets)
                self.sync(file)
        except OSError:
            with contextlib.suppress(OSError):
                self.remove(aside)
            raise

    def _patiently(self, act: Callable[[], None]) -> None:
        """Try again, with growing waits, while another program holds the file."""
        waited, pause = 0.0, _FIRST_RETRY_S
        while True:
            try:
                return act()
            except PermissionError:
                if waited >= self._patience_s:
                    raise
            self._wait(pause)
            waited += pause
            pause = min(2 * pause, 0.5)


def _rename_new(source: Path, target: Path) -> None:
    if _WINDOWS:
        os.rename(source, target)  # refuses a target that exists
        return
    try:
        os.link(source, target)
    except FileExistsError:
        raise
    except OSError:  # FAT and some network folders have no hard links
        if target.exists():
            raise FileExistsError(target) from None
        os.rename(source, target)
        return
    source.unlink()


def try_lock(file: FileIO) -> bool:
    """Lock an open file for this process until it is closed; return whether that worked.

    Where a file system has no locks (some network folders) it counts as locked.
    """
    if _WINDOWS:
        return _try_lock_windows(file)
    import fcntl

    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def _try_lock_windows(file: FileIO) -> bool:
    import msvcrt

    at = file.tell()
    file.seek(_LOCK_AT)
    try:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
    except OSError:
        return False
    finally:
        file.seek(at)
    return True


@contextmanager
def locked(path: Path, *, patience_s: float = 5.0, wait: Waits | None = None) -> Iterator[bool]:
    """Hold the lock file at ``path``; yield whether it was had within ``patience_s``.

    Raises:
        OSError: the lock file cannot be opened at all.
    """
    pause = wait if wait is not None else _Bell().wait
    with FileIO(path, "ab+") as file:
        waited = 0.0
        held = try_lock(file)
        while not held and waited < patience_s:
            pause(0.05)
            waited += 0.05
            held = try_lock(file)
        yield held
