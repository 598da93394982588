"""The words for how a thing stands: icon, shape, word and colour, everywhere the same."""

from __future__ import annotations

from dataclasses import dataclass

from labapp.model.text import Text
from labapp.model.verdict import Outcome


@dataclass(frozen=True, slots=True)
class Status:
    """One state: a glyph of its own shape, a token, a word."""

    glyph: str
    tone: str
    word: Text


PASSED = Status("check-circle", "pass", Text("通过", "Passed"))
NOT_PASSED = Status("close-octagon", "fail", Text("未通过", "Not passed"))
CHECKING = Status("progress-clock", "accent", Text("判定中", "Checking"))
WAITING = Status("circle-outline", "idle", Text("待开始", "Waiting"))
CANNOT_TELL = Status("help-rhombus", "warn", Text("无法判定", "Cannot tell"))
NOT_TESTED = Status("circle-off-outline", "warn", Text("没测到", "Not exercised"))
LOCKED = Status("lock", "idle", Text("未解锁", "Locked"))
BROKEN = Status("alert-outline", "warn", Text("判定中断", "Judging stopped"))

_JUDGED = {
    Outcome.MET: PASSED,
    Outcome.NOT_MET: NOT_PASSED,
    Outcome.NOT_EXERCISED: NOT_TESTED,
    Outcome.INCONCLUSIVE: CANNOT_TELL,
    Outcome.ERROR: BROKEN,
}
_SO_FAR = {**_JUDGED, Outcome.NOT_EXERCISED: WAITING, Outcome.INCONCLUSIVE: CHECKING}


def status_of(outcome: Outcome, *, running: bool = False) -> Status:
    """Return how a criterion stands; while it runs, what is not decided yet is being checked."""
    return (_SO_FAR if running else _JUDGED)[outcome]
