"""What the student's process tells the app about an exception: facts, to be put in words there."""

from __future__ import annotations

import ast
import builtins
import os
import traceback
from types import CodeType, FrameType, TracebackType
from typing import Any

MOST_NAMES = 400
MOST_TEXT = 1_000
MOST_TRACE = 8_000


def describe(error: BaseException, filename: str, work: str) -> dict[str, Any]:
    """Return kind, text, place and what might have been meant, as JSON, within 64 KB."""
    told: dict[str, Any] = {
        "kinds": [k.__name__ for k in type(error).__mro__ if k is not object],
        "text": _text(error)[:MOST_TEXT],
        "trace": own_trace(error, filename, work)[-MOST_TRACE:],
    }
    if isinstance(error, SyntaxError):
        return told | _place_of_syntax(error)
    frame = _frame(error.__traceback__, filename, work)
    if frame is not None:
        told |= _place(frame)
        told["names"] = sorted(_names(frame.tb_frame))[:MOST_NAMES]
    told["name"] = _short(getattr(error, "name", None))
    reason = getattr(error, "reason", None)
    if isinstance(reason, dict):
        told["reason"] = {k: str(v)[:MOST_TEXT] for k, v in reason.items() if k in ("zh", "en")}
    return told


def own_trace(error: BaseException, filename: str, work: str) -> str:
    """Return the traceback as Python prints it, without the lines of this app."""
    told = traceback.TracebackException.from_exception(error, limit=40, lookup_lines=False)
    part: traceback.TracebackException | None = told
    while part is not None:
        own = [e for e in part.stack if e.filename == filename or _under(e.filename, work)]
        part.stack = traceback.StackSummary.from_list(own)
        part = part.__cause__ or part.__context__
    return "".join(told.format())


def loops(source: str) -> list[list[int]]:
    """Return first and last line of every loop, the outermost first."""
    found = [
        [node.lineno, node.end_lineno or node.lineno]
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.While | ast.For)
    ]
    return sorted(found)[:500]


def _text(error: BaseException) -> str:
    try:
        return error.msg if isinstance(error, SyntaxError) else str(error)
    except Exception as second:  # noqa: BLE001 (a student's own __str__ may raise anything)
        return f"{type(error).__name__} whose text raised {type(second).__name__}"


def _place_of_syntax(error: SyntaxError) -> dict[str, Any]:
    return {
        "file": _short(error.filename),
        "line": error.lineno,
        "column": error.offset or None,
        "source": (error.text or "")[:MOST_TEXT].rstrip("\n"),
    }


def _frame(trace: TracebackType | None, filename: str, work: str) -> TracebackType | None:
    """Return the innermost step that stands in a file of the student's."""
    found = None
    while trace is not None:
        if _is_own(trace.tb_frame.f_code, filename, work):
            found = trace
        trace = trace.tb_next
    return found


def _place(trace: TracebackType) -> dict[str, Any]:
    code = trace.tb_frame.f_code
    positions = list(code.co_positions())
    step = trace.tb_lasti // 2
    _line, _end, column, _end_column = (
        positions[step] if 0 <= step < len(positions) else (None, None, None, None)
    )
    return {
        "file": os.path.basename(code.co_filename)[:200],
        "line": trace.tb_lineno,
        "column": None if column is None else column + 1,
    }


def _names(frame: FrameType) -> set[str]:
    every = {*frame.f_locals, *frame.f_globals, *dir(builtins)}
    return {n for n in every if not n.startswith("_") and len(n) <= 64}


def _is_own(code: CodeType, filename: str, work: str) -> bool:
    return code.co_filename == filename or _under(code.co_filename, work)


def _under(path: str, work: str) -> bool:
    return path.startswith(work.rstrip(os.sep) + os.sep)


def _short(value: object) -> str | None:
    return value[:200] if isinstance(value, str) else None
