"""What one student did in one project: the best results, and every attempt on the disk."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from pathlib import Path

from labapp.app.kept_grade import KeptGrade, keep_grade, kept_grade
from labapp.app.language import system_language
from labapp.app.paths import Paths
from labapp.app.progress_file import ProgressFile
from labapp.app.states import Finished
from labapp.coach.grader import grade
from labapp.coach.walkthrough import StepResult
from labapp.model.trouble import LabError
from labapp.model.work import Grade
from labapp.report.html import to_html
from labapp.store.evidence import open_evidence, peek_manifest

_log = logging.getLogger(__name__)
_PLACES = ("*/*.lab", "*/*/*.lab")
"""Below the attempts: in an attempt's folder, or where it was recorded if that was all there was."""


class StudentRecord:
    """Remembers results in the progress file, and finds attempts where their evidence lies.

    Any thread; making one costs one small file. A disk that does not take progress is logged:
    the results hold while the app runs, and the evidence has them anyway.
    """

    def __init__(self, paths: Paths, student: str, project: str) -> None:
        self._folders = (paths.attempts, paths.spare)
        self._student = student
        self._project = project
        self._file = ProgressFile(paths.progress)
        self._lock = threading.Lock()
        self._progress = self._file.read(student, project)
        self._known: dict[Path, Finished] | None = None

    @property
    def results(self) -> dict[str, StepResult]:
        """The result that counts of each step that was attempted."""
        return dict(self._progress.results)

    @property
    def last_step(self) -> str:
        """The step that was worked at last, empty at first."""
        return self._progress.last_step

    def last_finished(self, step_id: str) -> Finished | None:
        """Return the newest attempt at a step that still lies on the disk."""
        return next((f for f in self.attempts() if f.grade.step == step_id), None)

    def attempts(self) -> tuple[Finished, ...]:
        """Return every graded attempt that still lies on the disk, newest first.

        The first call reads the folders, and grades evidence that nobody graded, as after a
        crash; its result counts like any other.
        """
        with self._lock:
            if self._known is None:
                self._known = {finished.evidence: finished for finished in self._found()}
            there = [finished for path, finished in self._known.items() if path.exists()]
        return tuple(sorted(there, key=_age, reverse=True))

    def remember_step(self, step_id: str) -> None:
        """Keep where the student is.

        Raises:
            LabError: the disk does not take it; it holds while the app runs.
        """
        with self._lock:
            self._progress = self._progress.at(step_id)
            self._file.write(self._student, self._project, self._progress)

    def keep(self, finished: Finished) -> StepResult:
        """Keep a graded attempt; return the result that counts for its step now."""
        step = finished.grade.step
        with self._lock:
            self._progress = self._progress.with_result(step, StepResult.of(finished.grade))
            if self._known is not None:
                self._known[finished.evidence] = finished
            self._note(finished)
            try:
                self._file.write(self._student, self._project, self._progress)
            except LabError as cause:
                _log.warning("progress is not on the disk: %s", cause)
            return self._progress.results[step]

    def _found(self) -> Iterator[Finished]:
        for folder in self._folders:
            paths = [path for place in _PLACES for path in folder.glob(place)]
            for path in sorted(paths):
                kept = kept_grade(path) or self._graded_now(path)
                if kept is None or kept.student != self._student:
                    continue
                if kept.grade.project == self._project:
                    yield _finished(kept.grade, path)

    def _graded_now(self, path: Path) -> KeptGrade | None:
        """Grade evidence that has no grade beside it; damaged evidence is no attempt."""
        says = peek_manifest(path)
        if says is None or says.get("project") != self._project:
            return None
        if says.get("student", "") != self._student:
            return None
        try:
            evidence = open_evidence(path)
            finished = _finished(grade(evidence), path)
            if not finished.report.exists():
                page = to_html(finished.grade, evidence, None, system_language())
                finished.report.write_text(page, encoding="utf-8")
        except (LabError, OSError) as cause:
            _log.info("no grade for %s: %s", path, cause)
            return None
        result = StepResult.of(finished.grade)
        self._progress = self._progress.with_result(finished.grade.step, result)
        self._note(finished)
        return KeptGrade(self._student, finished.grade)

    def _note(self, finished: Finished) -> None:
        try:
            keep_grade(KeptGrade(self._student, finished.grade), finished.evidence)
        except LabError as cause:
            _log.warning("the grade is not beside its evidence: %s", cause)


def _finished(verdict: Grade, evidence: Path) -> Finished:
    number = evidence.stem.removeprefix("attempt")
    report = evidence.with_name(f"report{number}.html")
    return Finished(grade=verdict, evidence=evidence, report=report)


def _age(finished: Finished) -> tuple[str, str]:
    """Order attempts by the time in their folder's name, then by their number in it."""
    path = finished.evidence
    home = path.parent.parent if path.parent.name.startswith(".") else path.parent
    return home.name, path.stem.removeprefix("attempt").removeprefix("-").zfill(6)
