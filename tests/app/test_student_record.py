"""What a student did is remembered, whatever happens to the file that remembers it."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from labapp.app.kept_grade import KeptGrade, grade_path, keep_grade, kept_grade
from labapp.app.paths import Paths
from labapp.app.progress_file import Progress, ProgressFile
from labapp.app.states import Finished
from labapp.app.student_record import StudentRecord
from labapp.coach.grader import grade
from labapp.coach.walkthrough import StepResult
from labapp.model.trouble import LabError
from labapp.model.verdict import Outcome
from labapp.packs.pack import Pack
from labapp.store.evidence import open_evidence
from tests.coach.attempts import readings, sealed_attempt
from tests.packs.small_pack import load_small
from tests.report.grades import all_outcomes
from tests.store.samples import FailingDisk

HALF = StepResult(outcome=Outcome.NOT_MET, points=Fraction(5, 3), max=Fraction(10))
FULL = StepResult(outcome=Outcome.MET, points=Fraction(10), max=Fraction(10))


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    """Folders of a new user."""
    return Paths(data=tmp_path / "data", shipped=tmp_path / "shipped")


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    """The small pack."""
    return load_small(tmp_path_factory.mktemp("pack"))


def _attempt(
    paths: Paths, pack: Pack, stamp: str, late_us: int = 0, student: str = "李雷"
) -> Finished:
    folder = paths.attempts / f"{stamp}-small-alarm"
    path = sealed_attempt(folder, pack, readings(late_us), student=student)
    return Finished(
        grade=grade(open_evidence(path)), evidence=path, report=path.with_name("report.html")
    )


def test_results_and_the_last_step_are_there_again(paths: Paths, pack: Pack) -> None:
    record = StudentRecord(paths, "李雷", "small")
    assert (record.results, record.last_step, record.attempts()) == ({}, "", ())
    finished = _attempt(paths, pack, "20260131-080000")
    assert record.keep(finished) == StepResult.of(finished.grade)
    record.remember_step("alarm")
    again = StudentRecord(paths, "李雷", "small")
    assert again.results == {"alarm": StepResult.of(finished.grade)}
    assert again.last_step == "alarm"
    assert again.attempts() == (finished,)
    assert again.last_finished("alarm") == finished
    assert again.last_finished("wire") is None


def test_a_worse_attempt_takes_nothing_away_and_the_newest_stands_first(
    paths: Paths, pack: Pack
) -> None:
    record = StudentRecord(paths, "李雷", "small")
    good = _attempt(paths, pack, "20260131-080000")
    late = _attempt(paths, pack, "20260131-090000", 3_000_000)
    record.keep(good)
    assert record.keep(late) == StepResult.of(good.grade)
    assert record.attempts() == (late, good)
    assert StudentRecord(paths, "李雷", "small").attempts() == (late, good)


def test_students_and_projects_are_kept_apart(paths: Paths, pack: Pack) -> None:
    mine = _attempt(paths, pack, "20260131-080000")
    StudentRecord(paths, "李雷", "small").keep(mine)
    theirs = _attempt(paths, pack, "20260131-090000", student="韩梅梅")
    other = StudentRecord(paths, "韩梅梅", "small")
    other.keep(theirs)
    other.remember_step("wire")
    assert StudentRecord(paths, "李雷", "small").attempts() == (mine,)
    assert StudentRecord(paths, "李雷", "small").last_step == ""
    assert StudentRecord(paths, "韩梅梅", "small").attempts() == (theirs,)
    assert StudentRecord(paths, "李雷", "another").attempts() == ()
    assert StudentRecord(paths, "李雷", "another").results == {}


def test_evidence_that_is_gone_is_no_attempt_any_more(paths: Paths, pack: Pack) -> None:
    record = StudentRecord(paths, "李雷", "small")
    finished = _attempt(paths, pack, "20260131-080000")
    record.keep(finished)
    finished.evidence.unlink()
    assert record.attempts() == ()
    assert record.results  # what was earned stays earned


def test_recovered_evidence_is_graded_and_counts(paths: Paths, pack: Pack) -> None:
    finished = _attempt(paths, pack, "20260131-080000")
    record = StudentRecord(paths, "李雷", "small")
    assert record.attempts() == (finished,)
    assert finished.report.exists()
    assert record.results == {"alarm": StepResult.of(finished.grade)}
    assert kept_grade(finished.evidence) == KeptGrade("李雷", finished.grade)


def test_damaged_evidence_is_not_an_attempt(paths: Paths, pack: Pack) -> None:
    finished = _attempt(paths, pack, "20260131-080000")
    octets = bytearray(finished.evidence.read_bytes())
    octets[-1] ^= 1
    finished.evidence.write_bytes(octets)
    assert StudentRecord(paths, "李雷", "small").attempts() == ()


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"format": "labapp.progress/9", "students": {}}']
)
def test_a_progress_file_that_cannot_be_read_is_set_aside(
    paths: Paths, content: str, expected_logs: Callable[[str], None]
) -> None:
    expected_logs("could not be understood")
    paths.data.mkdir()
    paths.progress.write_text(content, encoding="utf-8")
    record = StudentRecord(paths, "a", "p")
    assert record.results == {}
    record.remember_step("s")
    assert StudentRecord(paths, "a", "p").last_step == "s"
    aside = paths.progress.with_name("progress.json.damaged")
    assert aside.read_text(encoding="utf-8") == content


def test_a_damaged_entry_takes_only_itself(paths: Paths) -> None:
    file = ProgressFile(paths.progress)
    file.write("a", "p", Progress("s", {"s": HALF, "t": FULL}))
    body = json.loads(paths.progress.read_text(encoding="utf-8"))
    body["students"]["a"]["p"]["results"]["s"]["points"] = "1/0"
    body["students"]["b"] = 5
    paths.progress.write_text(json.dumps(body), encoding="utf-8")
    assert file.read("a", "p").results == {"t": FULL}
    assert file.read("b", "p") == Progress()


def test_two_windows_do_not_overwrite_each_other(paths: Paths) -> None:
    one, two = ProgressFile(paths.progress), ProgressFile(paths.progress)
    mine, theirs = one.read("a", "p"), two.read("a", "p")
    one.write("a", "p", mine.with_result("s", FULL))
    two.write("a", "p", theirs.with_result("s", HALF).with_result("t", HALF))
    assert ProgressFile(paths.progress).read("a", "p").results == {"s": FULL, "t": HALF}


@pytest.mark.parametrize("kind", ["open", "write", "sync", "replace"])
def test_a_full_disk_leaves_the_old_progress(paths: Paths, kind: str) -> None:
    ProgressFile(paths.progress).write("a", "p", Progress("s", {"s": HALF}))
    before = paths.progress.read_bytes()
    with pytest.raises(LabError, match="progress"):
        ProgressFile(paths.progress, disk=FailingDisk(only=kind)).write("a", "p", Progress("t"))
    assert paths.progress.read_bytes() == before


def test_progress_that_cannot_be_written_holds_while_the_app_runs(
    paths: Paths, pack: Pack, expected_logs: Callable[[str], None]
) -> None:
    expected_logs("progress is not on the disk")
    record = StudentRecord(paths, "李雷", "small")
    finished = _attempt(paths, pack, "20260131-080000")
    paths.progress.mkdir()  # a folder stands where the file has to be
    assert record.keep(finished) == StepResult.of(finished.grade)
    assert record.results["alarm"] == StepResult.of(finished.grade)


def test_a_kept_grade_is_exact(tmp_path: Path) -> None:
    evidence = tmp_path / "attempt-2.lab"
    kept = KeptGrade("李雷", all_outcomes())
    keep_grade(kept, evidence)
    assert grade_path(evidence).name == "attempt-2.grade.json"
    found = kept_grade(evidence)
    assert found == kept
    assert found is not None
    assert found.grade.to_json() == kept.grade.to_json()
    for content in ("", "[]", "{}", '{"format": "labapp.grade/1", "student": "a", "grade": {}}'):
        grade_path(evidence).write_text(content, encoding="utf-8")
        assert kept_grade(evidence) is None
