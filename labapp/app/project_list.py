"""The installed projects as the home screen shows them, and what a crash left of attempts."""

from __future__ import annotations

import logging
from pathlib import Path

from labapp.app.attempt_folder import keep_recovered
from labapp.app.paths import Paths
from labapp.app.states import ProjectCard
from labapp.app.student_record import StudentRecord
from labapp.coach.walkthrough import StepStatus, Walkthrough
from labapp.model.text import Text
from labapp.model.trouble import BadInput
from labapp.model.work import marks
from labapp.packs.load import find_packs, load_pack
from labapp.packs.pack import Pack
from labapp.store.recover import recover

_log = logging.getLogger(__name__)


def bring_back(paths: Paths) -> None:
    """Seal and keep what a crash or a power cut left half-written of attempts. Any thread."""
    for folder in (paths.attempts, paths.spare):
        for path in recover(folder):
            _log.info("recovered %s", keep_recovered(path))


def list_projects(paths: Paths, student: str) -> tuple[ProjectCard, ...]:
    """Return every project that is installed, with how far ``student`` is. Any thread.

    Broken ones are listed with their problems.
    """
    return tuple(_card(folder, paths, student) for folder in find_packs(paths.projects))


def _card(folder: Path, paths: Paths, student: str) -> ProjectCard:
    try:
        pack = load_pack(folder, paths.projects, paths.profiles)
    except BadInput as trouble:
        return ProjectCard(
            id=folder.name,
            title=Text(folder.name, folder.name),
            summary=trouble.problems[0].message,
            kit="",
            minutes=0,
            done=0,
            total=0,
            points="0",
            max="0",
            state="broken",
            problems=trouble.problems,
        )
    return _sound_card(pack, StudentRecord(paths, student, pack.id))


def _sound_card(pack: Pack, record: StudentRecord) -> ProjectCard:
    way = Walkthrough(pack=pack, results=record.results)
    passed = sum(status == StepStatus.PASSED for status in way.statuses.values())
    coming = way.next_step
    return ProjectCard(
        id=pack.id,
        title=pack.title,
        summary=pack.summary,
        kit=pack.profile.id,
        minutes=pack.minutes,
        done=passed,
        total=len(pack.steps),
        points=marks(way.points),
        max=marks(pack.points),
        state="done" if coming is None else "running" if way.results else "new",
        next_step=None if coming is None else coming.title,
    )
