"""Sealed evidence: whole it opens, and any changed byte is found."""

from __future__ import annotations

import errno
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labapp.model.canonical import canonical_json, sha256_hex
from labapp.model.reading import Reading
from labapp.model.trouble import Damaged, ExitCode, LabError
from labapp.store.evidence import lab_bytes, open_evidence, peek_manifest, seal
from labapp.store.lab_zip import MANIFEST, RECORDING, NotCanonical, is_good_name, pack, unpack
from labapp.store.recording import read_recording
from labapp.store.verify import Report, verify
from tests.store.samples import FILES, KIT, FailingDisk, record, sealed, story
from tests.store.samples import MANIFEST as SAID

Change = Callable[[bytearray, int], None]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of sealed evidence."""
    return sealed(tmp_path_factory.mktemp("whole")).read_bytes()


def _verified(octets: bytes, folder: Path) -> Report:
    path = folder / "changed.lab"
    path.write_bytes(octets)
    return verify(path)


def test_what_was_sealed_comes_out_again(tmp_path: Path) -> None:
    told = record(tmp_path, story(3), 3_000_000)
    path = seal(tmp_path, SAID, FILES)
    evidence = open_evidence(path)
    assert dict(evidence.files) == FILES
    assert {name: evidence.manifest[name] for name in SAID} == SAID
    assert evidence.recording_digest == told.digest
    assert evidence.manifest["recording"]["head"] == told.head
    assert evidence.manifest["recording"]["counts"] == told.counts.to_json()
    assert list(tmp_path.iterdir()) == [path]


def test_any_zip_tool_opens_it(whole: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.lab").write_bytes(whole)
    with zipfile.ZipFile(tmp_path / "a.lab") as zipped:
        assert zipped.testzip() is None
        assert zipped.namelist() == [MANIFEST, RECORDING, *sorted(FILES)]
        manifest = json.loads(zipped.read(MANIFEST))
        for name in zipped.namelist()[1:]:
            assert manifest["members"][name]["sha256"] == sha256_hex(zipped.read(name))
        assert read_recording(zipped.read(RECORDING)).is_complete
        assert canonical_json(manifest) == zipped.read(MANIFEST)


def test_the_same_content_gives_the_same_bytes(tmp_path: Path) -> None:
    assert sealed(tmp_path / "1").read_bytes() == sealed(tmp_path / "2").read_bytes()


def test_a_whole_file_verifies_and_has_a_code_of_eight(whole: bytes, tmp_path: Path) -> None:
    report = _verified(whole, tmp_path)
    assert report.ok
    assert len(report.head_code.replace("-", "")) == 8
    assert report.to_json()["errors"] == []
    assert open_evidence(tmp_path / "changed.lab").head_code == report.head_code


def _flip(octets: bytearray, at: int) -> None:
    octets[at] ^= 0x40


def _insert(octets: bytearray, at: int) -> None:
    octets.insert(at, octets[at] ^ 0x11)


def _remove(octets: bytearray, at: int) -> None:
    del octets[at]


CHANGES = st.sampled_from([_flip, _insert, _remove])


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data(), CHANGES)
def test_any_changed_byte_is_found(
    whole: bytes, tmp_path: Path, data: st.DataObject, change: Change
) -> None:
    at = data.draw(st.integers(0, len(whole) - 1))
    octets = bytearray(whole)
    change(octets, at)
    report = _verified(bytes(octets), tmp_path)
    assert not report.ok
    assert report.problems
    if change is _flip and report.damage:
        assert report.damage[0].offset <= at
    with pytest.raises(Damaged) as trouble:
        open_evidence(tmp_path / "changed.lab")
    assert trouble.value.exit_code == ExitCode.DAMAGED


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_every_changed_byte_of_a_small_file_is_found(tmp_path: Path) -> None:
    record(tmp_path, story(1)[:6], 1_000_000)
    whole = seal(tmp_path, SAID, {"answers.json": b"{}"}).read_bytes()
    for at in range(len(whole)):
        for change in (_flip, _insert, _remove):
            octets = bytearray(whole)
            change(octets, at)
            assert not _verified(bytes(octets), tmp_path).ok, f"{change.__name__} at {at}"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_file_cut_or_lengthened_anywhere_is_found(
    whole: bytes, tmp_path: Path, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(whole) - 1))
    assert not _verified(whole[:at], tmp_path).ok
    more = data.draw(st.binary(min_size=1, max_size=60))
    assert not _verified(whole[:at] + more + whole[at:], tmp_path).ok
    assert not _verified(more, tmp_path).ok


def test_damage_to_a_reading_says_which_chunk_and_which_seconds(
    whole: bytes, tmp_path: Path
) -> None:
    at = whole.index(RECORDING.encode()) + len(RECORDING)
    recording = read_recording(whole[at:])
    hurt = recording.chunks[1]
    octets = bytearray(whole)
    octets[at + hurt.offset + 700] ^= 1
    report = _verified(bytes(octets), tmp_path)
    (damage,) = report.damage
    assert (damage.member, damage.chunk) == (RECORDING, 1)
    assert damage.offset == at + hurt.offset
    assert damage.from_us is not None
    assert damage.to_us is not None
    assert damage.from_us <= hurt.first_us
    assert damage.to_us >= hurt.last_us
    said = report.problems[0].message
    assert "chunk 1" in said.en
    assert "0.90 to 2.00 s" in said.en
    assert "秒" in said.zh


@pytest.mark.parametrize("name", sorted(FILES))
def test_damage_to_another_member_names_it(whole: bytes, tmp_path: Path, name: str) -> None:
    octets = bytearray(whole)
    at = whole.index(name.encode() + FILES[name]) + len(name)
    octets[at] ^= 1
    (damage,) = _verified(bytes(octets), tmp_path).damage
    assert (damage.member, damage.offset) == (name, at)


def test_a_better_mark_written_into_the_manifest_is_found_by_the_code(
    whole: bytes, tmp_path: Path
) -> None:
    """A forger who recomputes every checksum gets a file that is sound in itself."""
    members = {member.name: member.octets for member in unpack(whole)}
    manifest = json.loads(members[MANIFEST]) | {"student": "韩梅梅"}
    forged = _verified(pack({**members, MANIFEST: canonical_json(manifest)}), tmp_path)
    assert forged.ok
    assert forged.head_code != _verified(whole, tmp_path).head_code


def test_a_swapped_member_is_found(whole: bytes, tmp_path: Path) -> None:
    members = {member.name: member.octets for member in unpack(whole)}
    (damage,) = _verified(pack({**members, "answers.json": b"[]"}), tmp_path).damage
    assert damage.member == "answers.json"
    added = _verified(pack({**members, "more.txt": b"hello"}), tmp_path)
    assert not added.ok
    del members["profile.yaml"]
    assert not _verified(pack(members), tmp_path).ok


def test_another_recording_with_its_sum_in_the_manifest_is_found(
    whole: bytes, tmp_path: Path
) -> None:
    members = {member.name: member.octets for member in unpack(whole)}
    manifest = json.loads(members[MANIFEST])
    other = [Reading("temp", 5, 1.0)]
    octets = record(tmp_path / "other", other, 3_000_000).path.read_bytes()
    manifest["members"][RECORDING] = {"size": len(octets), "sha256": sha256_hex(octets)}
    forged = {**members, RECORDING: octets, MANIFEST: canonical_json(manifest)}
    assert not _verified(pack(forged), tmp_path).ok


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_file_packed_again_by_another_program_is_refused(
    whole: bytes, tmp_path: Path, compression: int
) -> None:
    path = tmp_path / "again.lab"
    with zipfile.ZipFile(path, "w", compression) as zipped:
        for member in unpack(whole):
            zipped.writestr(member.name, member.octets)
    report = verify(path)
    assert [problem.code for problem in report.problems] == ["evidence.rewritten"]


def test_foreign_and_hostile_zips_are_refused(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.lab"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("../../evil.txt", bytes(20_000_000))
    for path in (bomb,):
        with pytest.raises(Damaged, match=r"evidence\.foreign"):
            open_evidence(path)
    slip = pack({MANIFEST: b"{}"}).replace(b"manifest.json", b"../../x/y.zip")
    with pytest.raises(NotCanonical):
        unpack(slip)
    nested = b"[" * 200_000
    assert not _verified(pack({MANIFEST: nested, RECORDING: b""}), tmp_path).ok
    assert not _verified(pack({MANIFEST: b'{"a":' * 100_000}), tmp_path).ok


@pytest.mark.parametrize(
    "name", ["", "/a", "a/", "a//b", "../a", "a/../b", "a\\b", "C:a", "a\0b", "x" * 300, "a\ud800"]
)
def test_a_member_cannot_have_a_bad_name(name: str) -> None:
    assert not is_good_name(name)
    with pytest.raises(ValueError, match="cannot be called"):
        pack({name: b""})


def test_a_missing_file_is_no_damage(tmp_path: Path) -> None:
    with pytest.raises(LabError) as trouble:
        verify(tmp_path / "none.lab")
    assert trouble.value.exit_code == ExitCode.USAGE
    with pytest.raises(LabError, match="U-READ"):
        open_evidence(tmp_path)  # a folder


@pytest.mark.parametrize("kind", ["open", "write", "sync", "place"])
def test_a_disk_that_does_not_take_the_seal_keeps_the_recording(tmp_path: Path, kind: str) -> None:
    octets = record(tmp_path, story(2), 2_000_000).path.read_bytes()
    disk = FailingDisk(only=kind)
    with pytest.raises(LabError, match=r"evidence\.disk_full"):
        seal(tmp_path, SAID, FILES, disk=disk)
    assert (tmp_path / RECORDING).read_bytes() == octets
    disk.mend()
    assert open_evidence(seal(tmp_path, SAID, FILES, disk=disk)).recording.is_complete


def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    record(tmp_path, story(1), 1_000_000)
    disk = FailingDisk(number=errno.EROFS)
    with pytest.raises(LabError, match=r"evidence\.read_only"):
        seal(tmp_path, SAID, FILES, disk=disk)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_for_real(tmp_path: Path) -> None:
    record(tmp_path, story(1), 1_000_000)
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(LabError, match=r"evidence\.read_only"):
            seal(tmp_path, SAID, FILES)
    finally:
        tmp_path.chmod(0o700)


def test_nothing_sealed_is_ever_overwritten(tmp_path: Path) -> None:
    first = sealed(tmp_path).read_bytes()
    record(tmp_path, story(1), 1_000_000)
    with pytest.raises(LabError, match=r"evidence\.exists"):
        seal(tmp_path, SAID, FILES)
    assert (tmp_path / "attempt.lab").read_bytes() == first
    assert (tmp_path / RECORDING).exists()


def test_a_recording_that_was_damaged_before_is_not_sealed(tmp_path: Path) -> None:
    path = record(tmp_path, story(3), 3_000_000).path
    octets = bytearray(path.read_bytes())
    octets[3000] ^= 1
    path.write_bytes(octets)
    with pytest.raises(Damaged, match="recording_damaged"):
        seal(tmp_path, SAID, FILES)
    assert path.read_bytes() == octets


def test_floats_and_reserved_names_have_no_place_in_a_seal(tmp_path: Path) -> None:
    octets = record(tmp_path, story(1), 1_000_000).path.read_bytes()
    with pytest.raises(TypeError):
        lab_bytes(octets, SAID | {"score": 0.5}, FILES)
    with pytest.raises(ValueError, match="added here"):
        lab_bytes(octets, SAID, {RECORDING: b""})


def test_long_and_chinese_paths_with_spaces_are_no_trouble(tmp_path: Path) -> None:
    folder = tmp_path / "实训 记录" / ("长" * 40) / ("long name " * 8).strip()
    assert verify(sealed(folder, 1)).ok


def test_peeking_tells_whose_it_is_without_reading_all(tmp_path: Path) -> None:
    manifest = peek_manifest(sealed(tmp_path))
    assert manifest is not None
    assert manifest["student"] == "李雷"
    assert peek_manifest(tmp_path / "none.lab") is None
    (tmp_path / "x.lab").write_bytes(b"PK no")
    assert peek_manifest(tmp_path / "x.lab") is None


def test_a_kit_gets_the_same_trace_each_time(tmp_path: Path) -> None:
    evidence = open_evidence(sealed(tmp_path))
    assert evidence.trace(KIT) is evidence.trace(KIT)
    assert evidence.trace(KIT).span_us == (0, 3_000_000)
