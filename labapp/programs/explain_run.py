"""What goes wrong with values while a program runs."""

from __future__ import annotations

import re
from collections.abc import Mapping

from labapp.model.text import Text
from labapp.programs.fault import Fault
from labapp.programs.kit_access import PointFacts
from labapp.programs.phrasebook import Phrase, phrase, say

_POINT = re.compile(r"\bkit\.(\w+)")

_TYPE = (
    phrase(
        r"^(?:sleep|every|wait_until) takes seconds as a number, not (\w+)",
        "这里要一个以秒计的数，给的是 {0}。写成 sleep(0.5) 这样，数不加引号。",
        "This needs a number of seconds and was given {0}. Write it like sleep(0.5), without "
        "quotes.",
    ),
    phrase(
        r"^wait_until takes a function",
        "wait_until 要的是一个条件，不是它现在的值。写成 wait_until(lambda: kit.temp is not None)，"
        '或 wait_until("temp > 57 Cel")。',
        "wait_until needs the condition itself, not its present value. Write "
        'wait_until(lambda: kit.temp is not None) or wait_until("temp > 57 Cel").',
    ),
    phrase(
        r"^kit\.on_change takes",
        'kit.on_change 要点名和函数名，函数名后面不加括号：kit.on_change("flame", alarm)。',
        "kit.on_change needs a point and a function without its parentheses: "
        'kit.on_change("flame", alarm).',
    ),
    phrase(
        r"not supported between instances of '(?:State' and '(?:int|float)|(?:int|float)' and 'State)'",
        '状态不能比大小。和状态的名字比：== "on"。',
        'A state is not greater or smaller than a number. Compare it with its name: == "on".',
    ),
    phrase(
        r"not supported between instances of '(?:str' and '(?:int|float)|(?:int|float)' and 'str)'",
        "文字和数不能比大小。数不加引号；是读来的文字，先用 float(…) 变成数。",
        "A text and a number cannot be compared. Write numbers without quotes; turn a text into a "
        "number with float(…).",
    ),
    phrase(
        r"can only concatenate str|must be str, not"
        r"|unsupported operand type\(s\) for \+: '(?:int|float)' and 'str'",
        '文字和数不能直接相加。写成 f"温度 {{kit.temp}}"，或 print("温度", kit.temp)。',
        "A text and a number cannot be added. Write "
        'f"temperature {{kit.temp}}" or print("temperature", kit.temp).',
    ),
    phrase(
        r"'(float|int|str|State|NoneType|bool)' object is not callable",
        "这里的值后面多了一对括号。kit 的点不用括号，写成 kit.temp；也看看有没有变量和函数重名。",
        "A value is followed by parentheses here. Points have none: kit.temp. See also whether a "
        "variable has the name of a function.",
    ),
    phrase(
        r"(\w+)\(\) missing \d+ required positional arguments?: (.+)",
        "调用 {0} 时少给了 {1}。在括号里补上。",
        "The call of {0} lacks {1}. Add it inside the parentheses.",
    ),
    phrase(
        r"(\w+)\(\) takes (?:from \d+ to )?(\d+) positional arguments? but (\d+)",
        "{0} 的括号里最多写 {1} 个值，给了 {2} 个。去掉多出的。",
        "The parentheses of {0} hold {1} at most and got {2}. Take out what is too many.",
    ),
    phrase(
        r"(\w+)\(\) got an unexpected keyword argument '(\w+)'",
        "{0} 没有叫 {1} 的参数。核对参数的名字。",
        "{0} has no parameter called {1}. Check its name.",
    ),
    phrase(
        r"object is not subscriptable",
        "这里的值不能用方括号取其中一项。核对变量名，或去掉方括号。",
        "This value has no items to take with square brackets. Check the name or leave them out.",
    ),
    phrase(
        r"'(\w+)' object is not iterable",
        "for 后面要能一个一个取的东西（例如 range(5) 或列表），这里是 {0}。",
        "for needs something to go through, such as range(5) or a list; here it is {0}.",
    ),
    phrase(
        r"list indices must be|string indices must be",
        "方括号里要一个整数。用 int(…) 变成整数再取。",
        "Square brackets need a whole number. Turn it into one with int(…).",
    ),
    phrase(
        r"'(float|str)' object cannot be interpreted as an integer",
        "这里要一个整数，给的是 {0}。用 int(…) 变成整数。",
        "This needs a whole number and was given {0}. Turn it into one with int(…).",
    ),
)
_VALUE = (
    phrase(
        r"^(sleep|every|wait_until) takes ([\d.e+-]+) seconds or more, not (.+)",
        "{0} 的秒数至少是 {1}，给的是 {2}。改大再试。",
        "{0} takes {1} s or more and was given {2}. Make it larger.",
    ),
    phrase(
        r"could not convert string to float: (.+)|invalid literal for int\(\) with base \d+: (.+)",
        "这段文字不是一个数，变不成数。先看看它的内容：用 print 打印出来。",
        "This text is not a number. See what it holds first: print it.",
    ),
    phrase(
        r"cannot convert float NaN|cannot convert float infinity",
        "算出来的不是有限的数，变不成整数。检查前面的除法。",
        "The result is not a finite number. Check the division before it.",
    ),
    phrase(
        r"values to unpack",
        "等号左边名字的个数和右边值的个数不一样。改成一样多。",
        "There are not as many names on the left of = as values on the right. Make them as many.",
    ),
    phrase(
        r"math domain error",
        "这个函数对这样的数没有结果（例如负数开平方）。先判断数的大小。",
        "The function has no result for this number, like the root of a negative one. "
        "Check the number first.",
    ),
)
_BY_KIND: Mapping[str, tuple[Phrase, ...]] = {
    "TypeError": _TYPE,
    "ValueError": _VALUE,
    "ZeroDivisionError": (
        phrase(
            r"",
            "这里除以了 0。先判断除数是不是 0：if n != 0:。",
            "This divides by 0. Ask first whether the divisor is 0: if n != 0:.",
        ),
    ),
    "IndexError": (
        phrase(
            r"pop from empty",
            "列表是空的，取不出东西。先判断：if 列表:。",
            "The list is empty and nothing can be taken from it. Ask first: if items:.",
        ),
        phrase(
            r"",
            "要取的那一项不存在：从 0 数起，最后一项的编号是 len(…) - 1。改小编号，或先看 len(…)。",
            "There is no item of that number: they count from 0, so the last is len(…) - 1. "
            "Use a smaller one or look at len(…) first.",
        ),
    ),
    "KeyError": (
        phrase(
            r"(.+)",
            "字典里没有 {0} 这个键。核对它的写法，或用 .get({0}) 来取。",
            "The dictionary has no key {0}. Check how it is spelt, or take it with .get({0}).",
        ),
    ),
    "RecursionError": (
        phrase(
            r"",
            "函数没完没了地调用自己。加一个让它停下来的条件，或改用循环。",
            "A function calls itself without end. Add a condition that stops it, or use a loop.",
        ),
    ),
    "MemoryError": (
        phrase(
            r"",
            "程序用的内存超过了上限。看看有没有越来越长的列表，只留最近的一部分。",
            "The program needs more memory than there is for it. Look for a list that grows "
            "without end and keep its newest part only.",
        ),
    ),
    "EOFError": (
        phrase(
            r"",
            "控制程序里没有键盘输入，input() 读不到东西。把值直接写在程序里。",
            "A control program has no keyboard, so input() gets nothing. Write the value into the "
            "program.",
        ),
    ),
    "PermissionError": (
        phrase(
            r"may only use files in its own folder, not (.+)",
            "控制程序只能读写自己文件夹里的文件，这里是 {0}。只写文件名，不写路径。",
            "A control program may use files in its own folder only, and this is {0}. "
            "Write the file's name without a path.",
        ),
        phrase(
            r"may not use ([\w.]+)",
            "控制程序不能启动别的程序，也不能用网络（{0}）。去掉这一句。",
            "A control program cannot start other programs or use the network ({0}). "
            "Delete this statement.",
        ),
        phrase(
            r"",
            "控制程序不能这样做：它只能用自己的文件夹、labkit 和 Python 自带的模块。去掉这一句。",
            "A control program may not do this: it has its own folder, labkit and Python's own "
            "modules. Delete this statement.",
        ),
    ),
    "FileNotFoundError": (
        phrase(
            r": '?([^']+)'?$",
            "没有叫 {0} 的文件。核对文件名；程序只看得到自己的文件夹。",
            "There is no file called {0}. Check its name; the program sees its own folder only.",
        ),
    ),
    "AssertionError": (
        phrase(
            r"",
            "assert 后面的条件不成立，程序按你写的停在这里。看看条件里的值。",
            "The condition after assert does not hold, so the program stops as written. Look at the "
            "values in it.",
        ),
    ),
    "OverflowError": (
        phrase(
            r"",
            "算出来的数太大了。检查乘方和越来越大的变量。",
            "The result is too large. Check powers and variables that keep growing.",
        ),
    ),
    "RuntimeError": (
        phrase(
            r"labkit is for the main part",
            "labkit 只能在程序的主线程里用，不能在自己开的线程里用。改用 @every(0.1) 定时做。",
            "labkit works in the main part of a program, not in threads that it starts. "
            "Use @every(0.1) to do things regularly.",
        ),
        phrase(
            r"can't start new thread",
            "程序开的线程太多了。控制程序用不着线程，改用 @every(0.1) 定时做。",
            "The program starts too many threads. It needs none: use @every(0.1) instead.",
        ),
    ),
    "OSError": (
        phrase(
            r"\[Errno 27\]|File too large",
            "文件写得太大了，上限是 8 MB。只写需要的内容。",
            "The file became too large; 8 MB is the limit. Write what is needed only.",
        ),
    ),
}


