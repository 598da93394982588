"""Where attempts are kept: new folders, nothing overwritten, nothing left lying about."""

from __future__ import annotations

from pathlib import Path

import pytest

from labapp.app.attempt_folder import AttemptFolder, keep_recovered
from labapp.app.clock import SystemClock
from labapp.app.lab_app import LabApp
from labapp.app.paths import Paths
from labapp.model.trouble import LabError
from labapp.store.pending import keep_pending
from labapp.store.recording import RecordingWriter
from labapp.store.verify import verify
from tests.coach.attempts import give, readings
from tests.store.samples import FILES, MANIFEST, META, sealed


def test_a_sealed_file_moves_home_and_its_folder_goes(tmp_path: Path) -> None:
    folder = AttemptFolder.make(None, tmp_path, "p-s")
    path = folder.keep(sealed(folder.recording))
    assert path == folder.home / "attempt.lab"
    assert not folder.recording.exists()
    report = folder.write_report(path, "<p>")
    assert sorted(folder.home.iterdir()) == [path, report]


def test_a_folder_that_was_asked_for_takes_many_attempts(tmp_path: Path) -> None:
    kept = []
    for _ in range(3):
        folder = AttemptFolder.make(tmp_path, tmp_path / "unused", "p-s")
        path = folder.keep(sealed(folder.recording, 1))
        kept += [path.name, folder.write_report(path, "x").name]
    assert kept == [
        "attempt.lab", "report.html", "attempt-2.lab", "report-2.html", "attempt-3.lab", "report-3.html",
    ]  # fmt: skip


def test_two_attempts_in_one_second_have_their_own_folders(tmp_path: Path) -> None:
    homes = {AttemptFolder.make(None, tmp_path, "p-s").home for _ in range(3)}
    assert len(homes) == 3


def test_a_report_that_has_no_place_beside_its_evidence_costs_no_grade(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("labapp.app.attempt_folder.spare_folder", lambda: tmp_path / "spare")
    folder = AttemptFolder.make(None, tmp_path, "p-s")
    path = folder.keep(sealed(folder.recording, 1))
    path.with_name("report.html").mkdir()
    report = folder.write_report(path, "<p>")
    assert report.parent.parent == tmp_path / "spare"
    assert report.read_text("utf-8") == "<p>"
    assert verify(path).ok


def test_a_place_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LabError, match="U-WRITE"):
        AttemptFolder.make(None, tmp_path / "file", "p-s")


def test_what_a_crash_left_is_sealed_and_brought_home_at_the_next_start(tmp_path: Path) -> None:
    paths = Paths(data=tmp_path / "data", shipped=tmp_path / "shipped")
    folder = AttemptFolder.make(None, paths.attempts, "p-s")
    writer = RecordingWriter(folder.recording)
    writer.start(META)
    give(writer, readings(seconds=20))
    keep_pending(folder.recording, MANIFEST, FILES)
    writer.abandon()
    with LabApp(paths, SystemClock()) as app:
        assert app.projects() == ()
        assert verify(folder.home / "attempt.lab").ok
    assert [path.name for path in folder.recording.iterdir()] == ["recording.mcap.recovered"]


def test_only_recovered_evidence_in_a_recordings_folder_moves(tmp_path: Path) -> None:
    path = sealed(tmp_path / "elsewhere")
    assert keep_recovered(path) == path
    assert keep_recovered(tmp_path / "recording.mcap") == tmp_path / "recording.mcap"
