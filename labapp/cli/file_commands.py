"""Commands on files: check criteria, lint profiles, lint and test packs."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path

from labapp.cli.console import Console
from labapp.model.text import Text
from labapp.model.trouble import BadInput, ExitCode, LabError, Problem

Declare = Callable[
    [str, Text, Callable[[argparse.Namespace, Console], int]], argparse.ArgumentParser
]


def declare(add: Declare) -> None:
    """Add the commands to the parser."""
    check = add(
        "check", Text("在给定数据上判定准则", "Judge criteria on given traces"), check_cases
    )
    check.add_argument("--cases", type=Path, required=True)
    profile = add("profile", Text("设备档案", "Device profiles"), lint_profiles)
    profile.add_argument("action", choices=("lint",))
    profile.add_argument("files", nargs="+", metavar="FILE")
    pack = add("pack", Text("实训项目包", "Project packs"), check_pack)
    pack.add_argument("action", choices=("lint", "test"))
    pack.add_argument("folder", metavar="DIR")


def check_cases(arguments: argparse.Namespace, console: Console) -> int:
    """Judge one JSON case a line; a case that cannot be read is told in its place."""
    from labapp.criteria.cases import judge_case

    for line in _read_lines(arguments.cases):
        console.line(judge_case(_case_of(line)))
    return int(ExitCode.DONE)


def _case_of(line: str) -> object:
    """Return the parsed line; one that is no JSON becomes a case that says so."""
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as cause:
        return {"id": None, "not_json": str(cause)}


def lint_profiles(arguments: argparse.Namespace, console: Console) -> int:
    """Check device profiles: every mistake of every file, and a line for each that is sound."""
    from labapp.app.paths import find_paths
    from labapp.profiles.load import load_profile

    problems: list[Problem] = []
    sound: list[str] = []
    for name in arguments.files:
        try:
            profile = load_profile(name, find_paths().profiles)
        except BadInput as trouble:
            problems.extend(trouble.problems)
        else:
            sound.append(profile.id)
            points = len(profile.points)
            console.say(
                Text(f"{name}：没有问题，{points} 个点。", f"{name}: sound, {points} points.")
            )
    if problems:
        raise BadInput(*problems)
    console.give({"profiles": sound, "errors": []})
    return int(ExitCode.DONE)


def check_pack(arguments: argparse.Namespace, console: Console) -> int:
    """Lint a pack, or prove its rubric on its own solutions."""
    from labapp.app.paths import find_paths
    from labapp.coach.pack_test import test_pack
    from labapp.packs.lint import lint
    from labapp.packs.load import load_pack

    paths = find_paths()
    pack = load_pack(arguments.folder, paths.projects, paths.profiles)
    findings = lint(pack)
    for finding in findings:
        console.note(f"{finding.where}: {finding.message.in_(console.lang)}  [{finding.code}]")
    if arguments.action == "lint":
        console.give({"pack": pack.id, "findings": [f.to_json() for f in findings], "errors": []})
        console.say(
            Text(f"{pack.id}：没有妨碍使用的问题。", f"{pack.id}: nothing that stands in the way.")
        )
        return int(ExitCode.DONE)
    report = test_pack(pack, paths.profiles, say=console.note)
    console.give(report.to_json())
    console.say(report.table(console.lang))
    return int(ExitCode.DONE if report.ok else ExitCode.BAD_INPUT)


def _read_lines(path: Path) -> list[str]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as cause:
        raise LabError(
            Problem(
                code="U-NO-FILE",
                message=Text(
                    f"没有文件 {path}。核对路径。", f"There is no file {path}. Check the path."
                ),
                file=str(path),
            )
        ) from cause
    except (OSError, UnicodeDecodeError) as cause:
        raise LabError(
            Problem(
                code="U-READ",
                message=Text(
                    f"读不了 {path}（{cause}）。用 UTF-8 保存后再试。",
                    f"{path} cannot be read ({cause}). Save it as UTF-8 and try again.",
                ),
                file=str(path),
            )
        ) from cause
    return [line for line in text.split("\n") if line.strip()]
