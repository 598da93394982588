"""What the workspace shows of a project, worked out without Qt: steps, checks, the next action."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from labapp.app.states import BenchPhase, BenchState, Finished, RunPhase, RunState
from labapp.coach.walkthrough import StepStatus
from labapp.criteria.say import sentence
from labapp.model.text import Text, same
from labapp.model.verdict import Outcome
from labapp.model.work import Item, marks
from labapp.packs.pack import Pack, Step, StepKind
from labapp.ui.widgets.status import WAITING, Status, status_of

KIND_WORDS: dict[StepKind, Text] = {
    "read": Text("认识", "Read"),
    "wire": Text("接线", "Wire"),
    "connect": Text("连接", "Connect"),
    "measure": Text("测量", "Measure"),
    "quiz": Text("测验", "Quiz"),
    "program": Text("编程", "Program"),
    "challenge": Text("挑战", "Challenge"),
}
BENCH_KINDS: frozenset[StepKind] = frozenset({"connect", "measure", "program", "challenge"})
CODE_KINDS: frozenset[StepKind] = frozenset({"program", "challenge"})
DASH = same("—")


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """One line of the step list; a group's first step carries the group's title."""

    id: str
    number: int
    title: Text
    group: Text | None
    status: StepStatus
    note: Text
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRow:
    """One line of the checks panel; ``goto`` says that a curve shows why.

    ``sentence`` is the whole promise in words, for who wants to read it.
    """

    id: str
    title: Text
    status: Status
    measured: Text
    required: Text
    why: Text | None = None
    goto: bool = False
    sentence: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """The one thing to do next in a step. ``why_not`` is set where it cannot be done now.

    ``open`` goes to the tab that ``tab`` names; the others act on the attempt.
    """

    name: Literal["open", "submit", "start", "stop", "wait"]
    text: Text
    glyph: str | None
    why_not: Text | None = None
    danger: bool = False
    tab: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """How far the student is in a step.

    ``tab`` is the open tab and ``code`` the kind of program that runs; ``missing`` counts
    answers still to give, ``recording`` says that readings are being recorded, so that numbers
    can be read off them, ``passed`` that the step was passed before.
    """

    tab: str = "lesson"
    code: Literal["rules", "python"] = "rules"
    missing: int = 0
    recording: bool = False
    passed: bool = False


def points_words(points: Fraction) -> Text:
    """Return ``20 分`` and ``20 points``."""
    number = marks(points)
    return Text(f"{number} 分", f"{number} point" + ("" if number == "1" else "s"))


def minutes_words(minutes: int) -> Text:
    """Return ``约 12 分钟`` and ``about 12 min``."""
    return Text(f"约 {minutes} 分钟", f"about {minutes} min")


def step_rows(pack: Pack, statuses: dict[str, StepStatus], current: str) -> tuple[StepRow, ...]:
    """Return the lines of the step list in the pack's order."""
    titles = {group.id: group.title for group in pack.groups}
    rows, last_group = [], None
    for number, step in enumerate(pack.steps, start=1):
        status = statuses.get(step.id, StepStatus.LOCKED)
        group = titles.get(step.group) if step.group is not None else None
        fresh = step.group is not None and step.group != last_group
        last_group = step.group
        rows.append(
            StepRow(
                id=step.id, number=number, title=step.title, group=group if fresh else None,
                status=status, note=_note(step, status, step.id == current),
                current=step.id == current,
            )
        )  # fmt: skip
    return tuple(rows)


def _note(step: Step, status: StepStatus, current: bool) -> Text:
    worth = points_words(step.points)
    match status:
        case StepStatus.PASSED:
            return Text(f"已通过，{worth.zh}", f"Passed, {worth.en}")
        case StepStatus.INCONCLUSIVE:
            return Text("无法判定，可重测", "Cannot tell, measure again")
        case StepStatus.FAILED:
            return Text("未通过，可重做", "Not passed, try again")
        case _ if current:
            return Text(f"进行中，{worth.zh}", f"Under way, {worth.en}")
        case _:
            return Text(f"{step.minutes} 分钟，{worth.zh}", f"{step.minutes} min, {worth.en}")


def live_items(step: Step, run: RunState, finished: Finished | None) -> tuple[Item, ...]:
    """Return the verdicts to show: those of the attempt under way, else of the last one."""
    if run.step == step.id and run.phase not in (RunPhase.IDLE, RunPhase.DONE):
        return run.items
    return finished.grade.items if finished is not None else ()


def is_running(step: Step, run: RunState) -> bool:
    """Return whether an attempt at this step is under way."""
    return run.step == step.id and run.phase in (RunPhase.STARTING, RunPhase.RUNNING)


def check_rows(
    step: Step, items: Sequence[Item], *, running: bool, names: dict[str, Text]
) -> tuple[CheckRow, ...]:
    """Return a line for each criterion and wire of the step.

    Questions and readings show their verdicts where they are answered, not here.
    """
    judged = {item.id: item for item in items}
    rows = []
    for criterion in step.criteria:
        item = judged.get(criterion.id)
        if item is not None:
            rows.append(_judged_row(item, running))
            continue
        said = {lang: sentence(criterion.bound.check, lang, names) for lang in ("zh", "en")}
        rows.append(
            CheckRow(
                id=criterion.id, title=criterion.title, status=WAITING, measured=DASH,
                required=same(""), sentence=Text(said["zh"], said["en"]),
            )
        )  # fmt: skip
    known = {c.id for c in step.criteria} | {q.id for q in step.questions}
    known |= {answer.id for answer in step.answers}
    rows += [_judged_row(item, running) for item in items if item.id not in known]
    return tuple(rows)


