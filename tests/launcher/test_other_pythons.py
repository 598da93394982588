"""A Python that cannot run labapp hands over to one that can, or says which it needs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from launcher.main import ROOT

OLD = ("2.7", "3.6", "3.8", "3.10")


@pytest.fixture(params=OLD)
def old_python(request: pytest.FixtureRequest) -> str:
    """Return an older Python of this machine; skip where there is none."""
    version: str = request.param
    pyenv = Path.home() / ".pyenv" / "versions"
    for folder in sorted(pyenv.glob(version + ".*")):
        found = folder / "bin" / ("python" + version)
        if found.exists():
            return str(found)
    named = shutil.which("python" + version)
    if named is None or "shims" in named:
        pytest.skip(f"Python {version} is not on this machine")
    return named


def _lab(python: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [python, str(ROOT / "lab.py"), "--help"],
        capture_output=True,
        encoding="utf-8",
        env={"PATH": str(folder), "LC_ALL": "C.UTF-8"},
        check=False,
    )


@pytest.mark.skipif(os.name == "nt", reason="Windows finds other Pythons with py")
def test_it_hands_over(old_python: str, tmp_path: Path) -> None:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    (tmp_path / f"python{version}").symlink_to(sys.executable)
    done = _lab(old_python, tmp_path)
    assert done.returncode == 0, done.stderr
    assert f"-> python{version}" in done.stderr
    assert "usage: python3 lab.py run" in done.stderr


def test_it_says_which_python_it_needs(old_python: str, tmp_path: Path) -> None:
    done = _lab(old_python, tmp_path)
    assert done.returncode == 2
    assert "labapp needs a 64-bit Python 3.11, 3.12 or 3.13; this one is Python" in done.stderr
    assert "labapp 需要 64 位的 Python" in done.stderr
