"""Where an attempt goes whose folder is full, read-only or gone: nothing recorded is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from labapp.coach.sealing import Attempt, seal_attempt
from labapp.model.text import Text
from labapp.model.trouble import LabError, Problem
from labapp.programs.program import Program
from labapp.store.recording import Recorded, RecordingWriter

OnProblem = Callable[[Problem], None]


def finish_somewhere(
    writer: RecordingWriter, end_us: int, spare: Path | None, on_problem: OnProblem
) -> Recorded:
    """Close the recording; where its disk does not take it, in the ``spare`` folder.

    Raises:
        LabError: the spare folder does not take it either, or there is none.
    """
    try:
        return writer.finish(end_us)
    except LabError as trouble:
        if spare is None:
            raise
        writer.move_to(spare)
        _tell(trouble, spare, on_problem)
        return writer.finish(end_us)


def seal_somewhere(
    attempt: Attempt,
    recorded: Recorded,
    program: Program | None,
    spare: Path | None,
    on_problem: OnProblem,
) -> Path:
    """Seal the recording beside itself; where that disk is full, in the ``spare`` folder.

    Raises:
        LabError: no disk takes it; the recording stays where it is.
    """
    try:
        return seal_attempt(attempt, recorded, program)
    except LabError as trouble:
        if spare is None or recorded.path.parent == spare:
            raise
        moved = recorded.copied_to(spare)
        _tell(trouble, spare, on_problem)
        return seal_attempt(attempt, moved, program)


def _tell(trouble: LabError, spare: Path, on_problem: OnProblem) -> None:
    for problem in trouble.problems:
        on_problem(problem)
    on_problem(
        Problem(
            code="A-ELSEWHERE",
            message=Text(
                f"原来的文件夹存不进去，这次的记录改存到 {spare}，数据没有丢。",
                f"The usual folder does not take it; this recording was kept in {spare}. "
                "Nothing was lost.",
            ),
            file=str(spare),
        )
    )
