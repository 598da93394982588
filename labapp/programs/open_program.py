"""From a student's file to the program that it is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePath

from labapp.model.text import Text
from labapp.model.trouble import BadInput, Problem
from labapp.programs.kit_access import PointFacts
from labapp.programs.program import Program
from labapp.programs.python_program import PythonProgram
from labapp.programs.rules import RuleProgram


def open_program(
    source: bytes, filename: str, facts: Mapping[str, PointFacts], work: Path
) -> Program:
    """Return a program by its file's name: Python (``.py``) or rules (``.yaml``, ``.yml``).

    ``work`` is the one folder whose files a Python program may use. What is wrong inside the
    file is told by the program's ``check``.

    Raises:
        BadInput: the name is that of no program.
    """
    match PurePath(filename).suffix.lower():
        case ".py":
            return PythonProgram(source, filename, facts, work)
        case ".yaml" | ".yml":
            return RuleProgram(source, filename, facts)
    raise BadInput(
        Problem(
            code="program.kind",
            message=Text(
                f"{PurePath(filename).name} 既不是 Python 程序（.py），也不是规则（.yaml）。"
                "换一个文件，或改它的扩展名。",
                f"{PurePath(filename).name} is neither a Python program (.py) nor rules (.yaml). "
                "Choose another file or change its ending.",
            ),
            file=filename,
        )
    )
