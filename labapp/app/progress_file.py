"""The file that remembers what was passed: all students of this user account, kept apart."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from labapp.coach.walkthrough import StepResult
from labapp.model.trouble import LabError
from labapp.model.verdict import Outcome
from labapp.store.disk import Disk, locked
from labapp.store.wording import disk_problem

FORMAT = "labapp.progress/1"
MOST_BYTES = 64 * 1024 * 1024
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one student is in one project."""

    last_step: str = ""
    results: Mapping[str, StepResult] = field(default_factory=dict)

    def at(self, step_id: str) -> Progress:
        """Return the progress with another current step."""
        return replace(self, last_step=step_id)

    def with_result(self, step_id: str, result: StepResult) -> Progress:
        """Return the progress after another attempt; a worse one takes nothing away."""
        better = result.better(self.results.get(step_id))
        return replace(self, results={**self.results, step_id: better})

    def merged(self, other: Progress) -> Progress:
        """Return this progress with the results that only ``other`` has, or has better."""
        both = dict(other.results)
        for step_id, result in self.results.items():
            both[step_id] = result.better(both.get(step_id))
        return replace(self, results=both)

    def to_json(self) -> dict[str, Any]:
        """Return the form in the file; points are exact fractions."""
        results = {
            step_id: {
                "outcome": result.outcome.value,
                "points": str(result.points),
                "max": str(result.max),
            }
            for step_id, result in sorted(self.results.items())
        }
        return {"last_step": self.last_step, "results": results}


class ProgressFile:
    """Reads and writes the file; every write is whole, and keeps what others wrote meanwhile."""

    def __init__(self, path: Path, *, disk: Disk | None = None) -> None:
        self._path = path
        self._disk = disk or Disk()

    def read(self, student: str, project: str) -> Progress:
        """Return what is known; nothing, where the file is missing or cannot be read."""
        return _progress(self._students().get(student, {}), project)

    def write(self, student: str, project: str, progress: Progress) -> None:
        """Put one student's progress in one project into the file.

        A file that cannot be understood is set aside under another name, never overwritten.

        Raises:
            LabError: the disk does not take it.
        """
        try:
            self._disk.make_folder(self._path.parent)
            with locked(self._path.with_name(self._path.name + ".lock")):
                students = self._students(set_aside=True)
                projects = dict(_object(students.get(student)))
                known = _progress(projects, project)
                projects[project] = progress.merged(known).to_json()
                body = {"format": FORMAT, "students": {**students, student: projects}}
                text = json.dumps(body, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
                self._disk.write_whole(self._path, text.encode("utf-8", "replace"))
        except OSError as cause:
            raise LabError(disk_problem("progress", self._path, cause)) from cause

    def _students(self, *, set_aside: bool = False) -> dict[str, Any]:
        try:
            body = json.loads(self._disk.read(self._path, MOST_BYTES))
        except OSError:
            return {}
        except (ValueError, RecursionError):
            body = None
        students = body.get("students") if isinstance(body, dict) else None
        if isinstance(students, dict) and body.get("format") == FORMAT:
            return students
        if set_aside:
            self._set_aside()
        return {}

    def _set_aside(self) -> None:
        number, free = 1, self._path.with_name(f"{self._path.name}.damaged")
        while free.exists():
            number += 1
            free = self._path.with_name(f"{self._path.name}.damaged-{number}")
        os.replace(self._path, free)
        _log.warning("%s could not be understood; it is kept as %s", self._path, free.name)


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _progress(projects: object, project: str) -> Progress:
    """Return a student's progress; what does not fit is left out and the rest is kept."""
    body = _object(_object(projects).get(project))
    results = {
        str(step_id): result
        for step_id, each in _object(body.get("results")).items()
        if (result := _result(each)) is not None
    }
    last = body.get("last_step")
    return Progress(last if isinstance(last, str) else "", results)


def _result(value: object) -> StepResult | None:
    try:
        match value:
            case {"outcome": str(outcome), "points": str(points), "max": str(most)}:
                return StepResult(
                    outcome=Outcome(outcome), points=Fraction(points), max=Fraction(most)
                )
    except (ValueError, ZeroDivisionError):
        return None
    return None
