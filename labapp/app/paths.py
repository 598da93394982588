"""Where things lie on this machine."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import platformdirs

import labapp


@dataclass(frozen=True, slots=True)
class Paths:
    """The folders of one user. ``data`` is the only place that labapp writes to."""

    data: Path
    shipped: Path

    @property
    def projects(self) -> tuple[Path, ...]:
        """Folders with project packs; the user's own is searched first."""
        return (self.data / "projects", self.shipped / "projects")

    @property
    def profiles(self) -> tuple[Path, ...]:
        """Folders with device profiles; the user's own is searched first."""
        return (self.data / "device_profiles", self.shipped / "device_profiles")

    @property
    def attempts(self) -> Path:
        """Folder of sealed evidence and its reports."""
        return self.data / "attempts"

    @property
    def spare(self) -> Path:
        """Where attempts go when ``attempts`` cannot be written."""
        return spare_folder()

    @property
    def programs(self) -> Path:
        """Folder of the programs that students write, one folder a project."""
        return self.data / "programs"

    @property
    def settings(self) -> Path:
        """The settings file."""
        return self.data / "settings.json"

    @property
    def progress(self) -> Path:
        """The file that remembers what was passed."""
        return self.data / "progress.json"

    @property
    def log(self) -> Path:
        """The rotating log."""
        return self.data / "log" / "labapp.log"


def spare_folder() -> Path:
    """Return a folder of this user's own on the disk for temporary files."""
    user = getattr(os, "getuid", lambda: "own")()
    return Path(tempfile.gettempdir()) / f"labapp-{user}" / "attempts"


def find_paths() -> Paths:
    """Return this user's folders; ``LABAPP_DATA`` moves the data folder."""
    chosen = os.environ.get("LABAPP_DATA")
    data = Path(chosen) if chosen else Path(platformdirs.user_data_dir("labapp", appauthor=False))
    return Paths(data=data, shipped=_shipped())


def _shipped() -> Path:
    """Return the folder that holds ``projects`` and ``device_profiles``: a checkout, or the package."""
    package = Path(labapp.__file__).resolve().parent
    checkout = package.parent
    if (checkout / "device_profiles").is_dir():
        return checkout
    return package / "shipped"
