"""What the window shows while an attempt runs agrees with what is graded afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest

from labapp.coach import live_items
from labapp.coach.grader import grade, judge_criterion
from labapp.coach.live_items import LiveItems
from labapp.model.reading import Event, Gap, Quality, Reading, Reason
from labapp.model.verdict import Outcome
from labapp.packs.pack import Pack, Step
from labapp.store.evidence import open_evidence
from tests.coach.attempts import SECONDS, STEP_US, give, readings, sealed_attempt
from tests.packs.small_pack import load_small


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    """The small pack."""
    return load_small(tmp_path / "pack")


def _step(pack: Pack) -> Step:
    step = pack.step("alarm")
    assert step is not None
    return step


@pytest.mark.parametrize("late_us", [0, 3_000_000])
def test_at_the_end_it_says_what_the_grade_says(pack: Pack, tmp_path: Path, late_us: int) -> None:
    given = readings(late_us)
    live = LiveItems(_step(pack), pack.profile)
    for at in range(0, len(given), 3):
        live.take(given[at : at + 3])
        live.so_far(given[at].t_us + STEP_US // 2)
    live.gap(Gap(SECONDS * 1_000_000, SECONDS * 1_000_000, Reason.LINK_DOWN))  # judge all again
    sealed = grade(open_evidence(sealed_attempt(tmp_path / "a", pack, given)))
    assert live.so_far(SECONDS * 1_000_000) == sealed.items


def test_before_anything_happened_nothing_is_decided(pack: Pack) -> None:
    live = LiveItems(_step(pack), pack.profile)
    assert {item.outcome for item in live.so_far(0)} <= {
        Outcome.INCONCLUSIVE, Outcome.NOT_EXERCISED,
    }  # fmt: skip


def test_a_violation_shows_at_once(pack: Pack) -> None:
    live = LiveItems(_step(pack), pack.profile)
    give(live, [r for r in readings(3_000_000) if r.t_us <= 13_500_000])
    items = {item.id: item for item in live.so_far(13_500_000)}
    assert items["answers"].episodes[0].outcome == Outcome.NOT_MET


def test_a_gap_and_bad_readings_leave_it_open(pack: Pack) -> None:
    live = LiveItems(_step(pack), pack.profile)
    give(live, [r for r in readings() if r.t_us < 11_000_000])
    live.take([Reading("buzzer", 11_000_000, None, None, Quality.BAD, Reason.TIMEOUT)] * 3)
    live.gap(Gap(11_000_000, 20_000_000, Reason.LINK_DOWN))
    live.event(Event(12_000_000, "link", {"state": "lost"}))
    outcomes = [item.outcome for item in live.so_far(20_000_000)]
    assert Outcome.NOT_MET not in outcomes


def test_judging_takes_turns_unless_a_state_changed(
    pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[str] = []

    def counted(*given: object) -> object:
        judged.append(given[0].id)  # type: ignore[attr-defined]
        return judge_criterion(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(live_items, "judge_criterion", counted)
    live = LiveItems(_step(pack), pack.profile)
    for t in range(0, 10_000_000, STEP_US):
        live.take([Reading("temp", t, t / 1e6), Reading("buzzer", t, 0.0)])
        live.so_far(t)
    first, every = 4, 10_000_000 // live_items.REST_US  # at the start all, and the first state
    assert len(judged) <= first + 2 * every
    before = len(judged)
    live.take([Reading("buzzer", 10_000_000, 1.0)])
    live.so_far(10_000_000)
    assert len(judged) == before + 2


def test_many_samples_are_all_kept(pack: Pack) -> None:
    live = LiveItems(_step(pack), pack.profile)
    for t in range(0, 5000):
        live.take([Reading("temp", t * 1000, float(t))])
    samples = live._samples["temp"].so_far()
    assert samples[0].tolist() == [t * 1000 for t in range(5000)]
    assert samples[1].tolist() == [float(t) for t in range(5000)]
    live.take([Reading("nobody", 1, 1.0)])  # a point that the profile does not have


def test_a_step_without_criteria_has_no_lines(pack: Pack) -> None:
    step = pack.step("wire")
    assert step is not None
    assert LiveItems(step, pack.profile).so_far(1_000_000) == ()
