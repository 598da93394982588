"""Ctrl-C in virtual time: what was recorded by then is sealed and graded."""

from __future__ import annotations

from pathlib import Path

from labapp.coach.grader import grade
from labapp.coach.lockstep import LockstepPlan, run_lockstep
from labapp.store.evidence import open_evidence
from labapp.store.verify import verify
from tests.packs.small_pack import load_small


def test_an_interrupted_attempt_is_sealed_as_far_as_it_came(tmp_path: Path) -> None:
    pack = load_small(tmp_path / "pack")
    step = pack.step("alarm")
    assert step is not None

    def interrupt(share: float) -> None:
        if share >= 0.5:
            raise KeyboardInterrupt

    plan = LockstepPlan(pack=pack, step=step)
    path = run_lockstep(plan, tmp_path / "a", progress=interrupt)
    assert verify(path).ok
    evidence = open_evidence(path)
    half_us = step.duration_us // 2
    assert half_us <= evidence.recording.span_us[1] <= half_us + 1_000_000
    assert max(r.t_us for r in evidence.recording.readings) <= evidence.recording.span_us[1]
    assert grade(evidence).step == "alarm"
