"""``labapp run``: one attempt without the window, from bench to report."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from labapp.cli.console import Console
from labapp.model.text import Text
from labapp.model.trouble import ExitCode

if TYPE_CHECKING:
    from labapp.app.one_attempt import Done

Declare = Callable[
    [str, Text, Callable[[argparse.Namespace, Console], int]], argparse.ArgumentParser
]
DEMO = "fire-alarm"


def declare(add: Declare) -> None:
    """Add the command to the parser."""
    run = add(
        "run",
        Text("不开窗口做一次实训并评分", "Make and grade one attempt without the window"),
        run_project,
    )
    run.add_argument("project", metavar="PROJECT")
    run.add_argument("--step", metavar="ID")
    run.add_argument("--program", metavar="FILE|reference")
    run.add_argument("--answers", type=Path, metavar="FILE")
    run.add_argument("--kit", default="twin:", metavar="URL")
    run.add_argument("--scenario", metavar="ID")
    run.add_argument("--seed", type=int, metavar="N")
    run.add_argument("--clock", choices=("lockstep", "live"))
    run.add_argument("--out", type=Path, metavar="DIR")


def run_project(arguments: argparse.Namespace, console: Console) -> int:
    """Make one attempt and grade it."""
    from labapp.app.one_attempt import Order, make_attempt
    from labapp.app.paths import find_paths

    order = Order(
        project=arguments.project,
        step=arguments.step,
        program=arguments.program,
        answers=arguments.answers,
        kit=arguments.kit,
        scenario=arguments.scenario,
        seed=arguments.seed,
        clock=arguments.clock,
        out=arguments.out,
        lang=console.lang,
    )
    return _tell(make_attempt(order, find_paths(), console.progress, console.note), console)


def run_headless(console: Console) -> int:
    """Do and grade the fire alarm with its reference program, as ``labapp`` does without a display."""
    from labapp.app.one_attempt import Order, make_attempt
    from labapp.app.paths import find_paths

    order = Order(project=DEMO, program="reference", lang=console.lang)
    return _tell(make_attempt(order, find_paths(), console.progress, console.note), console)


def _tell(done: Done, console: Console) -> int:
    from labapp.report.text import grade_table

    console.give(
        done.grade.to_json() | {"evidence": str(done.evidence), "report": str(done.report)}
    )
    console.say(grade_table(done.grade, console.lang))
    console.say(Text(f"证据：{done.evidence}", f"Evidence: {done.evidence}"))
    console.say(Text(f"报告：{done.report}", f"Report:   {done.report}"))
    ended = done.failure or done.lost
    if ended is None:
        return int(ExitCode.DONE)
    where = f"{ended.where}: " if ended.where else ""
    console.note(f"{where}{ended.message.in_(console.lang)}  [{ended.code}]")
    return int(ExitCode.NO_KIT if done.failure is None else ExitCode.PROGRAM_FAILED)
