"""Links over real sockets and ptys: found, served, lost, found again and ended."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace

import pytest

from labapp.app.clock import SystemClock
from labapp.app.since_start import SinceStart
from labapp.kits.link import Link, LinkKind, LinkState
from labapp.kits.modbus_kit import WriteOutcome, WriteResult
from labapp.model.reading import Event, Gap, Quality, Reading, Reason
from labapp.model.trouble import NoKit
from labapp.profiles.profile import Profile
from labapp.transport.kit_url import KitUrl
from labapp.transport.ports import PortInfo
from tests.kits.benches import changed, quick_fire_kit
from tests.kits.far_end import FarEnd, PtyEnd, SocketEnd
from tests.left_behind import open_sockets
from tests.waiting import wait_for

HAS_PTYS = hasattr(os, "openpty")
needs_ptys = pytest.mark.skipif(not HAS_PTYS, reason="no ptys on this system")
FAR_ENDS: list[Callable[[], FarEnd]] = [
    lambda: SocketEnd("mbap"),
    lambda: SocketEnd("rtu"),
    PtyEnd,
]
each_far_end = pytest.mark.parametrize(
    "make",
    [
        pytest.param(FAR_ENDS[0], id="tcp"),
        pytest.param(FAR_ENDS[1], id="rtu+tcp"),
        pytest.param(FAR_ENDS[2], id="pty", marks=needs_ptys),
    ],
)


class Notes:
    """A sink and a listener that keeps what it hears, and under which thread."""

    def __init__(self) -> None:
        self.readings: list[Reading] = []
        self.gaps: list[Gap] = []
        self.events: list[Event] = []
        self.states: list[LinkState] = []
        self.threads: set[str] = set()

    def take(self, readings: Sequence[Reading]) -> None:
        self.threads.add(threading.current_thread().name)
        self.readings.extend(readings)

    def gap(self, gap: Gap) -> None:
        self.gaps.append(gap)

    def event(self, event: Event) -> None:
        self.events.append(event)

    def changed(self, state: LinkState) -> None:
        self.threads.add(threading.current_thread().name)
        self.states.append(state)

    @property
    def kinds(self) -> list[LinkKind]:
        """The states in their order, each once in a row."""
        kinds: list[LinkKind] = []
        for state in self.states:
            if not kinds or kinds[-1] != state.kind:
                kinds.append(state.kind)
        return kinds

    def writes(self) -> list[dict[str, object]]:
        return [event.data for event in self.events if event.kind == "write"]


def no_ports() -> list[PortInfo]:
    return []


@contextmanager
def linked(
    url: str,
    profile: Profile | None = None,
    *,
    give_up_s: float = 10.0,
    ports: Callable[[], list[PortInfo]] = no_ports,
) -> Iterator[tuple[Link, Notes]]:
    notes = Notes()
    link = Link(
        profile or quick_fire_kit(),
        KitUrl.parse(url),
        notes,
        SinceStart(SystemClock()),
        notes.changed,
        ports=ports,
        give_up_s=give_up_s,
    )
    link.start()
    try:
        yield link, notes
    finally:
        link.stop()


@contextmanager
def online(end: FarEnd, profile: Profile | None = None) -> Iterator[tuple[Link, Notes, FarEnd]]:
    with ExitStack() as stack:
        stack.enter_context(end)
        link, notes = stack.enter_context(linked(end.url, profile))
        wait_for(lambda: link.state.kind == LinkKind.ONLINE)
        yield link, notes, end


@each_far_end
def test_a_kit_is_found_read_driven_and_left_safe(make: Callable[[], FarEnd]) -> None:
    with online(make()) as (link, notes, end):
        wait_for(lambda: len({r.point for r in notes.readings}) == 13)
        result = link.write("buzzer", 1, "panel")
        assert (result.outcome, result.is_done) == (WriteOutcome.VERIFIED, True)
        assert end.memory.kept["coil", 0] == 1
        assert link.write("fan", 50, "panel").is_done
        link.stop()
    assert notes.kinds == [
        LinkKind.OPENING, LinkKind.SETTLING, LinkKind.ONLINE, LinkKind.CLOSED
    ]  # fmt: skip
    assert all(end.memory.kept["coil", at] == 0 for at in range(4))
    assert end.memory.kept["holding", 0] == 0
    assert notes.writes()[:2] == [
        {"point": "buzzer", "value": 1, "result": "verified", "who": "panel"},
        {"point": "fan", "value": 50, "result": "verified", "who": "panel"},
    ]
    assert [w["who"] for w in notes.writes()[2:]] == ["safety"] * 5
    assert notes.gaps == []
    assert notes.threads == {"link"}
    times = [r.t_us for r in notes.readings]
    assert times == sorted(times)


def test_the_figures_of_a_link() -> None:
    with online(SocketEnd()) as (link, _, _):
        wait_for(lambda: link.state.rate_hz > 5)
        assert link.state.rtt_ms is not None
        assert 0 < link.state.rtt_ms < 80
        assert link.state.loss == 0


def test_reading_only_leaves_the_kit_as_it_is() -> None:
    with online(SocketEnd()) as (link, _, end):
        link.stop(safe=False)
    assert end.writes == []


@needs_ptys
def test_an_unplugged_kit_is_noticed_and_its_port_let_go() -> None:
    with online(PtyEnd()) as (link, notes, end):
        assert isinstance(end, PtyEnd)
        wait_for(lambda: len(notes.readings) > 20)
        end.unplug()
        wait_for(lambda: link.state.kind == LinkKind.LOST, seconds=2.0)
        assert link.state.code in ("E-PORT-GONE", "E-PORT-MISSING")
        wait_for(lambda: link.state.attempts > 0)
        assert end.device not in open_sockets()
    (gap,) = notes.gaps
    assert gap.reason == Reason.LINK_DOWN
    assert gap.points == ()
    assert gap.from_us >= max(r.t_us for r in notes.readings if r.quality == Quality.GOOD)


@needs_ptys
def test_an_adapter_that_comes_back_under_another_name_is_found() -> None:
    there: list[PortInfo] = []
    first, second = PtyEnd(), PtyEnd()
    kit = PortInfo(device=first.device, vid=0x10C4, pid=0xEA60, serial_number="A1")
    there.append(kit)
    with first, second, linked(first.url, ports=lambda: list(there)) as (link, notes):
        wait_for(lambda: link.state.kind == LinkKind.ONLINE)
        there.clear()
        first.unplug()
        wait_for(lambda: link.state.kind == LinkKind.LOST)
        there.append(replace(kit, device=second.device))
        wait_for(lambda: link.state.kind == LinkKind.ONLINE)
        assert second.requests
    assert len(notes.gaps) == 1


def test_a_dropped_connection_is_made_again_and_the_hole_is_a_gap() -> None:
    with online(SocketEnd()) as (link, notes, end):
        assert isinstance(end, SocketEnd)
        wait_for(lambda: len(notes.readings) > 20)
        end.drop()
        wait_for(lambda: notes.gaps)
        wait_for(lambda: link.state.kind == LinkKind.ONLINE)
        assert end.connections == 2
        assert LinkKind.LOST in notes.kinds
        (gap,) = notes.gaps
        after = [r for r in notes.readings if r.t_us >= gap.to_us]
        wait_for(lambda: len({r.point for r in notes.readings if r.t_us >= gap.to_us}) == 13)
        assert after
        assert not [
            r for r in notes.readings if gap.from_us <= r.t_us < gap.to_us and r.value is not None
        ]
    assert [e.data["state"] for e in notes.events if e.kind == "link"] == [
        "online", "lost", "online"
    ]  # fmt: skip


@each_far_end
def test_a_silent_kit_is_lost_and_found_on_the_same_port(make: Callable[[], FarEnd]) -> None:
    with online(make()) as (link, notes, end):
        wait_for(lambda: len(notes.readings) > 20)
        end.is_silent = True
        wait_for(lambda: link.state.kind == LinkKind.LOST)
        assert link.state.code == "E-TIMEOUT"
        last_good = max(r.t_us for r in notes.readings if r.quality == Quality.GOOD)
        assert abs(link.state.since_us - last_good) < 1_000_000
        end.is_silent = False
        wait_for(lambda: link.state.kind == LinkKind.ONLINE)
        assert end.connections <= 1
    assert [gap.reason for gap in notes.gaps] == [Reason.LINK_DOWN]


def test_nothing_that_was_written_is_repeated_after_a_loss() -> None:
    with online(SocketEnd()) as (link, notes, end):
        assert isinstance(end, SocketEnd)
        link.write("strobe", 1)
        before = len(end.writes)
        end.drop()
        wait_for(lambda: notes.gaps)
        wait_for(lambda: link.state.kind == LinkKind.ONLINE)
        assert len(end.writes) == before


def test_a_write_to_a_lost_kit_is_not_sent_later() -> None:
    with online(SocketEnd()) as (link, notes, end):
        end.is_silent = True
        wait_for(lambda: link.state.kind == LinkKind.LOST)
        result = link.write("sprinkler", 1)
        assert (result.outcome, result.code) == (WriteOutcome.REJECTED, "E-NO-LINK")
        end.is_silent = False
        wait_for(lambda: link.state.kind == LinkKind.ONLINE)
        wait_for(lambda: len([r for r in notes.readings if r.point == "flame"]) > 3)
        assert end.writes == []


def test_a_kit_that_could_not_be_made_safe_is_made_safe_when_it_is_back() -> None:
    with online(SocketEnd()) as (link, _, end):
        link.write("sprinkler", 1)
        end.is_silent = True
        wait_for(lambda: link.state.kind == LinkKind.LOST)
        results = link.make_safe()
        assert not any(result.is_done for result in results)
        assert end.memory.kept["coil", 2] == 1
        end.is_silent = False
        wait_for(lambda: end.memory.kept["coil", 2] == 0)


def test_leaving_a_silent_kit_says_that_it_may_not_be_safe() -> None:
    with online(SocketEnd()) as (link, _, end):
        end.is_silent = True
        wait_for(lambda: link.state.kind == LinkKind.LOST)
        unsafe = link.stop()
    assert [result.point for result in unsafe] == list(quick_fire_kit().safe_on_disconnect)


def test_what_was_on_for_long_enough_is_switched_off_by_the_link() -> None:
    profile = changed(quick_fire_kit(), "sprinkler", max_on_s=0.2)
    with online(SocketEnd(), profile) as (link, notes, end):
        assert link.write("sprinkler", 1).is_done
        wait_for(lambda: end.memory.kept["coil", 2] == 0)
        wait_for(lambda: [w for w in notes.writes() if w["who"] == "limit"])


def test_a_kit_that_never_answers_is_given_up_and_tried_again_when_asked() -> None:
    with SocketEnd() as end:
        end.is_silent = True
        with linked(end.url, give_up_s=0.3) as (link, notes):
            wait_for(lambda: link.state.kind == LinkKind.GAVE_UP)
            assert link.state.code == "E-FRAMING"
            assert "rtu+tcp" in link.state.message.en
            end.is_silent = False
            link.reconnect_now()
            wait_for(lambda: link.state.kind == LinkKind.ONLINE)
            assert notes.gaps == []


def test_a_refused_connection_is_given_up_at_once() -> None:
    with SocketEnd() as end:
        url = end.url
    with linked(url) as (link, notes):
        wait_for(lambda: link.state.kind == LinkKind.GAVE_UP, seconds=2)
        assert link.state.code == "E-NET-REFUSED"
        result = link.write("buzzer", 1)
        assert result.outcome == WriteOutcome.REJECTED
    assert notes.kinds[-1] == LinkKind.CLOSED


@needs_ptys
def test_a_port_that_another_link_holds_is_busy() -> None:
    with online(PtyEnd()) as (_, _, end), linked(end.url) as (second, _):
        wait_for(lambda: second.state.kind == LinkKind.GAVE_UP)
        assert second.state.code == "E-PORT-BUSY"


@needs_ptys
def test_a_wrong_rate_is_guessed_from_garbage() -> None:
    end = PtyEnd()

    end.garbage = b"\x00\x80\xc0\xe0\xf8\xfe\xff" * 4
    with end, linked(end.url, give_up_s=0.5) as (link, _):
        wait_for(lambda: link.state.kind == LinkKind.GAVE_UP)
        assert link.state.code == "E-GARBLED"
        assert "57600" in link.state.message.en


def test_stop_is_prompt_in_every_state() -> None:
    clock = SystemClock()
    with SocketEnd() as end:
        end.is_silent = True
        url = end.url
        for state in (LinkKind.SETTLING, LinkKind.GAVE_UP):
            with linked(url, give_up_s=60 if state == LinkKind.SETTLING else 0.1) as (link, _):
                wait_for(lambda link=link, state=state: link.state.kind == state)  # type: ignore[misc]
                begun_us = clock.now_us()
                link.stop()
                assert clock.now_us() - begun_us < 1_000_000


def test_a_link_that_was_never_started_can_be_stopped() -> None:
    notes = Notes()
    link = Link(
        quick_fire_kit(), KitUrl.parse("tcp://127.0.0.1:1"), notes, SystemClock(), notes.changed
    )
    assert link.stop() == []


@pytest.mark.parametrize("url", ["twin:", "replay:somewhere.lab"])
def test_what_is_no_wire_is_refused(url: str) -> None:
    notes = Notes()
    with pytest.raises(NoKit):
        Link(quick_fire_kit(), KitUrl.parse(url), notes, SystemClock(), notes.changed)


def test_a_fault_of_a_sink_ends_the_link_and_is_in_the_log(
    expected_logs: Callable[[str], None],
) -> None:
    expected_logs("the link ended by a fault of ours")

    class Broken(Notes):
        def take(self, readings: Sequence[Reading]) -> None:
            raise RuntimeError("a fault")

    with SocketEnd() as end:
        notes = Broken()
        link = Link(
            quick_fire_kit(),
            KitUrl.parse(end.url),
            notes,
            SystemClock(),
            notes.changed,
        )
        link.start()
        wait_for(lambda: link.state.kind == LinkKind.GAVE_UP)
        assert link.state.code == "E-OURS"
        link.stop()


def test_two_threads_write_one_after_the_other() -> None:
    results: list[WriteResult] = []
    with online(SocketEnd()) as (link, _, end):

        def drive(point: str) -> None:
            for value in (1, 0, 1):
                results.append(link.write(point, value))

        threads = [threading.Thread(target=drive, args=(p,)) for p in ("buzzer", "strobe")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert all(result.is_done for result in results)
        assert (end.memory.kept["coil", 0], end.memory.kept["coil", 1]) == (1, 1)


def test_a_write_that_nobody_waits_for_any_more_is_not_begun() -> None:
    kit = quick_fire_kit()
    slow = replace(kit, transport=replace(kit.transport, timeout_ms=700, read_retries=0))
    with online(SocketEnd(), slow) as (link, notes, end):
        end.is_silent = True
        count = len(end.requests)
        wait_for(lambda: len(end.requests) > count)  # a read is under way now
        result = link.write("buzzer", 1, timeout=0.05)
        assert (result.outcome, result.code) == (WriteOutcome.REJECTED, "E-NO-LINK")
        end.is_silent = False
        wait_for(lambda: len([r for r in notes.readings if r.quality == Quality.BAD]) > 0)
        assert end.writes == []
