"""What goes wrong while a program runs, told to a beginner: made here as in its process."""

from __future__ import annotations

import linecache
from pathlib import Path
from typing import Any

import pytest

from labapp.programs import labkit
from labapp.programs.explain import explain
from labapp.programs.fault import Fault
from labapp.programs.report import MOST_TEXT, describe
from tests.programs.fake_kit import POINTS, run

FILE = "program.py"

# The program, and what must stand in the Chinese and the English words.
MISTAKES = {
    "name misspelt": ("limit = 3\nx = limti\n", "没有叫 limti 的东西。是不是想写 limit？",
                      "Nothing is called limti. Did you mean limit?"),
    "true": ("x = true\n", "是不是想写 True？", "called true. Did you mean True?"),
    "null": ("x = null\n", "想写 None？", "Did you mean None?"),
    "state without quotes": ("x = on\n", '写成 "on"', '"on"'),
    "point without kit": ("x = temp\n", "是不是想写 kit.temp？", "Did you mean kit.temp?"),
    "point without kit, misspelt": ("x = tmep\n", "想写 kit.temp？", "Did you mean kit.temp?"),
    "labkit not imported": ("sleep(1)\n", "from labkit import sleep", "from labkit import sleep"),
    "module not imported": ("x = math.pi\n", "import math", "Write import math at the top"),
    "unknown name": ("x = qqqq\n", "qqqq = 0", "Give it a value first"),
    "before its value": ("n = 0\ndef f():\n    n += 1\nf()\n", "global n", "global n"),
    "deleted": ("x = 1\ndel x\nx\n", "没有叫 x 的东西", "Nothing is called x"),
    "None compared": ("kit_temp = None\nx = kit_temp > 3\n", "if 值 is not None:",
        "until the first reading"),
    "None added": ("x = None + 1\n", "None", "if value is not None:"),
    "None's attribute": ("x = None.real_value\n", "还没有读数", "no reading yet"),
    "text and number compared": ("x = '3' > 3\n", "文字和数不能比大小", "cannot be compared"),
    "text and number added": ("x = 'T=' + 3\n", 'f"温度 {kit.temp}"', 'f"temperature {kit.temp}"'),
    "number and text added": ("x = 3 + 'C'\n", "不能直接相加", "cannot be added"),
    "number called": ("x = 3\nx()\n", "多了一对括号", "followed by parentheses"),
    "argument missing": ("def f(a, b):\n    pass\nf(1)\n", "少给了 'b'", "lacks 'b'"),
    "argument too many": ("def f(a):\n    pass\nf(1, 2)\n", "最多写 1 个值，给了 2 个", "hold 1 at most"),
    "argument too many for a default": ("def f(a, b=1):\n    pass\nf(1, 2, 3)\n",
        "最多写 2 个值，给了 3 个", "hold 2 at most"),
    "unknown argument": ("def f(a):\n    pass\nf(b=2)\n", "没有叫 b 的参数", "no parameter called b"),
    "item of a number": ("x = 3\ny = x[0]\n", "方括号", "square brackets"),
    "for over a number": ("for i in 3: pass\n", "range(5)", "range(5)"),
    "item by text": ("x = [1]\ny = x['a']\n", "int(…)", "whole number"),
    "range of a fraction": ("range(2.5)\n", "整数", "int(…)"),
    "division by zero": ("x = 0\ny = 1 / x\n", "除以了 0", "divides by 0"),
    "remainder by zero": ("x = 5 % 0\n", "if n != 0:", "if n != 0:"),
    "item that is not there": ("x = [1, 2]\ny = x[2]\n", "len(…) - 1", "len(…) - 1"),
    "pop of nothing": ("[].pop()\n", "列表是空的", "list is empty"),
    "key that is not there": ("x = {'a': 1}\ny = x['b']\n", "没有 'b' 这个键", "no key 'b'"),
    "text to number": ("x = float('12 C')\n", "变不成数", "is not a number"),
    "text to whole number": ("x = int('a')\n", "变不成数", "is not a number"),
    "unpacking": ("a, b = [1]\n", "一样多", "as many"),
    "square root": ("import math\nmath.sqrt(-1)\n", "没有结果", "no result"),
    "NaN to whole number": ("x = int(float('nan'))\n", "有限的数", "finite number"),
    "attribute of a number": ("x = 3\nx.value\n", "没有 value", "has no value"),
    "attribute of a module": ("import math\nmath.squareroot\n", "math 里没有叫 squareroot",
        "In math nothing"),
    "module misspelt": ("import rnadom\n", "是不是想写 random？", "Did you mean random?"),
    "labkit misspelt": ("from labkti import kit\n", "是不是想写 labkit？", "Did you mean labkit?"),
    "module that is not there": ("import numpie_x\n", "只有 labkit 和 Python 自带的", "Python's own"),
    "name in a module misspelt": ("from math import sqtr\n", "没有叫 sqtr", "nothing is called sqtr"),
    "file that is not there": ("open('no such file.txt')\n", "没有叫 no such file.txt 的文件",
        "no file called"),
    "recursion": ("def f():\n    f()\nf()\n", "没完没了地调用自己", "calls itself without end"),
    "assertion": ("assert 1 > 2\n", "assert", "assert"),
    "overflow": ("x = 2.0 ** 10000\n", "太大", "too large"),
    "its own": ("raise Exception('tank empty')\n", "tank empty", "tank empty"),
    "an exception without text": ("raise StopIteration\n", "StopIteration", "StopIteration"),
    "sleep of a text": ("from labapp.programs.labkit import sleep\nsleep('1')\n", "以秒计的数",
        "number of seconds"),
    "sleep backwards": ("from labapp.programs.labkit import sleep\nsleep(-1)\n", "至少是 0",
        "takes 0 s or more"),
    "wait for a value": ("from labapp.programs.labkit import wait_until\nwait_until(True)\n",
                         "要的是一个条件", "needs the condition itself"),
    "state compared": ("from labapp.programs.labkit import State\nState(1, ['off', 'on']) > 3\n",
                       '== "on"', '== "on"'),
}  # fmt: skip