def _judged_row(item: Item, running: bool) -> CheckRow:
    needs_why = item.outcome in (Outcome.NOT_MET, Outcome.ERROR) or (
        not running and item.outcome != Outcome.MET
    )
    return CheckRow(
        id=item.id, title=item.title, status=status_of(item.outcome, running=running),
        measured=item.measured or same(""), required=item.required or same(""),
        why=item.say if needs_why else None,
        goto=item.outcome == Outcome.NOT_MET and bool(item.cites),
    )  # fmt: skip


def count_words(rows: Sequence[CheckRow]) -> Text:
    """Return how many checks are passed, and how many are left."""
    total = len(rows)
    passed = sum(row.status.tone == "pass" for row in rows)
    unsure = sum(row.status.tone == "warn" for row in rows)
    if not total:
        return same("")
    if passed == total:
        return Text(f"{total} 项全部通过", f"all {total} passed")
    zh, en = f"{passed} / {total} 通过", f"{passed} of {total} passed"
    if unsure:
        return Text(f"{zh}，{unsure} 项无法判定", f"{en}, {unsure} undecided")
    return Text(f"{zh}，还差 {total - passed} 项", f"{en}, {total - passed} to go")


def bench_why_not(bench: BenchState) -> Text | None:
    """Return why nothing can be recorded now, or ``None`` where it can."""
    match bench.phase:
        case BenchPhase.ONLINE | BenchPhase.DEGRADED:
            return None
        case BenchPhase.LOST:
            return Text("重连后可用", "Available once the link is back")
        case BenchPhase.CONNECTING:
            return Text("正在连接套件", "Connecting to the kit")
        case _:
            return Text("先连接套件", "Connect a kit first")


def tabs_of(step: Step) -> tuple[tuple[str, Text], ...]:
    """Return the tabs of a step: what to read, where to work, and what was done before."""
    tabs = [("lesson", Text("说明", "Guide"))]
    if step.questions:
        tabs.append(("quiz", Text("答题", "Questions")))
    if step.connections:
        tabs.append(("wires", Text("接线", "Wires")))
    if step.answers:
        tabs.append(("answers", Text("读数", "Readings")))
    if step.kind in CODE_KINDS:
        tabs += [("rules", Text("规则", "Rules")), ("python", same("Python"))]
    return (*tabs, ("records", Text("记录", "Records")))


def stop_action(step: Step, run: RunState) -> Action | None:
    """Return how the attempt that runs at this step is ended, ``None`` where none runs."""
    if not is_running(step, run):
        return None
    zh = "停止挑战" if step.kind == "challenge" else "停止并评分"
    en = "Stop challenge" if step.kind == "challenge" else "Stop and grade"
    return Action(name="stop", text=Text(zh, en), glyph="stop", danger=True)


def next_action(step: Step, run: RunState, bench: BenchState, work: Work) -> Action | None:
    """Return the main action of the step bar; ``None`` while there is nothing to do but wait."""
    if run.phase == RunPhase.GRADING and run.step == step.id:
        return Action(name="wait", text=Text("正在评分", "Grading"), glyph=None,
                      why_not=Text("马上就好", "Nearly there"))  # fmt: skip
    if is_running(step, run):
        return _reading_action(work) if step.answers and work.recording else None
    if run.phase not in (RunPhase.IDLE, RunPhase.DONE):
        elsewhere = Text(
            "另一步正在录制，先停下它", "Another step is being recorded; stop it first"
        )
        return _start_action(step, elsewhere, work)
    if step.kind not in BENCH_KINDS:
        return _answer_action(step, work)
    return _start_action(step, bench_why_not(bench), work)


def _answer_action(step: Step, work: Work) -> Action:
    if step.connections:
        if work.tab == "lesson":
            return _open("wires", Text("开始接线", "Start wiring"))
        none = Text("先接一根线", "Connect a wire first") if work.missing else None
        return Action(name="submit", text=Text("检查接线", "Check wiring"), glyph="check",
                      why_not=none)  # fmt: skip
    if step.questions:
        if work.tab == "lesson":
            return _open("quiz", Text("去答题", "To the questions"))
        return Action(name="submit", text=Text("提交答案", "Hand in answers"), glyph="check",
                      why_not=_missing_words(work.missing))  # fmt: skip
    return Action(name="submit", text=Text("读完了", "I have read it"), glyph="check")


def _reading_action(work: Work) -> Action:
    if work.tab != "answers":
        return _open("answers", Text("填读数", "Fill in readings"))
    left = work.missing
    why = Text(f"还有 {left} 个读数没有填", f"{left} still to fill in") if left else None
    return Action(name="submit", text=Text("提交读数", "Hand in"), glyph="check", why_not=why)


def _missing_words(missing: int) -> Text | None:
    if not missing:
        return None
    plural = "" if missing == 1 else "s"
    return Text(f"还有 {missing} 题没有作答", f"{missing} question{plural} left")


def _open(tab: str, text: Text) -> Action:
    return Action(name="open", text=text, glyph="arrow-right", tab=tab)


def _start_action(step: Step, why_not: Text | None, work: Work) -> Action:
    again = Text("再做一次", "Do it again")
    match step.kind:
        case "connect":
            text = again if work.passed else Text("开始检查", "Start check")
        case "measure":
            text = again if work.passed else Text("开始测量", "Start measuring")
        case "challenge":
            text = Text("开始挑战", "Start challenge")
        case _ if work.code == "python":
            text = Text("运行程序", "Run program")
        case _:
            text = Text("运行规则", "Run rules")
    return Action(name="start", text=text, glyph="play", why_not=why_not)
