"""The app without a face: settings, projects, and the project that is open."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from labapp.app.logs import start_log
from labapp.app.paths import Paths
from labapp.app.settings import Settings, load_settings, save_settings
from labapp.app.states import AppEvent, ProjectCard, ProjectsChanged, Told
from labapp.model.clock import Clock

if TYPE_CHECKING:
    from labapp.app.desk import Desk

Listener = Callable[[AppEvent], None]


class LabApp:
    """One running app. A context manager; ``close`` leaves nothing behind.

    Listeners are called in whatever thread has news, and must return at once.

    Packs, store and programs are imported by what needs them, so that the window can be there
    first. What a crash left of attempts is brought back before projects are listed or opened.
    """

    def __init__(self, paths: Paths, clock: Clock) -> None:
        self.paths = paths
        self.settings: Settings = load_settings(paths.settings)
        self.desk: Desk | None = None
        self._clock = clock
        self._listeners: list[Listener] = []
        self._lock = threading.Lock()
        self._log_handler = start_log(paths.log)
        self._recovering = threading.Lock()
        self._recovered = False

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
            from labapp.app.attempt_folder import cannot_write

            self._publish(Told(cannot_write(self.paths.settings, cause)))

    # ------------------------------------------------------------------ projects

    def projects(self) -> tuple[ProjectCard, ...]:
        """Return every project that is installed, broken ones with their problems. Any thread."""
        from labapp.app.project_list import list_projects

        self._recover()
        return list_projects(self.paths, self.settings.student)

    def open_project(self, project_id: str) -> Desk:
        """Open a project, closing the one that was open.

        Raises:
            BadInput: there is none of that id, or it has mistakes.
        """
        from labapp.app.desk import Desk
        from labapp.app.student_record import StudentRecord
        from labapp.packs.load import load_pack

        self._recover()
        pack = load_pack(project_id, self.paths.projects, self.paths.profiles)
        self.close_project()
        self.desk = Desk(
            pack,
            self.paths,
            self._clock,
            StudentRecord(self.paths, self.settings.student, pack.id),
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

    def _recover(self) -> None:
        """Bring back, once, what a crash left; whoever comes meanwhile waits until it is back."""
        from labapp.app.project_list import bring_back

        with self._recovering:
            if not self._recovered:
                bring_back(self.paths)
                self._recovered = True
