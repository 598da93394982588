"""The command line: reads the arguments, runs one command, turns mistakes into exit codes."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

import labapp
from labapp.app.language import system_language
from labapp.cli import (
    bench_commands,
    evidence_commands,
    file_commands,
    run_command,
    window_command,
)
from labapp.cli.console import Console, speak_utf8
from labapp.cli.usage import usage_error
from labapp.model.text import Lang, Text
from labapp.model.trouble import ExitCode, LabError

Command = Callable[[argparse.Namespace, Console], int]


class _Parser(argparse.ArgumentParser):
    """Raises what is wrong with the arguments instead of printing it in one language."""

    def error(self, message: str) -> NoReturn:
        raise usage_error(message, self.prog)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; never raises."""
    speak_utf8()
    words = list(sys.argv[1:] if argv is None else argv)
    console = Console(_lang_of(words), "--json" in words)
    try:
        arguments = _parser(console.lang).parse_args(words)
        command: Command = getattr(arguments, "command", window_command.open_window)
        return command(arguments, console)
    except LabError as trouble:
        console.problems(trouble.problems)
        return int(trouble.exit_code)
    except KeyboardInterrupt:
        return int(ExitCode.DONE)
    except BrokenPipeError:
        # The reader of our output has gone; there is nobody left to tell.
        sys.stderr.close()
        return int(ExitCode.DONE)


def _lang_of(words: list[str]) -> Lang:
    for at, word in enumerate(words):
        asked = words[at + 1 : at + 2] if word == "--lang" else [word.removeprefix("--lang=")]
        if asked and asked[0] in ("zh", "en"):
            return "zh" if asked[0] == "zh" else "en"
    return system_language()


def _parser(lang: Lang) -> argparse.ArgumentParser:
    shared = _Parser(add_help=False)
    shared.add_argument("--lang", choices=("zh", "en"), default=argparse.SUPPRESS)
    shared.add_argument("--json", action="store_true", default=argparse.SUPPRESS)
    parser = _Parser(
        prog="labapp",
        parents=[shared],
        description=Text(
            "物联网实训台。不带参数时打开窗口。",
            "IoT lab training. Opens the window without arguments.",
        ).in_(lang),
    )
    parser.add_argument("--version", action="version", version=f"labapp {labapp.__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", parser_class=_Parser)

    def add(name: str, does: Text, command: Command) -> argparse.ArgumentParser:
        sub = commands.add_parser(
            name, parents=[shared], help=does.in_(lang), description=does.in_(lang)
        )
        sub.set_defaults(command=command)
        return sub

    run_command.declare(add)
    evidence_commands.declare(add)
    file_commands.declare(add)
    bench_commands.declare(add)
    return parser
