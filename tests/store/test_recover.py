"""After a crash: everything intact is there again, and nothing is thrown away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labapp.store.disk import Disk, try_lock
from labapp.store.evidence import open_evidence
from labapp.store.part_file import FINAL_NAME, PART_NAME
from labapp.store.pending import PENDING_NAME, keep_pending, read_pending
from labapp.store.reader import read_recording
from labapp.store.recording import RecordingWriter
from labapp.store.recover import KEPT_NAME, recover
from labapp.store.verify import verify
from tests.store.samples import FILES, MANIFEST, META, FailingDisk, give, record, story


def _abandoned(folder: Path, seconds: int = 4) -> Path:
    """Leave a recording as a crash would, and return its part."""
    writer = RecordingWriter(folder, memory_bytes=100_000)
    writer.start(META)
    give(writer, story(seconds))
    writer.abandon()
    return folder / PART_NAME


def test_a_part_becomes_a_whole_recording_and_stays(tmp_path: Path) -> None:
    part = _abandoned(tmp_path / "attempt" / ".recording-x")
    before = part.read_bytes()
    had = read_recording(part)
    (made,) = recover(tmp_path)
    assert made == part.parent / FINAL_NAME
    found = read_recording(made)
    assert found.is_complete
    assert found.damage == ()
    assert found.readings == had.readings
    assert (part.parent / KEPT_NAME).read_bytes() == before
    assert recover(tmp_path) == ()
    assert read_recording(made).digest == found.digest


def test_with_what_a_seal_needs_it_becomes_evidence(tmp_path: Path) -> None:
    folder = tmp_path / "attempt" / ".recording-x"
    part = _abandoned(folder)
    had = read_recording(part)
    keep_pending(folder, MANIFEST, FILES)
    (made,) = recover(tmp_path)
    evidence = open_evidence(made)
    assert evidence.manifest["recovered"] is True
    assert dict(evidence.files) == FILES
    assert evidence.recording.readings == had.readings
    assert sorted(path.name for path in folder.iterdir()) == ["attempt.lab", KEPT_NAME]
    assert recover(tmp_path) == ()
    assert verify(made).ok


def test_a_closed_recording_that_was_never_sealed_is_sealed(tmp_path: Path) -> None:
    folder = tmp_path / "a"
    told = record(folder, story(3), 3_000_000)
    keep_pending(folder, MANIFEST, FILES)
    (made,) = recover(tmp_path)
    assert open_evidence(made).recording_digest == told.digest


def test_an_undamaged_prefix_keeps_its_chain(tmp_path: Path) -> None:
    part = _abandoned(tmp_path)
    had = read_recording(part)
    (made,) = recover(tmp_path)
    found = read_recording(made)
    assert found.chunks[: len(had.chunks)] == had.chunks


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_part_cut_or_torn_anywhere_is_recovered(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("torn")
    part = _abandoned(folder)
    whole = part.read_bytes()
    had = read_recording(whole)
    at = data.draw(st.integers(0, len(whole)))
    tail = data.draw(st.sampled_from([b"", bytes(300), b"\xff" * 300]))
    part.write_bytes(whole[:at] + tail)
    made = recover(folder)
    if not made:  # not even the beginning was there
        assert at < 400
        assert part.exists()
        return
    found = read_recording(made[0])
    assert found.is_complete
    assert found.damage == ()
    assert found.readings == had.readings[: len(found.readings)]
    ends = [chunk.offset for chunk in had.chunks[1:]]
    assert len(found.chunks) >= sum(end <= at for end in ends)
    assert recover(folder) == ()


def test_a_hole_in_the_middle_becomes_a_gap(tmp_path: Path) -> None:
    part = _abandoned(tmp_path, 6)
    octets = bytearray(part.read_bytes())
    hurt = read_recording(bytes(octets)).chunks[2]
    octets[hurt.offset + 500 : hurt.offset + 800] = bytes(300)
    part.write_bytes(octets)
    (made,) = recover(tmp_path)
    found = read_recording(made)
    assert found.damage == ()
    assert not any(hurt.first_us <= r.t_us <= hurt.last_us for r in found.readings)
    assert any(g.from_us <= hurt.first_us and g.to_us >= hurt.last_us for g in found.gaps)


def test_one_that_is_being_written_is_left_alone(tmp_path: Path) -> None:
    part = _abandoned(tmp_path)
    with Disk().open(part, fresh=False) as file:
        assert try_lock(file)
        assert recover(tmp_path) == ()
    assert part.exists()
    assert len(recover(tmp_path)) == 1


def test_a_crash_in_the_middle_of_recovering_is_recovered_from(
    tmp_path: Path, expected_logs: Callable[[str], None]
) -> None:
    expected_logs("could not recover")
    part = _abandoned(tmp_path)
    before = part.read_bytes()
    for kind in ("open", "write", "sync", "place"):
        assert recover(tmp_path, disk=FailingDisk(at=1 if kind == "open" else 0, only=kind)) == ()
        assert part.read_bytes() == before
    (made,) = recover(tmp_path)
    assert read_recording(made).is_complete


def test_a_crash_between_closing_and_renaming_is_recovered_from(tmp_path: Path) -> None:
    part = _abandoned(tmp_path)
    octets = part.read_bytes()
    recover(tmp_path)
    part.write_bytes(octets)  # as if the rename had not come to the disk
    keep_pending(tmp_path, MANIFEST, FILES)
    (made,) = recover(tmp_path)
    assert verify(made).ok
    assert not part.exists()


def test_a_damaged_pending_file_leaves_the_recording(tmp_path: Path) -> None:
    _abandoned(tmp_path)
    keep_pending(tmp_path, MANIFEST, FILES)
    path = tmp_path / PENDING_NAME
    octets = bytearray(path.read_bytes())
    octets[60] ^= 1
    path.write_bytes(octets)
    assert read_pending(tmp_path, Disk()) is None
    (made,) = recover(tmp_path)
    assert made.name == FINAL_NAME


def test_a_folder_that_is_not_there_has_nothing_to_recover(tmp_path: Path) -> None:
    assert recover(tmp_path / "none") == ()
