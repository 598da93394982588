from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from labapp.model.reading import Event, Gap, Reading, Reason
from labapp.session.hub import SampleHub

READING = Reading("temp", 0, 20.0)
GAP = Gap(0, 10, Reason.TIMEOUT)
EVENT = Event(5, "mark", {"id": "fire"})


class Noting:
    """A sink that keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[object] = []

    def take(self, readings: Sequence[Reading]) -> None:
        self.told += readings

    def gap(self, gap: Gap) -> None:
        self.told.append(gap)

    def event(self, event: Event) -> None:
        self.told.append(event)


class Failing(Noting):
    """A sink whose disk is full."""

    def take(self, readings: Sequence[Reading]) -> None:
        super().take(readings)
        raise OSError("no space left")


def test_everybody_hears_everything_in_order() -> None:
    hub, sinks = SampleHub(), [Noting(), Noting()]
    for sink in sinks:
        hub.add(sink)
    hub.take([READING])
    hub.gap(GAP)
    hub.event(EVENT)
    assert [sink.told for sink in sinks] == [[READING, GAP, EVENT]] * 2


def test_a_sink_that_was_removed_hears_no_more_and_one_added_twice_hears_once() -> None:
    hub, sink = SampleHub(), Noting()
    hub.add(sink)
    hub.add(sink)
    hub.event(EVENT)
    hub.remove(sink)
    hub.event(EVENT)
    hub.remove(sink)
    assert sink.told == [EVENT]


def test_a_failing_sink_is_left_out_and_the_others_go_on(
    expected_logs: Callable[[str], None],
) -> None:
    expected_logs(r"labapp\.session\.hub: Failing failed and is left out")
    hub, before, failing, after = SampleHub(), Noting(), Failing(), Noting()
    for sink in (before, failing, after):
        hub.add(sink)
    hub.take([READING])
    hub.take([READING])
    assert before.told == after.told == [READING, READING]
    assert failing.told == [READING]


def test_a_sink_may_leave_and_bring_another_in_its_own_call() -> None:
    hub, successor = SampleHub(), Noting()

    class Leaving(Noting):
        def event(self, event: Event) -> None:
            hub.remove(self)
            hub.add(successor)

    hub.add(Leaving())
    hub.event(EVENT)
    assert successor.told == []
    hub.event(EVENT)
    assert successor.told == [EVENT]


def test_no_readings_are_no_news() -> None:
    class Strict(Noting):
        def take(self, readings: Sequence[Reading]) -> None:
            assert readings
            super().take(readings)

    hub, sink = SampleHub(), Strict()
    hub.add(sink)
    hub.take([])
    assert sink.told == []


def test_sinks_come_and_go_from_other_threads_while_readings_flow() -> None:
    hub, constant = SampleHub(), Noting()
    hub.add(constant)
    stop = threading.Event()

    def come_and_go() -> None:
        while not stop.is_set():
            passing = Noting()
            hub.add(passing)
            hub.remove(passing)

    threads = [threading.Thread(target=come_and_go) for _ in range(2)]
    for thread in threads:
        thread.start()
    for _ in range(2000):
        hub.take([READING])
    stop.set()
    for thread in threads:
        thread.join()
    assert constant.told == [READING] * 2000
