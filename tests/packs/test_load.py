"""Reading a pack: each mistake is told at its line and column, with what was probably meant."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from labapp.model.trouble import BadInput
from labapp.packs.load import find_packs, load_members, load_pack, rubric_members
from labapp.packs.members import read_folder, refuse_bad_names, tree_sha256
from tests.packs.small_pack import FILES, PROFILES, load_small, problems_of, write_pack

P = "pack.yaml"


def test_a_sound_pack_is_read_whole(tmp_path: Path) -> None:
    pack = load_small(tmp_path)
    assert [step.id for step in pack.steps] == ["wire", "alarm"]
    assert pack.points == Fraction(10)
    assert pack.first_scenario_step is pack.steps[1]
    assert pack.steps[1].criteria[0].episodes == 2
    assert pack.steps[1].pre_roll_us >= 2_000_000
    assert pack.solutions.wrong[0].loses == {"alarm": frozenset({"answers"})}
    assert pack.figure("figures/wires.svg") is not None
    assert pack.figure("pack.yaml") is None


@pytest.mark.parametrize(
    ("old", "new", "code", "said"),
    [
        ("buzzer is on within 1 s", "buzer is on within 1 s", "C-NAME", "buzzer"),
        ("call_point turns on:", "call_point turns pressed:", "C-STATE", "on"),
        ("never buzzer is", "never buzer is", "C-NAME", "buzzer"),
        ("points: 6\n", "points: 7\n", "P-POINTS", "6"),
        ("objectives: {code: 1}", "objectives: {cod: 1}", "P-OBJECTIVE", "code"),
        ("scenario: press", "scenario: pres", "P-SCENARIO", "press"),
        ("group: all\n    figure", "group: al\n    figure", "P-GROUP", "all"),
        ("figures/wires.svg", "figures/wire.svg", "P-FIGURE", "wires.svg"),
        ("ends: [p1, p2]", "ends: [p1, p9]", "P-TERMINAL", "p9"),
        ("id: lower", "id: upper", "P-TWICE", "upper"),
        ("solutions/late.yaml", "solutions/lat.yaml", "P-SOLUTION", "late.yaml"),
        ("loses: {alarm: [answers]}", "loses: {alarm: [answer]}", "P-ITEM", "answers"),
        ("duration: 14 s", "duration: forty", "P-DURATION", "forty"),
        ("cap: 0 %", "cap: 120 %", "P-SHARE", "120"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_at_its_place(
    tmp_path: Path, old: str, new: str, code: str, said: str
) -> None:
    problems = problems_of(tmp_path, (P, old, new))
    assert code in [problem.code for problem in problems]
    problem = next(problem for problem in problems if problem.code == code)
    lines = (tmp_path / P).read_text(encoding="utf-8").splitlines()
    assert problem.file == str(tmp_path / P)
    assert problem.line is not None
    assert problem.column is not None
    assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1
    assert said in problem.message.en
    assert problem.message.zh


def test_the_column_of_a_misspelt_point_is_its_own(tmp_path: Path) -> None:
    old, new = "turns on: buzzer is on within 1 s", "turns on: buzer is on within 1 s"
    (problem,) = [p for p in problems_of(tmp_path, (P, old, new)) if p.code == "C-NAME"]
    line = (tmp_path / P).read_text(encoding="utf-8").splitlines()[(problem.line or 0) - 1]
    assert line[(problem.column or 0) - 1 :].startswith("buzer")


def test_every_step_needs_both_languages(tmp_path: Path) -> None:
    folder = write_pack(tmp_path)
    (folder / "steps/alarm.en.md").unlink()
    with pytest.raises(BadInput) as caught:
        load_pack(folder, [], [PROFILES])
    assert [problem.code for problem in caught.value.problems] == ["P-LANGUAGE"]


def test_a_rehearsal_is_a_scenario_of_the_pack(tmp_path: Path) -> None:
    edit = (P, "    scenario: press\n", "    scenario: press\n    rehearsal: pressed\n")
    assert [problem.code for problem in problems_of(tmp_path, edit)] == ["P-SCENARIO"]


def test_all_mistakes_come_at_once(tmp_path: Path) -> None:
    edits = [(P, "cap: 0 %", "cap: 120 %"), (P, "id: lower", "id: upper")]
    assert {problem.code for problem in problems_of(tmp_path, *edits)} == {"P-SHARE", "P-TWICE"}


def test_the_nearest_pack_is_named(tmp_path: Path) -> None:
    write_pack(tmp_path / "small")
    assert find_packs([tmp_path]) == (tmp_path / "small",)
    with pytest.raises(BadInput) as caught:
        load_pack("smal", [tmp_path], [PROFILES])
    assert "small" in caught.value.problems[0].message.en


def test_evidence_carries_the_rubric_without_the_solutions(tmp_path: Path) -> None:
    pack = load_small(tmp_path)
    members = rubric_members(pack)
    assert not any(name.startswith("solutions/") for name in members)
    again = load_members(members, pack.profile, "evidence")
    assert again.rubric_sha256 == pack.rubric_sha256
    assert again.sha256 != pack.sha256
    assert [step.id for step in again.steps] == [step.id for step in pack.steps]


def test_line_ends_do_not_change_what_a_pack_is() -> None:
    unix = {name: text.encode() for name, text in FILES.items()}
    dos = {name: text.replace("\n", "\r\n").encode() for name, text in FILES.items()}
    assert tree_sha256(unix) == tree_sha256(dos)
    changed = unix | {"pack.yaml": unix["pack.yaml"] + b"#"}
    assert tree_sha256(changed) != tree_sha256(unix)


@pytest.mark.parametrize(
    "name",
    ["../pack.yaml", "/etc/passwd", "a/../../b", "con.yaml", "a//b", "a\\b", "a.", "x" * 121, ""],
)
def test_names_that_could_leave_the_folder_are_refused(name: str) -> None:
    with pytest.raises(BadInput):
        refuse_bad_names([name], "pack")


def test_names_that_collide_on_other_systems_are_refused() -> None:
    with pytest.raises(BadInput):
        refuse_bad_names(["Steps/a.md", "steps/A.md"], "pack")


def test_what_editors_leave_behind_is_no_part_of_a_pack(tmp_path: Path) -> None:
    write_pack(tmp_path)
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "x.pyc").write_bytes(b"x")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_text("x")
    assert set(read_folder(tmp_path)) == set(FILES)
