"""Beginners' mistakes in writing: the line, the cause and the remedy, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from labapp.programs.python_program import PythonProgram
from labapp.programs.syntax_check import is_plain
from tests.programs.fake_kit import POINTS, run

# The program, the line, and what must stand in the Chinese and the English words.
MISTAKES = {
    "colon missing": ("while True\n    x = 1\n", 1, "少了冒号", "A colon is missing"),
    "colon of a for": ("for i in range(3)\n    x = i\n", 1, "少了冒号", "Add : there"),
    "full-width colon": ("if x：\n    pass\n", 1, "中文符号 ：", "Switch the keyboard to English"),
    "full-width brackets": ("print（1）\n", 1, "英文的 (", "full-width （; a program needs ("),
    "full-width comma": ("f(1，2)\n", 1, "英文的 ,", "needs ,"),
    "Chinese quotes": ("x = “on”\n", 1, '英文的 "', 'needs "'),
    "full-width equals": ("x ＝ 1\n", 1, "英文的 =", "needs ="),
    "Chinese full stop": ("kit。temp\n", 1, "英文的 .", "needs ."),
    "ideographic space": ("x\u3000= 1\n", 1, "特殊的空白字符", "a special blank (U+3000)"),
    "web page's space": ("x\u00a0= 1\n", 1, "U+00A0", "plain space"),
    "other sign": ("x = 火 + ★\n", 1, "不能有 ★ 这个字符", "The sign ★"),
    "not indented": ("if True:\nx = 1\n", 2, "第 1 行的冒号后面要有缩进", "four spaces"),
    "indented too much": ("x = 1\n    y = 2\n", 2, "多缩进了", "indented more than"),
    "indented to nowhere": ("if True:\n    x = 1\n  y = 2\n", 3, "对不上", "matches none"),
    "tabs and spaces": ("if True:\n\tx = 1\n        y = 2\n", 3, "制表符", "mixes tabs and spaces"),
    "one equals sign": ("if x = 1:\n    pass\n", 1, "写两个等号 ==", "To compare, write =="),
    "one equals sign, point": ("if kit.x = 1:\n    pass\n", 1, "==", "=="),
    "assigned to a number": ("5 = x\n", 1, "==", "one name on the left"),
    "assigned to True": ("True = 1\n", 1, "True 是 Python 固定的值", "another name"),
    "unit, after a space": ("if kit.temp > 57 Cel:\n    pass\n", 1, "不写单位（Cel）",
        "Write the number alone, 57."),
    "unit, at once": ("x = 57Cel\n", 1, "不写单位", "no unit (Cel)"),
    "unit, percent": ("kit.fan = 50%\n", 1, "不写单位（%）", "50"),
    "unit, degrees": ("x = 57 ℃\n", 1, "不写单位（℃）", "no unit (℃)"),
    "unit, obscuration": ("if kit.smoke > 3 %/m:\n    pass\n", 1, "（%/m）", "alone, 3."),
    "unit of time": ("sleep(500ms)\n", 1, "500 ms 写成 0.5", "Write 500 ms as 0.5."),
    "bracket left open": ("x = (1 + 2\ny = 3\n", 1, "没有配对", "never closed"),
    "bracket too many": ("x = 1)\n", 1, "多了一个 )", "a ) too many"),
    "brackets of two kinds": ("x = [1)\n", 1, "配不上对", "the same kind"),
    "quote missing": ("x = 'on\n", 1, "缺后面的引号", "no closing quote"),
    "three quotes": ("'''text\n", 1, "三个同样的引号", "three quotes"),
    "print without brackets": ("print 'on'\n", 1, "print 后面要有括号", "print needs parentheses"),
    "and of C": ("if a && b:\n    pass\n", 1, "写 and", "written and"),
    "or of C": ("if a || b:\n    pass\n", 1, "写 or", "written or"),
    "not of C": ("if !a:\n    pass\n", 1, "写 not", "written not"),
    "plus plus": ("x++\n", 1, "写 x += 1", "x += 1"),
    "else if": ("if a:\n    pass\nelse if b:\n    pass\n", 3, "elif", "one word in Python: elif"),
    "then": ("if a > 1 then:\n    pass\n", 1, "不写 then", "no then"),
    "equals first": ("if x => 3:\n    pass\n", 1, "等号放在后面", "the equals sign comes last"),
    "braces": ("if (x > 3) {\n    y = 1\n", 1, "大括号", "braces"),
    "while misspelt": ("whlie True:\n    pass\n", 1, "是不是想写 while？", "Did you mean while?"),
    "from misspelt": ("form labkit import kit\n", 1, "是不是想写 from？", "Did you mean from?"),
    "return misspelt": ("def f():\n    retrun 3\n", 2, "想写 return？",
        "called retrun. Did you mean return?"),
    "keyword as a name": ("class = 3\n", 1, "class 是 Python 自己的词", "Choose another"),
    "else alone": ("else:\n    pass\n", 1, "没有和它对齐的 if", "same indentation"),
    "import of nothing": ("from labkit import\n", 1, "import 后面缺名字", "missing after import"),
    "value missing": ("x = 1 +\n", 1, "以 + 结尾", "ends with +"),
    "leading zero": ("x = 010\n", 1, "不能以 0 开头", "10 instead of 010"),
    "return outside": ("return 3\n", 1, "return 只能写在函数", "inside a function (def)"),
    "break outside": ("if True:\n    break\n", 2, "循环", "inside a loop"),
    "def without brackets": ("def f:\n    pass\n", 1, "函数名后面要有括号", "def name():"),
    "try alone": ("try:\n    x = 1\ny = 2\n", 3, "要有 except", "except"),
    "comma missing": ("print(a b)\n", 1, "少了逗号或运算符", "comma or an operator"),
    "braces of an f-text": ("x = f'{a'\n", 1, "大括号要成对", "braces come in pairs"),
    "order of arguments": ("f(a=1, 2)\n", 1, "顺序", "come after those without"),
    "twice the same": ("def f(a, a):\n    pass\n", 1, "参数 a 写了两次", "The parameter a"),
    "after a backslash": ("x = 1 \\ y\n", 1, "反斜杠", "backslash"),
    "anything else": ("x = a b\n", 1, "从 b 开始", "not Python from b on"),
}  # fmt: skip


def problems_of(source: str, tmp_path: Path) -> list[tuple[int | None, str, str]]:
    found = PythonProgram(source.encode(), "program.py", POINTS, tmp_path).check()
    assert all(p.file == "program.py" and p.code.startswith("program.") for p in found)
    return [(p.line, p.message.zh, p.message.en) for p in found]


@pytest.mark.parametrize(("source", "line", "zh", "en"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_told_with_line_cause_and_remedy(
    tmp_path: Path, source: str, line: int, zh: str, en: str
) -> None:
    [(seen, chinese, english)] = problems_of("# 温度 57 ℃：“注释”\n" + source, tmp_path)
    assert seen == line + 1
    assert zh.replace("第 1 行", "第 2 行") in chinese
    assert en in english


@pytest.mark.parametrize("words", MISTAKES.values(), ids=MISTAKES.keys())
def test_no_words_blame_or_shout(tmp_path: Path, words: tuple[str, int, str, str]) -> None:
    [(_, chinese, english)] = problems_of(words[0], tmp_path)
    assert not [w for w in ("错误", "失败", "非法", "请", "！") if w in chinese]
    assert not [w for w in ("rror", "nvalid", "llegal", "lease") if w in english]
    assert chinese.endswith(("。", "？"))
    assert english.endswith((".", "?"))


@pytest.mark.parametrize(
    "source",
    [
        "",
        "x = 50 % 3\nm = 2\ny = 5 if m else 3\n",
        "text = '57 ℃，好的'\n# 注释：（）\n",
        "from labkit import kit\nwhile True:\n    kit.fan = 10\n",
        "\ufeffx = 1\r\ny = 2\r\n",
        "if 1 is 1:\n    path = '\\d'\n",
    ],
)
def test_what_is_right_has_no_problems(tmp_path: Path, source: str) -> None:
    assert problems_of(source, tmp_path) == []


def test_a_text_that_python_cannot_get_through_is_read_in_another_process(tmp_path: Path) -> None:
    hostile = ["x = " + "-" * 200_000 + "1\n", "x = " + "(" * 60 + "1" + ")" * 60 + "\n"]
    assert not any(is_plain(source) for source in hostile)
    [(_, zh, en)] = problems_of(hostile[0], tmp_path)
    assert "拆成几行短的" in zh
    assert "Split it into several short lines" in en
    assert problems_of(hostile[1], tmp_path) == []
    [(line, *_)] = problems_of(hostile[1] + "if True\n    pass\n", tmp_path)
    assert line == 2


def test_check_and_run_say_the_same(tmp_path: Path) -> None:
    source = "x = 1\nif x = 2:\n    pass\n"
    ran = run(source, tmp_path)
    [told] = PythonProgram(source.encode(), "program.py", POINTS, tmp_path).check()
    assert ran.program.failure == told


@pytest.mark.parametrize(
    ("raw", "code", "line"),
    [
        ("x = 1\ny = '火'\n".encode("gbk"), "program.encoding", 2),
        ("x = 1\n".encode("utf-16"), "program.encoding", 1),
        (b"x = 1\ny = \0\n", "program.nul", 2),
        (b"x = 1\n" * 60_000, "program.too-long", None),
    ],
    ids=["GBK", "UTF-16", "NUL", "too long"],
)
def test_a_file_that_is_no_program_text(
    tmp_path: Path, raw: bytes, code: str, line: int | None
) -> None:
    [problem] = PythonProgram(raw, "program.py", POINTS, tmp_path).check()
    assert (problem.code, problem.line) == (code, line)
