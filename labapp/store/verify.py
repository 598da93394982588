"""Checks sealed evidence and says where it is not what was sealed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labapp.model.trouble import Damaged, Problem
from labapp.store.disk import Disk
from labapp.store.evidence import read_lab
from labapp.store.examine import examine, head_code
from labapp.store.lab_zip import MANIFEST
from labapp.store.locate import Damage


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What checking found. ``head_code`` is empty where the manifest cannot be read."""

    head_code: str
    chain: str
    problems: tuple[Problem, ...]
    damage: tuple[Damage, ...]

    @property
    def ok(self) -> bool:
        """Whether every byte is what was sealed."""
        return not self.problems

    def to_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "ok": self.ok,
            "head_code": self.head_code,
            "chain": self.chain,
            "damage": [each.to_json() for each in self.damage],
            "errors": [problem.to_json() for problem in self.problems],
        }


def verify(path: Path, *, disk: Disk | None = None) -> Report:
    """Return what is wrong with sealed evidence; nothing, if it is whole.

    Raises:
        LabError: there is no such file, or it cannot be read.
    """
    try:
        octets = read_lab(path, disk or Disk())
    except Damaged as trouble:
        return Report(head_code="", chain="", problems=trouble.problems, damage=())
    found = examine(octets, path)
    manifest = found.members.get(MANIFEST)
    return Report(
        head_code="" if manifest is None or found.problems else head_code(manifest),
        chain="" if found.recording is None else found.recording.head,
        problems=found.problems,
        damage=found.damage,
    )
