"""Recordings: what goes in comes out, whatever the disk or the power does."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mcap.reader import make_reader
from mcap.stream_reader import StreamReader

from labapp.app.clock import SystemClock
from labapp.model.reading import Event, Gap, Quality, Reading, Reason
from labapp.model.trouble import Damaged, LabError, Problem
from labapp.store.chunks import ChunkBuilder
from labapp.store.messages import Item, Span, decode, encode
from labapp.store.part_file import FINAL_NAME, PART_NAME
from labapp.store.reader import read_recording
from labapp.store.rebuild import rebuild
from labapp.store.recording import RecordingWriter
from tests.store.samples import META, FailingDisk, give, record, story
from tests.waiting import wait_for

ROOT = Path(__file__).parents[2]
NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=12)
TIMES = st.integers(-(2**40), 2**50)
VALUES = st.none() | st.floats()
RAWS = st.none() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False)
READINGS = st.builds(
    Reading, NAMES, TIMES, VALUES, RAWS, st.sampled_from(Quality), st.sampled_from(Reason)
)
GAPS = st.builds(Gap, TIMES, TIMES, st.sampled_from(Reason), st.lists(NAMES, max_size=3).map(tuple))
EVENTS = st.builds(
    Event, TIMES, NAMES, st.dictionaries(NAMES, st.integers() | NAMES | st.booleans(), max_size=1)
)


def _octets(items: list[Item], meta: dict[str, object] | None = None) -> bytes:
    builder = ChunkBuilder(META if meta is None else meta)
    out = bytearray(builder.preamble)
    for item in items:
        chunk = builder.add(item)
        out += b"" if chunk is None else chunk.block
    last = builder.cut()
    out += b"" if last is None else last.block
    return bytes(out + builder.closing(len(out)))


@given(READINGS | GAPS | EVENTS)
def test_every_item_comes_back_exactly(item: Item) -> None:
    topic, _, payload = encode(item)
    assert repr(decode(topic, payload)) == repr(item)  # NaN equals itself in text


def test_what_was_recorded_is_read_again(tmp_path: Path) -> None:
    items = story(5)
    told = record(tmp_path, items, 5_000_000)
    found = read_recording(told.path)
    assert list(found.items) == [*items, Span(0, 5_000_000)]
    assert found.is_complete
    assert found.damage == ()
    assert dict(found.meta) == META
    assert (found.head, found.digest, found.counts) == (told.head, told.digest, told.counts)
    assert len(found.chunks) == told.chunks
    assert found.span_us == (0, 5_000_000)


def test_equal_readings_give_an_equal_file_and_another_meta_an_equal_digest(tmp_path: Path) -> None:
    one = record(tmp_path / "1", story(3), 3_000_000)
    two = record(tmp_path / "2", story(3), 3_000_000)
    assert one.path.read_bytes() == two.path.read_bytes()
    other = read_recording(_octets([*story(3), Span(0, 3_000_000)], {"when": "later"}))
    assert other.digest == one.digest
    assert other.head != one.head


def test_another_reader_of_mcap_reads_it(tmp_path: Path) -> None:
    told = record(tmp_path, story(3), 3_000_000)
    octets = told.path.read_bytes()
    records = list(StreamReader(io.BytesIO(octets), validate_crcs=True).records)
    assert records
    reader = make_reader(io.BytesIO(octets), validate_crcs=True)
    summary = reader.get_summary()
    assert summary is not None
    assert summary.statistics is not None
    assert summary.statistics.chunk_count == told.chunks
    topics = [channel.topic for _, channel, _ in reader.iter_messages()]
    assert topics.count("/kit/temp") + topics.count("/kit/buzzer") == told.counts.readings
    assert topics.count("/gap") == 1


def test_rebuilding_a_recording_gives_its_own_bytes(tmp_path: Path) -> None:
    octets = record(tmp_path, story(5), 5_000_000).path.read_bytes()
    assert rebuild(read_recording(octets)) == octets


@settings(max_examples=40)
@given(st.data())
def test_a_file_cut_anywhere_keeps_all_chunks_before_the_cut(data: st.DataObject) -> None:
    whole = _octets([*story(4), Span(0, 4_000_000)])
    every = read_recording(whole)
    at = data.draw(st.integers(len(_octets([])) // 2, len(whole) - 1))
    found = read_recording(whole[:at])
    ends = [chunk.offset for chunk in every.chunks[1:]]
    kept = sum(end <= at for end in ends)
    assert found.chunks[:kept] == every.chunks[:kept]
    assert list(found.items) == list(every.items)[: len(found.items)]
    assert not found.is_complete


@settings(max_examples=40)
@given(st.data())
def test_a_zeroed_page_takes_only_its_own_chunks_and_leaves_a_gap(data: st.DataObject) -> None:
    items: list[Item] = [*story(8), Span(0, 8_000_000)]
    whole = _octets(items)
    start = data.draw(st.integers(2000, len(whole) - 2000))
    broken = whole[:start] + bytes(600) + whole[start + 600 :]
    found = read_recording(broken)
    assert found.damage
    assert set(map(repr, found.items)) <= set(map(repr, items))  # nothing that was never written
    hurt = [c for c in read_recording(whole).chunks if c not in found.chunks]
    for chunk in (
        hurt[:1] if len(hurt) == 1 and hurt[0] is not read_recording(whole).chunks[-1] else ()
    ):
        assert any(gap.from_us <= chunk.first_us for gap in found.gaps)


@settings(max_examples=40)
@given(st.data())
def test_a_flipped_byte_never_gives_a_wrong_value(data: st.DataObject) -> None:
    items: list[Item] = [*story(4), Span(0, 4_000_000)]
    whole = bytearray(_octets(items))
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at] ^= 1 << data.draw(st.integers(0, 7))
    found = read_recording(bytes(whole))
    assert set(map(repr, found.items)) <= set(map(repr, items))


def test_an_exchanged_chunk_breaks_the_chain(tmp_path: Path) -> None:
    mine = _octets([*story(4), Span(0, 4_000_000)])
    other = [
        Reading("temp", item.t_us, 99.0, item.raw)
        if isinstance(item, Reading) and item.point == "temp" and item.value is not None
        else item
        for item in story(4)
    ]
    theirs = _octets([*other, Span(0, 4_000_000)])
    a, b = read_recording(mine).chunks[1:3]
    c, d = read_recording(theirs).chunks[1:3]
    mixed = mine[: a.offset] + theirs[c.offset : d.offset] + mine[b.offset :]
    found = read_recording(mixed)
    assert [note.chunk for note in found.damage] == [0, 1]  # where it joins, on both sides
    assert all("exchanged" in note.why.en for note in found.damage)


def test_a_chunk_taken_out_or_put_in_twice_is_noted() -> None:
    whole = _octets([*story(4), Span(0, 4_000_000)])
    first, second, third = read_recording(whole).chunks[:3]
    without = read_recording(whole[: second.offset] + whole[third.offset :])
    note = without.damage[0]
    assert (note.chunk, note.from_us, note.to_us) == (1, first.last_us, third.first_us)
    twice = read_recording(
        whole[: third.offset] + whole[second.offset : third.offset] + whole[third.offset :]
    )
    assert "twice" in twice.damage[0].why.en
    assert twice.items == read_recording(whole).items


@pytest.mark.parametrize("octets", [b"", b"\x89MCAP0\r\n", b"PK\x03\x04" * 100, bytes(5000)])
def test_what_is_no_recording_is_refused(octets: bytes) -> None:
    with pytest.raises(Damaged):
        read_recording(octets)


@settings(max_examples=40)
@given(st.binary(max_size=400))
def test_no_bytes_whatever_upset_the_reader(octets: bytes) -> None:
    whole = _octets([*story(1), Span(0, 1_000_000)])
    assert read_recording(whole[:2000] + octets + whole[2000:]).meta == META
    with contextlib.suppress(Damaged):
        read_recording(octets)


# ---------------------------------------------------------------- the disk


def test_a_full_disk_is_told_and_nothing_is_lost_once_there_is_room(tmp_path: Path) -> None:
    disk, told = FailingDisk(at=3, only="write"), list[Problem]()
    writer = RecordingWriter(tmp_path, clock=SystemClock(), on_problem=told.append, disk=disk)
    writer.start(META)
    items = story(4)
    give(writer, items)
    wait_for(lambda: told, what="the full disk is told")
    assert told[0].code == "recording.disk_full"
    with pytest.raises(LabError, match=r"recording\.disk_full"):
        writer.finish(4_000_000)
    disk.mend()
    recorded = writer.finish(4_000_000)
    assert list(read_recording(recorded.path).items) == [*items, Span(0, 4_000_000)]


def test_a_recording_goes_on_in_another_folder(tmp_path: Path) -> None:
    disk = FailingDisk(at=1, only="sync")
    writer = RecordingWriter(tmp_path / "a", disk=disk)
    writer.start(META)
    items = story(3)
    give(writer, items)
    with pytest.raises(LabError):
        writer.finish(3_000_000)
    disk.mend()
    writer.move_to(tmp_path / "b")
    recorded = writer.finish(3_000_000)
    assert recorded.path.parent == tmp_path / "b"
    assert list(read_recording(recorded.path).items) == [*items, Span(0, 3_000_000)]


@pytest.mark.parametrize("kind", ["open", "write", "sync", "place"])
@pytest.mark.parametrize("at", [0, 1, 2])
def test_any_touch_of_the_disk_may_fail_and_be_tried_again(
    tmp_path: Path, kind: str, at: int
) -> None:
    disk = FailingDisk(at=at, only=kind)
    writer = RecordingWriter(tmp_path, disk=disk)
    writer.start(META)
    items = story(2)
    give(writer, items)
    try:
        recorded = writer.finish(2_000_000)
    except LabError:
        disk.mend()
        recorded = writer.finish(2_000_000)
    assert list(read_recording(recorded.path).items) == [*items, Span(0, 2_000_000)]


def test_a_folder_that_holds_a_recording_is_not_written_over(tmp_path: Path) -> None:
    before = record(tmp_path, story(1), 1_000_000).path.read_bytes()
    with pytest.raises(LabError, match=r"recording\.exists"):
        RecordingWriter(tmp_path).start(META)
    assert (tmp_path / FINAL_NAME).read_bytes() == before


def test_memory_that_runs_full_becomes_a_gap(tmp_path: Path) -> None:
    disk, told = FailingDisk(only="open"), list[Problem]()
    writer = RecordingWriter(
        tmp_path, clock=SystemClock(), on_problem=told.append, disk=disk, memory_bytes=40_000
    )
    writer.start(META)
    give(writer, story(60))
    disk.mend()
    found = read_recording(writer.finish(60_000_000).path)
    assert "recording.memory_full" in [problem.code for problem in told]
    lost = [gap for gap in found.gaps if gap.reason == Reason.NOT_RECORDED]
    assert lost
    there = {(r.point, r.t_us) for r in found.readings}
    given = [r for r in story(60) if isinstance(r, Reading)]
    gone = [r for r in given if (r.point, r.t_us) not in there]
    assert gone
    assert all(any(gap.from_us <= r.t_us < gap.to_us for gap in lost) for r in gone)


CHILD = """
    import sys
    from pathlib import Path
    from labapp.app.clock import SystemClock
    from labapp.model.reading import Reading
    from labapp.store.recording import RecordingWriter

    clock = SystemClock()
    writer = RecordingWriter(Path(sys.argv[1]), clock=clock)
    writer.start({"a": "b"})
    start = clock.now_us()
    for line in sys.stdin:
        writer.take([Reading("temp", clock.now_us() - start, float(line))])
        print(line.strip(), clock.now_us() - start, flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is POSIX")
def test_a_killed_writer_loses_a_second_at_most(tmp_path: Path) -> None:
    code = textwrap.dedent(CHILD)
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        told: list[tuple[float, int]] = []
        while not told or told[-1][1] < 1_600_000:
            child.stdin.write(f"{len(told)}\n")
            child.stdin.flush()
            value, t_us = child.stdout.readline().split()
            told.append((float(value), int(t_us)))
        child.send_signal(signal.SIGKILL)
        child.wait()
    found = read_recording(tmp_path / PART_NAME)
    kept = [reading.value for reading in found.readings]
    assert kept == [value for value, _ in told[: len(kept)]]
    assert told[-1][1] - found.readings[-1].t_us <= 1_000_000


def test_what_cannot_be_recorded_is_told_and_the_rest_goes_on(
    tmp_path: Path, expected_logs: Callable[[str], None]
) -> None:
    expected_logs("cannot be recorded")
    told: list[Problem] = []
    writer = RecordingWriter(tmp_path, on_problem=told.append)
    writer.start(META)
    writer.take([Reading("temp", 2**70, 1.0), Reading("temp", 1, 2.0)])
    found = read_recording(writer.finish(10).path)
    assert [reading.value for reading in found.readings] == [2.0]
    assert [problem.code for problem in told] == ["recording.unrecordable"]
