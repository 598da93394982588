"""The fire alarm as it is shipped: complete in two languages, drawn right, and judged right."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import pytest

from labapp.coach import pack_test
from labapp.coach.answers import Answers
from labapp.coach.grader import grade
from labapp.coach.lockstep import LockstepPlan, find_scenario, run_lockstep
from labapp.coach.mark_answers import harmful_wire, mark_question, mark_wires
from labapp.model.verdict import Outcome
from labapp.model.work import Grade
from labapp.packs.lint import lint
from labapp.packs.load import load_pack
from labapp.packs.pack import Pack, Step
from labapp.programs.kit_access import facts_of
from labapp.programs.open_program import open_program
from labapp.store.evidence import open_evidence
from labapp.twins.registry import kind_of

ROOT = Path(__file__).parents[2]
PROJECT = ROOT / "projects" / "fire-alarm"
REFERENCES = ("solutions/reference.py", "solutions/reference.yaml")
# What messages and lessons never say: blame, shouting, and bare standards of safety.
SHOUTED = re.compile(r"[!！]|错误|失败|非法|禁止")


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(PROJECT, [ROOT / "projects"], [ROOT / "device_profiles"])


def step_of(pack: Pack, name: str) -> Step:
    step = pack.step(name)
    assert step is not None
    return step


def graded(pack: Pack, folder: Path, step: str, program: str | None, seed: int | None) -> Grade:
    """Make one attempt and grade it from the sealed file."""
    work = folder / "work"
    work.mkdir(parents=True)
    plan = LockstepPlan(pack=pack, step=step_of(pack, step), seed=seed)
    made = None
    if program is not None:
        made = open_program(pack.members[program], program, facts_of(pack.profile), work)
        assert made.check() == ()
    sealed = run_lockstep(plan, folder / "recording", made)
    assert made is None or made.failure is None
    return grade(open_evidence(sealed))


# ---------------------------------------------------------------------- the pack as data


def test_it_has_every_kind_of_step_and_a_hundred_marks(pack: Pack) -> None:
    assert [step.kind for step in pack.steps] == [
        "read", "wire", "connect", "measure", "quiz", "program", "challenge",
    ]  # fmt: skip
    assert pack.points == Fraction(100)
    assert pack.first_scenario_step is step_of(pack, "challenge")
    assert step_of(pack, "challenge").points == Fraction(20)
    assert len(step_of(pack, "challenge").criteria) >= 6
    assert sum(step.minutes for step in pack.steps) == pack.minutes


def test_there_is_nothing_for_its_author_to_mend(pack: Pack) -> None:
    assert [(finding.where, finding.code) for finding in lint(pack)] == []


def test_every_item_counts_towards_an_objective(pack: Pack) -> None:
    for step in pack.steps:
        weights = [(c.id, c.objectives) for c in step.criteria]
        weights += [(q.id, q.objectives) for q in step.questions]
        weights += [(a.id, a.objectives) for a in step.answers]
        weights += [(w.id, w.objectives) for w in step.connections]
        assert weights
        assert [name for name, objectives in weights if not objectives] == []


def test_lessons_neither_shout_nor_blame(pack: Pack) -> None:
    for step in pack.steps:
        for text in (step.text, step.title, *step.hints):
            for words in (text.zh, text.en):
                assert not SHOUTED.search(re.sub(r"!\[", "[", words)), f"{step.id}: {words[:40]}"


def test_the_kit_is_never_passed_off_as_a_certified_product(pack: Pack) -> None:
    for name, words in (("know", "没有经过消防产品认证"), ("challenge", "不是经过认证的消防产品")):
        assert words in step_of(pack, name).text.zh
    assert "not certified" in step_of(pack, "know").text.en


def test_programs_begin_with_something_that_runs(pack: Pack, tmp_path: Path) -> None:
    for name in ("starters/program.py", "starters/rules.yaml"):
        program = open_program(pack.members[name], name, facts_of(pack.profile), tmp_path)
        assert program.check() == (), name


@pytest.mark.parametrize("name", ["evening", "flaming", "smouldering", "toast", "practice"])
def test_each_scenario_can_be_played_for_every_seed(pack: Pack, name: str) -> None:
    scenario = find_scenario(pack, name)
    assert scenario is not None
    scenario.check(kind_of(pack.profile).kit)
    assert scenario.duration_us <= 240_000_000
    starts = {
        tuple(cue.at_us for cue in scenario.script(seed, kind_of(pack.profile).kit).cues)
        for seed in range(12)
    }
    assert len(starts) > 1, "no seed changes anything"


# ---------------------------------------------------------------------- the wiring figure


def test_every_terminal_lies_on_its_screw(pack: Pack) -> None:
    step = step_of(pack, "wire")
    assert step.figure is not None
    source = pack.figure(step.figure)
    assert source is not None
    screws = {
        (float(circle.get("cx", "0")), float(circle.get("cy", "0")))
        for circle in ElementTree.fromstring(source).iter("{http://www.w3.org/2000/svg}circle")
    }
    assert {terminal.at for terminal in step.terminals} == screws


def test_the_right_wires_earn_all_and_a_short_earns_nothing(pack: Pack) -> None:
    step = step_of(pack, "wire")
    right = tuple((wire.a, wire.b) for wire in step.connections)
    assert all(item.outcome == Outcome.MET for item in mark_wires(step, Answers(wires=right)))
    short = Answers(wires=(*right, ("supply-plus", "supply-minus")))
    harmful = harmful_wire(step, short)
    assert harmful is not None
    assert harmful.cap == 0


def test_a_swapped_bus_is_told_by_name(pack: Pack) -> None:
    step = step_of(pack, "wire")
    items = {
        item.id: item
        for item in mark_wires(
            step, Answers(wires=(("converter-a", "bus-b"), ("converter-b", "bus-a")))
        )
    }
    assert items["line-a"].outcome == Outcome.NOT_MET
    assert "Converter A" in items["line-a"].say.en


def test_wiring_everything_to_everything_earns_nothing(pack: Pack) -> None:
    step = step_of(pack, "wire")
    names = [terminal.id for terminal in step.terminals]
    wires = tuple((a, b) for n, a in enumerate(names) for b in names[:n])
    assert all(item.points == 0 for item in mark_wires(step, Answers(wires=wires)))


def test_every_option_but_the_key_costs_marks(pack: Pack) -> None:
    for step in pack.steps:
        for question in step.questions:
            for option in question.options:
                item = mark_question(question, Answers(choices={question.id: (option.id,)}))
                is_key = question.key == frozenset({option.id})
                assert (item.score == 1) is is_key, f"{question.id}.{option.id}"


# ---------------------------------------------------------------------- the rubric at work


@pytest.mark.parametrize(("program", "seed"), [(REFERENCES[0], None), (REFERENCES[1], 2)])
def test_the_reference_earns_every_mark(
    pack: Pack, tmp_path: Path, program: str, seed: int | None
) -> None:
    result = graded(pack, tmp_path, "challenge", program, seed)
    assert [(item.id, item.outcome) for item in result.items if item.outcome != Outcome.MET] == []
    assert result.points == result.max == Fraction(20)
    assert result.bench["scenario"] == "evening"
    assert result.bench["seed"] == (7 if seed is None else seed)
    assert not any(item.borderline for item in result.items)
    assert all(item.say.zh and item.say.en for item in result.items)
    assert json.loads(json.dumps(result.to_json())) == result.to_json()


@pytest.mark.slow
def test_a_kit_that_nobody_touches_earns_nothing(pack: Pack, tmp_path: Path) -> None:
    result = graded(pack, tmp_path, "challenge", None, None)
    assert result.points == 0
    assert Outcome.MET not in [item.outcome for item in result.items]


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("program", REFERENCES)
@pytest.mark.parametrize("seeds", [range(1, 13), range(13, 25)], ids=["1-12", "13-24"])
def test_the_reference_earns_every_mark_on_many_seeds(
    pack: Pack, tmp_path: Path, program: str, seeds: range
) -> None:
    short = {}
    for seed in seeds:
        result = graded(pack, tmp_path / f"{seed}", "challenge", program, seed)
        if result.points != result.max:
            short[seed] = [item.id for item in result.items if item.outcome != Outcome.MET]
    assert short == {}


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", [1, 11, 23])
def test_wrong_programs_lose_the_same_items_on_other_seeds(
    pack: Pack, tmp_path: Path, seed: int
) -> None:
    for wrong in pack.solutions.wrong:
        folder = tmp_path / Path(wrong.file).stem
        result = graded(pack, folder, "challenge", wrong.file, seed)
        lost = {item.id for item in result.items if item.outcome != Outcome.MET}
        assert lost == wrong.loses["challenge"], wrong.file


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_everything_that_the_pack_promises_holds(pack: Pack) -> None:
    report = pack_test.test_pack(pack, [ROOT / "device_profiles"], say=lambda _: None)
    assert [proof.line().en for proof in report.proofs if not proof.ok] == []
    killed, changed = report.killed
    assert killed == changed > 40
