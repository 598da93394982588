"""Beginners' mistakes in writing, told from Python's message and the line itself."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping
from difflib import get_close_matches
from fractions import Fraction

from labapp.model.text import Text
from labapp.model.units import ALIASES, UNITS
from labapp.programs.fault import Fault
from labapp.programs.kit_access import PointFacts
from labapp.programs.phrasebook import filled, phrase, say

_INVALID = re.compile(r"invalid (?:non-printable )?character '?(.)?.*U\+([0-9A-F]{4,6})")
_UNITS = sorted(
    {*UNITS, *ALIASES, "C", "℃", "秒", "度", "分钟"} - {"1", "/"}, key=len, reverse=True
)
_QUANTITY = re.compile(
    r"(?<![\w.])(\d+(?:\.\d+)?)\s*("
    + "|".join(re.escape(u) for u in _UNITS)
    + r")(?![\w.(])(?!\s*[\w(])"
)
_SECONDS = {
    **{unit: UNITS[unit].factor for unit in ("us", "ms", "s", "min", "h")},
    "秒": Fraction(1), "分钟": Fraction(60),
}  # fmt: skip
_STRINGS = re.compile(r"\"[^\"]*\"|'[^']*'|#.*")
_PUNCTUATION = {
    "“": '"', "”": '"', "‘": "'", "’": "'", "。": ".", "、": ",", "【": "[", "】": "]",
    "《": "<", "》": ">", "—": "-", "×": "*", "÷": "/", "≥": ">=", "≤": "<=", "≠": "!=",
    "…": "...", "·": ".",
}  # fmt: skip
_INVISIBLE = {0x00A0, 0x3000, 0x200B, 0x200C, 0x200D, 0x2028, 0x2029, 0xFEFF, 0x202F}

# What other languages write, looked for where Python only says that it does not understand.
_FOREIGN = (
    phrase(
        r"&&",
        "Python 里的“并且”写 and，不写 &&。",
        "In Python “and” is written and, not &&.",
    ),
    phrase(
        r"\|\|",
        "Python 里的“或者”写 or，不写 ||。",
        "In Python “or” is written or, not ||.",
    ),
    phrase(
        r"!(?!=)",
        "Python 里的“不”写 not，不写 !，例如 if not kit.buzzer:。",
        "In Python “not” is written not, not !, as in if not kit.buzzer:.",
    ),
    phrase(
        r"(=>|=<)",
        "比较号里等号放在后面：>= 或 <=，这里写的是 {0}。",
        "In a comparison the equals sign comes last, >= or <=; here it is {0}.",
    ),
    phrase(
        r"(\+\+|--)\s*$",
        "Python 没有 {0}。要加一就写 x += 1，要减一就写 x -= 1。",
        "Python has no {0}. Write x += 1 to add one, x -= 1 to take one away.",
    ),
    phrase(
        r"^\s*(?:else\s+if|elseif|elsif)\b",
        "“否则如果”在 Python 里写成一个词：elif。",
        "“else if” is one word in Python: elif.",
    ),
    phrase(
        r"\bthen\b",
        "Python 的 if 后面不写 then，条件后面直接写冒号。",
        "Python has no then: a colon follows the condition directly.",
    ),
    phrase(
        r"^\s*(?:if|elif|else|while|for|def)\b.*\{\s*$",
        "Python 不用大括号表示一段程序。写冒号，下面几行缩进 4 个空格。",
        "Python does not use braces for a block. Write a colon and indent the lines below by four "
        "spaces.",
    ),
)

_ALONE = (
    phrase(
        r"\bimport\s*$",
        "import 后面缺名字。写成 from labkit import kit, sleep 这样。",
        "A name is missing after import. Write it like from labkit import kit, sleep.",
    ),
    phrase(
        r"^\s*(elif|else|except|finally)\b",
        "{0} 前面没有和它对齐的 if、for、while 或 try。看看它的缩进，和它配对的那一行要一样。",
        "No if, for, while or try stands above this {0} at the same indentation. "
        "Indent it like the line that it belongs to.",
    ),
)
_MESSAGES = (
    phrase(
        r"expected an indented block after (.*) on line (\d+)",
        "第 {1} 行的冒号后面要有缩进的内容，这一行没有缩进。在行首加 4 个空格。",
        "The colon of line {1} needs an indented line after it and this one is not. "
        "Put four spaces before it.",
    ),
    phrase(
        r"expected an indented block",
        "上一行的冒号后面要有缩进的内容。在这一行的行首加 4 个空格。",
        "The colon above needs an indented line after it. Put four spaces before this one.",
    ),
    phrase(
        r"unexpected indent",
        "这一行比上一行多缩进了。去掉行首多出的空格，和上一行对齐；"
        "想让它属于上一行，上一行末尾要有冒号。",
        "This line is indented more than the one above. Take out the extra spaces; if it belongs "
        "to the line above, that one needs a colon at its end.",
    ),
    phrase(
        r"unindent does not match",
        "这一行的缩进和上面哪一层都对不上。改成和上面某一行一样多的空格，每一层 4 个。",
        "The indentation of this line matches none above it. Use as many spaces as one of the "
        "lines above, four for each level.",
    ),
    phrase(
        r"inconsistent use of tabs",
        "缩进里混用了制表符（Tab）和空格。全部换成空格，每一层 4 个。",
        "The indentation mixes tabs and spaces. Use spaces everywhere, four for each level.",
    ),
    phrase(
        r"Maybe you meant '==' (?:or ':=' )?instead of '='",
        "一个等号 = 是“赋值”。这里要比较，写两个等号 ==；要赋值，左边只能是一个名字。",
        "A single = stores a value. To compare, write ==; to store, there must be one name on "
        "the left.",
    ),
    phrase(
        r"cannot assign to (True|False|None)",
        "{0} 是 Python 固定的值，不能改。换一个名字来存。",
        "{0} is a fixed value of Python and cannot be changed. Store it under another name.",
    ),
    phrase(
        r"cannot assign to",
        "等号左边只能是一个名字或 kit.点名。把要存的名字放在左边，值放在右边。",
        "On the left of = there must be one name or kit.POINT. Put the name on the left and the "
        "value on the right.",
    ),
    phrase(
        r"'(.)' was never closed",
        "这一行的 {0} 没有配对的另一半。在它该结束的地方补上。",
        "The {0} of this line is never closed. Close it where it should end.",
    ),
    phrase(
        r"unmatched '(.)'",
        "这里多了一个 {0}，前面没有和它配对的。删掉它，或在前面补上另一半。",
        "There is a {0} too many: nothing before it opens it. Delete it or add its other half.",
    ),
    phrase(
        r"closing parenthesis '(.)' does not match opening parenthesis '(.)'",
        "{1} 用 {0} 收尾，配不上对。把两个括号换成同一种。",
        "{1} is closed by {0}, which is of another kind. Use the same kind for both.",
    ),
    phrase(
        r"unterminated triple-quoted string",
        "三个引号开始的文字没有结束。在文字末尾补上三个同样的引号。",
        "The text that begins with three quotes never ends. Put the same three quotes at its end.",
    ),
    phrase(
        r"unterminated (?:f-)?string literal",
        "这一行的文字缺后面的引号。在文字末尾补上和前面一样的引号。",
        "The text in this line has no closing quote. Put the same quote at its end.",
    ),
    phrase(
        r"Missing parentheses in call to '(\w+)'",
        "{0} 后面要有括号。写成 {0}(…)。",
        "{0} needs parentheses. Write {0}(…).",
    ),
    phrase(
        r"leading zeros in decimal",
        "数不能以 0 开头。去掉前面的 0，例如 010 写成 10。",
        "A number cannot begin with 0. Leave the zeros out: 10 instead of 010.",
    ),
    phrase(
        r"invalid decimal literal|invalid (?:hexadecimal|octal|binary)|invalid digit",
        "数字后面紧跟着别的字。名字不能以数字开头，数后面也不写单位；改掉其中一个。",
        "Something stands directly after a number. A name cannot begin with a digit, and a number "
        "has no unit behind it; change whichever it is.",
    ),
    phrase(
        r"Perhaps you forgot a comma",
        "两样东西之间少了逗号或运算符。在它们之间补上。",
        "A comma or an operator is missing between two things. Put it between them.",
    ),
    phrase(
        r"'(return|yield|await)' outside",
        "{0} 只能写在函数（def）里面。要在这里结束就删掉它，或把这一段放进函数。",
        "{0} belongs inside a function (def). Delete it, or put this part into a function.",
    ),
    phrase(
        r"'break' outside loop|'continue' not properly in loop",
        "break 和 continue 只能写在循环（while、for）里面。看看这一行的缩进，它现在不在循环里。",
        "break and continue belong inside a loop (while, for). Look at the indentation: this line "
        "is outside.",
    ),
    phrase(
        r"after line continuation character",
        "反斜杠 \\ 后面不能再有内容。要除法就写 /，不要的话删掉它。",
        "Nothing may follow a backslash \\. Write / to divide, or delete it.",
    ),
    phrase(
        r"expected 'except' or 'finally'",
        "try 那一段后面要有 except。加上 except，或去掉 try。",
        "A try needs an except after it. Add one, or take out the try.",
    ),
    phrase(
        r"expected '\('",
        "函数名后面要有括号，没有参数也要写：def 名字():。",
        "A function's name needs parentheses, also without parameters: def name():.",
    ),
    phrase(
        r"positional argument follows keyword argument",
        "括号里，带名字的值（a=1）要放在不带名字的值后面。把顺序换过来。",
        "Inside the parentheses values with a name (a=1) come after those without. Swap them.",
    ),
    phrase(
        r"duplicate argument '(\w+)'",
        "参数 {0} 写了两次。改掉其中一个的名字。",
        "The parameter {0} stands there twice. Rename one of them.",
    ),
    phrase(
        r"f-string",
        'f 开头的文字里，大括号要成对，里面要有一个值，例如 f"{{kit.temp}} 度"。',
        'In an f-text braces come in pairs with a value inside, as in f"{{kit.temp}} degrees".',
    ),
    phrase(
        r"too many statically nested|too many levels of indentation|too many nested",
        "嵌套的层数太多了。把里面的部分写成函数。",
        "This is nested too deeply. Put the inner part into a function.",
    ),
)
_COLON = phrase(
    r"expected ':'",
    "这一行末尾少了冒号“:”。在行尾加上。",
    "A colon is missing at the end of this line. Add : there.",
)
_EMPTY_TAIL = phrase(
    r"([-+*/%=<>,]|\b(?:and|or|not|in|is))\s*$",
    "这一行以 {0} 结尾，后面还缺一个值。补上它。",
    "This line ends with {0} and a value is missing after it. Add it.",
)
_VAGUE = re.compile(r"invalid syntax|expected ':'|invalid decimal|'\{' was never closed")
_STARTERS = [*keyword.kwlist, "print"]


def explain_syntax(fault: Fault, points: Mapping[str, PointFacts]) -> Text:
    """Return the words for a mistake in writing."""
    del points
    character = _INVALID.search(fault.text)
    if character is not None:
        return _about_character(int(character[2], 16), fault)
    bare = _STRINGS.sub(lambda m: " " * len(m[0]) if m[0].startswith("#") else '""', fault.code)
    found = _about_line(bare) if _VAGUE.match(fault.text) is not None else None
    return (
        found
        or say((*_MESSAGES, _COLON), fault.text)
        or say((_EMPTY_TAIL, *_ALONE), bare)
        or _not_understood(fault)
    )


def _about_line(code: str) -> Text | None:
    """Return words for what stands in the line, where Python has not understood it."""
    return _about_quantity(code) or say(_FOREIGN, code) or _about_keyword(code)


def _about_character(number: int, fault: Fault) -> Text:
    sign = chr(number)
    if number in _INVISIBLE:
        return Text(
            f"这一行有一个特殊的空白字符（U+{number:04X}），多半是从网页或输入法带进来的。"
            "删掉它，改用普通空格。",
            f"This line holds a special blank (U+{number:04X}), usually from a web page or an "
            "input method. Replace it with a plain space.",
        )
    if _is_degree(sign, fault.code):
        return _no_unit(sign)
    plain = _PUNCTUATION.get(sign) or (chr(number - 0xFEE0) if 0xFF01 <= number <= 0xFF5E else "")
    if plain:
        return Text(
            f"这里是中文符号 {sign} ，程序里要用英文的 {plain} 。切换到英文输入法改掉它。",
            f"Here stands the full-width {sign}; a program needs {plain}. "
            "Switch the keyboard to English and change it.",
        )
    return Text(
        f"程序里不能有 {sign} 这个字符。要显示的文字放进引号里，其他地方删掉它。",
        f"The sign {sign} has no meaning in a program. Put text that is to be shown in quotes; "
        "delete it elsewhere.",
    )


def _is_degree(sign: str, code: str) -> bool:
    return sign in "℃°℉" and re.search(r"\d\s*" + re.escape(sign), code) is not None


def _about_quantity(code: str) -> Text | None:
    found = _QUANTITY.search(code)
    if found is None:
        return None
    number, unit = found[1], found[2]
    seconds = _SECONDS.get(unit)
    if seconds is None:
        return _no_unit(unit, number)
    plain = f"{float(Fraction(number) * seconds):g}"
    return Text(
        f"程序里的时间都以秒计，后面不写单位。{number} {unit} 写成 {plain}。",
        f"Times in a program are in seconds and have no unit. Write {number} {unit} as {plain}.",
    )


def _no_unit(unit: str, number: str = "57") -> Text:
    return Text(
        f"程序里的数后面不写单位（{unit}），kit 的每个点有固定的单位。只写数，例如 {number}。",
        f"Numbers in a program have no unit ({unit}): every point of the kit has a fixed one. "
        f"Write the number alone, {number}.",
    )


def _about_keyword(code: str) -> Text | None:
    """Return words for a misspelt first word, or for a keyword that is used as a name."""
    first = re.match(r"\s*([A-Za-z]+)\b(\s*[=(])?", code)
    if first is None:
        return None
    word, used_as_name = first[1], first[2]
    if word in keyword.kwlist:
        if used_as_name is not None and used_as_name.strip() == "=":
            return filled(
                Text(
                    "{0} 是 Python 自己的词，不能当名字用。换一个名字。",
                    "{0} is a word of Python's own and cannot be a name. Choose another.",
                ),
                word,
            )
        return None
    if used_as_name is not None:
        return None
    words = ["from", "import"] if "import" in code else _STARTERS
    near = get_close_matches(word, words, n=1, cutoff=0.7)
    if not near:
        return None
    return Text(
        f"没有叫 {word} 的语句。是不是想写 {near[0]}？",
        f"No statement is called {word}. Did you mean {near[0]}?",
    )


def _not_understood(fault: Fault) -> Text:
    at_zh = at_en = ""
    if fault.column and fault.column <= len(fault.code):
        rest = fault.code[fault.column - 1 :].strip()[:20]
        at_zh, at_en = (f"，从 {rest} 开始", f" from {rest} on") if rest else ("", "")
    return Text(
        f"这一行不合 Python 的写法{at_zh}。看看括号、引号、冒号和逗号是不是成对、齐全，上一行也看一看。",
        f"This line is not Python{at_en}. See whether brackets, quotes, colons and commas are "
        "complete, in the line above too.",
    )
