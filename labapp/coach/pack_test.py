"""Tests a pack's rubric on what must earn everything, what must lose marks, and what must earn nothing.

Everything goes the way of a student's attempt: lockstep bench, sealed file, grader.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path

from labapp.coach.answers import Answers
from labapp.coach.grader import grade, judge_criterion
from labapp.coach.lockstep import LockstepPlan, run_lockstep
from labapp.coach.mark_answers import mark_number, mark_question, mark_wires, statistic_of
from labapp.coach.mutants import Mutant, mutants
from labapp.coach.proofs import PackReport, Proof
from labapp.model.text import Text
from labapp.model.trace import Trace
from labapp.model.verdict import Outcome
from labapp.model.work import Grade, Item, marks
from labapp.packs.pack import Pack, Step, WrongSolution
from labapp.programs.kit_access import facts_of
from labapp.programs.open_program import open_program
from labapp.programs.program import Program
from labapp.store.evidence import Evidence, open_evidence

Say = Callable[[Text], None]

_FULL = Text("满分", "full marks")
_MOST_UNTOUCHED = Text("一项也不通过", "no item is met")


def test_pack(pack: Pack, profile_folders: Sequence[Path], *, say: Say) -> PackReport:
    """Put the pack's rubric to the proof; ``say`` is told of each proof as it is made.

    ``profile_folders`` is where the kit's profile came from; sealed evidence brings its own.

    Raises:
        BadInput: a solution cannot be run at all.
        LabError: there is no room to work in.
    """
    proofs = []
    with tempfile.TemporaryDirectory(prefix="labapp-pack-test-") as folder:
        bench = _Bench(pack, Path(folder))
        for proof in _proofs(pack, bench):
            say(proof.line())
            proofs.append(proof)
    return PackReport(
        pack=pack.id,
        version=pack.version,
        proofs=tuple(proofs),
        tolerated=tuple(sorted(pack.solutions.tolerated)),
    )


# The name is the command's; it is no test of ours.
test_pack.__test__ = False  # type: ignore[attr-defined]


class _Bench:
    """Makes attempts in a folder of its own, one after another."""

    def __init__(self, pack: Pack, folder: Path) -> None:
        self._pack = pack
        self._folder = folder
        self._made = 0

    def attempt(
        self, step: Step, solution: str | None = None, answers: Answers | None = None
    ) -> Evidence:
        """Make one attempt at ``step``, with a program of the pack if ``solution`` names one."""
        self._made += 1
        here = self._folder / f"{self._made}"
        work = here / "work"
        work.mkdir(parents=True)
        plan = LockstepPlan(pack=self._pack, step=step, answers=answers or Answers())
        program = None if solution is None else self._program(solution, work)
        sealed = run_lockstep(plan, here / "recording", program)
        return open_evidence(sealed)

    def _program(self, member: str, work: Path) -> Program:
        source = self._pack.members[member]
        return open_program(source, member, facts_of(self._pack.profile), work)


def _proofs(pack: Pack, bench: _Bench) -> Iterator[Proof]:
    for step in pack.steps:
        if step.kind in ("program", "challenge"):
            yield from _prove_programs(pack, step, bench)
        elif step.needs_recording:
            yield _prove_recorded(step, bench, pack)
        else:
            yield from _prove_answers(step)


# ---------------------------------------------------------------------- programs


def _prove_programs(pack: Pack, step: Step, bench: _Bench) -> Iterator[Proof]:
    references = pack.solutions.reference
    for number, reference in enumerate(references):
        evidence = bench.attempt(step, reference)
        result = grade(evidence)
        yield _full(step, Path(reference).name, result)
        if number == 0:
            yield _same_twice(step, reference, result, grade(bench.attempt(step, reference)))
            yield from _prove_mutants(pack, step, evidence.trace(pack.profile))
    yield _prove_untouched(step, grade(bench.attempt(step)))
    for wrong in pack.solutions.wrong:
        if step.id in wrong.loses:
            yield _prove_wrong(step, wrong, grade(bench.attempt(step, wrong.file)))


def _full(step: Step, what: str, result: Grade) -> Proof:
    return Proof(
        kind="reference",
        step=step.id,
        what=what,
        ok=result.outcome == Outcome.MET and result.points == result.max,
        wanted=_FULL,
        seen=_score(result.items),
    )


def _same_twice(step: Step, reference: str, first: Grade, second: Grade) -> Proof:
    digests = [result.to_json()["digest"] for result in (first, second)]
    return Proof(
        kind="same-twice",
        step=step.id,
        what=Path(reference).name,
        ok=digests[0] == digests[1],
        wanted=Text("两次的摘要一样", "the same digest twice"),
        seen=Text(*[" / ".join(sorted({digest[:19] for digest in digests}))] * 2),
    )


def _prove_untouched(step: Step, result: Grade) -> Proof:
    """A kit that nobody touched earns nothing: no item is met by waiting."""
    return Proof(
        kind="untouched",
        step=step.id,
        what="—",
        ok=not any(item.outcome == Outcome.MET for item in result.items),
        wanted=_MOST_UNTOUCHED,
        seen=_score(result.items),
    )


def _prove_wrong(step: Step, wrong: WrongSolution, result: Grade) -> Proof:
    lost = {item.id for item in result.items if item.outcome != Outcome.MET}
    wanted = wrong.loses[step.id]
    return Proof(
        kind="wrong",
        step=step.id,
        what=Path(wrong.file).name,
        ok=lost == wanted,
        wanted=_lost(wanted),
        seen=_lost(lost),
    )


def _lost(names: frozenset[str] | set[str]) -> Text:
    if not names:
        return Text("不丢分", "loses nothing")
    listed = ", ".join(sorted(names))
    return Text(f"丢 {listed}", f"loses {listed}")


# ---------------------------------------------------------------------- changed recordings


def _prove_mutants(pack: Pack, step: Step, trace: Trace) -> Iterator[Proof]:
    judged = {name for criterion in step.criteria for name in criterion.bound.points}
    driven = tuple(point.id for point in pack.profile.driven if point.id in judged)
    for mutant in mutants(trace, driven):
        if mutant.id in pack.solutions.tolerated:
            continue
        items = [judge_criterion(criterion, mutant.trace) for criterion in step.criteria]
        yield _prove_mutant(step, mutant, items)


def _prove_mutant(step: Step, mutant: Mutant, items: list[Item]) -> Proof:
    outcomes = [item.outcome for item in items]
    match mutant.wanted:
        case "loses":
            ok = any(outcome != Outcome.MET for outcome in outcomes)
            wanted = Text("丢分", "loses marks")
        case "earns-nothing":
            ok = Outcome.MET not in outcomes
            wanted = _MOST_UNTOUCHED
        case "spares":
            ok = Outcome.NOT_MET not in outcomes and any(o != Outcome.MET for o in outcomes)
            wanted = Text("没有一项因为缺数据而不通过", "no item fails for missing data")
    return Proof(
        kind="mutant",
        step=step.id,
        what=mutant.id,
        ok=ok,
        wanted=wanted,
        seen=_lost({item.id for item in items if item.outcome != Outcome.MET}),
    )


# ---------------------------------------------------------------------- answers


def _prove_recorded(step: Step, bench: _Bench, pack: Pack) -> Proof:
    """A step without a program: record, read the numbers off, and they are right."""
    evidence = bench.attempt(step)
    trace = evidence.trace(pack.profile)
    numbers = {}
    for answer in step.answers:
        value = statistic_of(answer, trace)
        numbers[answer.id] = "" if value is None else str(float(round(value, answer.decimals)))
    given = Answers(numbers=numbers)
    items = [judge_criterion(criterion, trace) for criterion in step.criteria]
    items += [mark_number(answer, given, trace) for answer in step.answers]
    return _right(step, items)


def _prove_answers(step: Step) -> Iterator[Proof]:
    """A step of choices and wires: the key earns everything, a blank sheet nothing."""
    choices = {question.id: tuple(sorted(question.key)) for question in step.questions}
    wires = tuple((wire.a, wire.b) for wire in step.connections)
    yield _right(step, _marked(step, Answers(choices=choices, wires=wires)))
    blank = _marked(step, Answers())
    yield Proof(
        kind="untouched",
        step=step.id,
        what="—",
        ok=not any(item.points for item in blank),
        wanted=_MOST_UNTOUCHED,
        seen=_score(blank),
    )


def _marked(step: Step, answers: Answers) -> list[Item]:
    return [*(mark_question(q, answers) for q in step.questions), *mark_wires(step, answers)]


def _right(step: Step, items: list[Item]) -> Proof:
    return Proof(
        kind="answers",
        step=step.id,
        what="—",
        ok=bool(items) and all(item.outcome == Outcome.MET for item in items),
        wanted=_FULL,
        seen=_score(items),
    )


def _score(items: Sequence[Item]) -> Text:
    earned = marks(sum((item.points for item in items), Fraction(0)))
    most = marks(sum((item.max for item in items), Fraction(0)))
    open_items = [item.id for item in items if item.outcome != Outcome.MET]
    score = f"{earned}/{most}"
    if not open_items or len(open_items) == len(items):
        return Text(score, score)
    return Text(
        f"{score}，没有通过 {', '.join(open_items)}", f"{score}, not met: {', '.join(open_items)}"
    )
