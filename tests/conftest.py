"""What every test may rely on, and what no test may leave behind."""

from __future__ import annotations

import importlib.util
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.left_behind import Leftovers, UnexpectedLogs

# Before anything imports Qt: no window of a test needs a display.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

IN_CI = any(os.environ.get(name, "").lower() in ("1", "true") for name in ("CI", "LABAPP_CI"))
UI_TESTS = Path(__file__).parent / "ui"
HAS_QT = importlib.util.find_spec("PySide6") is not None
HAS_PYTEST_QT = importlib.util.find_spec("pytestqt") is not None

# On a shared machine an example's time says nothing. In CI the same examples come each time;
# elsewhere new ones are tried, and those that failed are remembered.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, database=None)
settings.load_profile("ci" if IN_CI else "here")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Know pytest-qt's settings also where it is not installed."""
    if not HAS_PYTEST_QT:
        parser.addini("qt_api", "unused without pytest-qt")
        parser.addini("qt_log_level_fail", "unused without pytest-qt")


def pytest_report_header() -> str:
    """Say whether the window is tested at all."""
    return "window: " + ("tested offscreen" if HAS_QT else "NOT tested, PySide6 is not installed")


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave the window's tests out where there is no Qt."""
    return True if not HAS_QT and collection_path == UI_TESTS else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by where they are and what they ask for."""
    for item in items:
        if UI_TESTS in item.path.parents:
            item.add_marker("gui")
        if "peer" in getattr(item, "fixturenames", ()):
            item.add_marker("peer")


@pytest.fixture(scope="session", autouse=True)
def _own_data_folder() -> Iterator[None]:
    """Keep tests out of the user's own folder."""
    with tempfile.TemporaryDirectory(prefix="labapp-tests-") as folder:
        os.environ["LABAPP_DATA"] = folder
        yield


@pytest.fixture(autouse=True)
def _nothing_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves a thread, process, socket, task, timer or window behind."""
    leftovers = Leftovers(gui=request.node.get_closest_marker("gui") is not None)
    with leftovers.watched_timers():
        yield
    found = leftovers.found()
    if found:
        pytest.fail("left behind by the test:\n  " + "\n  ".join(found), pytrace=False)


@pytest.fixture(autouse=True)
def expected_logs() -> Iterator[Callable[[str], None]]:
    """Fail on log records from WARNING up; call it with a regular expression to expect some."""
    logs = UnexpectedLogs()
    with logs:
        yield logs.expect
    if logs.found:
        pytest.fail("unexpected log records:\n  " + "\n  ".join(logs.found), pytrace=False)


@pytest.fixture
def peer() -> Callable[[str], str]:
    """Return the path of another author's program; skip without it, fail in CI.

    ``peer("libmodbus")`` asks for its header, a compiler and pkg-config, and returns the compiler.
    """
    return _peer


def _peer(name: str) -> str:
    found = _libmodbus() if name == "libmodbus" else shutil.which(name)
    if found is not None:
        return found
    why = f"{name} is not installed; as root, python3 lab.py test installs it on Debian"
    if IN_CI:
        pytest.fail(why, pytrace=False)
    pytest.skip(why)


def _libmodbus() -> str | None:
    header = Path("/usr/include/modbus/modbus.h")
    return shutil.which("gcc") if header.exists() and shutil.which("pkg-config") else None
