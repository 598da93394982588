"""``lab.py`` sets up for real, from a lock of one tiny package that lies on this disk."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import zipfile
from pathlib import Path

import pytest

from launcher.main import ROOT
from tests.waiting import wait_for

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.skipif(sys.platform != "linux", reason="looks at processes as Linux shows them"),
]
WHEEL = "tiny-1.0-py3-none-any.whl"
COPIED = ("lab.py", "launcher", "requirements-pip.lock", "labapp/model", "labapp/app/language.py")
# Stands in for labapp: says that the package of the lock is there.
MAIN = "import sys, tiny\nprint('ran', tiny.ONE, *sys.argv[1:])\n"


def _wheel(folder: Path) -> Path:
    inside = {
        "tiny/__init__.py": "ONE = 1\n",
        "tiny-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n",
        "tiny-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: hand\n"
        "Root-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(
        f"{name},sha256={_urlsafe(text)},{len(text.encode())}\n" for name, text in inside.items()
    )
    with zipfile.ZipFile(folder / WHEEL, "w") as wheel:
        for name, text in inside.items():
            wheel.writestr(name, text)
        wheel.writestr("tiny-1.0.dist-info/RECORD", record + "tiny-1.0.dist-info/RECORD,,\n")
    return folder / WHEEL


def _urlsafe(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a checkout whose path has a space and Chinese in it."""
    folder = tmp_path / "实训 台"
    for name in COPIED:
        source, target = ROOT / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    for name in ("labapp", "labapp/app"):
        (folder / name / "__init__.py").write_text("")
    (folder / "labapp" / "__main__.py").write_text(MAIN)
    wheel = _wheel(tmp_path)
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    (folder / "requirements.lock").write_text(f"tiny==1.0 \\\n    --hash=sha256:{digest}\n")
    return folder


def _environ(checkout: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    # The proxy leads nowhere: whatever asked the network would fail.
    return kept | {
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(checkout.parent),
        "https_proxy": "http://127.0.0.1:9",
        "LC_ALL": "C.UTF-8",
    }


def _lab(checkout: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys._base_executable, str(checkout / "lab.py"), "run", *words],  # type: ignore[attr-defined]
        capture_output=True,
        encoding="utf-8",
        env=_environ(checkout),
        cwd=checkout.parent,
        check=False,
    )


def _start(checkout: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys._base_executable, str(checkout / "lab.py"), "run", "again"],  # type: ignore[attr-defined]
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=_environ(checkout),
    )


def test_the_first_start_sets_up_and_the_second_does_nothing(checkout: Path) -> None:
    first = _lab(checkout, "hello", "a b")
    assert first.returncode == 0, first.stderr
    assert first.stdout == "ran 1 hello a b\n"
    assert "making .venv with Python" in first.stderr
    assert "installing 1 packages" in first.stderr
    second = _lab(checkout, "hello")
    assert (second.returncode, second.stdout, second.stderr) == (0, "ran 1 hello\n", "")


def test_the_checkout_may_be_moved(checkout: Path) -> None:
    assert _lab(checkout).returncode == 0
    moved = checkout.rename(checkout.with_name("moved away"))
    done = _lab(moved, "x")
    assert (done.returncode, done.stdout) == (0, "ran 1 x\n"), done.stderr


def test_a_lost_file_is_mended(checkout: Path) -> None:
    assert _lab(checkout).returncode == 0
    lost = next((checkout / ".venv").glob("lib/python3*/site-packages/tiny/__init__.py"))
    lost.unlink()
    done = _lab(checkout, "x")
    assert (done.returncode, done.stdout) == (0, "ran 1 x\n"), done.stderr
    assert "removing the unfinished, damaged or outdated .venv" in done.stderr


def test_killed_while_it_sets_up_it_mends_itself(checkout: Path) -> None:
    with _start(checkout) as started:
        wait_for(lambda: (checkout / ".venv" / "pyvenv.cfg").exists(), 60, "set-up began")
        started.send_signal(signal.SIGKILL)
        started.communicate()
    assert not (checkout / ".venv" / "lab-stamp.json").exists()
    done = _lab(checkout, "x")
    assert (done.returncode, done.stdout) == (0, "ran 1 x\n"), done.stderr


def test_two_starts_at_once_make_one_environment(checkout: Path) -> None:
    told: list[tuple[str, str]] = []
    with _start(checkout) as one, _start(checkout) as two:
        waiters = [
            threading.Thread(target=lambda p=p: told.append(p.communicate())) for p in (one, two)
        ]
        for waiter in waiters:
            waiter.start()
        for waiter in waiters:
            waiter.join()
    assert [out for out, _ in told] == ["ran 1 again\n"] * 2, told
    assert sum("making .venv with" in error for _, error in told) == 1
    assert sum("another lab.py is making .venv" in error for _, error in told) == 1


def test_an_environment_of_somebody_elses_is_kept(checkout: Path) -> None:
    mine = checkout / ".venv" / "mine.txt"
    mine.parent.mkdir()
    mine.write_text("keep me")
    done = _lab(checkout, "x")
    assert done.returncode == 0, done.stderr
    assert (checkout / ".venv.old1" / "mine.txt").read_text() == "keep me"
    assert "was not made by lab.py; it is now called .venv.old1" in done.stderr


def test_a_file_with_another_hash_is_refused(checkout: Path) -> None:
    lock = checkout / "requirements.lock"
    lock.write_text("tiny==1.0 \\\n    --hash=sha256:" + "0" * 64 + "\n")
    done = _lab(checkout)
    assert done.returncode == 1
    assert "does not have the hash in the lock; nothing was installed" in done.stderr


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="changes its user")
def test_a_folder_that_cannot_be_written_is_told(checkout: Path) -> None:
    nobody = 65534
    with tempfile.TemporaryDirectory() as shown_to_all:
        os.chmod(shown_to_all, 0o755)
        folder = shutil.copytree(checkout, Path(shown_to_all) / "a b")
        done = subprocess.run(
            ["/usr/bin/python3", str(folder / "lab.py"), "run"],
            capture_output=True,
            encoding="utf-8",
            env=_environ(checkout),
            user=nobody,
            check=False,
        )
    assert done.returncode == 1
    assert "cannot be written. Copy the whole folder to a place of your own" in done.stderr
