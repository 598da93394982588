"""Testing a pack: what must hold holds, and a rubric that judges wrongly is found out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from labapp.coach import pack_test
from labapp.coach.proofs import PackReport, Proof
from labapp.model.text import Text
from tests.packs.small_pack import PROFILES, load_small

P = "pack.yaml"
QUIET = """          each time buzzer turns on: call_point is on in the last 2 s within 200 ms;
          never buzzer is on unless call_point is on in the last 2 s
"""


def report_of(folder: Path, *edits: tuple[str, str, str]) -> tuple[PackReport, list[Text]]:
    told: list[Text] = []
    report = pack_test.test_pack(load_small(folder, *edits), [PROFILES], say=told.append)
    return report, told


def bad(report: PackReport) -> set[str]:
    return {f"{proof.kind} {proof.what}" for proof in report.proofs if not proof.ok}


def test_a_sound_pack_passes_and_says_how(tmp_path: Path) -> None:
    report, told = report_of(tmp_path)
    assert bad(report) == set()
    assert report.ok
    kinds = {proof.kind for proof in report.proofs}
    assert kinds == {"answers", "untouched", "reference", "same-twice", "wrong", "mutant"}
    assert len(told) == len(report.proofs)
    killed, changed = report.killed
    assert killed == changed > 8
    said = report.to_json()
    assert json.loads(json.dumps(said)) == said
    assert said["ok"] is True
    assert said["pack"] == "small"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_table_names_every_step_and_the_verdict(tmp_path: Path, lang: str) -> None:
    report = _made_up(ok=lang == "zh")
    table = report.table("zh" if lang == "zh" else "en")
    assert "alarm" in table
    assert "late.yaml" in table
    assert ("可靠" if lang == "zh" else "do not hold") in table
    assert "!" not in table


def _made_up(*, ok: bool) -> PackReport:
    proof = Proof(
        kind="wrong",
        step="alarm",
        what="late.yaml",
        ok=ok,
        wanted=Text("丢 answers", "loses answers"),
        seen=Text("不丢分", "loses nothing"),
    )
    return PackReport(pack="small", version="1.0.0", proofs=(proof,))


def test_no_proof_at_all_is_no_proof() -> None:
    assert not PackReport(pack="small", version="1.0.0", proofs=()).ok


def test_a_rubric_without_its_quiet_half_is_found_out(tmp_path: Path) -> None:
    """An always-on siren keeps every deadline: only the wrong program and the mutants tell."""
    report, _ = report_of(tmp_path, (P, QUIET, "          always temp < 60 Cel\n"))
    assert not report.ok
    assert {"wrong always.yaml", "mutant buzzer.stuck-acting"} <= bad(report)
    assert "untouched —" in bad(report)


@pytest.mark.slow
def test_a_reference_that_does_not_do_it_is_found_out(tmp_path: Path) -> None:
    report, _ = report_of(
        tmp_path, (P, "reference: solutions/good.yaml", "reference: solutions/late.yaml"),
        (P, "file: solutions/late.yaml", "file: solutions/good.yaml"),
    )  # fmt: skip
    assert {"reference late.yaml", "wrong good.yaml"} <= bad(report)


def test_a_wrong_program_must_lose_what_is_said_and_nothing_else(tmp_path: Path) -> None:
    report, _ = report_of(tmp_path, (P, "loses: {alarm: [answers]}", "loses: {alarm: [quiet]}"))
    assert bad(report) == {"wrong late.yaml"}
    (proof,) = [proof for proof in report.proofs if not proof.ok]
    assert proof.wanted.en == "loses quiet"
    assert proof.seen.en == "loses answers"


@pytest.mark.slow
def test_a_survivor_may_be_tolerated_by_name(tmp_path: Path) -> None:
    """With 12 s of grace a siren that sounds on costs nothing: the author may say so."""
    loose = (P, QUIET, "          never buzzer is on unless call_point is on in the last 12 s\n")
    why = "why: {zh: 无害, en: Harmless}"
    tolerated = (
        f"  tolerated:\n    - {{changes: [buzzer.overstays, buzzer.late], {why}}}\n  wrong:\n"
    )
    report, _ = report_of(tmp_path, loose, (P, "  wrong:\n", tolerated))
    assert set(report.tolerated) == {"buzzer.overstays", "buzzer.late"}
    assert report.to_json()["mutants"]["tolerated"] == ["buzzer.late", "buzzer.overstays"]
    judged = {proof.what for proof in report.proofs if proof.kind == "mutant"}
    assert judged
    assert not judged & set(report.tolerated)
