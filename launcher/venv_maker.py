"""Makes an empty virtual environment, also where Debian has split ``venv`` off."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from labapp.model.text import Text
from launcher import system
from launcher.pip_wheel import fetch_pip
from launcher.say import Voice, without_addresses
from launcher.trouble import SetUpFailed


def make_venv(folder: Path, python: Path, pip_lock: Path, voice: Voice) -> None:
    """Make an environment in an existing folder; ``python`` will be its interpreter.

    Its pip comes with Python (``ensurepip``, which Debian splits off with ``venv`` and is
    installed where that may be done), else this Python's own pip is used, else the one that
    ``pip_lock`` names is downloaded from where pip is set up to look.

    Raises:
        SetUpFailed: ``venv`` is missing, or no pip can be had.
    """
    if not _has("venv") or not (_has("ensurepip") or _has("pip")):
        _bring_venv(voice)
    if _has("ensurepip"):
        _venv(folder)
        return
    _venv(folder, "--without-pip")
    if not _has("pip"):
        with tempfile.TemporaryDirectory() as there:
            wheel = fetch_pip(pip_lock, Path(there), os.environ)
            runnable = str(wheel / "pip")
            _run([str(python), runnable, "install", "--quiet", "--no-index", str(wheel)])


def _bring_venv(voice: Voice) -> None:
    package = f"python3.{sys.version_info.minor}-venv"
    if system.can_install():
        system.install([package], voice)
        importlib.invalidate_caches()
    if not _has("venv"):
        raise SetUpFailed(
            Text(
                f"这个 Python 缺少 venv。先运行：sudo apt-get install {package}",
                f"This Python has no venv. First run: sudo apt-get install {package}",
            )
        )


def pip_of(python: Path, site_packages: Path) -> list[str]:
    """Return the command of an environment's pip: its own, or that of this Python."""
    if (site_packages / "pip").is_dir():
        return [str(python), "-m", "pip"]
    return [sys.executable, "-m", "pip", "--python", str(python)]


def _has(module: str) -> bool:
    found = importlib.util.find_spec(module)
    return found is not None and found.origin is not None  # an empty folder is no module


def _venv(folder: Path, *options: str) -> None:
    _run([sys.executable, "-m", "venv", *options, str(folder)])


def _run(words: list[str]) -> None:
    done = subprocess.run(
        words,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        last = without_addresses(done.stdout.strip().splitlines()[-1] if done.stdout else "?")
        raise SetUpFailed(
            Text(f"建立虚拟环境没有完成：{last}", f"The virtual environment was not made: {last}")
        )
