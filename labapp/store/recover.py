"""Brings back what a crash or a power cut left half-written."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

from labapp.model.trouble import Damaged, LabError
from labapp.store.disk import Disk, try_lock
from labapp.store.evidence import SEALED_NAME, seal
from labapp.store.part_file import FINAL_NAME, PART_NAME
from labapp.store.pending import read_pending
from labapp.store.reader import MOST_BYTES, read_recording
from labapp.store.rebuild import rebuild

KEPT_NAME = "recording.mcap.recovered"
"""What the half-written file is called afterwards; it is never removed."""
_DEPTH = 3
_log = logging.getLogger(__name__)


def recover(folder: Path, *, disk: Disk | None = None) -> tuple[Path, ...]:
    """Close and seal what lies unfinished below ``folder``; return the files that this made.

    A half-written recording becomes a whole one of everything intact in it; where its
    attempt left what a seal needs, it becomes sealed evidence, marked ``recovered`` in its
    manifest. One that another window is writing is left alone, and so is one of which
    nothing can be read. Nothing is ever removed but what the sealed file holds, and a second
    call finds nothing left to do. A disk that does not take part is logged.
    """
    disk = disk or Disk()
    made = []
    for place in _places(folder):
        try:
            path = _recover_place(place, disk)
        except (OSError, LabError) as cause:
            _log.warning("could not recover %s: %s", place, cause)
            continue
        if path is not None:
            made.append(path)
    return tuple(made)


def _places(folder: Path) -> Iterator[Path]:
    """Yield the folders in which something unfinished may lie."""
    found = set()
    try:
        for depth in range(_DEPTH):
            for name in (PART_NAME, FINAL_NAME):
                found |= {path.parent for path in folder.glob("*/" * depth + name)}
    except OSError as cause:
        _log.warning("could not look for recordings in %s: %s", folder, cause)
    yield from sorted(found)


def _recover_place(place: Path, disk: Disk) -> Path | None:
    part, whole = place / PART_NAME, place / FINAL_NAME
    was_closed = False
    if part.exists():
        with disk.open(part, fresh=False) as file:
            if not try_lock(file):
                return None
            was_closed = _close(part, whole, disk)
        if not was_closed and not whole.exists():
            return None
        part.rename(_unused(place / KEPT_NAME))
    sealed = _seal(place, disk)
    return sealed if sealed is not None else whole if was_closed else None


def _close(part: Path, whole: Path, disk: Disk) -> bool:
    """Write the whole recording of a part beside it; return whether that was to be done."""
    if whole.exists():  # a crash came just after it was written the last time
        return False
    try:
        recording = read_recording(disk.read(part, MOST_BYTES))
    except Damaged:
        _log.info("nothing can be read of %s", part)
        return False
    aside = whole.with_name(whole.name + ".tmp")
    disk.write_aside(aside, rebuild(recording))
    disk.place(aside, whole)
    return True


def _seal(place: Path, disk: Disk) -> Path | None:
    """Seal a closed recording whose attempt never came to it."""
    if (place / SEALED_NAME).exists() or not (place / FINAL_NAME).exists():
        return None
    pending = read_pending(place, disk)
    if pending is None:
        return None
    manifest, files = pending
    return seal(place, {**manifest, "recovered": True}, files, disk=disk)


def _unused(path: Path) -> Path:
    number, free = 2, path
    while free.exists():
        free = path.with_name(f"{path.name}-{number}")
        number += 1
    return free
