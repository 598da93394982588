"""One face for all tests of the window, and a stage that is cleared after each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from labapp.app.settings import Settings
from labapp.ui.look import Look
from labapp.ui.run_window import Face
from tests.ui.shots import Stage

SIZE = (1366, 700)
MakeStage = Callable[..., Stage]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the offscreen platform say that it cannot raise windows or pass size hints on."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support", extend=True))


@pytest.fixture(scope="session")
def face(qapp: QApplication) -> Face:
    """Return style, palette and words of the application."""
    return Face(qapp, Settings(lang="zh", theme="light"))


@pytest.fixture
def look(face: Face) -> Look:
    """Return the look, Chinese and light."""
    face.look.say.switch("zh")
    face.look.theme.choose("light")
    face.look.theme.set_text_percent(100)
    face.look.theme.set_wide(False)
    return face.look


@pytest.fixture
def make_stage(face: Face, look: Look, qtbot: QtBot) -> Iterator[MakeStage]:
    """Return a way to make stages; they are closed after the test."""
    made: list[Stage] = []

    def make(*, size: tuple[int, int] = SIZE, **choices: object) -> Stage:
        usual = Settings(lang="zh", theme="light", student="林小满", seat="12")
        stage = Stage(face, usual.with_(**choices), size)
        made.append(stage)
        return stage

    yield make
    for stage in made:
        stage.close()


@pytest.fixture
def stage(make_stage: MakeStage) -> Stage:
    """Return one stage, Chinese and light, 1366 by 700."""
    return make_stage()
