"""What is wrong with a command line, in both languages: argparse knows one."""

from __future__ import annotations

import re

from labapp.model.text import Text
from labapp.model.trouble import LabError, Problem

# argparse's own sentences, the same in Python 3.11 to 3.13, and what they become.
_SENTENCES: tuple[tuple[re.Pattern[str], str, str], ...] = tuple(
    (re.compile(pattern), zh, en)
    for pattern, zh, en in (
        (r"the following arguments are required: (.+)", "还缺少 {0}", "{0} is missing"),
        (r"unrecognized arguments: (.+)", "不认识 {0}", "{0} is not known"),
        (
            r"argument (.+): invalid choice: '?(.*?)'? \(choose from (.+)\)",
            "{0} 不能是 {1}，可以是 {2}",
            "{0} cannot be {1}; it can be {2}",
        ),
        (r"argument (.+): expected .+", "{0} 后面少了值", "the value after {0} is missing"),
        (
            r"argument (.+): invalid (?:int|_whole) value: '(.*)'",
            "{0} 要一个整数，写的是 {1}",
            "{0} takes a whole number, not {1}",
        ),
        (
            r"argument (.+): invalid \w+ value: '(.*)'",
            "{0} 看不懂 {1}",
            "{0} cannot be read from {1}",
        ),
        (
            r"argument (.+): not allowed with argument (.+)",
            "{0} 不能和 {1} 一起用",
            "{0} does not go with {1}",
        ),
        (
            r"argument (.+): '(.*)': (.+)",
            "{0} 不能是 {1}，可以是 {2}",
            "{0} cannot be {1}; it can be {2}",
        ),
    )
)


def usage_error(message: str, prog: str) -> LabError:
    """Return the error for what argparse says of a command line of ``prog``."""
    said = _in_both(message)
    return LabError(
        Problem(
            code="U-USAGE",
            message=Text(
                f"命令行写法不对：{said.zh}。运行 {prog} --help 查看用法。",
                f"The command line does not fit: {said.en}. See {prog} --help.",
            ),
        )
    )


def _in_both(message: str) -> Text:
    for pattern, zh, en in _SENTENCES:
        found = pattern.fullmatch(message)
        if found:
            parts = [part.replace("'", "") for part in found.groups()]
            listed = [part.replace(", ", "、") for part in parts]
            return Text(zh.format(*listed), en.format(*parts))
    return Text(message, message)
