"""From an exception to a sentence that a beginner can act on: what, why, and what to write."""

from __future__ import annotations

from collections.abc import Mapping

from labapp.model.text import Text
from labapp.model.trouble import Problem
from labapp.programs.explain_names import explain_name
from labapp.programs.explain_run import explain_run
from labapp.programs.explain_syntax import explain_syntax
from labapp.programs.fault import Fault
from labapp.programs.kit_access import PointFacts


def explain(fault: Fault, points: Mapping[str, PointFacts]) -> Problem:
    """Return what a person is told of an exception; there is always something to tell."""
    if "SyntaxError" in fault.kinds:
        return fault.problem("program.syntax", explain_syntax(fault, points))
    if fault.reason is not None:  # labkit's own exceptions bring their words along
        return fault.problem(_code_of_own(fault.kind), fault.reason)
    message = explain_name(fault, points)
    if message is not None:
        return fault.problem("program.name", message)
    return fault.problem("program.error", explain_run(fault, points) or _whatever(fault))


def _code_of_own(kind: str) -> str:
    return "program.refused" if kind == "WriteRefused" else "program.condition"


def _whatever(fault: Fault) -> Text:
    """Return the words for an exception that nothing more is known about."""
    said = f"{fault.kind}: {fault.text}" if fault.text else fault.kind
    code = fault.code.strip()
    place_zh = f"停在 {code} 这一句" if code else "停下了"
    place_en = f"stopped at {code}" if code else "stopped"
    return Text(
        f"程序{place_zh}（{said}）。看看这一句用到的值，可以先用 print 把它们打印出来。",
        f"The program {place_en} ({said}). Look at the values used there; print shows them.",
    )
