"""One attempt from order to report, without a window."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from labapp.app.attempt_folder import AttemptFolder
from labapp.app.clock import SystemClock, wall_time
from labapp.app.live_run import run_live
from labapp.app.paths import Paths
from labapp.coach.answer_ids import check_ids
from labapp.coach.answers import Answers
from labapp.coach.grader import grade
from labapp.coach.lockstep import LockstepPlan, run_lockstep
from labapp.model.text import Lang, Text
from labapp.model.trouble import BadInput, Problem
from labapp.model.work import Grade
from labapp.packs.load import load_pack
from labapp.packs.pack import Pack, Step
from labapp.programs.kit_access import facts_of
from labapp.programs.open_program import open_program
from labapp.programs.program import Program
from labapp.report.html import to_html
from labapp.store.evidence import open_evidence
from labapp.transport.kit_url import KitUrl

REFERENCE = "reference"
Progress = Callable[[float, Text], None]
Note = Callable[[Text], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to attempt; what is ``None`` is chosen by the pack."""

    project: str
    step: str | None = None
    program: str | None = None
    answers: Path | None = None
    kit: str = "twin:"
    scenario: str | None = None
    seed: int | None = None
    clock: str | None = None
    out: Path | None = None
    lang: Lang = "zh"


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A graded attempt; ``failure`` is what the program ended with, where it failed.

    ``lost`` says why the kit was away at the end, where it was.
    """

    grade: Grade
    evidence: Path
    report: Path
    failure: Problem | None
    lost: Problem | None = None


def make_attempt(order: Order, paths: Paths, progress: Progress, note: Note) -> Done:
    """Make one attempt, seal it, grade it from the sealed file and write its report.

    Raises:
        BadInput: the pack, step, scenario, program or answers cannot be used.
        NoKit: the bench cannot be reached.
        LabError: nothing can be written to the folder asked for.
    """
    pack = load_pack(order.project, paths.projects, paths.profiles)
    step = step_of(pack, order.step)
    answers = read_answers(order.answers, pack)
    url = KitUrl.parse(order.kit)
    folder = AttemptFolder.make(order.out, paths.attempts, f"{pack.id}-{step.id}")
    lost = None
    with ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="labapp-program-")))
        program = None if order.program is None else program_of(order.program, pack, work)
        plan = LockstepPlan(
            pack=pack,
            step=step,
            scenario=order.scenario,
            seed=order.seed,
            answers=answers,
            when=wall_time(),
        )
        say = Text(f"{step.title.zh}：正在运行", f"{step.title.en}: running")
        if url.scheme == "twin" and order.clock != "live":
            sealed = run_lockstep(
                plan,
                folder.recording,
                program,
                lambda done: progress(done, say),
                spare=folder.spare(),
                on_problem=lambda problem: note(problem.message),
            )
        else:
            run = run_live(plan, url, folder, program, paths, SystemClock(), progress, note)
            sealed, lost = run.sealed, run.lost
        progress(1.0, say)
        failure = None if program is None else program.failure
    evidence = folder.keep(sealed)
    return replace(finish(evidence, order.lang, failure, folder), lost=lost)


def finish(evidence: Path, lang: Lang, failure: Problem | None, folder: AttemptFolder) -> Done:
    """Grade sealed evidence and write the report beside it."""
    sealed = open_evidence(evidence)
    verdict = grade(sealed)
    report = folder.write_report(evidence, to_html(verdict, sealed, None, lang))
    return Done(grade=verdict, evidence=evidence, report=report, failure=failure)


def step_of(pack: Pack, asked: str | None) -> Step:
    """Return the step asked for, else the first with a scenario, else the first.

    Raises:
        BadInput: the pack has no such step.
    """
    if asked is None:
        return pack.first_scenario_step or pack.steps[0]
    step = pack.step(asked)
    if step is None:
        names = ", ".join(step.id for step in pack.steps)
        raise BadInput(
            Problem(
                code="P-NO-STEP",
                message=Text(
                    f"{pack.id} 没有叫 {asked} 的步骤。它有：{names.replace(', ', '、')}。",
                    f"{pack.id} has no step called {asked}. It has: {names}.",
                ),
            )
        )
    return step


def program_of(asked: str, pack: Pack, work: Path) -> Program:
    """Return the program of a file, or the pack's reference solution, ready to run.

    Raises:
        BadInput: there is no such program, or it has mistakes that keep it from running.
    """
    filename, source = _source_of(asked, pack)
    program = open_program(source, filename, facts_of(pack.profile), work)
    problems = program.check()
    if problems:
        raise BadInput(*problems)
    return program


def _source_of(asked: str, pack: Pack) -> tuple[str, bytes]:
    if asked == REFERENCE:
        if not pack.solutions.reference:
            raise BadInput(
                Problem(
                    code="P-NO-REFERENCE",
                    message=Text(
                        f"{pack.id} 没有参考程序。用 --program 指定一个文件。",
                        f"{pack.id} has no reference program. Name a file with --program.",
                    ),
                )
            )
        member = pack.solutions.reference[0]
        return member, pack.members[member]
    try:
        return asked, Path(asked).read_bytes()
    except OSError as cause:
        raise BadInput(_unreadable(asked, cause)) from cause


def read_answers(path: Path | None, pack: Pack) -> Answers:
    """Return the answers of a JSON file, checked against ``pack``; none without one.

    Raises:
        BadInput: the file cannot be read as answers.
    """
    if path is None:
        return Answers()
    try:
        value = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as cause:
        raise BadInput(_unreadable(str(path), cause)) from cause
    except (ValueError, RecursionError) as cause:
        line = getattr(cause, "lineno", None)
        column = getattr(cause, "colno", None)
        raise BadInput(
            Problem(
                code="U-JSON",
                message=Text(
                    f"{path.name} 不是 JSON（{cause}）。核对引号、逗号和括号。",
                    f"{path.name} is not JSON ({cause}). Check quotes, commas and brackets.",
                ),
                file=str(path),
                line=line,
                column=column,
            )
        ) from cause
    answers = Answers.from_json(value, str(path))
    check_ids(answers, pack, str(path))
    return answers


def _unreadable(path: str, cause: OSError) -> Problem:
    if isinstance(cause, FileNotFoundError):
        said = Text(f"没有文件 {path}。核对路径。", f"There is no file {path}. Check the path.")
    else:
        said = Text(
            f"读不了 {path}（{cause.strerror}）。换一个能读的文件。",
            f"{path} cannot be read ({cause.strerror}). Choose a file that can be read.",
        )
    return Problem(code="U-READ", message=said, file=path)
