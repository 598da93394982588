"""Grades come from the sealed file and the rubric, and from nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from labapp.coach.answers import Answers
from labapp.coach.grader import changes, grade, sealed_pack
from labapp.model.reading import Gap, Reason
from labapp.model.trouble import BadInput, Damaged
from labapp.model.verdict import Outcome
from labapp.model.work import Grade, marks
from labapp.store.evidence import open_evidence, seal
from labapp.store.recording import RecordingWriter
from tests.coach.attempts import PRESSES_S, attempt_at, readings, sealed_attempt
from tests.packs.small_pack import load_small

ROOT = Path(__file__).parents[2]
WITHIN, LAXER = "buzzer is on within 1 s", "buzzer is on within 5 s"


def _outcomes(verdict: Grade) -> dict[str, tuple[Outcome, str]]:
    return {item.id: (item.outcome, marks(item.points)) for item in verdict.items}


def test_a_good_attempt_earns_everything(tmp_path: Path) -> None:
    evidence = open_evidence(sealed_attempt(tmp_path / "a", load_small(tmp_path / "pack")))
    verdict = grade(evidence)
    assert _outcomes(verdict) == {"answers": (Outcome.MET, "4"), "quiet": (Outcome.MET, "2")}
    assert verdict.outcome == Outcome.MET
    assert verdict.recording == evidence.recording_digest
    assert verdict.bench["seed"] == 3


def test_a_late_attempt_loses_what_is_late(tmp_path: Path) -> None:
    path = sealed_attempt(tmp_path / "a", load_small(tmp_path / "pack"), readings(3_000_000))
    verdict = grade(open_evidence(path))
    assert _outcomes(verdict)["answers"] == (Outcome.NOT_MET, "0")


def test_missing_data_never_fails_anybody(tmp_path: Path) -> None:
    gap = Gap(int(PRESSES_S[1][0] * 1e6) - 1_000_000, 32_000_000, Reason.LINK_DOWN)
    there = [r for r in readings() if not gap.from_us <= r.t_us < gap.to_us]
    path = sealed_attempt(tmp_path / "a", load_small(tmp_path / "pack"), [*there, gap])
    (first, second) = grade(open_evidence(path)).items
    assert {first.outcome, second.outcome} <= {
        Outcome.MET, Outcome.INCONCLUSIVE, Outcome.NOT_EXERCISED,
    }  # fmt: skip
    assert first.outcome != Outcome.MET  # one of two presses was not seen
    assert first.high == 1


def test_equal_evidence_gives_an_equal_digest_whoever_asks(tmp_path: Path) -> None:
    pack = load_small(tmp_path / "pack")
    one = sealed_attempt(tmp_path / "1", pack)
    two = sealed_attempt(tmp_path / "2", pack, when="another day")
    digests = [grade(open_evidence(path)).to_json()["digest"] for path in (one, one, two)]
    assert len(set(digests)) == 1
    fresh = grade(open_evidence(one), load_small(tmp_path / "again"))
    assert fresh.to_json()["digest"] == digests[0]


def test_another_process_with_another_seed_and_locale_gives_the_same_digest(tmp_path: Path) -> None:
    path = sealed_attempt(tmp_path / "a", load_small(tmp_path / "pack"), readings(700_000))
    code = (
        "import sys; from pathlib import Path\n"
        "from labapp.coach.grader import grade; from labapp.store.evidence import open_evidence\n"
        "print(grade(open_evidence(Path(sys.argv[1]))).to_json()['digest'])"
    )
    told = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        env={
            "PYTHONHASHSEED": "1",
            "PATH": "",
            "LC_ALL": "C",
            "SYSTEMROOT": os.environ.get("SYSTEMROOT", ""),
        },
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert told.stdout.strip() == grade(open_evidence(path)).to_json()["digest"]


def test_another_rubric_says_what_it_changes(tmp_path: Path) -> None:
    evidence = open_evidence(
        sealed_attempt(tmp_path / "a", load_small(tmp_path / "pack"), readings(3_000_000))
    )
    laxer = load_small(tmp_path / "laxer", ("pack.yaml", WITHIN, LAXER))
    before, after = grade(evidence), grade(evidence, laxer)
    found = {change["id"]: change for change in changes(before, after)}
    assert found["answers"]["before"] == {"outcome": "not_met", "points": "0", "max": "4"}
    assert found["answers"]["after"] == {"outcome": "met", "points": "4", "max": "4"}
    assert changes(before, before) == []


def test_the_pack_inside_is_the_one_that_was_used_without_its_solutions(tmp_path: Path) -> None:
    pack = load_small(tmp_path / "pack")
    evidence = open_evidence(sealed_attempt(tmp_path / "a", pack))
    inside = sealed_pack(evidence)
    assert inside.rubric_sha256 == pack.rubric_sha256 == evidence.manifest["rubric_sha256"]
    assert inside.profile.sha256 == pack.profile.sha256
    assert not [name for name in evidence.files if "solutions" in name]


def test_a_rubric_without_the_step_is_refused(tmp_path: Path) -> None:
    evidence = open_evidence(sealed_attempt(tmp_path / "a", load_small(tmp_path / "pack")))
    other = load_small(tmp_path / "other", ("pack.yaml", "- id: alarm\n", "- id: ring\n"),
                       ("pack.yaml", "loses: {alarm", "loses: {ring"))  # fmt: skip
    with pytest.raises(BadInput, match="G-NO-STEP"):
        grade(evidence, other)


def test_a_rubric_inside_that_cannot_be_read_is_told_as_damage(tmp_path: Path) -> None:
    path = sealed_attempt(tmp_path / "a", load_small(tmp_path / "pack"))
    evidence = open_evidence(path)
    files = dict(evidence.files) | {"pack/pack.yaml": b"schema: labapp.pack/9\n"}
    folder = tmp_path / "b"

    writer = RecordingWriter(folder)
    writer.start(attempt_at(load_small(tmp_path / "pack3")).meta)
    writer.finish(1_000_000)
    manifest = {k: v for k, v in evidence.manifest.items() if k not in ("members", "recording")}
    with pytest.raises(Damaged, match="G-RUBRIC"):
        grade(open_evidence(seal(folder, manifest, files)))


def test_wires_are_marked_and_a_harmful_one_costs_the_step(tmp_path: Path) -> None:
    pack = load_small(tmp_path / "pack")

    def graded(name: str, *wires: tuple[str, str]) -> Grade:
        answers = Answers(wires=wires)
        path = sealed_attempt(tmp_path / name, pack, [], step="wire", seconds=0, answers=answers)
        return grade(open_evidence(path))

    assert graded("both", ("p2", "p1"), ("p3", "p4")).points == 4
    assert graded("one", ("p1", "p2")).points == 2
    harmed = graded("harm", ("p1", "p2"), ("p3", "p4"), ("p1", "p3"))
    assert harmed.points == 0
    assert all("A short." in item.say.en for item in harmed.items)
    everything = [(a, b) for a in ("p1", "p2") for b in ("p3", "p4")]
    assert graded("all", ("p1", "p2"), ("p3", "p4"), *everything[1:]).points == 0
    nothing = graded("none")
    assert nothing.points == Fraction(0)
    assert {item.outcome for item in nothing.items} == {Outcome.NOT_EXERCISED}
