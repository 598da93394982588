"""How a program's process came to its end, in words, where no exception of its own tells it."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from labapp.model.text import Text
from labapp.model.trouble import Problem
from labapp.programs.boot import LOST
from labapp.programs.limits import Limits

_DUMPED = re.compile(r'File "([^"]*)", line (\d+)')
# Signals of Linux, and the status codes that Windows ends a process with (ntstatus.h).
_CPU_TIME = {-24}
_CRASHES = {-11, -7, -6, -8, -4, 0xC000_0005, 0xC000_00FD, 0xC000_0409, 0xC000_001D}
_FROM_OUTSIDE = {-9, -15, -2, -1, 1}


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended; ``problem`` is there if and only if it failed."""

    how: Literal["ended", "failed", "stopped"]
    problem: Problem | None = None


DONE, STOPPED = Ending("ended"), Ending("stopped")


def failed(problem: Problem) -> Ending:
    """Return the ending of a program that failed."""
    return Ending("failed", problem)


def endless(
    filename: str,
    lines: Sequence[tuple[int, ...]],
    loops: Sequence[tuple[int, int]],
    output: str,
    limits: Limits,
) -> Problem:
    """Return the words for a program that computed for too long without a call of labkit.

    ``lines`` are where it was seen at work, from the outermost call inwards and the newest look
    last; ``loops`` first and last line of each loop. Where nothing was seen, ``output`` may
    hold what faulthandler saw.
    """
    line, in_loop = _busy_line(filename, lines, loops, output)
    seconds = f"{limits.quiet_s:g}"
    if line is None:
        message = Text(
            f"程序连续算了 {seconds} 秒没有停顿，已停止，套件回到安全状态。在循环里加一句 sleep(0.1)。",
            f"The program computed for {seconds} s without a pause and was stopped; the kit is in "
            "its safe state. Put sleep(0.1) into the loop.",
        )
    elif in_loop:
        message = Text(
            f"第 {line} 行的循环一直在转，{seconds} 秒没有停顿，已停止，套件回到安全状态。"
            "在循环里加一句 sleep(0.1)。",
            f"The loop at line {line} ran for {seconds} s without a pause and was stopped; the kit "
            "is in its safe state. Put sleep(0.1) into the loop.",
        )
    else:
        message = Text(
            f"第 {line} 行连续算了 {seconds} 秒没有停顿，已停止，套件回到安全状态。"
            "减少一次算的量，或者分几次算，中间加 sleep(0.1)。",
            f"Line {line} computed for {seconds} s without a pause and was stopped; the kit is in "
            "its safe state. Compute less at once, or in parts with sleep(0.1) between them.",
        )
    return Problem(code="program.endless", message=message, file=filename, line=line)


def _busy_line(
    filename: str,
    lines: Sequence[tuple[int, ...]],
    loops: Sequence[tuple[int, int]],
    output: str,
) -> tuple[int | None, bool]:
    """Return the line to name, and whether a loop begins there.

    It is the outermost loop that was not left, wherever the calls inside it led.
    """
    seen = [look for look in lines if look]
    dumped = dumped_line(filename, output)
    if not seen and dumped is not None:
        seen = [(dumped,)]
    for depth in range(max(map(len, seen), default=0)):
        here = [look[depth] for look in seen if len(look) > depth]
        inside = [
            (last - first, first)
            for first, last in loops
            if sum(first <= line <= last for line in here) >= 0.9 * len(seen)
        ]
        if inside:
            return min(inside)[1], True
    return (Counter(look[-1] for look in seen).most_common(1)[0][0] if seen else None), False


def dumped_line(filename: str, output: str) -> int | None:
    """Return the line of the program that faulthandler printed last, where a crash was dumped."""
    dump = output.rfind("(most recent call first)")
    found = _DUMPED.findall(output, dump) if dump >= 0 else []
    return next((int(line) for name, line in found if name == filename), None)


def not_started(filename: str, cause: str) -> Problem:
    """Return the words for an interpreter that did not come up."""
    return Problem(
        code="program.start",
        message=Text(
            f"程序没能启动（{cause}）。再按一次运行；仍然这样，就重新启动软件，或看看杀毒软件有没有拦住它。",
            f"The program could not be started ({cause}). Run it again; if that does not change, "
            "restart the software or see whether a virus scanner blocks it.",
        ),
        file=filename,
    )


