"""A folder that fills up at any moment of an attempt costs nothing."""

from __future__ import annotations

import errno
from io import FileIO
from pathlib import Path

import pytest

from labapp.app.attempt_folder import AttemptFolder
from labapp.coach.grader import grade
from labapp.coach.lockstep import LockstepPlan, run_lockstep
from labapp.model.trouble import LabError, Problem
from labapp.packs.pack import Pack
from labapp.store.disk import Disk
from labapp.store.evidence import open_evidence
from labapp.store.verify import verify
from tests.packs.small_pack import load_small


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    return load_small(tmp_path / "pack")


def plan_for(pack: Pack) -> LockstepPlan:
    step = pack.step("alarm")
    assert step is not None
    return LockstepPlan(pack=pack, step=step)


def fill(monkeypatch: pytest.MonkeyPatch, folder: Path, room: int) -> None:
    """Let the files of ``folder`` have ``room`` bytes between them, and others all they want."""
    write = Disk.write
    left = [room]

    def write_while_there_is_room(self: Disk, file: FileIO, octets: bytes) -> None:
        if Path(str(file.name)).is_relative_to(folder):
            left[0] -= len(octets)
            if left[0] < 0:
                raise OSError(errno.ENOSPC, "No space left on device", str(file.name))
        write(self, file, octets)

    monkeypatch.setattr(Disk, "write", write_while_there_is_room)


@pytest.mark.parametrize("share_of_the_file", [0.0, 0.5, 1.1])
def test_what_does_not_fit_is_kept_in_the_spare_folder(
    pack: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, share_of_the_file: float
) -> None:
    plan = plan_for(pack)
    whole = grade(open_evidence(run_lockstep(plan, tmp_path / "roomy")))
    size = (tmp_path / "roomy" / "attempt.lab").stat().st_size
    told: list[Problem] = []
    fill(monkeypatch, tmp_path / "full", int(size * share_of_the_file))
    path = run_lockstep(plan, tmp_path / "full", spare=tmp_path / "spare", on_problem=told.append)
    assert path.parent == tmp_path / "spare"
    assert verify(path).ok
    assert grade(open_evidence(path)).to_json() == whole.to_json()
    assert [problem.code for problem in told][-1] == "A-ELSEWHERE"
    assert str(tmp_path / "spare") in told[-1].message.en


def test_without_a_spare_folder_the_full_disk_is_told(
    pack: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(monkeypatch, tmp_path / "full", 100)
    with pytest.raises(LabError, match="recording"):
        run_lockstep(plan_for(pack), tmp_path / "full")


def test_every_attempt_has_a_spare_folder_of_its_own(tmp_path: Path) -> None:
    folder = AttemptFolder.make(tmp_path / "out", tmp_path, "small")
    spare = folder.spare()
    spare.mkdir(parents=True)
    try:
        assert folder.spare() != spare
    finally:
        spare.rmdir()
