"""Scenarios as files: what they do, what a seed chooses, and how mistakes are told."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labapp.model.trouble import BadInput, Problem
from labapp.twins.engine import Twin
from labapp.twins.registry import check_scenario, make_twin, scenarios_for
from labapp.twins.scenario import SHIPPED, Scenario, load_scenario, read_scenario
from tests.twins.far_end import SECOND, fire_profile, fire_twin, script


def problems(text: str) -> list[tuple[str, int | None, int | None]]:
    """Return code, line and column of everything that is wrong with a scenario."""
    with pytest.raises(BadInput) as refused:
        check_scenario("made-up.yaml", fire_profile(), text)
    for problem in refused.value.problems:
        assert problem.file == "made-up.yaml"
        assert problem.message.zh
        assert problem.message.en
    return [(p.code, p.line, p.column) for p in refused.value.problems]


# ---------------------------------------------------------------------- shipped scenarios


def shipped() -> list[str]:
    return sorted(path.stem for path in SHIPPED.glob("*.yaml"))


def test_every_shipped_scenario_fits_its_kit_for_every_seed() -> None:
    assert len(shipped()) >= 7
    for scenario in scenarios_for(fire_profile()):
        assert scenario.id == scenario.path.stem
        check_scenario(scenario.path, fire_profile())
        for seed in range(5):
            make_twin(fire_profile(), seed, scenario)


@pytest.mark.parametrize("name", shipped())
def test_a_shipped_scenario_marks_what_happens_within_its_time(name: str) -> None:
    twin = make_twin(fire_profile(), None, name)
    scenario = load_scenario(name)
    twin.run_to(scenario.duration_us)
    assert twin.marks
    assert all(mark.t_us < scenario.duration_us for mark in twin.marks)
    assert all(mark.data["text"] for mark in twin.marks)


def peaks(name: str, seconds: int) -> dict[str, float]:
    twin = make_twin(fire_profile(), 7, name)
    highest: dict[str, float] = {}
    for second in range(seconds):
        twin.run_to(second * SECOND)
        for point in ("flame", "smoke", "temp", "co", "gas"):
            highest[point] = max(highest.get(point, 0.0), twin.read(point) or 0.0)
    return highest


def test_the_shipped_scenarios_differ_by_their_signals() -> None:
    sun, toast, leak = peaks("sun-and-lighter", 60), peaks("toast", 100), peaks("gas-leak", 750)
    assert sun["flame"] > 10
    assert sun["smoke"] < 1
    assert 5 < toast["smoke"] < 20
    assert toast["flame"] < 5
    assert leak["gas"] == 100
    assert peaks("pump-fails", 140)["temp"] > 57


# ---------------------------------------------------------------------- steps


def test_when_happens_once_as_soon_as_it_holds() -> None:
    twin = fire_twin(steps='when: "fan > 50 %", do: door, to: off, mark: breeze')
    twin.run_to(5 * SECOND)
    assert twin.marks == []
    twin.drive("fan", 80.0)
    twin.run_to(6 * SECOND)
    twin.drive("fan", 0.0)
    twin.run_to(8 * SECOND)
    twin.drive("fan", 90.0)
    twin.run_to(9 * SECOND)
    assert [mark.t_us for mark in twin.marks] == [5_100_000]
    assert twin.plant.state()["door"] == 0.0


def test_when_for_waits_and_begins_anew_after_a_break() -> None:
    twin = fire_twin(steps='when: "sprinkler is on for 3 s", do: out, mark: drowned')
    for at, value in ((1, 1.0), (3, 0.0), (4, 1.0)):
        twin.run_to(at * SECOND)
        twin.drive("sprinkler", value)
    twin.run_to(20 * SECOND)
    # The switch is seen a tenth of a second later, at the next look.
    assert [mark.t_us for mark in twin.marks] == [7_100_000]


def test_when_and_at_wait_for_both() -> None:
    twin = fire_twin(steps='at: 8 s, when: "gas_valve is on", do: spark, mark: s')
    twin.run_to(20 * SECOND)
    assert [mark.t_us for mark in twin.marks] == [8 * SECOND]


def test_a_condition_on_a_silent_sensor_is_not_known_and_does_not_hold() -> None:
    steps = (
        'at: 1 s, do: fault, on: smoke, kind: dropout\nwhen: "smoke < 5 %/m for 2 s", mark: clear'
    )
    twin = fire_twin(steps=steps)
    twin.run_to(30 * SECOND)
    assert twin.marks == []


@pytest.mark.parametrize(
    "when",
    [
        "not buzzer is on for 4 s",
        "buzzer is on in the last 5 s",
        "changes(buzzer, 10 s) >= 7",
        "age(smoke) > 3 s",
        "fan > 20 % and not (buzzer is on)",
    ],
)
def test_a_restored_twin_waits_for_the_same_thing(when: str) -> None:
    steps = (
        "at: 5 s, do: fault, on: smoke, kind: dropout, for: 6 s\n"
        'every: 3 s, do: drive, on: buzzer, to: "on", for: 1 s\n'
        "at: 20 s, do: drive, on: fan, to: 30\n"
        f'when: "{when}", do: lighter, mark: seen'
    )
    scenario = check_scenario("t.yaml", fire_profile(), script(steps))
    straight, other = (make_twin(fire_profile(), 7, scenario) for _ in range(2))
    saved = []
    for at in (1, 9, 11, 21, 24):
        straight.run_to(at * SECOND)
        saved.append(straight.snapshot())
    straight.run_to(26 * SECOND)
    assert straight.marks
    for snapshot in saved:
        other.restore(snapshot)
        other.run_to(26 * SECOND)
        assert other.snapshot() == straight.snapshot()


def test_waiting_long_does_not_fill_the_memory() -> None:
    twin = fire_twin(steps='when: "fan > 50 % for 2 s", do: spark')
    sizes = []
    for seconds in (30, 60, 240):
        twin.run_to(seconds * SECOND)
        sizes.append(len(twin.snapshot()))
    assert max(sizes) - min(sizes) < 200


# ---------------------------------------------------------------------- seeds


VARIED = script("at: $t, do: ignite, growth: $g, peak: $p, mark: fire").replace(
    "steps:", "vary:\n  t: [10 s, 20 s]\n  g: [slow, fast, ultrafast]\n  p: [100, 200]\nsteps:"
)

OPEN = read_scenario("v.yaml", VARIED)


@given(seed=st.integers(0, 2**32 - 1))
def test_a_seed_chooses_within_what_is_open(seed: int) -> None:
    draws = OPEN.draws(seed)
    assert 10 * SECOND <= int(draws["t"]) <= 20 * SECOND
    assert int(draws["t"]) % 10_000 == 0
    assert draws["g"] in ("slow", "fast", "ultrafast")
    assert 100 <= float(draws["p"]) < 200
    assert draws == read_scenario("v.yaml", VARIED).draws(seed)


def test_one_open_value_does_not_move_another() -> None:
    fewer = VARIED.replace("  g: [slow, fast, ultrafast]\n", "").replace("growth: $g, ", "")
    for seed in range(20):
        all_, some = (read_scenario("v.yaml", t).draws(seed) for t in (VARIED, fewer))
        assert some == {name: all_[name] for name in some}


def test_every_choice_is_made_by_some_seed() -> None:
    scenario = read_scenario("v.yaml", VARIED)
    assert {scenario.draws(seed)["g"] for seed in range(40)} == {"slow", "fast", "ultrafast"}
    assert len({scenario.draws(seed)["t"] for seed in range(40)}) > 30


def test_the_twins_seed_is_the_scenarios_unless_one_is_given() -> None:
    scenario = check_scenario("v.yaml", fire_profile(), VARIED.replace("kit:", "seed: 12\nkit:"))
    assert make_twin(fire_profile(), None, scenario).seed == 12
    assert make_twin(fire_profile(), 5, scenario).seed == 5
    assert make_twin(fire_profile(), None, None).seed == 1


# ---------------------------------------------------------------------- finding them


def test_a_packs_scenario_comes_before_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "scenarios").mkdir()
    own = script("at: 1 s, do: toast, mark: own").replace("id: t", "id: toast")
    (tmp_path / "scenarios" / "toast.yaml").write_text(own, "utf-8")
    assert load_scenario("toast", [tmp_path]).title.en == "t"
    assert load_scenario("toast").title.en == "Burnt toast"
    assert load_scenario("toast", [tmp_path / "scenarios"]).title.en == "t"
    assert load_scenario(str(tmp_path / "scenarios" / "toast.yaml")).title.en == "t"


def test_a_scenario_that_is_not_there_is_told_with_a_guess() -> None:
    with pytest.raises(BadInput, match="Did you mean flaming"):
        load_scenario("flamin")
    with pytest.raises(BadInput):
        load_scenario("/nowhere/at-all.yaml")


def test_another_preset_is_another_room_and_a_wrong_one_is_told() -> None:
    def height(twin: Twin) -> float:
        return twin.plant.truth()["clear_m"]

    assert height(make_twin(fire_profile(), 1, None, "bench")) < 0.5
    assert height(make_twin(fire_profile(), 1, None)) > 2
    with pytest.raises(BadInput, match="bench, room"):
        make_twin(fire_profile(), 1, None, "hall")


# ---------------------------------------------------------------------- mistakes

# Steps begin in line 7, their first key in column 6.
MISTAKES = [
    ("at: 1 s, do: ignit", [("T-DO", 7, 18)]),
    ("at: 1 s, do: ignite, growht: slow", [("T-ARG", 7, 35)]),
    ("at: 1 s, do: ignite, growth: quick", [("T-CHOICE", 7, 35)]),
    ("at: 1 s, do: ignite, peak: 1e9", [("T-RANGE", 7, 33)]),
    ("at: 1, do: toast", [("T-TIME", 7, 10)]),
    ("at: soon, do: toast", [("T-TIME", 7, 10)]),
    ("at: 1 s", [("T-STEP", 7, 5)]),
    ("do: toast", [("T-STEP", 7, 5)]),
    ("at: 1 s, do: spark, for: 5 s", [("T-FOR", 7, 26)]),
    ("at: $t, do: toast", [("T-DRAW", 7, 10)]),
    ("at: 1 s, do: fault, on: smok, kind: stuck", [("T-CHOICE", 7, 29)]),
    ("at: 1 s, do: fault, on: smoke, kind: off", [("T-CHOICE", 7, 42)]),
    ("at: 1 s, do: fault, on: smoke, kind: offset", [("T-ARG-MISSING", 7, 14)]),
]


@pytest.mark.parametrize(("step", "told"), MISTAKES, ids=[step for step, _ in MISTAKES])
def test_mistakes_are_told_with_line_and_column(
    step: str, told: list[tuple[str, int, int]]
) -> None:
    found = problems(script(step))
    assert [(code, line) for code, line, _ in found] == [(code, line) for code, line, _ in told]


@pytest.mark.parametrize(
    ("when", "column"), [("smok > 5 %/m", 13), ("smoke > 5 Cel", 21), ("buzzer is loud", 23)]
)
def test_a_mistake_inside_a_condition_is_told_where_it_stands(when: str, column: int) -> None:
    ((_, line, told),) = problems(script(f'when: "{when}", do: spark'))
    assert (line, told) == (7, column)


def test_a_condition_that_cannot_be_followed_live_is_told() -> None:
    ((code, line, _),) = problems(script('when: "flame agrees with fan within 5 %", do: spark'))
    assert (code, line) == ("C-NOT-LIVE", 7)


def test_all_mistakes_are_told_at_once() -> None:
    text = script("at: soon, do: toast\nat: 1 s, do: ignit\nat: 1 s", duration="ages")
    assert {line for _, line, _ in problems(text)} >= {5, 7, 9}


def test_what_only_some_seeds_meet_is_told_too() -> None:
    text = script("at: 1 s, do: ignite, peak: $p").replace(
        "steps:", "vary:\n  p: {choose: [100, 99999]}\nsteps:"
    )
    assert [code for code, _, _ in problems(text)] == ["T-RANGE"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("schema: labapp.scenario/1", "schema: labapp.scenario/9"),
        ("kit: fire-safety\n", ""),
        ("duration: 60 s", "duration: 60"),
        ("id: t", "id: Not An Id"),
        ("steps:", "stepps:"),
        ("steps:", "init: {door: 7}\nsteps:"),
        ("steps:", "init: {window: 1}\nsteps:"),
        ("steps:", "vary: {t: [9 s, 1 s]}\nsteps:"),
        ("steps:", "vary: {t: 5}\nsteps:"),
    ],
)
def test_a_wrong_head_is_told(old: str, new: str) -> None:
    assert problems(script("at: 1 s, do: toast").replace(old, new, 1))


KEYS = st.sampled_from(["at", "do", "every", "for", "when", "mark", "to", "on", "kind", "text"])
WORDS = st.sampled_from(["1 s", "toast", "5", "fault", "smoke", "stuck", "'on'", "x y", "$t", "{}"])


@given(st.lists(st.dictionaries(KEYS, WORDS, max_size=4), max_size=3))
def test_any_steps_are_followed_or_told(steps: list[dict[str, str]]) -> None:
    text = script("\n".join(", ".join(f"{k}: {v}" for k, v in s.items()) for s in steps) or "x: 1")
    told, scenario = _checked(text)
    assert all(p.line is not None or "steps" not in (p.path or "") for p in told)
    if scenario is not None:
        make_twin(fire_profile(), 1, scenario).run_to(3 * SECOND)


def _checked(text: str) -> tuple[tuple[Problem, ...], Scenario | None]:
    try:
        return (), check_scenario("any.yaml", fire_profile(), text)
    except BadInput as trouble:
        return trouble.problems, None
