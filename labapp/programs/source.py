"""From a student's file to text, with a readable answer where it is no UTF-8."""

from __future__ import annotations

from labapp.model.text import Text
from labapp.model.trouble import Problem

MOST_BYTES = 256 << 10


def decode_source(source: bytes, filename: str) -> str | Problem:
    """Return the text of a program with plain line ends, or what keeps it from being read."""
    if len(source) > MOST_BYTES:
        return _problem(
            "program.too-long",
            filename,
            None,
            Text(
                f"程序有 {len(source) // 1024} KB，最多 {MOST_BYTES // 1024} KB。把它改短再试。",
                f"The program is {len(source) // 1024} KB long; {MOST_BYTES // 1024} KB is the "
                "most. Make it shorter.",
            ),
        )
    if source.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _encoding(filename, 1, "UTF-16")
    if b"\0" in source:
        line = source[: source.index(b"\0")].count(b"\n") + 1
        return _problem(
            "program.nul",
            filename,
            line,
            Text(
                f"第 {line} 行有不可见的空字符（NUL）。这不像文本文件，另存为 UTF-8 再打开。",
                f"Line {line} holds an invisible NUL character. This does not look like a text "
                "file; save it as UTF-8 in an editor and open it again.",
            ),
        )
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = source[: fault.start].count(b"\n") + 1
        return _encoding(filename, line, _guess(source))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _guess(source: bytes) -> str:
    try:
        source.decode("gb18030")
    except UnicodeDecodeError:
        return ""
    return "GBK"


def _encoding(filename: str, line: int, seen: str) -> Problem:
    zh = f"看起来是 {seen} 编码" if seen else "不是 UTF-8 编码"
    en = f"looks like {seen}" if seen else "is not UTF-8"
    message = Text(
        f"第 {line} 行起读不出来，文件{zh}。在编辑器里另存为 UTF-8，再打开。",
        f"The text cannot be read from line {line} on; the file {en}. "
        "Save it as UTF-8 in your editor and open it again.",
    )
    return _problem("program.encoding", filename, line, message)


def _problem(code: str, filename: str, line: int | None, message: Text) -> Problem:
    return Problem(code=code, message=message, file=filename, line=line)
