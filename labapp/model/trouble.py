"""Mistakes that a person can mend, and how each is told."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from labapp.model.text import Text


class ExitCode(IntEnum):
    """What a command ends with; fixed by the published command line."""

    DONE = 0
    USAGE = 2
    BAD_INPUT = 3
    NO_KIT = 4
    DAMAGED = 5
    PROGRAM_FAILED = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One mistake: a stable code, where it stands, what happened and what to do.

    ``line`` and ``column`` count from 1; ``path`` is the place inside the document,
    like ``points.3.unit``. A message never blames and never ends in an exclamation mark.
    """

    code: str
    message: Text
    file: str | None = None
    line: int | None = None
    column: int | None = None
    path: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the published form of an error."""
        return {
            "code": self.code,
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "path": self.path,
            "message": self.message.to_json(),
        }

    @property
    def where(self) -> str:
        """``file:line:column`` as far as it is known, else an empty string."""
        parts = [self.file, self.line, self.column]
        known = [str(p) for p in parts if p is not None]
        return ":".join(known)


class LabError(Exception):
    """The only exception whose text people read; anything else is a bug of ours.

    Carries one problem or, where a whole file was checked, all of them.
    """

    exit_code: ExitCode = ExitCode.USAGE

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(f"{p.where} {p.code} {p.message.en}".strip() for p in problems))
        self.problems = problems


class BadInput(LabError):
    """A pack, profile, scenario, program or criterion that cannot be used as it stands."""

    exit_code = ExitCode.BAD_INPUT


class NoKit(LabError):
    """No kit answers at the other end, or its link is lost for good."""

    exit_code = ExitCode.NO_KIT


class Damaged(LabError):
    """Evidence that is not what was sealed."""

    exit_code = ExitCode.DAMAGED


class ProgramFailed(LabError):
    """A student's program ended with an error of its own."""

    exit_code = ExitCode.PROGRAM_FAILED