def told(source: str) -> tuple[Fault, dict[str, Any]]:
    """Run a program here and return what its process would tell of its exception."""
    linecache.cache[FILE] = (len(source), None, source.splitlines(True), FILE)
    try:
        exec(compile(source, FILE, "exec"), {"__name__": "__main__"})
    except Exception as error:  # noqa: BLE001 (any of them is what the test wants)
        facts = describe(error, FILE, "/nowhere")
        return Fault.from_json(facts, source, FILE), facts
    raise AssertionError(f"nothing went wrong in {source!r}")


@pytest.fixture(autouse=True)
def _bench_with_a_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    class Wire:
        def call(self, op: str, **arguments: object) -> dict[str, Any]:
            del op, arguments
            return {"t_us": 0, "v": None}

    monkeypatch.setattr(labkit._bench, "wire", Wire())


@pytest.mark.parametrize(("source", "zh", "en"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_told_with_cause_and_remedy(source: str, zh: str, en: str) -> None:
    problem = explain(told(source)[0], POINTS)
    assert zh in problem.message.zh
    assert en in problem.message.en
    assert problem.file == FILE
    inside = ["recursion", "before its value"]
    lines = len(source.splitlines())
    wanted = {lines} if source not in [MISTAKES[k][0] for k in inside] else {2, 3}
    assert problem.line in wanted
    assert problem.message.zh.endswith(("。", "？"))
    assert problem.message.en.endswith((".", "?"))


def test_a_point_that_is_none_is_named(tmp_path: Path) -> None:
    ran = run("from labkit import kit\nif kit.temp > 57:\n    kit.buzzer = 'on'\n", tmp_path)
    failure = ran.program.failure
    assert failure is not None
    assert failure.line == 2
    assert failure.message.zh == (
        "kit.temp 第一次读到之前是 None，不能拿来算或比大小。先判断：if kit.temp is not None:，"
        "或在开头写 wait_until(lambda: kit.temp is not None)。"
    )


@pytest.mark.parametrize(
    ("source", "zh", "en"),
    [
        ("kit.tmep\n", "套件上没有叫 tmep 的点。是不是想写 temp？", "Did you mean temp?"),
        ("kit.buzer = 'on'\n", "是不是想写 buzzer？", "Did you mean buzzer?"),
        ("kit.qualty('temp')\n", "是不是想写 quality？", "Did you mean quality?"),
        ("kit.xyz\n", "它有：flame、temp", "It has: flame, temp"),
        ("kit.fan.value\n", "kit.fan 已经是读到的值", "kit.fan is the value itself"),
        ("kit.buzzer = 'loud'\n", "off、on", "its states are off, on"),
        ("from labkit import slep\n", "是不是想写 sleep？", "Did you mean sleep?"),
        ("import requests\n", "控制程序里不能用 requests", "cannot be used in a control program"),
        ("from labkit import wait_until\nwait_until('tmep > 3 Cel')\n", "条件“tmep > 3 Cel”", "temp"),
        ("from labkit import wait_until\nwait_until('temp > 3 lx')\n", "temp > 3 lx", "temp > 3 lx"),
    ],
)  # fmt: skip
def test_mistakes_with_the_kit(tmp_path: Path, source: str, zh: str, en: str) -> None:
    ran = run("from labkit import kit\nkit.fan = 1\n" + source, tmp_path)
    failure = ran.program.failure
    assert failure is not None
    assert zh in failure.message.zh
    assert en in failure.message.en
    assert failure.line == 2 + len(source.splitlines())


def test_whatever_a_process_tells_is_taken_with_care() -> None:
    nonsense = {
        "kinds": [3, "TypeError", None], "text": {"a": 1}, "file": 7, "line": "4", "column": -1,
        "names": "abc", "name": ["x"], "reason": {"zh": 3}, "source": None,
    }  # fmt: skip
    fault = Fault.from_json(nonsense, "x = 1\n", FILE)
    assert (fault.kinds, fault.text, fault.line, fault.column) == (("TypeError",), "", None, None)
    assert explain(fault, POINTS).message.en
    assert explain(Fault.from_json({}, "", FILE), POINTS).message.zh


def test_an_exception_that_cannot_even_be_printed() -> None:
    source = "class Odd(Exception):\n    def __str__(self):\n        return 1 / 0\nraise Odd\n"
    fault, facts = told(source)
    assert "whose text raised" in explain(fault, POINTS).message.en
    assert len(facts["text"]) < MOST_TEXT


def test_long_texts_stay_within_one_message() -> None:
    _, facts = told("raise ValueError('x' * 10_000_000)\n")
    assert len(facts["text"]) == MOST_TEXT
