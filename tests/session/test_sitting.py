from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from labapp.app.clock import SystemClock
from labapp.model.reading import Event, Gap, Quality, Reading, Reason
from labapp.profiles.load import load_profile
from labapp.session.sitting import MOST_KEPT, Sitting

PROFILES = [Path(__file__).parents[2] / "device_profiles"]


@pytest.fixture
def sitting() -> Sitting:
    return Sitting(load_profile("fire-safety", PROFILES), SystemClock())


class Noting:
    def __init__(self) -> None:
        self.told: list[object] = []

    def take(self, readings: Sequence[Reading]) -> None:
        self.told += readings

    def gap(self, gap: Gap) -> None:
        self.told.append(gap)

    def event(self, event: Event) -> None:
        self.told.append(event)


def test_it_remembers_what_the_window_asks_for(sitting: Sitting) -> None:
    bad = Reading("co", 20, None, None, Quality.BAD, Reason.SENTINEL)
    sitting.take([Reading("temp", 0, 20.0), Reading("temp", 10, 21.0), bad])
    sitting.gap(Gap(10, 30, Reason.LINK_DOWN))
    sitting.event(Event(5, "mark", {"id": "fire"}))
    latest = sitting.latest("temp")
    assert latest is not None
    assert latest.value == 21.0
    assert sitting.latest("co") == bad
    assert sitting.latest("smoke") is None
    assert sitting.gaps() == (Gap(10, 30, Reason.LINK_DOWN),)
    assert sitting.events() == (Event(5, "mark", {"id": "fire"}),)
    t_us, low, _ = sitting.ring.window("temp", 0, 100, 100)
    assert t_us.tolist() == [0, 10, 10]
    assert low.tolist()[:2] == [20.0, 21.0]


def test_sinks_hear_of_what_it_already_knows(sitting: Sitting) -> None:
    seen: list[Reading | None] = []

    class Asking(Noting):
        def take(self, readings: Sequence[Reading]) -> None:
            seen.append(sitting.latest("temp"))

    sitting.add(Asking())
    reading = Reading("temp", 0, 20.0)
    sitting.take([reading])
    assert seen == [reading]


def test_a_sink_may_tell_of_something_itself(sitting: Sitting) -> None:
    class Marking(Noting):
        def take(self, readings: Sequence[Reading]) -> None:
            sitting.event(Event(0, "note", {"id": "seen"}))

    sitting.add(Marking())
    sitting.take([Reading("temp", 0, 20.0)])
    assert [event.data["id"] for event in sitting.events()] == ["seen"]


def test_a_failing_sink_does_not_keep_the_sitting_from_remembering(
    sitting: Sitting, expected_logs: Callable[[str], None]
) -> None:
    expected_logs(r"labapp\.session\.hub: Failing failed")

    class Failing(Noting):
        def event(self, event: Event) -> None:
            raise ValueError("a bug")

    noting = Noting()
    sitting.add(Failing())
    sitting.add(noting)
    sitting.event(Event(1, "mark", {"id": "a"}))
    sitting.event(Event(2, "mark", {"id": "b"}))
    assert len(sitting.events()) == len(noting.told) == 2


def test_a_sink_begins_with_what_still_holds_and_a_failing_one_is_left_out(
    sitting: Sitting, expected_logs: Callable[[str], None]
) -> None:
    expected_logs(r"labapp\.session\.hub: Failing failed")

    class Failing(Noting):
        def take(self, readings: Sequence[Reading]) -> None:
            self.told += readings
            raise ValueError("a bug")

    now_us = sitting.clock.now_us()
    sitting.take([Reading("temp", now_us, 20.0), Reading("not-of-this-kit", now_us - 10**9, 1.0)])
    failing, noting = Failing(), Noting()
    sitting.add(failing, with_newest=True)
    sitting.add(noting, with_newest=True)
    assert noting.told == failing.told == [Reading("temp", now_us, 20.0)]
    sitting.event(Event(now_us, "note", {}))
    assert failing.told == noting.told[:1]


def test_no_sink_is_called_any_more_once_it_was_removed(sitting: Sitting) -> None:
    inside, go_on = threading.Event(), threading.Event()

    class Slow(Noting):
        def event(self, event: Event) -> None:
            inside.set()
            assert go_on.wait(5)
            super().event(event)

    slow = Slow()
    sitting.add(slow)
    teller = threading.Thread(target=sitting.event, args=(Event(1, "mark", {"id": "a"}),))
    teller.start()
    assert inside.wait(5)
    removed = threading.Event()

    def remove() -> None:
        sitting.remove(slow)
        removed.set()

    remover = threading.Thread(target=remove)
    remover.start()
    # While the sink is in a call its removal waits; what the window asks for does not.
    assert sitting.events()
    assert not removed.is_set()
    go_on.set()
    teller.join(5)
    remover.join(5)
    assert removed.is_set()
    sitting.event(Event(2, "mark", {"id": "b"}))
    assert len(slow.told) == 1


def test_what_it_keeps_is_bounded(sitting: Sitting) -> None:
    for number in range(MOST_KEPT + 5):
        sitting.event(Event(number, "note", {}))
    events = sitting.events()
    assert len(events) == MOST_KEPT
    assert events[-1].t_us == MOST_KEPT + 4
