"""A grade beside its evidence, exact, so that lists of attempts need not judge anything again.

It is a note, not a proof: whoever doubts it grades the evidence.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from labapp.model.text import Text
from labapp.model.trouble import LabError
from labapp.model.verdict import Cite, Episode, Outcome
from labapp.model.work import Grade, Item
from labapp.store.disk import Disk
from labapp.store.wording import disk_problem

FORMAT = "labapp.grade/1"
MOST_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class KeptGrade:
    """A grade, and whose it is."""

    student: str
    grade: Grade


def grade_path(evidence: Path) -> Path:
    """Return where the grade of evidence is kept."""
    return evidence.with_name(f"{evidence.stem}.grade.json")


def keep_grade(kept: KeptGrade, evidence: Path, *, disk: Disk | None = None) -> None:
    """Write a grade beside its evidence.

    Raises:
        LabError: the disk does not take it.
    """
    body = {"format": FORMAT, "student": kept.student, "grade": _grade_json(kept.grade)}
    path = grade_path(evidence)
    octets = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    try:
        (disk or Disk()).write_whole(path, octets)
    except OSError as cause:
        raise LabError(disk_problem("grade", path, cause)) from cause


def kept_grade(evidence: Path, *, disk: Disk | None = None) -> KeptGrade | None:
    """Return the grade beside evidence, ``None`` where there is none that can be read."""
    try:
        body = json.loads((disk or Disk()).read(grade_path(evidence), MOST_BYTES))
        if body["format"] != FORMAT:
            return None
        return KeptGrade(str(body["student"]), _grade(body["grade"]))
    except (OSError, ValueError, KeyError, TypeError, ZeroDivisionError, RecursionError):
        return None


def _grade_json(grade: Grade) -> dict[str, Any]:
    return {
        "project": grade.project,
        "version": grade.version,
        "step": grade.step,
        "bench": grade.bench,
        "outcome": grade.outcome.value,
        "engine": grade.engine,
        "recording": grade.recording,
        "items": [_item_json(item) for item in grade.items],
    }


def _item_json(item: Item) -> dict[str, Any]:
    exact = {"points": None, "max": str(item.max)}  # points follow from score and max
    return item.to_json() | exact


def _grade(body: dict[str, Any]) -> Grade:
    return Grade(
        project=str(body["project"]),
        version=str(body["version"]),
        step=str(body["step"]),
        bench=dict(body["bench"]),
        outcome=Outcome(body["outcome"]),
        items=tuple(_item(each) for each in body["items"]),
        engine=str(body["engine"]),
        recording=str(body["recording"]),
    )


def _item(body: dict[str, Any]) -> Item:
    return Item(
        id=str(body["id"]),
        title=_text(body["title"]),
        outcome=Outcome(body["outcome"]),
        score=None if body["score"] is None else Fraction(body["score"]),
        low=Fraction(body["low"]),
        high=Fraction(body["high"]),
        max=Fraction(body["max"]),
        episodes=tuple(
            Episode(int(e["from_us"]), int(e["to_us"]), Outcome(e["outcome"]))
            for e in body["episodes"]
        ),
        cites=tuple(_cite(each) for each in body["cites"]),
        say=_text(body["say"]),
        borderline=bool(body["borderline"]),
        measured=None if body["measured"] is None else _text(body["measured"]),
        required=None if body["required"] is None else _text(body["required"]),
    )


def _cite(body: dict[str, Any]) -> Cite:
    return Cite(
        channel=str(body["channel"]),
        from_us=int(body["from_us"]),
        to_us=int(body["to_us"]),
        expected=str(body["expected"]),
        seen=str(body["seen"]),
    )


def _text(body: dict[str, Any]) -> Text:
    return Text(str(body["zh"]), str(body["en"]))
