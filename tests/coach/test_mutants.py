"""Changed recordings: each differs from the right one in one thing only, and keeps its instants."""

from __future__ import annotations

import numpy as np
import pytest

from labapp.coach.mutants import Mutant, mutants
from labapp.model.trace import Channel, Trace

SECOND = 1_000_000


def make_trace() -> Trace:
    """Return a minute: smoke rises at 20 s, the siren sounds from 22 s to 30 s and from 50 s."""
    t = np.arange(0, 60 * SECOND, SECOND // 2, dtype=np.int64)
    seconds = t / SECOND
    siren = ((seconds >= 22) & (seconds < 30)) | (seconds >= 50)
    return Trace(
        {
            "smoke": _channel(t, np.where(seconds >= 20, 12.0, 0.5), "%/m"),
            "siren": _channel(t, siren.astype(float), "1", ("off", "on")),
            "idle": _channel(t, np.zeros(len(t)), "1", ("off", "on")),
        },
        (0, 60 * SECOND),
    )


def _channel(t: np.ndarray, value: np.ndarray, unit: str, states: tuple[str, ...] = ()) -> Channel:
    return Channel(unit=unit, stale_after_us=2 * SECOND, t_us=t, value=value, states=states)


def by_id(*driven: str) -> dict[str, Mutant]:
    return {mutant.id: mutant for mutant in mutants(make_trace(), driven)}


def on_at(mutant: Mutant) -> set[float]:
    """Return the seconds at which the siren is on."""
    siren = mutant.trace.channels["siren"]
    return set((siren.t_us[siren.value == 1.0] / SECOND).tolist())


def test_only_the_named_point_changes_and_only_in_value() -> None:
    right = make_trace()
    for mutant in mutants(right, ("siren",)):
        if not mutant.id.startswith("siren."):
            continue
        for name, channel in mutant.trace.channels.items():
            assert np.array_equal(channel.t_us, right.channels[name].t_us), mutant.id
            same = np.array_equal(channel.value, right.channels[name].value)
            assert same == (name != "siren"), mutant.id


def test_the_right_recording_itself_is_left_alone() -> None:
    right = make_trace()
    before = {name: channel.value.copy() for name, channel in right.channels.items()}
    assert len(list(mutants(right, ("siren", "idle")))) > 10
    for name, value in before.items():
        assert np.array_equal(right.channels[name].value, value)


@pytest.mark.parametrize(
    ("kind", "second", "is_on"),
    [
        ("late", 30.0, False),
        ("late", 43.0, True),
        ("stuck-at-start", 25.0, False),
        ("stuck-acting", 0.0, True),
        ("inverted", 10.0, True),
        ("inverted", 25.0, False),
        ("one-missing", 25.0, False),
        ("one-missing", 55.0, True),
        ("pulse", 12.0, True),
        ("pulse", 25.0, True),
        ("overstays", 40.0, True),
        ("flutters", 22.0, True),
        ("flutters", 22.5, False),
    ],
)
def test_what_each_change_does(kind: str, second: float, is_on: bool) -> None:
    assert (second in on_at(by_id("siren")[f"siren.{kind}"])) is is_on


def test_a_change_that_changes_nothing_is_left_out() -> None:
    found = set(by_id("idle"))
    assert {"idle.stuck-acting", "idle.inverted", "idle.pulse"} <= found
    assert not found & {"idle.late", "idle.one-missing", "idle.overstays", "idle.stuck-at-start"}


def test_without_stimulus_nothing_moves() -> None:
    mutant = by_id("siren")["no-stimulus"]
    assert mutant.wanted == "earns-nothing"
    for channel in mutant.trace.channels.values():
        assert len(set(channel.value.tolist())) == 1


def test_gaps_lie_where_something_happens_and_spare() -> None:
    found = by_id("siren")
    gap = found["gap.1"]
    assert gap.wanted == "spares"
    ((from_us, to_us),) = gap.trace.gaps_us
    assert from_us < 22 * SECOND < to_us
    assert found["link-lost"].trace.gaps_us == ((30 * SECOND, 60 * SECOND),)
