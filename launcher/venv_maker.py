"""Makes an empty virtual environment, also where Debian has split ``venv`` off."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

from labapp.model.text import Text
from launcher import system
from launcher.say import Voice, without_addresses
from launcher.trouble import SetUpFailed


def make_venv(folder: Path, voice: Voice) -> None:
    """Make an environment in an existing folder, without pip where this Python cannot bring it.

    Raises:
        SetUpFailed: neither ``ensurepip`` nor ``pip`` can be had.
    """
    package = f"python3.{sys.version_info.minor}-venv"
    if not _has("ensurepip") and system.can_install():
        system.install([package], voice)
        importlib.invalidate_caches()
    if _has("ensurepip"):
        _venv(folder)
    elif _has("pip"):
        _venv(folder, "--without-pip")
    else:
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
    return importlib.util.find_spec(module) is not None


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
