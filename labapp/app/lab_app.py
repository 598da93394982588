"""The app without a face: settings, projects, and the project that is open."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from labapp.app.attempt_folder import cannot_write, keep_recovered
from labapp.app.desk import Desk
from labapp.app.logs import start_log
from labapp.app.paths import Paths
from labapp.app.settings import Settings, load_settings, save_settings
from labapp.app.states import AppEvent, ProjectCard, ProjectsChanged, Told
from labapp.app.student_record import StudentRecord
from labapp.coach.walkthrough import StepStatus, Walkthrough
from labapp.model.clock import Clock
from labapp.model.text import Text
from labapp.model.trouble import BadInput
from labapp.model.work import marks
from labapp.packs.load import find_packs, load_pack
from labapp.packs.pack import Pack
from labapp.store.recover import recover

_log = logging.getLogger(__name__)
Listener = Callable[[AppEvent], None]


class LabApp:
    """One running app. A context manager; ``close`` leaves nothing behind.

    Listeners are called in whatever thread has news, and must return at once.
    """

    def __init__(self, paths: Paths, clock: Clock) -> None:
        self.paths = paths
        self.settings: Settings = load_settings(paths.settings)
        self.desk: Desk | None = None
        self._clock = clock
        self._listeners: list[Listener] = []
        self._lock = threading.Lock()
        self._log_handler = start_log(paths.log)
        self._recover()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the open project, wait for the disk, and let go of the log."""
        self.close_project()
        handler, self._log_handler = self._log_handler, None
        if handler is not None:
            logging.getLogger("labapp").removeHandler(handler)
            handler.close()

    # ------------------------------------------------------------------ news

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Let ``listener`` hear everything from now on; call what is returned to end that."""
        with self._lock:
            self._listeners.append(listener)

        def leave() -> None:
            with self._lock:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return leave

    def _publish(self, event: AppEvent) -> None:
        with self._lock:
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener(event)

    # ------------------------------------------------------------------ settings

    def change(self, **choices: Any) -> None:
        """Change settings and keep them; a disk that does not take them is told, and they hold for now."""
        self.settings = self.settings.with_(**choices)
        try:
            save_settings(self.settings, self.paths.settings)
        except OSError as cause:
            self._publish(Told(cannot_write(self.paths.settings, cause)))

    # ------------------------------------------------------------------ projects

    def projects(self) -> tuple[ProjectCard, ...]:
        """Return every project that is installed, broken ones with their problems."""
        return tuple(self._card(folder) for folder in find_packs(self.paths.projects))

    def open_project(self, project_id: str) -> Desk:
        """Open a project, closing the one that was open.

        Raises:
            BadInput: there is none of that id, or it has mistakes.
        """
        pack = load_pack(project_id, self.paths.projects, self.paths.profiles)
        self.close_project()
        self.desk = Desk(
            pack,
            self.paths,
            self._clock,
            self._record(pack.id),
            lambda: self.settings,
            self._publish,
        )
        self.change(last_project=pack.id)
        return self.desk

    def close_project(self) -> None:
        """Close the open project: its attempt is sealed, its kit is left safe."""
        desk, self.desk = self.desk, None
        if desk is not None:
            desk.close()
            self._publish(ProjectsChanged())

    def _record(self, project: str) -> StudentRecord:
        return StudentRecord(self.paths, self.settings.student, project)

    def _card(self, folder: Path) -> ProjectCard:
        try:
            pack = load_pack(folder, self.paths.projects, self.paths.profiles)
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
        return self._sound_card(pack)

    def _sound_card(self, pack: Pack) -> ProjectCard:
        way = Walkthrough(pack=pack, results=self._record(pack.id).results)
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

    def _recover(self) -> None:
        """Bring back what a crash or a power cut left half-written."""
        for folder in (self.paths.attempts, self.paths.spare):
            for path in recover(folder):
                _log.info("recovered %s", keep_recovered(path))
