"""Verdicts at the edges: deadlines, starts, ends and gaps; and the sixteen, good and bad."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from labapp.criteria.bind import ChannelSpec, bind
from labapp.criteria.judge import Needs, ScoreRule, judge
from labapp.criteria.parse import parse_check
from labapp.model.trace import Channel, Trace
from labapp.model.verdict import Judgement, Outcome
from tests.criteria.bench import S, Steps, judged, on, steps
from tests.criteria.sixteen import CHANNELS, CRITERIA

F1 = CRITERIA["F1"]
EPISODES, TIME = ScoreRule(by="episodes"), ScoreRule(by="time")


@pytest.mark.parametrize(("at", "outcome"), [(2_000_000, "met"), (2_000_001, "not_met")])
def test_a_response_exactly_at_the_deadline_is_in_time(at: int, outcome: str) -> None:
    found = exact(F1, {"flame": ([0, 10 * S], [0, 1]), "buzzer": ([0, 10 * S + at], [0, 1])})
    assert found.outcome == outcome


def test_what_answers_at_once_took_no_time() -> None:
    found = judged(F1, {"flame": on((10, 15)), "buzzer": on((5, 20))})
    assert found.outcome == Outcome.MET
    assert found.measured is not None
    assert found.measured.en == "0 s"


def test_a_trigger_that_is_on_at_the_start_is_listed_and_not_counted() -> None:
    only = judged(F1, {"flame": on((0, 5)), "buzzer": on()})
    assert only.outcome == Outcome.NOT_EXERCISED
    assert [e.outcome for e in only.episodes] == [Outcome.NOT_EXERCISED]
    more = judged(F1, {"flame": on((0, 5), (10, 15)), "buzzer": on((11, 12))})
    assert more.outcome == Outcome.MET
    assert "not counted" in more.say.en


def test_a_trigger_that_may_hide_in_a_gap_leaves_it_open() -> None:
    drawn = {"flame": on((10, 15), (30, 35)), "buzzer": on((11, 15))}
    found = judged(F1, drawn, gaps_s=((29, 33),))
    assert found.outcome == Outcome.INCONCLUSIVE
    assert found.score is None
    assert [c.channel for c in found.cites] == ["buzzer", "flame"]
    assert "29 s to 33 s" in found.say.en


def test_a_gap_where_the_response_is_known_to_hold_does_no_harm() -> None:
    drawn = {"flame": on((10, 15), (30, 35)), "buzzer": on((5, 60))}
    trace = {n: steps(d, spec=CHANNELS[n]) for n, d in drawn.items()}
    flame = trace["flame"]
    trace["flame"] = Channel(
        unit="1", stale_after_us=flame.stale_after_us, t_us=flame.t_us, value=flame.value,
        states=flame.states, gaps_us=((29 * S, 33 * S),),
    )  # fmt: skip
    found = judge(bind(parse_check(F1), CHANNELS), Trace(channels=trace, span_us=(0, 60 * S)))
    assert found.outcome == Outcome.MET


def test_a_known_violation_outweighs_missing_data_and_missing_stimulus() -> None:
    drawn = {"flame": on((10, 15), (30, 35)), "buzzer": on((31, 32))}
    found = judged(F1, drawn, gaps_s=((50, 55),), needs=Needs(episodes=5))
    assert found.outcome == Outcome.NOT_MET


def test_a_gap_inside_the_window_leaves_the_episode_open() -> None:
    drawn = {"flame": on((10, 15)), "buzzer": on()}
    assert judged(F1, drawn, gaps_s=((11, 11.5),)).outcome == Outcome.INCONCLUSIVE
    drawn["buzzer"] = on((11.2, 13))
    assert judged(F1, drawn, gaps_s=((11, 11.5),)).outcome == Outcome.MET


def test_an_episode_that_the_end_cuts_off_is_open() -> None:
    assert judged(F1, {"flame": on((59, 60)), "buzzer": on()}).outcome == Outcome.INCONCLUSIVE
    answered = judged(F1, {"flame": on((59, 60)), "buzzer": on((59.5, 60))})
    assert answered.outcome == Outcome.MET


def test_needs_count_triggers_that_stand_apart() -> None:
    drawn = {"flame": on((10, 11), (12, 13), (30, 31)), "buzzer": on((0, 60))}
    for needs, outcome in [
        (Needs(episodes=3), Outcome.MET),
        (Needs(episodes=4), Outcome.NOT_EXERCISED),
        (Needs(episodes=2, spaced_us=5 * S), Outcome.MET),
        (Needs(episodes=3, spaced_us=5 * S), Outcome.NOT_EXERCISED),
    ]:
        assert judged(F1, drawn, needs=needs).outcome == outcome


def test_shares_are_exact() -> None:
    drawn = {"flame": on((10, 12), (20, 22), (30, 32)), "buzzer": on((11, 12), (31, 32))}
    assert judged(F1, drawn, score=EPISODES).score == Fraction(2, 3)
    assert judged(F1, drawn).score == 0
    late = judged(F1, drawn, score=ScoreRule(by="episodes", zero_at=Fraction(1, 3)))
    assert late.score == Fraction(1, 2)
    assert judged(F1, drawn, score=ScoreRule(by="episodes", zero_at=Fraction(2, 3))).score == 0
    quiet = judged("never buzzer is on", {"buzzer": on((10, 16))}, score=TIME)
    assert quiet.score == Fraction(9, 10)
    steep = ScoreRule(by="time", zero_at=Fraction(4, 5))
    assert judged("never buzzer is on", {"buzzer": on((10, 16))}, score=steep).score == Fraction(
        1, 2
    )


def test_one_more_good_episode_never_lowers_the_share() -> None:
    few = judged(F1, {"flame": on((10, 12), (20, 22)), "buzzer": on((11, 12))}, score=EPISODES)
    more = judged(
        F1, {"flame": on((10, 12), (20, 22), (40, 42)), "buzzer": on((11, 12), (41, 42))},
        score=EPISODES,
    )  # fmt: skip
    assert few.score is not None
    assert more.score is not None
    assert more.score >= few.score


def test_bounds_are_shown_while_data_is_missing() -> None:
    drawn = {"flame": on((10, 12), (30, 32)), "buzzer": on((11, 12))}
    found = judged(F1, drawn, gaps_s=((30.5, 32.5),), score=EPISODES)
    assert (found.outcome, found.score) == (Outcome.INCONCLUSIVE, None)
    # One episode good, one open, and one that may have come in the gap.
    assert (found.low, found.high) == (Fraction(1, 3), Fraction(1))


def test_what_is_met_only_thanks_to_doubt_is_borderline() -> None:
    drawn = {"flame": on((10, 15)), "buzzer": on((12.1, 15))}
    assert judged(F1, drawn).outcome == Outcome.NOT_MET
    found = judged(F1, drawn, doubt_us=200_000)
    assert (found.outcome, found.borderline) == (Outcome.MET, True)
    assert "Only just" in found.say.en
    sure = judged(F1, {"flame": on((10, 15)), "buzzer": on((12, 15))}, doubt_us=200_000)
    assert (sure.outcome, sure.borderline) == (Outcome.MET, False)


def test_the_share_of_a_hold_never_reaches_one_unless_met() -> None:
    # The longest hold lies outside the window in which it had to begin.
    check = "reach soil > 40 % within 12 s for 5 s"
    found = judged(check, {"soil": [(0, 10), (11, 50), (14, 10), (20, 50)]}, score=TIME)
    assert found.outcome == Outcome.NOT_MET
    assert found.score is not None
    assert Fraction(1, 2) < found.score < 1


def test_age_makes_a_gap_a_failure() -> None:
    drawn = {"telemetry": on()}
    assert judged(CRITERIA["V4"], drawn).outcome == Outcome.MET
    found = judged(CRITERIA["V4"], drawn, gaps_s=((20, 25),))
    assert found.outcome == Outcome.NOT_MET
    assert [(e.from_us, e.to_us) for e in found.episodes] == [(21_900_001, 25_000_000)]
    assert judged(CRITERIA["V4"], drawn, gaps_s=((0, 5),)).outcome == Outcome.NOT_MET
    assert judged(CRITERIA["V4"], drawn, gaps_s=((0, 1),)).outcome == Outcome.INCONCLUSIVE


def test_a_missing_channel_is_an_error_and_no_exception() -> None:
    bound = bind(parse_check(F1), CHANNELS)
    flame = steps(on(), spec=CHANNELS["flame"])
    found = judge(bound, Trace(channels={"flame": flame}, span_us=(0, S)))
    assert (found.outcome, found.score) == (Outcome.ERROR, None)
    assert "buzzer" in found.say.en
    other = Channel(unit="Cel", stale_after_us=S, t_us=flame.t_us, value=flame.value)
    wrong = judge(bound, Trace(channels={"flame": flame, "buzzer": other}, span_us=(0, S)))
    assert wrong.outcome == Outcome.ERROR


def test_nothing_at_all_is_never_met() -> None:
    empty = Channel(unit="1", stale_after_us=S, t_us=np.empty(0, np.int64),
                    value=np.empty(0), states=("off", "on"))  # fmt: skip
    for check in (F1, CRITERIA["F2"], "always flame is on", "reach flame is on within 2 s"):
        bound = bind(parse_check(check), CHANNELS)
        trace = Trace(channels={"flame": empty, "buzzer": empty}, span_us=(0, 60 * S))
        assert judge(bound, trace).outcome == Outcome.INCONCLUSIVE


GOOD_AND_BAD: list[tuple[str, dict[str, Steps], dict[str, Steps]]] = [
    ("F1", {"flame": on((10, 15)), "buzzer": on((11, 15))}, {"buzzer": on((13, 15))}),
    ("F2", {"flame": on((10, 15)), "buzzer": on((11, 19))}, {"buzzer": on((11, 22))}),
    ("F3", {"flame": on((10, 15)), "fan": on((0, 10.2), (30, 60)), "reset": on((30, 31))},
     {"fan": on((0, 10.2), (20, 60))}),
    ("L1", {"lux": [(0, 300), (20, 20), (50, 300)], "lamp": [(0, 0), (24, 90)]},
     {"lamp": [(0, 0), (26, 90)]}),
    ("L2", {"presence": on((10, 20), (22, 40)), "lamp": [(0, 100), (43, 31)]},
     {"lamp": [(0, 100), (43, 35)]}),
    ("L3", {"lamp": [(0, 0), (10, 50), (20, 0)]}, {"lamp": [(0, 0), (10, 50), (11, 0)]}),
    ("G1", {"soil": [(0, 10), (100, 50)]}, {"soil": [(0, 10), (100, 50), (390, 70)]}),
    ("G2", {"tank": [(0, 50), (30, 5)], "pump": [(0, "on"), (30.5, "off")]},
     {"pump": [(0, "on"), (32.5, "off")]}),
    ("G3", {"air_temp": [(0, 18), (5, 22)]}, {"air_temp": [(0, 18), (7, 22)]}),
    ("G4", {"temp": [(0, 30), (9, 20.9)], "temp_ref": [(0, 20)]}, {"temp": [(0, 21.1)]}),
    ("W1", {"gesture_pred": [(0, "wave"), (55, "fist")], "gesture_label": [(0, "wave")]},
     {"gesture_pred": [(0, "wave"), (50, "fist")]}),
    ("W2", {"hr": [(0, 70), (31, 90)], "hr_ref": [(0, 72)]}, {"hr": [(0, 76)]}),
    ("V1", {"distance": [(0, 1), (20, 0.15), (25, 1)], "speed": [(0, 0.3), (20.2, 0)]},
     {"speed": [(0, 0.3), (20.5, 0)]}),
    ("V2", {"distance": [(0, 1), (20, 0.06)]}, {"distance": [(0, 1), (20, 0.05), (21, 1)]}),
    ("V3", {"lap_gate": on((1, 2)), "finish": on((55, 56)), "off_track": on((5, 8))},
     {"off_track": on((5, 8.1))}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "good", "worse"), GOOD_AND_BAD, ids=lambda v: str(v)[:2])
def test_the_sixteen_tell_good_from_bad(
    name: str, good: dict[str, Steps], worse: dict[str, Steps]
) -> None:
    bound = bind(parse_check(CRITERIA[name]), CHANNELS)
    for drawn, outcome in ((good, Outcome.MET), ({**good, **worse}, Outcome.NOT_MET)):
        channels = {n: steps(d, spec=CHANNELS[n], span_s=450) for n, d in drawn.items()}
        span = 450 if name == "G1" else 60
        found = judge(bound, Trace(channels=channels, span_us=(0, span * S)))
        assert found.outcome == outcome, found.say.en


def test_clauses_join_to_the_worst_and_share_alike() -> None:
    check = "each time flame turns on: buzzer is on within 2 s; never fan is on"
    drawn = {"flame": on((10, 15)), "buzzer": on((11, 15)), "fan": on((1, 2))}
    found = judged(check, drawn, score=EPISODES)
    assert (found.outcome, found.score) == (Outcome.NOT_MET, Fraction(1, 2))
    assert judged(check, drawn).score == 0


def test_a_reference_at_its_own_pace_is_compared_in_pairs() -> None:
    """A reading that follows a reference of 1 Hz closely is not failed by held values."""
    t = np.arange(0, 60 * S, S // 10, dtype=np.int64)
    value = 20 + (t / S) * 0.5
    specs = {"temp": CHANNELS["temp"], "temp_ref": CHANNELS["temp_ref"]}
    channels = {
        "temp": Channel(unit="Cel", stale_after_us=S, t_us=t, value=value * 1.01),
        "temp_ref": Channel(unit="Cel", stale_after_us=3 * S, t_us=t[::10], value=value[::10]),
    }
    check = "always temp agrees with temp_ref within 1.1 %"
    found = judge(bind(parse_check(check), specs), Trace(channels=channels, span_us=(0, 59 * S)))
    assert found.outcome == Outcome.MET
    kelvin = Channel(unit="K", stale_after_us=3 * S, t_us=t[::10], value=value[::10] + 273.15)
    mixed = {**channels, "temp_ref": kelvin}
    near = "always temp agrees with temp_ref within 0.5 K"
    found = judge(
        bind(parse_check(near), {**specs, "temp_ref": ChannelSpec(unit="K")}),
        Trace(channels=mixed, span_us=(0, 59 * S)),
    )
    assert found.outcome == Outcome.MET


@pytest.mark.parametrize(
    ("unit", "scale", "shift"), [("Cel", 1.0, 0.0), ("K", 1.0, 273.15)], ids=["Cel", "K"]
)
def test_the_unit_of_a_channel_does_not_matter(unit: str, scale: float, shift: float) -> None:
    check = "never temp > 343.2 K; always temp = 40 degC +- 31 K; share(temp >= 50 Cel) <= 20 %"
    specs = {"temp": ChannelSpec(unit=unit)}
    for hottest, outcome in ((69.9, Outcome.MET), (70.2, Outcome.NOT_MET)):
        drawn = steps([(0, 20 * scale + shift), (20, hottest * scale + shift), (30, 20 + shift)],
                      spec=specs["temp"])  # fmt: skip
        trace = Trace(channels={"temp": drawn}, span_us=(0, 60 * S))
        found = judge(bind(parse_check(check), specs), trace, score=TIME)
        assert found.outcome == outcome
        assert found.score == (1 if outcome == Outcome.MET else Fraction(17, 18))


def exact(check: str, samples: dict[str, tuple[list[int], list[Any]]]) -> Judgement:
    """Judge on samples at exact instants over a minute, that hold for good."""
    channels = {
        name: Channel(
            unit="1", stale_after_us=100 * S, t_us=np.array(at, np.int64),
            value=np.array(value, np.float64), states=("off", "on"),
        )
        for name, (at, value) in samples.items()
    }  # fmt: skip
    return judge(bind(parse_check(check), CHANNELS), Trace(channels=channels, span_us=(0, 60 * S)))


@pytest.mark.parametrize(
    ("flame", "count"),
    [
        (on((0, 60)), "1 time,"),
        ([(0, "on"), (8, None), (12, "on"), (20, "off")], "1 time,"),
        ([(0, "off"), (8, None), (12, "on"), (20, "off")], "1 time,"),
        (on((0, 20), (30, 40)), "2 times,"),
    ],
)
def test_a_level_that_looks_back_counts_where_it_is_first_known(flame: Steps, count: str) -> None:
    check = "whenever flame is on for 2 s: buzzer is on"
    found = judged(check, {"flame": flame, "buzzer": on((0, 60))})
    assert found.outcome == Outcome.MET
    assert count in found.say.en