def explain_run(fault: Fault, points: Mapping[str, PointFacts]) -> Text | None:
    """Return the words for an exception of the run, or ``None`` if there are none for it."""
    if "TypeError" in fault.kinds and "'NoneType'" in fault.text:
        found = _about_none(fault, points)
        if found is not None:
            return found
    for kind in fault.kinds:
        words = say(_BY_KIND.get(kind, ()), fault.text)
        if words is not None:
            return words
    return None


def _about_none(fault: Fault, points: Mapping[str, PointFacts]) -> Text | None:
    """Return the words for a reading that is not there yet."""
    if "not callable" in fault.text or "not iterable" in fault.text:
        return None
    named = [name for name in _POINT.findall(fault.code) if name in points]
    if not named:
        return Text(
            "这里有一个值是 None，不能拿来算或比大小。读数来到之前就是 None：先判断 if 值 is not None:。",
            "A value here is None and cannot be computed with or compared. It is None until the "
            "first reading: ask first, if value is not None:.",
        )
    point = named[0]
    return Text(
        f"kit.{point} 第一次读到之前是 None，不能拿来算或比大小。先判断：if kit.{point} is not None:，"
        f"或在开头写 wait_until(lambda: kit.{point} is not None)。",
        f"kit.{point} is None until its first reading and cannot be computed with or compared. Ask "
        f"first, if kit.{point} is not None:, or begin with "
        f"wait_until(lambda: kit.{point} is not None).",
    )
