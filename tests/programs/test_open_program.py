"""Which program a file is."""

from __future__ import annotations

from pathlib import Path

import pytest

from labapp.model.trouble import BadInput, ExitCode
from labapp.programs.open_program import open_program
from labapp.programs.python_program import PythonProgram
from labapp.programs.rules import RuleProgram
from tests.programs.fake_kit import POINTS


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.py", PythonProgram), ("A.PY", PythonProgram), ("x/y z/火.py", PythonProgram),
        ("rules.yaml", RuleProgram), ("rules.yml", RuleProgram), ("C:\\lab\\r.YAML", RuleProgram),
    ],
)  # fmt: skip
def test_the_name_says_what_it_is(tmp_path: Path, name: str, kind: type[object]) -> None:
    program = open_program(b"rules: []\n", name, POINTS, tmp_path)
    assert type(program) is kind
    assert (program.filename, program.source) == (name, b"rules: []\n")
    assert program.sha256.startswith("sha256:")
    program.stop()


@pytest.mark.parametrize("name", ["program", "program.txt", "program.py.bak", ""])
def test_any_other_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput) as caught:
        open_program(b"", name, POINTS, tmp_path)
    assert caught.value.exit_code == ExitCode.BAD_INPUT
    assert caught.value.problems[0].code == "program.kind"
