"""The file system as the store touches it: whole files or none, and patience with scanners."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from labapp.store.disk import Disk, locked, try_lock
from labapp.store.wording import disk_problem, seconds, stretch
from tests.store.samples import FailingDisk


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "a"
    Disk().write_whole(path, b"old")
    for kind in ("open", "write", "sync", "replace"):
        with pytest.raises(OSError, match="as the test wants it"):
            FailingDisk(only=kind).write_whole(path, b"new")
        assert path.read_bytes() == b"old"
    Disk().write_whole(path, b"new")
    assert path.read_bytes() == b"new"
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


def test_placing_never_overwrites(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"a")
    (tmp_path / "b").write_bytes(b"b")
    with pytest.raises(FileExistsError):
        Disk().place(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "b").read_bytes() == b"b"
    Disk().place(tmp_path / "a", tmp_path / "c")
    assert (tmp_path / "c").read_bytes() == b"a"
    assert not (tmp_path / "a").exists()


def test_a_disk_without_hard_links_places_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object) -> None:
        raise PermissionError("no hard links here")

    monkeypatch.setattr(os, "link", no_links)
    (tmp_path / "a").write_bytes(b"a")
    Disk().place(tmp_path / "a", tmp_path / "b")
    (tmp_path / "a").write_bytes(b"again")
    with pytest.raises(FileExistsError):
        Disk().place(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "b").read_bytes() == b"a"


@pytest.mark.parametrize("refusals", [3, 10_000])
def test_a_scanner_that_holds_the_file_is_waited_for_and_not_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refusals: int
) -> None:
    waits: list[float] = []
    replace, tries = os.replace, [0]

    def held(source: Path, target: Path) -> None:
        tries[0] += 1
        if tries[0] <= refusals:
            raise PermissionError("held by a scanner")
        replace(source, target)

    monkeypatch.setattr(os, "replace", held)
    (tmp_path / "a").write_bytes(b"a")
    patient = Disk(patience_s=5.0, wait=waits.append)
    if refusals == 3:
        patient.replace(tmp_path / "a", tmp_path / "b")
        assert len(waits) == 3
    else:
        with pytest.raises(PermissionError):
            patient.replace(tmp_path / "a", tmp_path / "b")
        assert 5.0 <= sum(waits) <= 6.0
        assert (tmp_path / "a").exists()


def test_one_holds_the_lock_at_a_time(tmp_path: Path) -> None:
    path, waits = tmp_path / "lock", list[float]()
    with locked(path) as held:
        assert held
        with locked(path, patience_s=0.2, wait=waits.append) as second:
            assert not second
    assert sum(waits) >= 0.2
    with locked(path) as again:
        assert again


def test_a_locked_file_cannot_be_locked_again(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"a")
    with Disk().open(path, fresh=False) as one, Disk().open(path, fresh=False) as two:
        assert try_lock(one)
        assert not try_lock(two)


def test_reading_stops_one_byte_past_the_limit(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(bytes(100))
    assert len(Disk().read(tmp_path / "a", 10)) == 11
    assert len(Disk().read(tmp_path / "a", 1000)) == 100


@pytest.mark.parametrize(
    ("number", "code"),
    [("ENOSPC", "disk_full"), ("EROFS", "read_only"), ("ENOENT", "folder_gone"), ("EIO", "disk")],
)
def test_every_trouble_says_what_to_do(number: str, code: str, tmp_path: Path) -> None:
    import errno

    cause = OSError(getattr(errno, number), "why")
    problem = disk_problem("recording", tmp_path, cause)
    assert problem.code == f"recording.{code}"
    assert str(tmp_path) in problem.message.zh
    assert str(tmp_path) in problem.message.en


def test_instants_are_told_in_seconds() -> None:
    assert (seconds(1_234_567), seconds(-10_000), seconds(0)) == ("1.23", "-0.01", "0.00")
    assert stretch(3_000_000, 4_000_000).en == "3.00 to 4.00 s"
