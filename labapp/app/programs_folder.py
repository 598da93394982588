"""The programs that a student writes, kept by project; nothing typed is ever lost."""

from __future__ import annotations

import os
from pathlib import Path

from labapp.packs.pack import Pack

FILES = {"python": "program.py", "rules": "rules.yaml"}
_PYTHON = """\
from labkit import kit, sleep

while True:
    # 读传感器，写输出。例如：kit.buzzer = kit.flame is not None and kit.flame > 30
    # Read sensors, drive outputs. For example: kit.buzzer = kit.flame is not None and kit.flame > 30
    sleep(0.1)
"""
_RULES = "rules: []\n"


class ProgramsFolder:
    """One project's programs of one user."""

    def __init__(self, folder: Path, pack: Pack) -> None:
        self._folder = folder / pack.id
        self._pack = pack

    def text(self, kind: str) -> str:
        """Return what was written last, else what the pack starts with, else a bare beginning."""
        name = FILES[kind]
        try:
            return (self._folder / name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return self.starter(kind)

    def starter(self, kind: str) -> str:
        """Return what the pack starts with, else a bare beginning."""
        starter = self._pack.members.get(f"starters/{FILES[kind]}")
        if starter is not None:
            return starter.decode("utf-8")
        return _PYTHON if kind == "python" else _RULES

    def save(self, kind: str, source: str) -> None:
        """Keep a program whole or leave the old one.

        Raises:
            OSError: the folder cannot be written.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        place = self._folder / FILES[kind]
        fresh = place.with_suffix(".new")
        fresh.write_text(source, encoding="utf-8", newline="\n")
        os.replace(fresh, place)
