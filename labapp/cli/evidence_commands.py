"""Commands on sealed evidence: grade, verify, export."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path

from labapp.cli.console import Console
from labapp.model.text import Text
from labapp.model.trouble import ExitCode, LabError, Problem

Declare = Callable[
    [str, Text, Callable[[argparse.Namespace, Console], int]], argparse.ArgumentParser
]


def declare(add: Declare) -> None:
    """Add the commands to the parser."""
    grade = add(
        "grade", Text("给封存的证据重新评分", "Grade sealed evidence again"), grade_evidence
    )
    grade.add_argument("evidence", type=Path)
    grade.add_argument("--pack", type=Path)
    grade.add_argument("--out", type=Path)
    verify = add(
        "verify", Text("检查证据是否完好", "Check that evidence is whole"), verify_evidence
    )
    verify.add_argument("evidence", type=Path)
    export = add(
        "export", Text("导出证据里的数据", "Export the readings of evidence"), export_evidence
    )
    export.add_argument("evidence", type=Path)
    export.add_argument("--format", choices=("csv",), default="csv")
    export.add_argument("--out", type=Path, required=True)


def grade_evidence(arguments: argparse.Namespace, console: Console) -> int:
    """Grade evidence again, under its own pack or another version of it."""
    from labapp.app.paths import find_paths
    from labapp.coach import grader
    from labapp.packs.load import load_pack
    from labapp.report.text import change_lines, grade_table
    from labapp.store.evidence import open_evidence

    evidence = open_evidence(arguments.evidence)
    sealed = grader.sealed_pack(evidence)
    before = grader.grade(evidence, sealed)
    grade = before
    if arguments.pack is not None:
        paths = find_paths()
        grade = grader.grade(
            evidence, load_pack(str(arguments.pack), paths.projects, paths.profiles)
        )
    result = grade.to_json() | {"evidence": str(arguments.evidence)}
    if arguments.pack is not None:
        result["changes"] = grader.changes(before, grade)
    if arguments.out is not None:
        _write_text(arguments.out, json.dumps(result, ensure_ascii=False, indent=1) + "\n")
    console.give(result)
    console.say(grade_table(grade, console.lang))
    if arguments.pack is not None:
        console.say(change_lines(before, grade, console.lang))
    return int(ExitCode.DONE)


def verify_evidence(arguments: argparse.Namespace, console: Console) -> int:
    """Check the chain; say where it breaks."""
    from labapp.store.verify import verify

    report = verify(arguments.evidence)
    console.give(report.to_json() | {"evidence": str(arguments.evidence)})
    if report.ok:
        console.say(
            Text(
                f"{arguments.evidence} 完好，核对码 {report.head_code}。",
                f"{arguments.evidence} is whole; head code {report.head_code}.",
            )
        )
        return int(ExitCode.DONE)
    if not console.as_json:
        console.problems(report.problems)
    return int(ExitCode.DAMAGED)


def export_evidence(arguments: argparse.Namespace, console: Console) -> int:
    """Write the readings of evidence as CSV."""
    from labapp.store.evidence import open_evidence
    from labapp.store.export import export_csv

    evidence = open_evidence(arguments.evidence)
    try:
        rows = export_csv(evidence, arguments.out)
    except OSError as cause:
        raise cannot_write(arguments.out, cause) from cause
    console.give({"out": str(arguments.out), "rows": rows})
    console.say(
        Text(f"已导出 {rows} 行到 {arguments.out}。", f"Wrote {rows} rows to {arguments.out}.")
    )
    return int(ExitCode.DONE)


def cannot_write(path: Path, cause: OSError) -> LabError:
    """Return the error for an output that cannot be written."""
    return LabError(
        Problem(
            code="U-WRITE",
            message=Text(
                f"写不进 {path}（{cause.strerror}）。换一个可以写的文件夹再试。",
                f"{path} cannot be written ({cause.strerror}). Choose a folder that can be written.",
            ),
            file=str(path),
        )
    )


def _write_text(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as cause:
        raise cannot_write(path, cause) from cause
