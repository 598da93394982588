"""An attempt in real time, on a bench that the test plays."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from labapp.app.clock import SystemClock
from labapp.coach.answers import Answers
from labapp.coach.grader import grade
from labapp.coach.live import LiveAttempt, LiveProgress
from labapp.kits.modbus_kit import WriteResult
from labapp.model.reading import Event, Gap, Reading, Reason, Sink
from labapp.model.trouble import Problem
from labapp.packs.pack import Pack
from labapp.store.evidence import open_evidence
from labapp.store.part_file import FINAL_NAME
from labapp.store.pending import PENDING_NAME
from labapp.store.recover import recover
from labapp.store.verify import verify
from tests.coach.attempts import attempt_at, give, readings
from tests.packs.small_pack import load_small
from tests.waiting import wait_for


class PlayedBench:
    """A bench whose time and readings the test decides."""

    def __init__(self) -> None:
        self.t_us = 5_000_000
        self.sinks: list[Sink] = []
        self.made_safe = 0
        self.gap: Gap | None = None

    def now_us(self) -> int:
        return self.t_us

    def add(self, sink: Sink) -> None:
        self.sinks.append(sink)

    def remove(self, sink: Sink) -> None:
        self.sinks.remove(sink)

    def write(self, point: str, value: float, who: str) -> WriteResult:
        raise AssertionError("nothing is to be written")

    def make_safe(self) -> None:
        self.made_safe += 1

    def open_gap(self) -> Gap | None:
        return self.gap


class Told:
    """What an attempt tells, from whatever thread."""

    def __init__(self) -> None:
        self.progress: list[LiveProgress] = []
        self.problems: list[Problem] = []
        self.sealed = threading.Event()
        self.path: Path | None = None

    def on_sealed(self, path: Path | None) -> None:
        self.path = path
        self.sealed.set()


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    """The small pack."""
    return load_small(tmp_path_factory.mktemp("pack"))


def _start(
    pack: Pack, bench: PlayedBench, folder: Path, told: Told, spare: Path | None = None
) -> LiveAttempt:
    live = LiveAttempt(
        attempt_at(pack),
        bench,
        folder,
        SystemClock(),
        spare_folder=spare,
        on_progress=told.progress.append,
        on_problem=told.problems.append,
        on_sealed=told.on_sealed,
    )
    live.start()
    wait_for(lambda: bench.sinks, what="the attempt listens")
    return live


def _moved(by_us: int) -> list[Reading]:
    return [Reading(r.point, r.t_us + by_us, r.value, r.raw) for r in readings()]


def test_it_ends_by_itself_and_is_graded_like_any_other(pack: Pack, tmp_path: Path) -> None:
    bench, told = PlayedBench(), Told()
    live = _start(pack, bench, tmp_path, told)
    give(bench.sinks[0], [Reading("temp", 1_000_000, 99.0), *_moved(5_000_000)])
    bench.t_us = 46_000_000
    assert told.sealed.wait(10)
    live.wait()
    assert told.problems == []
    assert told.path is not None
    evidence = open_evidence(told.path)
    assert evidence.recording.span_us == (0, 40_000_000)
    assert list(evidence.recording.readings) == readings()
    assert grade(evidence).points == 6
    assert bench.sinks == []
    assert bench.made_safe == 1
    assert not (tmp_path / PENDING_NAME).exists()


def test_it_tells_how_far_it_is(pack: Pack, tmp_path: Path) -> None:
    bench, told = PlayedBench(), Told()
    live = _start(pack, bench, tmp_path, told)
    give(bench.sinks[0], [r for r in _moved(5_000_000) if r.t_us < 25_000_000])
    bench.t_us = 25_000_000
    seen = wait_for(lambda: [p for p in told.progress if p.elapsed_us == 20_000_000])
    assert seen[-1].total_us == 40_000_000
    assert [item.id for item in seen[-1].items] == ["answers", "quiet"]
    live.stop(Answers(numbers={"a": "1"}))
    live.wait()
    assert told.path is not None
    evidence = open_evidence(told.path)
    assert evidence.recording.span_us == (0, 20_000_000)
    assert b'"numbers":{"a":"1"}' in evidence.files["answers.json"]


def test_a_link_that_is_down_at_the_end_leaves_a_gap(pack: Pack, tmp_path: Path) -> None:
    bench, told = PlayedBench(), Told()
    live = _start(pack, bench, tmp_path, told)
    bench.gap = Gap(10_000_000, 15_000_000, Reason.LINK_DOWN)
    bench.t_us = 15_000_000
    live.stop()
    live.wait()
    assert told.path is not None
    assert open_evidence(told.path).recording.gaps == (
        Gap(5_000_000, 10_000_000, Reason.LINK_DOWN),
    )


def test_a_crash_in_the_middle_leaves_what_can_be_sealed(pack: Pack, tmp_path: Path) -> None:
    bench, told = PlayedBench(), Told()
    live = _start(pack, bench, tmp_path / "a", told)
    give(bench.sinks[0], [r for r in _moved(5_000_000) if r.t_us < 20_000_000])
    bench.sinks[0].event(Event(20_000_000, "mark", {"id": "here"}))
    part = tmp_path / "a" / "recording.mcap.part"
    wait_for(lambda: part.stat().st_size > 15_000, what="the recording is on the disk")
    crashed = tmp_path / "b"
    crashed.mkdir()
    for path in (tmp_path / "a").iterdir():
        (crashed / path.name).write_bytes(path.read_bytes())
    live.stop()
    live.wait()
    (made,) = recover(crashed)
    assert verify(made).ok
    evidence = open_evidence(made)
    assert evidence.manifest["recovered"] is True
    assert evidence.manifest["student"] == "李雷"
    assert grade(evidence).step == "alarm"


def test_a_seal_that_the_disk_does_not_take_is_told_and_the_recording_stays(
    pack: Pack, tmp_path: Path, expected_logs: Callable[[str], None]
) -> None:
    bench, told = PlayedBench(), Told()
    live = _start(pack, bench, tmp_path, told)
    (tmp_path / "attempt.lab").write_bytes(b"somebody else's")
    live.stop()
    live.wait()
    assert told.path is None
    assert [problem.code for problem in told.problems] == ["evidence.exists"]
    assert (tmp_path / FINAL_NAME).exists()
    assert (tmp_path / "attempt.lab").read_bytes() == b"somebody else's"
