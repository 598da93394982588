"""What stands in nobody's way but makes a pack worse: said to its author, never to students.

Mistakes that keep a pack from being used are found when it is read (``load_pack``), but for
those of its scenarios, which only the kit's twin can tell; ``lint`` raises them.
"""

from __future__ import annotations

from labapp.model.text import Text
from labapp.model.trouble import BadInput, Problem
from labapp.packs.findings import Findings
from labapp.packs.lint_criteria import look_at_criteria
from labapp.packs.lint_files import look_at_files, look_at_texts
from labapp.packs.members import PACK_FILE
from labapp.packs.pack import Pack, Step
from labapp.profiles.document import parse_document
from labapp.twins.registry import check_scenario

_LEAST_APART = 24.0
"""Terminals nearer than this, in figure units, cannot be told apart with a finger (WCAG 2.5.8)."""


def lint(pack: Pack) -> tuple[Problem, ...]:
    """Return what an author should look at, in the order of the file ``pack.yaml``.

    Raises:
        BadInput: a scenario has mistakes, or does not fit the kit.
    """
    document = parse_document(_place(pack, PACK_FILE), pack.members[PACK_FILE])
    found = Findings(document)
    _check_scenarios(pack)
    look_at_files(found, pack)
    look_at_texts(found, pack)
    for at, step in enumerate(pack.steps):
        look_at_criteria(found, pack, step, ("steps", at))
        _look_at_terminals(found, step, at)
        _look_at_questions(found, step, at)
    _look_at_objectives(found, pack)
    _look_at_solutions(found, pack)
    _look_at_minutes(found, pack)
    return tuple(sorted(found.problems, key=lambda p: (p.file or "", p.line or 0, p.column or 0)))


def _place(pack: Pack, member: str) -> str:
    return member if pack.folder is None else str(pack.folder / member)


def _check_scenarios(pack: Pack) -> None:
    problems: list[Problem] = []
    for name, source in pack.members.items():
        if name.startswith("scenarios/") and name.endswith(".yaml"):
            place = _place(pack, name)
            try:
                scenario = check_scenario(place, pack.profile, source.decode("utf-8", "replace"))
            except BadInput as trouble:
                problems.extend(trouble.problems)
                continue
            stem = name.removeprefix("scenarios/").removesuffix(".yaml")
            if scenario.id != stem or scenario.kit != pack.kit:
                problems.append(_wrong_scenario(place, stem, pack.kit))
    if problems:
        raise BadInput(*problems)


def _wrong_scenario(place: str, stem: str, kit: str) -> Problem:
    return Problem(
        code="L-SCENARIO",
        message=Text(
            f"这个场景的 id 应当是 {stem}（和文件名一样），kit 应当是 {kit}。",
            f"The id of this scenario has to be {stem}, as the file's name, and its kit {kit}.",
        ),
        file=place,
        line=1,
        column=1,
    )


def _look_at_terminals(found: Findings, step: Step, at: int) -> None:
    for n, terminal in enumerate(step.terminals):
        for other in step.terminals[:n]:
            dx, dy = terminal.at[0] - other.at[0], terminal.at[1] - other.at[1]
            if dx * dx + dy * dy < _LEAST_APART * _LEAST_APART:
                found.say(
                    "L-TERMINALS",
                    ("steps", at, "terminals", n, "at"),
                    f"端子 {terminal.id} 和 {other.id} 离得太近，点不准。隔开 24 以上。",
                    f"Terminals {terminal.id} and {other.id} are too near to be hit. "
                    "Keep them 24 apart or more.",
                )


def _look_at_questions(found: Findings, step: Step, at: int) -> None:
    for n, question in enumerate(step.questions):
        if question.many and len(question.key) == len(question.options):
            found.say(
                "L-ALL-RIGHT",
                ("steps", at, "questions", n, "key"),
                f"问题 {question.id} 的选项全是对的，不用想就能得分。加一个错的选项。",
                f"Every option of question {question.id} is right, so nobody has to think. "
                "Add one that is wrong.",
            )


def _look_at_objectives(found: Findings, pack: Pack) -> None:
    used = {name for step in pack.steps for name in _objectives_of(step)}
    for n, objective in enumerate(pack.objectives):
        if objective.id not in used:
            found.say(
                "L-OBJECTIVE",
                ("objectives", n, "id"),
                f"没有评分项用到目标 {objective.id}，达成度里它会一直空着。",
                f"No item counts towards the objective {objective.id}; it would stay empty.",
            )


def _objectives_of(step: Step) -> list[str]:
    weights = [
        *(criterion.objectives for criterion in step.criteria),
        *(question.objectives for question in step.questions),
        *(answer.objectives for answer in step.answers),
        *(wire.objectives for wire in step.connections),
    ]
    return [name for each in weights for name, _ in each]


def _look_at_solutions(found: Findings, pack: Pack) -> None:
    programmed = [step for step in pack.steps if step.kind in ("program", "challenge")]
    if not programmed:
        return
    if not pack.solutions.reference:
        found.say(
            "L-NO-REFERENCE",
            ("solutions",),
            "没有参考程序，没人能证明这些要求做得到。在 solutions.reference 里写一个。",
            "There is no reference program, so nobody has shown that all this can be done. "
            "Name one under solutions.reference.",
        )
    for at, step in enumerate(pack.steps):
        lost = {i for wrong in pack.solutions.wrong for i in wrong.loses.get(step.id, ())}
        if step not in programmed:
            continue
        for n, criterion in enumerate(step.criteria):
            if criterion.id not in lost:
                found.say(
                    "L-NEVER-LOST",
                    ("steps", at, "criteria", n, "id"),
                    f"没有一个错误程序会丢掉 {criterion.id} 的分。加一个会丢的，证明这一项分得清。",
                    f"No wrong program loses {criterion.id}. Add one that does, to show that the "
                    "item tells right from wrong.",
                )


def _look_at_minutes(found: Findings, pack: Pack) -> None:
    total = sum(step.minutes for step in pack.steps)
    if total != pack.minutes:
        found.say(
            "L-MINUTES",
            ("minutes",),
            f"各步合计 {total} 分钟，项目写的是 {pack.minutes} 分钟。",
            f"The steps take {total} minutes together; the project says {pack.minutes}.",
        )
