"""Whatever people read is there in both languages, and says the same things in both."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from tests.house.sources import ROOT, files, nodes, python_files, shown

CHINESE = re.compile(r"[\u3400-\u9fff]")
LETTERS = re.compile(r"[A-Za-z]{2,}")


@dataclass(frozen=True)
class Pair:
    """A ``Text(zh, en)`` as it stands in the code: its fixed words, and what is put in."""

    where: str
    zh: str
    en: str
    zh_puts_in: frozenset[str]
    en_puts_in: frozenset[str]


def test_no_text_is_called_with_one_language() -> None:
    assert [
        shown(path, call.lineno)
        for path in python_files("labapp", "launcher")
        for call in _text_calls(path)
        if _halves(call) is None
    ] == []


def test_no_half_is_empty() -> None:
    assert [p.where for p in _pairs() if bool(_anything(p, "zh")) != bool(_anything(p, "en"))] == []


def test_the_chinese_half_is_chinese() -> None:
    assert [
        f"{p.where}: {p.zh!r}"
        for p in _pairs()
        if LETTERS.search(p.en) and not CHINESE.search(p.zh + "".join(p.zh_puts_in))
        if not any("zh" in put for put in p.zh_puts_in)
    ] == []


def test_the_english_half_is_english() -> None:
    assert [f"{p.where}: {p.en!r}" for p in _pairs() if CHINESE.search(p.en)] == []


def test_no_half_puts_in_the_other_language() -> None:
    assert [
        p.where
        for p in _pairs()
        if any(put.endswith(".en") for put in p.zh_puts_in)
        or any(put.endswith(".zh") for put in p.en_puts_in)
    ] == []


def test_nobody_is_shouted_at() -> None:
    assert [p.where for p in _pairs() if re.search("[!！]", p.zh + p.en)] == []


@pytest.mark.parametrize("folder", sorted((ROOT / "projects").glob("*")), ids=lambda p: p.name)
def test_every_text_of_a_project_is_there_twice(folder: Path) -> None:
    inside = [path for path in files() if folder in path.parents and path.suffix == ".md"]
    named = {path.relative_to(folder).as_posix() for path in inside}
    twins = {_other_language(name) for name in named if re.search(r"\.(zh|en)\.md$", name)}
    assert twins <= named


def _other_language(name: str) -> str:
    stem, _, rest = name.rpartition(".md")[0].rpartition(".")
    return f"{stem}.{'en' if rest == 'zh' else 'zh'}.md"


def _anything(pair: Pair, half: str) -> object:
    return (pair.zh or pair.zh_puts_in) if half == "zh" else (pair.en or pair.en_puts_in)


@cache
def _pairs() -> tuple[Pair, ...]:
    """Return the texts whose words are known: literals, formatted or joined."""
    return tuple(_read_pairs())


def _read_pairs() -> Iterator[Pair]:
    for path in python_files("labapp", "launcher"):
        for call in _text_calls(path):
            halves = _halves(call)
            words = [_words(half) for half in halves or ()]
            if halves and None not in words:
                zh, en = (word for word in words if word is not None)
                yield Pair(shown(path, call.lineno), zh[0], en[0], zh[1], en[1])


def _text_calls(path: Path) -> Iterator[ast.Call]:
    for node in nodes(path):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "Text":
            yield node


def _halves(call: ast.Call) -> tuple[ast.expr, ast.expr] | None:
    given = dict(zip(("zh", "en"), call.args, strict=False))
    given |= {word.arg: word.value for word in call.keywords if word.arg}
    is_spread = any(isinstance(arg, ast.Starred) for arg in call.args)
    if is_spread or any(word.arg is None for word in call.keywords):
        spread = ast.Name("spread")  # what is in it is not known here
        return spread, spread
    return (given["zh"], given["en"]) if given.keys() == {"zh", "en"} else None


def _words(half: ast.expr) -> tuple[str, frozenset[str]] | None:
    """Return the fixed words of an expression and what it puts in; ``None`` if it is no literal."""
    match half:
        case ast.Constant(value=str(text)):
            return text, frozenset()
        case ast.JoinedStr(values=parts):
            texts = [p.value for p in parts if isinstance(p, ast.Constant)]
            put = [ast.unparse(p.value) for p in parts if isinstance(p, ast.FormattedValue)]
            return "".join(str(text) for text in texts), frozenset(put)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            one, other = _words(left), _words(right)
            return None if one is None or other is None else (one[0] + other[0], one[1] | other[1])
    return None
