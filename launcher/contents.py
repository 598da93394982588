"""Remembers which files an environment holds, so that damage is seen without the network."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

LIST = "lab-files.json"
# Python writes these again by itself.
_MADE_BY_PYTHON = "__pycache__"


def remember(folder: Path, packages: Path) -> None:
    """Write down every file of ``packages``, a folder inside ``folder``, with its size."""
    sizes = dict(_files(str(packages)))
    (folder / LIST).write_text(json.dumps(sizes), "utf-8")


def first_damaged(folder: Path, packages: Path) -> str | None:
    """Return a file that is missing or has another size than remembered; ``None`` if all is whole.

    Files that were added since are nobody's damage.
    """
    try:
        known = json.loads((folder / LIST).read_text("utf-8"))
        found = dict(_files(str(packages)))
    except (OSError, ValueError):
        return LIST
    if not isinstance(known, dict):
        return LIST
    return next((name for name, size in known.items() if found.get(name) != size), None)


def _files(folder: str, prefix: str = "") -> Iterator[tuple[str, int]]:
    """Yield each file below a folder, by its name with slashes, and its size in bytes."""
    with os.scandir(folder) as entries:
        for entry in entries:
            name = prefix + entry.name
            if not entry.is_dir(follow_symlinks=False):
                yield name, entry.stat(follow_symlinks=False).st_size
            elif entry.name != _MADE_BY_PYTHON:
                yield from _files(entry.path, name + "/")
