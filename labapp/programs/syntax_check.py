"""Whether a program can be read by Python at all; nothing of it is run."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from labapp.model.trouble import Problem
from labapp.programs import ending
from labapp.programs.child import Child
from labapp.programs.dialogue import Script
from labapp.programs.explain import explain
from labapp.programs.fault import Fault
from labapp.programs.kit_access import PointFacts
from labapp.programs.limits import Limits
from labapp.programs.report import describe

_CHECK_S = 5.0
# What people write by hand is far below these; what is above them is read in another process,
# since Python's compiler takes very long or falls over on some nested texts.
_MOST_CHARACTERS, _LONGEST_LINE, _DEEPEST, _MOST_ELIFS = 64 << 10, 400, 8, 200
_ONE_AT_A_TIME = threading.Lock()  # catch_warnings changes the whole process


def check_syntax(
    script: Script, points: Mapping[str, PointFacts], work: Path, limits: Limits
) -> tuple[Problem, ...]:
    """Return the first mistake in writing, or nothing; from any thread, a moment for most programs."""
    if not is_plain(script.text):
        return _check_apart(script, points, work, limits)
    try:
        with _ONE_AT_A_TIME, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(script.text, script.filename, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        return (_told(describe(error, script.filename, str(work)), script, points),)
    return ()


def is_plain(text: str) -> bool:
    """Return whether a text is shaped like what people write, so that compiling it is harmless."""
    if len(text) > _MOST_CHARACTERS or text.count("elif") > _MOST_ELIFS:
        return False
    depth = 0
    for line in text.split("\n"):
        if len(line) > _LONGEST_LINE or line.endswith("\\"):
            return False
        opened = sum(line.count(sign) for sign in "([{")
        depth = max(0, depth + opened - sum(line.count(sign) for sign in ")]}"))
        if max(depth, opened) > 4 * _DEEPEST or depth > _DEEPEST:
            return False
    return True


def _told(told: Mapping[str, Any], script: Script, points: Mapping[str, PointFacts]) -> Problem:
    fault = Fault.from_json(told, script.text, script.filename)
    if fault.kind in ("MemoryError", "RecursionError"):
        return ending.too_tangled(script.filename)
    return explain(fault, points)


def _check_apart(
    script: Script, points: Mapping[str, PointFacts], work: Path, limits: Limits
) -> tuple[Problem, ...]:
    child = Child(work, limits)
    try:
        message = child.start()
        if message is None or message["op"] != "ready":
            return (ending.not_started(script.filename, child.why_not_started),)
        child.send({"op": "go", "source": script.text, "filename": script.filename, "check": True})
        while (message := child.next(_CHECK_S)) is not None and message["op"] == "compiled":
            pass
        if message is None or message["op"] == "gone":
            return (ending.too_tangled(script.filename),)
        if message.get("how") == "error":
            return (_told(message, script, points),)
        return ()
    finally:
        child.close()
