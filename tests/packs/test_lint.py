"""Lint says what makes a pack worse, at its place, and is silent on a sound one."""

from __future__ import annotations

from pathlib import Path

import pytest

from labapp.model.trouble import BadInput
from labapp.packs.lint import lint
from tests.packs.small_pack import FIGURE, findings_of, load_small

P, S = "pack.yaml", "scenarios/press.yaml"
ANSWERS = "each time call_point turns on: buzzer is on within 1 s for 1 s"
NO_QUIET = """          each time buzzer turns on: call_point is on in the last 2 s within 200 ms;
          never buzzer is on unless call_point is on in the last 2 s
"""


def test_a_sound_pack_gives_nothing(tmp_path: Path) -> None:
    assert findings_of(tmp_path) == []


FLAWS = {
    "L-NOISE": (P, ANSWERS, "each time smoke > 5 %/m begins: buzzer is on within 1 s"),
    "L-DEADLINE": (P, ANSWERS, "each time call_point turns on: buzzer is on within 150 ms"),
    "L-QUIET": (P, NO_QUIET, "          always temp < 60 Cel\n"),
    "L-SAME": (P, ANSWERS, "each time buzzer turns on: buzzer is off within 9 s"),
    "L-RANGE": (P, ANSWERS, "always smoke <= 55 %/m"),
    "L-TOO-SHORT": (P, "{episodes: 2}", "{episodes: 2, spaced: 60 s}"),
    "L-NEVER-LOST": (P, "loses: {alarm: [quiet]}", "loses: {alarm: [answers]}"),
    "L-MINUTES": (P, "minutes: 10", "minutes: 12"),
    "L-OBJECTIVE": (P, ", objectives: {wires: 1}", ""),
    "L-TERMINALS": (P, "at: [80, 80]", "at: [30, 85]"),
    "L-UNUSED": (P, "    figure: figures/wires.svg\n", ""),
    "L-ENGLISH": (P, "en: Two wires", "en: 接两根线"),
    "L-CHINESE": (P, "{zh: 接两根线, en: Two wires}", "{zh: Two wires, en: Two wires}"),
    "L-LANGUAGES": ("steps/wire.en.md", "2. The lower one.\n", ""),
    "L-EMPTY": ("steps/alarm.en.md", "", "\n"),
    "L-FIGURE": ("steps/alarm.en.md", "Ring", "![x](figures/none.svg) Ring"),
}


@pytest.mark.parametrize("code", FLAWS)
def test_each_flaw_is_found(tmp_path: Path, code: str) -> None:
    assert code in findings_of(tmp_path, FLAWS[code])


def test_a_trigger_longer_than_the_step_cannot_come(tmp_path: Path) -> None:
    lasting = (P, ANSWERS, "each time call_point is on for 5 s begins: buzzer is on within 1 s")
    assert "L-TOO-SHORT" not in findings_of(tmp_path / "long", lasting)
    short = (P, "duration: 14 s", "duration: 2 s")
    assert "L-TOO-SHORT" in findings_of(tmp_path / "short", lasting, short)


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
        ("at: 8 s", "at: 8", "T-TIME"),
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
