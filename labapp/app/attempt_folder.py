"""Where one attempt is kept: recorded in a folder of its own, then one file and one report."""

from __future__ import annotations

import contextlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from labapp.app.clock import file_stamp
from labapp.app.paths import spare_folder
from labapp.model.text import Text
from labapp.model.trouble import LabError, Problem

RECORDING_PREFIX = ".recording-"


@dataclass(frozen=True, slots=True)
class AttemptFolder:
    """``recording`` is the folder that the recording grows in; ``home`` keeps what is finished."""

    home: Path
    recording: Path

    @classmethod
    def make(cls, asked: Path | None, attempts: Path, name: str) -> AttemptFolder:
        """Make the folders: in ``asked``, else a new one under ``attempts``.

        Raises:
            LabError: the disk does not let us write there.
        """
        home = asked if asked is not None else attempts / f"{file_stamp()}-{name}"
        try:
            if asked is None:
                home = _unused(home)
            home.mkdir(parents=True, exist_ok=True)
            recording = Path(tempfile.mkdtemp(prefix=RECORDING_PREFIX, dir=home))
        except OSError as cause:
            raise LabError(cannot_write(home, cause)) from cause
        return cls(home, recording)

    def keep(self, sealed: Path) -> Path:
        """Move the sealed file to its place and return that; nothing is ever overwritten."""
        place = _unused(self.home / "attempt.lab")
        try:
            os.replace(sealed, place)
        except OSError:
            return sealed  # kept on another disk; it is safe where it lies
        self._tidy(sealed.parent)
        return place

    def write_report(self, evidence: Path, page: str) -> Path:
        """Write the report beside the evidence, else in the spare folder; return its path.

        Raises:
            LabError: no disk takes it; the evidence is safe.
        """
        number = evidence.stem.removeprefix("attempt")
        path = evidence.with_name(f"report{number}.html")
        try:
            path.write_text(page, encoding="utf-8")
        except OSError:
            with contextlib.suppress(OSError):
                path.unlink()  # what a full disk took of it
            path = self.spare() / path.name
            try:
                path.parent.mkdir(parents=True)
                path.write_text(page, encoding="utf-8")
            except OSError as cause:
                raise LabError(cannot_write(path, cause)) from cause
        return path

    def spare(self) -> Path:
        """Return a folder on another disk than ``home`` as a rule, for when that one is full."""
        return _unused(spare_folder() / self.home.name)

    def _tidy(self, folder: Path) -> None:
        """Remove the recording's folder once it is empty; what is left in it stays."""
        if folder != self.home and not any(folder.iterdir()):
            folder.rmdir()


def keep_recovered(path: Path) -> Path:
    """Move evidence that was sealed after a crash to where attempts are kept; return its path."""
    folder = path.parent
    if path.suffix != ".lab" or not folder.name.startswith(RECORDING_PREFIX):
        return path
    return AttemptFolder(home=folder.parent, recording=folder).keep(path)


def cannot_write(path: Path, cause: OSError) -> Problem:
    """Return the problem of a place that cannot be written."""
    return Problem(
        code="U-WRITE",
        message=Text(
            f"写不进 {path}（{cause.strerror}）。换一个可以写的文件夹再试。",
            f"{path} cannot be written ({cause.strerror}). Choose a folder that can be written.",
        ),
        file=str(path),
    )


def _unused(path: Path) -> Path:
    """Return ``path``, or with a number where something lies there already."""
    number, free = 2, path
    while free.exists():
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
        number += 1
    return free