def too_tangled(filename: str) -> Problem:
    """Return the words for a text that Python's compiler does not get through."""
    return Problem(
        code="program.tangled",
        message=Text(
            "程序里有嵌套太深或太长的式子，Python 读不完。把它拆成几行短的。",
            "Some expression of the program is nested too deeply or too long for Python to read. "
            "Split it into several short lines.",
        ),
        file=filename,
    )


def garbled(filename: str) -> Problem:
    """Return the words for a process that wrote what no labkit writes."""
    return Problem(
        code="program.garbled",
        message=Text(
            "程序打乱了它和软件之间的通道，已停止，套件回到安全状态。"
            "去掉直接读写文件编号的语句（如 os.write、os.close）。",
            "The program disturbed its own line to the software and was stopped; the kit is in its "
            "safe state. Take out what writes to file numbers directly, such as os.write.",
        ),
        file=filename,
    )


def our_fault(filename: str) -> Problem:
    """Return the words for a run that our own mistake ended."""
    return Problem(
        code="program.ours",
        message=Text(
            "程序因为软件自己的问题停下了，套件回到安全状态；原因在日志里。再运行一次即可。",
            "The program was ended by a fault of the software; the kit is in its safe state and "
            "the cause in the log. Run it again.",
        ),
        file=filename,
    )


def gone(filename: str, exit_code: int | None, line: int | None, limits: Limits) -> Ending:
    """Return what a process that ended without a last word ended with.

    ``line`` is where it was seen last, if at all.
    """
    if exit_code == 0:
        return DONE  # os._exit(0): its own wish
    if exit_code == LOST:
        return failed(garbled(filename))
    if exit_code in _CPU_TIME:
        return failed(_cpu_time(filename, line, limits))
    if exit_code in _CRASHES or _is_windows_fault(exit_code):
        return failed(_crashed(filename, line))
    if exit_code in _FROM_OUTSIDE:
        return failed(_ended_from_outside(filename, line))
    return failed(_left(filename, exit_code, line))


def _is_windows_fault(exit_code: int | None) -> bool:
    """Return whether Windows ended it, or its C library's abort(), which leaves with 3."""
    if sys.platform == "win32" and exit_code is not None:
        return exit_code == 3 or exit_code & 0xC000_0000 != 0
    return False


def _cpu_time(filename: str, line: int | None, limits: Limits) -> Problem:
    minutes = limits.cpu_s // 60 or 1
    return Problem(
        code="program.cpu",
        message=Text(
            f"程序用掉了 {minutes} 分钟的处理器时间，已停止。在循环里加 sleep(0.1)，让它多休息。",
            f"The program used up {minutes} min of processor time and was stopped. "
            "Put sleep(0.1) into its loop so that it rests.",
        ),
        file=filename,
        line=line,
    )


def _crashed(filename: str, line: int | None) -> Problem:
    return Problem(
        code="program.crash",
        message=Text(
            "运行程序的解释器自己崩溃了，软件和录下的数据不受影响。"
            "多半是函数没完没了地调用自己；检查它什么时候停下来。",
            "The interpreter that ran the program crashed; the software and what was recorded are "
            "not affected. Usually a function calls itself without end: check when it stops.",
        ),
        file=filename,
        line=line,
    )


def _ended_from_outside(filename: str, line: int | None) -> Problem:
    return Problem(
        code="program.killed",
        message=Text(
            "程序的进程被系统或别的软件结束了，可能是内存不够。软件和录下的数据不受影响；"
            "关掉不用的软件，再运行一次。",
            "The program's process was ended by the system or by other software, perhaps for lack "
            "of memory. The software and what was recorded are not affected; close what is not "
            "needed and run it again.",
        ),
        file=filename,
        line=line,
    )


def _left(filename: str, exit_code: int | None, line: int | None) -> Problem:
    return Problem(
        code="program.exit",
        message=Text(
            f"程序中途离开了，返回码 {exit_code}。要正常结束就让程序走到最后一行，不要用 os._exit。",
            f"The program left half-way with code {exit_code}. To end it, let it reach its last "
            "line instead of using os._exit.",
        ),
        file=filename,
        line=line,
    )
