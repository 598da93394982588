"""What a seal needs beside the recording, kept in its folder from the start of an attempt.

So that an attempt that a crash ended can still be sealed and judged.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from labapp.model.canonical import canonical_json
from labapp.model.trouble import LabError
from labapp.store.disk import Disk
from labapp.store.lab_zip import MANIFEST, NotCanonical, pack, unpack
from labapp.store.wording import disk_problem

PENDING_NAME = "pending.zip"
MOST_PENDING_BYTES = 64 * 1024 * 1024


def keep_pending(
    folder: Path,
    manifest: Mapping[str, Any],
    files: Mapping[str, bytes],
    *,
    disk: Disk | None = None,
) -> None:
    """Keep what :func:`labapp.store.evidence.seal` will be given, should it never be called.

    Raises:
        LabError: the disk does not take it.
    """
    disk = disk or Disk()
    path = folder / PENDING_NAME
    try:
        disk.write_whole(path, pack({**files, MANIFEST: canonical_json(dict(manifest))}))
    except OSError as cause:
        raise LabError(disk_problem("evidence", path, cause)) from cause


def read_pending(folder: Path, disk: Disk) -> tuple[dict[str, Any], dict[str, bytes]] | None:
    """Return the manifest and files that were kept, ``None`` where there are none or damaged ones.

    Raises:
        OSError: the disk does not let us read.
    """
    try:
        octets = disk.read(folder / PENDING_NAME, MOST_PENDING_BYTES)
        files = {member.name: member.octets for member in unpack(octets)}
    except (FileNotFoundError, NotCanonical):
        return None
    if pack(files) != octets:
        return None
    manifest = json.loads(files.pop(MANIFEST, b"null"))
    return (manifest, files) if isinstance(manifest, dict) else None
