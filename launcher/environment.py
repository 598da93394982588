"""The virtual environment beside ``lab.py``, made from a lock whose every file has a hash.

A stamp is written last and removed before anything is touched: an environment without a
stamp was interrupted, and is made again. So is one that has lost files since.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from labapp.model.text import Text
from launcher import contents, install, venv_maker
from launcher.one_at_a_time import only_one
from launcher.say import Voice
from launcher.trouble import SetUpFailed

STAMP = "lab-stamp.json"
BUILDING = "lab-building"
FORMAT = 1
# A line that starts with "import" is run by Python's site module: so the checkout is found
# without its name being written down, and may be moved or be called anything.
CHECKOUT_PTH = "import os, sys; sys.path.append(os.path.dirname(sys.prefix))\n"


class Need(Enum):
    """What must be done before an environment can be used."""

    NOTHING = "nothing"
    INSTALL = "install"
    MAKE = "make"


@dataclass(frozen=True, slots=True)
class Stamp:
    """What an environment holds: the Python it was made with and the digests of its locks."""

    python: str
    locks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Environment:
    """A folder, and the locks whose packages it must hold; the last lock holds all of them."""

    folder: Path
    locks: tuple[Path, ...]

    @property
    def pip_lock(self) -> Path:
        """The lock of pip itself, for a Python that has none."""
        return self.locks[-1].with_name("requirements-pip.lock")

    @property
    def python(self) -> Path:
        """The environment's interpreter."""
        windows = os.name == "nt"
        return self.folder / ("Scripts/python.exe" if windows else "bin/python")


def need(stamp: Stamp | None, wanted: Mapping[str, str], python: str) -> Need:
    """Return what an environment with this stamp needs to hold the wanted locks."""
    if stamp is None or stamp.python != python:
        return Need.MAKE
    if any(stamp.locks.get(name, digest) != digest for name, digest in wanted.items()):
        return Need.MAKE
    if any(name not in stamp.locks for name in wanted):
        return Need.INSTALL
    return Need.NOTHING


def read_stamp(folder: Path) -> Stamp | None:
    """Return the stamp of a finished environment; ``None`` where there is none to trust."""
    try:
        known = json.loads((folder / STAMP).read_text("utf-8"))
        if known["format"] != FORMAT:
            return None
        return Stamp(python=str(known["python"]), locks=dict(known["locks"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_stamp(folder: Path, stamp: Stamp) -> None:
    """Write the stamp so that it is there as a whole or not at all."""
    known = {"format": FORMAT, "python": stamp.python, "locks": dict(stamp.locks)}
    part = folder / (STAMP + ".part")
    part.write_text(json.dumps(known), "utf-8")
    os.replace(part, folder / STAMP)


def prepare(environment: Environment, voice: Voice) -> Path:
    """Return the environment's interpreter, making or mending the environment if it must.

    Raises:
        SetUpFailed: with the reason and what to do.
    """
    wanted = {lock.name: _digest(lock) for lock in environment.locks}
    if _need_now(environment, wanted) is not Need.NOTHING:
        try:
            with only_one(environment.folder, voice) as held:
                _mend(environment, wanted, held, voice)
        except PermissionError as cause:
            raise SetUpFailed(_not_writable(cause)) from cause
    return environment.python


def _mend(environment: Environment, wanted: Mapping[str, str], held: int, voice: Voice) -> None:
    """Do what is needed; asks again, as another start may just have done it."""
    folder = environment.folder
    what = _need_now(environment, wanted)
    if what is Need.NOTHING:
        return
    before = read_stamp(folder) if what is Need.INSTALL else None
    if what is Need.MAKE:
        _make(environment, voice)
    (folder / BUILDING).touch()
    (folder / STAMP).unlink(missing_ok=True)
    pip = venv_maker.pip_of(environment.python, _site_packages(folder))
    install.install(pip, environment.locks[-1], held, voice)
    contents.remember(folder, _site_packages(folder))
    locks = {**(before.locks if before else {}), **wanted}
    write_stamp(folder, Stamp(_this_python(), locks))
    (folder / BUILDING).unlink()


def _make(environment: Environment, voice: Voice) -> None:
    folder = environment.folder
    if folder.exists():
        ours = (folder / STAMP).exists() or (folder / BUILDING).exists()
        _remove(folder, voice) if ours else _set_aside(folder, voice)
    folder.mkdir(parents=True)
    (folder / BUILDING).touch()
    version = sys.version.split()[0]
    with voice.step(
        Text(
            f"用 Python {version} 建立 {folder.name}", f"making {folder.name} with Python {version}"
        )
    ):
        venv_maker.make_venv(folder, environment.python, environment.pip_lock, voice)
    (_site_packages(folder) / "labapp-checkout.pth").write_text(CHECKOUT_PTH, "ascii")


def _remove(folder: Path, voice: Voice) -> None:
    with voice.step(
        Text(
            f"清除不完整、损坏或过期的 {folder.name}",
            f"removing the unfinished, damaged or outdated {folder.name}",
        )
    ):
        shutil.rmtree(folder)


def _set_aside(folder: Path, voice: Voice) -> None:
    """Keep an environment that somebody else made: it may be wanted."""
    count = 1
    while (aside := folder.with_name(f"{folder.name}.old{count}")).exists():
        count += 1
    folder.rename(aside)
    voice.say(
        Text(
            f"{folder.name} 不是 lab.py 建立的，已改名为 {aside.name}",
            f"{folder.name} was not made by lab.py; it is now called {aside.name}",
        )
    )


def _need_now(environment: Environment, wanted: Mapping[str, str]) -> Need:
    stamp = read_stamp(environment.folder)
    return need(stamp if _is_whole(environment) else None, wanted, _this_python())


def _is_whole(environment: Environment) -> bool:
    """Whether the interpreter (a link may point nowhere) and all of the packages are there."""
    folder = environment.folder
    if not environment.python.exists() or not (folder / "pyvenv.cfg").is_file():
        return False
    return contents.first_damaged(folder, _site_packages(folder)) is None


def _this_python() -> str:
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def _digest(lock: Path) -> str:
    # Line ends are evened out: a Windows checkout holds the same lock.
    return hashlib.sha256(lock.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def _site_packages(folder: Path) -> Path:
    return folder / ("Lib" if os.name == "nt" else f"lib/python{_this_python()}") / "site-packages"


def _not_writable(cause: PermissionError) -> Text:
    name = cause.filename or "?"
    if os.name == "nt":  # a file that is in use cannot be replaced there
        return Text(
            f"不能写入 {name}。关掉还开着的 labapp 再运行；文件夹是别人的，就复制到自己的目录再运行。",
            f"{name} cannot be written. Close the labapp that is still open and run again; if the"
            " folder is somebody else's, copy it to a place of your own and start there.",
        )
    return Text(
        f"不能写入 {name}。把整个文件夹复制到自己的目录再运行，或由它的所有者先运行一次 lab.py。",
        f"{name} cannot be written. Copy the whole folder to a place of your own and start there,"
        " or let its owner run lab.py once.",
    )


def clean_environ(environ: Mapping[str, str]) -> dict[str, str]:
    """Return an environment in which only the virtual environment's packages are seen."""
    foreign = ("PYTHONHOME", "PYTHONPATH", "__PYVENV_LAUNCHER__")
    clean = {name: value for name, value in environ.items() if name not in foreign}
    # A file of the student's called random.py must not stand in for the standard one.
    return {**clean, "PYTHONSAFEPATH": "1", "PYTHONUTF8": "1"}
