"""The app without a face: projects, settings, and a step that is handed in without a kit."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from labapp.app.clock import SystemClock
from labapp.app.lab_app import LabApp
from labapp.app.paths import Paths
from labapp.app.settings import Settings, load_settings, save_settings
from labapp.app.states import AppEvent, AttemptGraded, ProjectsChanged, Told
from labapp.coach.walkthrough import StepStatus
from labapp.model.trouble import BadInput
from labapp.store.evidence import open_evidence
from tests.packs.small_pack import PROFILES, write_pack

WIRES = {"wires": [["p1", "p2"], ["p4", "p3"]]}


class Heard:
    """What the app tells, and a way to wait for it."""

    def __init__(self) -> None:
        self.events: list[AppEvent] = []
        self.is_graded = threading.Event()

    def __call__(self, event: AppEvent) -> None:
        self.events.append(event)
        if isinstance(event, AttemptGraded):
            self.is_graded.set()

    @property
    def graded(self) -> list[AttemptGraded]:
        """The attempts that were graded."""
        return [event for event in self.events if isinstance(event, AttemptGraded)]


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    """A user with one project, and the kits that are shipped."""
    write_pack(tmp_path / "data" / "projects" / "small")
    return Paths(data=tmp_path / "data", shipped=_shipped(tmp_path))


def _shipped(tmp_path: Path) -> Path:
    folder = tmp_path / "shipped" / "device_profiles"
    folder.mkdir(parents=True)
    for path in PROFILES.glob("fire-safety*"):
        (folder / path.name).write_bytes(path.read_bytes())
    return folder.parent


@pytest.fixture
def app(paths: Paths) -> Iterator[LabApp]:
    """A running app."""
    with LabApp(paths, SystemClock()) as running:
        yield running


def test_projects_are_listed_with_how_far_they_are(app: LabApp) -> None:
    (card,) = app.projects()
    assert (card.id, card.state, card.done, card.total, card.max) == ("small", "new", 0, 2, "10")


def test_a_broken_project_is_listed_with_its_problems(app: LabApp, paths: Paths) -> None:
    (paths.data / "projects" / "odd").mkdir()
    (paths.data / "projects" / "odd" / "pack.yaml").write_text("schema: 5\n", encoding="utf-8")
    broken = next(card for card in app.projects() if card.id == "odd")
    assert broken.state == "broken"
    assert broken.problems[0].line is not None
    with pytest.raises(BadInput):
        app.open_project("odd")
    with pytest.raises(BadInput):
        app.open_project("nothing")


def test_answers_are_sealed_graded_and_remembered(app: LabApp, paths: Paths) -> None:
    heard = Heard()
    app.change(student="李雷", seat="12")
    app.subscribe(heard)
    desk = app.open_project("small")
    assert desk.step.id == "wire"
    assert desk.walkthrough.status("alarm") == StepStatus.LOCKED
    desk.submit(WIRES)
    assert heard.is_graded.wait(10)
    (event,) = heard.graded
    assert event.finished.grade.points == 4
    assert open_evidence(event.finished.evidence).manifest["seat"] == "12"
    assert event.finished.report.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert desk.attempts() == (event.finished,)
    assert desk.last_finished("wire") == event.finished
    assert desk.walkthrough.status("alarm") == StepStatus.READY
    desk.select_step("alarm")
    app.close_project()
    assert isinstance(heard.events[-1], ProjectsChanged)
    assert [event for event in heard.events if isinstance(event, Told)] == []
    with LabApp(paths, SystemClock()) as later:
        (card,) = later.projects()
        assert (card.state, card.done, card.points) == ("running", 1, "4")
        assert later.open_project("small").step.id == "alarm"
        later.change(student="韩梅梅")
        (card,) = later.projects()
        assert (card.state, card.done) == ("new", 0)


def test_answers_that_cannot_be_read_are_told(app: LabApp) -> None:
    heard = Heard()
    app.subscribe(heard)
    desk = app.open_project("small")
    desk.submit({"wires": "all of them"})
    assert [event.problem.code for event in heard.events if isinstance(event, Told)] == [
        "U-ANSWERS"
    ]


def test_a_start_without_a_kit_is_told(app: LabApp) -> None:
    heard, told = Heard(), threading.Event()
    app.subscribe(heard)
    app.subscribe(lambda event: told.set() if isinstance(event, Told) else None)
    app.open_project("small").start()
    assert told.wait(10)
    (event,) = [event for event in heard.events if isinstance(event, Told)]
    assert event.problem.code == "A-NO-KIT"


def test_whoever_leaves_hears_nothing_more(app: LabApp) -> None:
    heard = Heard()
    leave = app.subscribe(heard)
    leave()
    leave()
    app.open_project("small")
    app.close_project()
    assert heard.events == []


def test_settings_are_kept_and_damage_takes_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "new" / "settings.json"
    settings = Settings(
        lang="en", theme="dark", text_percent=125, student="李雷", window=(1, 2, 3, 4)
    )
    save_settings(settings, path)
    assert load_settings(path) == settings
    path.write_text('{"lang": "fr", "theme": "dark", "window": "x", "seat": 5, "odd": 1}', "utf-8")
    found = load_settings(path)
    assert (found.theme, found.window, found.seat) == ("dark", (), "")
    for content in ("", "[]", "{", "\ufeff"):
        path.write_text(content, encoding="utf-8")
        assert load_settings(path).theme == "auto"
