"""A lock between processes, so that two starts at once do not make one environment twice."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from labapp.model.text import Text
from launcher.say import Voice


@contextmanager
def only_one(folder: Path, voice: Voice) -> Iterator[int]:
    """Hold the lock of a folder; the system frees it, however this process ends.

    Yields the lock's file descriptor. A child that inherits it holds the lock too: so an
    installation whose launcher was killed ends before the next one begins.

    Raises:
        PermissionError: the folder's parent cannot be written.
    """
    with folder.with_name(folder.name + ".lock").open("a+b") as held:
        if not _try_lock(held):
            voice.say(
                Text(
                    f"另一个 lab.py 正在建立 {folder.name}，等它完成",
                    f"another lab.py is making {folder.name}; waiting for it",
                )
            )
            _wait_lock(held)
        yield held.fileno()


if sys.platform == "win32":
    import msvcrt

    def _try_lock(held: IO[bytes]) -> bool:
        held.seek(0)
        try:
            msvcrt.locking(held.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _wait_lock(held: IO[bytes]) -> None:
        while True:
            held.seek(0)
            try:
                msvcrt.locking(held.fileno(), msvcrt.LK_LOCK, 1)  # waits for ten seconds
            except OSError:
                continue
            return

else:
    import fcntl

    def _try_lock(held: IO[bytes]) -> bool:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def _wait_lock(held: IO[bytes]) -> None:
        fcntl.flock(held, fcntl.LOCK_EX)
