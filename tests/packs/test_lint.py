"""Lint says what makes a pack worse, at its place, and is silent on a sound one."""

from __future__ import annotations

from pathlib import Path

import pytest

from labapp.model.trouble import BadInput
from labapp.packs.lint import lint
from tests.packs.small_pack import FIGURE, findings_of, load_small

P, S = "pack.yaml", "scenarios/press.yaml"
ANSWERS = "each time call_point turns on: buzzer is on within 1 s for 2 s"
NO_QUIET = """          each time buzzer turns on: call_point is on in the last 5 s within 200 ms;
          never buzzer is on unless call_point is on in the last 5 s
"""


def test_a_sound_pack_gives_nothing(tmp_path: Path) -> None:
    assert findings_of(tmp_path) == []


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        pytest.param((P, ANSWERS, "each time smoke > 5 %/m begins: buzzer is on within 1 s"), "L-NOISE", id="noise"),
        pytest.param((P, ANSWERS, "each time call_point turns on: buzzer is on within 150 ms"), "L-DEADLINE", id="deadline"),
        pytest.param((P, NO_QUIET, "          always temp < 60 Cel\n"), "L-QUIET", id="quiet"),
        pytest.param((P, ANSWERS, "each time buzzer turns on: buzzer is off within 9 s"), "L-SAME", id="same"),
        pytest.param((P, ANSWERS, "always smoke <= 55 %/m"), "L-RANGE", id="range"),
        pytest.param((P, "duration: 26 s", "duration: 2 s"), "L-TOO-SHORT", id="short"),
        pytest.param((P, "{episodes: 2}", "{episodes: 2, spaced: 60 s}"), "L-TOO-SHORT", id="spaced"),
        pytest.param((P, "loses: {alarm: [quiet]}", "loses: {alarm: [answers]}"), "L-NEVER-LOST", id="never-lost"),
        pytest.param((P, "minutes: 10", "minutes: 12"), "L-MINUTES", id="minutes"),
        pytest.param((P, ", objectives: {wires: 1}", ""), "L-OBJECTIVE", id="objective"),
        pytest.param((P, "at: [80, 80]", "at: [30, 85]"), "L-TERMINALS", id="terminals"),
        pytest.param((P, "figure: figures/wires.svg", "minutes: 4"), "L-UNUSED", id="unused"),
        pytest.param((P, "en: Two wires", "en: 接两根线"), "L-ENGLISH", id="english"),
        pytest.param((P, "{zh: 接两根线, en: Two wires}", "{zh: Two wires, en: Two wires}"), "L-CHINESE", id="chinese"),
        pytest.param(("steps/wire.en.md", "2. The lower one.\n", ""), "L-LANGUAGES", id="languages"),
        pytest.param(("steps/alarm.en.md", "", "\n"), "L-EMPTY", id="empty"),
        pytest.param(("steps/alarm.en.md", "Ring", "![x](figures/none.svg) Ring"), "L-FIGURE", id="figure"),
    ],
)  # fmt: skip
def test_each_flaw_is_found(tmp_path: Path, edit: tuple[str, str, str], code: str) -> None:
    if code == "L-UNUSED":
        edit = (edit[0], "    figure: figures/wires.svg\n", "")
    first = [(P, ANSWERS, ANSWERS)]
    if code == "L-TOO-SHORT" and "duration" in edit[1]:
        first = [(P, ANSWERS, "each time call_point is on for 5 s begins: buzzer is on within 1 s")]
    assert code in findings_of(tmp_path, *first, edit)


def test_a_steady_answer_to_itself_is_no_flaw(tmp_path: Path) -> None:
    check = "each time buzzer turns on: buzzer is on within 1 s for 5 s"
    assert "L-SAME" not in findings_of(tmp_path, (P, ANSWERS, check))


def test_a_question_with_nothing_wrong_in_it(tmp_path: Path) -> None:
    question = """    questions:
      - id: q1
        text: {zh: 哪些对, en: Which are right}
        options: [{id: a, text: {zh: 甲, en: This}}, {id: b, text: {zh: 乙, en: That}}]
        key: [a, b]
        explain: {zh: 都对, en: Both}
        points: 1
"""
    edits = [
        (P, "    kind: wire\n", "    kind: wire\n" + question),
        (P, "    points: 4\n    text", "    points: 5\n    text"),
    ]
    assert "L-ALL-RIGHT" in findings_of(tmp_path, *edits)


def test_without_a_reference_nobody_has_shown_that_it_can_be_done(tmp_path: Path) -> None:
    solutions = "solutions:\n" + _after(load_text(), "solutions:\n")
    assert "L-NO-REFERENCE" in findings_of(tmp_path, (P, solutions, ""))


def test_a_file_that_nothing_uses_is_named(tmp_path: Path) -> None:
    pack = load_small(tmp_path, extra={"figures/old.svg": FIGURE, "README.md": "x\n"})
    (finding,) = lint(pack)
    assert finding.code == "L-UNUSED"
    assert finding.file is not None
    assert Path(finding.file).name == "old.svg"


def test_a_finding_says_where(tmp_path: Path) -> None:
    pack = load_small(tmp_path, (P, "minutes: 10", "minutes: 12"))
    (finding,) = lint(pack)
    lines = (tmp_path / P).read_text(encoding="utf-8").splitlines()
    assert finding.line is not None
    assert lines[finding.line - 1].startswith("minutes: 12")
    assert finding.where.endswith(f"pack.yaml:{finding.line}:{finding.column}")
    assert set(finding.to_json()) == {"code", "file", "line", "column", "path", "message"}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("$first, do: call_point", "$first, do: call_pont", "T-DO"),
        ("id: press", "id: other", "L-SCENARIO"),
        ("at: 18 s", "at: 18", "T-TIME"),
    ],
)
def test_a_scenario_that_cannot_be_played_is_a_mistake(
    tmp_path: Path, old: str, new: str, code: str
) -> None:
    pack = load_small(tmp_path, (S, old, new))
    with pytest.raises(BadInput) as caught:
        lint(pack)
    (problem,) = caught.value.problems
    assert problem.code == code
    assert problem.file is not None
    assert problem.file.endswith("press.yaml")
    assert problem.line is not None


def load_text() -> str:
    from tests.packs.small_pack import PACK

    return PACK


def _after(text: str, mark: str) -> str:
    return text.split(mark, 1)[1]
