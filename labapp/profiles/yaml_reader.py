"""YAML 1.2 read strictly: plain values, a place for each of them, and every mistake named.

What YAML tools disagree about is refused instead of guessed: aliases, tags, directives,
duplicate keys, ``010``. Limits keep a hostile file from costing more than a moment.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)
from ruamel.yaml.reader import ReaderError

from labapp.model.text import Text

Loc = tuple[str | int, ...]
Position = tuple[int, int]

# Limits of a file that a person writes; larger ones cost seconds in a pure reader.
MAX_BYTES = 256 * 1024
MAX_DEPTH = 40
MAX_NODES = 50_000
# More digits than any register, address or time needs; int() of thousands is slow or refused.
MAX_DIGITS = 20
# Past this the rest of a broken file says nothing new.
MAX_FLAWS = 60

_INT = re.compile(r"[-+]?[0-9]+")
_BASED = re.compile(r"0x[0-9a-fA-F]+|0o[0-7]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_AMBIGUOUS = re.compile(r"[-+]?0[0-9]+")
_CONSTANTS: dict[str, bool | None] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}


@dataclass(frozen=True, slots=True)
class Flaw:
    """One mistake in the writing itself, with its place (line and column from 1)."""

    code: str
    at: Position
    message: Text


@dataclass(slots=True)
class Parsed:
    """What a file holds, where each part of it stands, and what is wrong with the writing.

    ``keys`` has the place of a mapping's key, ``values`` that of the value, by location.
    """

    data: Any = None
    keys: dict[Loc, Position] = field(default_factory=dict)
    values: dict[Loc, Position] = field(default_factory=dict)
    flaws: list[Flaw] = field(default_factory=list)


def parse_yaml(text: str) -> Parsed:
    """Read one YAML document; flaws are in the result, nothing is raised for a bad file."""
    builder = _Builder()
    try:
        builder.build(YAML(typ="safe", pure=True).parse(text))
    except _StopReading:
        pass
    except MarkedYAMLError as cause:
        builder.flaw(*_syntax_flaw(cause, text))
    except ReaderError as cause:
        builder.flaw(*_character_flaw(cause.position, text))
    except (YAMLError, ValueError) as cause:
        builder.flaw("Y004", (1, 1), _syntax_text(str(cause).splitlines()[0]))
    return builder.parsed


class _StopReading(Exception):
    """A limit was passed: the rest of the file is not read."""


class _Builder:
    """Builds plain values from the parser's events; depth is bounded before it recurses."""

    def __init__(self) -> None:
        self.parsed = Parsed()
        self._nodes = 0
        self._events: Iterator[Event] = iter(())

    def flaw(self, code: str, at: Position, message: Text) -> None:
        self.parsed.flaws.append(Flaw(code, at, message))
        if len(self.parsed.flaws) >= MAX_FLAWS:
            raise _StopReading

    def build(self, events: Iterator[Event]) -> None:
        self._events = events
        documents = 0
        for event in events:
            match event:
                case DocumentStartEvent():
                    documents += 1
                    self._check_document(event, documents)
                case NodeEvent():
                    self.parsed.data = self._node(event, (), 1)
                case DocumentEndEvent() | StreamEndEvent():
                    continue
        if self.parsed.data is None and not self.parsed.flaws:
            self.flaw("Y013", (1, 1), Text("文件是空的。", "The file is empty."))

    def _check_document(self, event: DocumentStartEvent, count: int) -> None:
        if event.version or event.tags:
            self.flaw(
                "Y012",
                _place(event),
                Text(
                    "这里不用 % 指令；删掉这一行。",
                    "Directives (%) are not used here; delete the line.",
                ),
            )
        if count > 1:
            self.flaw(
                "Y012",
                _place(event),
                Text(
                    "一个文件只放一份文档；把 --- 之后的内容移走。",
                    "A file holds one document; move what follows the --- elsewhere.",
                ),
            )
            raise _StopReading

    def _node(self, event: NodeEvent, loc: Loc, depth: int) -> Any:
        self._check_node(event, depth)
        self.parsed.values[loc] = _place(event)
        match event:
            case ScalarEvent():
                return self._scalar(event)
            case SequenceStartEvent():
                return self._sequence(loc, depth)
            case MappingStartEvent():
                return self._mapping(loc, depth)
        return None

    def _check_node(self, event: NodeEvent, depth: int) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self.flaw("Y009", _place(event), _over("条目", "entries", MAX_NODES))
            raise _StopReading
        if depth > MAX_DEPTH:
            self.flaw("Y008", _place(event), _over("层嵌套", "levels of nesting", MAX_DEPTH))
            raise _StopReading
        if isinstance(event, AliasEvent) or event.anchor is not None:
            sign = "*" if isinstance(event, AliasEvent) else "&"
            self.flaw(
                "Y007",
                _place(event),
                Text(
                    f"这里不用引用（{sign}{event.anchor}）；把内容写全。含 & 或 * 的文字要加引号。",
                    f"References ({sign}{event.anchor}) are not used here; write the content out. "
                    "Text with & or * needs quotes.",
                ),
            )
        tag = getattr(event, "tag", None)
        if tag is not None and tag != "!":
            self.flaw(
                "Y007",
                _place(event),
                Text(
                    f"这里不用标签（{tag}）；删掉它。",
                    f"Tags ({tag}) are not used here; delete it.",
                ),
            )

    def _sequence(self, loc: Loc, depth: int) -> list[Any]:
        items: list[Any] = []
        for event in self._events:
            if isinstance(event, SequenceEndEvent):
                break
            assert isinstance(event, NodeEvent)
            items.append(self._node(event, (*loc, len(items)), depth + 1))
        return items

    def _mapping(self, loc: Loc, depth: int) -> dict[str | int, Any]:
        entries: dict[str | int, Any] = {}
        for event in self._events:
            if isinstance(event, MappingEndEvent):
                break
            assert isinstance(event, NodeEvent)
            key = self._key(event, entries, depth)
            place = _place(event)
            value_event = next(self._events)
            assert isinstance(value_event, NodeEvent)
            if key is None:
                self._node(value_event, (*loc, "?"), depth + 1)
                continue
            self.parsed.keys[(*loc, key)] = place
            entries[key] = self._node(value_event, (*loc, key), depth + 1)
        return entries

    def _key(self, event: NodeEvent, entries: dict[str | int, Any], depth: int) -> str | int | None:
        if not isinstance(event, ScalarEvent):
            self._node(event, ("?",), depth + 1)
            message = Text("名称只能是一个词或一个整数。", "A key is one word or one whole number.")
            self.flaw("Y006", _place(event), message)
            return None
        self._check_node(event, depth)
        value = self._scalar(event)
        is_whole = isinstance(value, int) and not isinstance(value, bool)
        key = value if isinstance(value, int) and is_whole else str(event.value)
        if key in entries:
            self.flaw(
                "Y006",
                _place(event),
                Text(
                    f"{key} 写了两次；留下一个。",
                    f"{key} stands here twice; keep one of them.",
                ),
            )
            return None
        return key

    def _scalar(self, event: ScalarEvent) -> str | int | float | bool | None:
        text = str(event.value)
        if event.style is not None:
            return text
        if text in _CONSTANTS:
            return _CONSTANTS[text]
        if _AMBIGUOUS.fullmatch(text):
            plain = text.lstrip("+-").lstrip("0") or "0"
            self.flaw("Y010", _place(event), _ambiguous_text(text, plain))
            return 0
        if _BASED.fullmatch(text) or _INT.fullmatch(text):
            return self._whole_number(event, text)
        if _FLOAT.fullmatch(text) or _NOT_FINITE.fullmatch(text):
            return self._number(event, text)
        return text

    def _whole_number(self, event: ScalarEvent, text: str) -> int:
        if len(text) > MAX_DIGITS:
            self.flaw("Y011", _place(event), _over("位数字", "digits in a number", MAX_DIGITS))
            return 0
        return int(text, 0) if _BASED.fullmatch(text) else int(text)

    def _number(self, event: ScalarEvent, text: str) -> float:
        number = math.nan if _NOT_FINITE.fullmatch(text) else float(text)
        if not math.isfinite(number):
            self.flaw(
                "Y011",
                _place(event),
                Text(f"{text[:40]} 不是有限的数。", f"{text[:40]} is not a finite number."),
            )
            return 0.0
        return number


def _place(event: Event) -> Position:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1)


def _over(zh: str, en: str, limit: int) -> Text:
    return Text(
        f"超过 {limit} {zh}，从这里起没有再读。",
        f"More than {limit} {en}; nothing was read from here on.",
    )


def _ambiguous_text(text: str, plain: str) -> Text:
    return Text(
        f"{text} 有的工具读作八进制，有的读作十进制；写成 {plain}，是编号就加引号。",
        f"Some tools read {text} in base 8, others in base 10; write {plain}, or put a code in quotes.",
    )


def _syntax_text(detail: str) -> Text:
    return Text(
        f"这里不合 YAML 写法（{detail}）。看看这一行和上一行的缩进、冒号、引号和括号。",
        f"This is not YAML ({detail}). Look at the indentation, colons, quotes and brackets "
        "of this line and the one above.",
    )


def _syntax_flaw(cause: MarkedYAMLError, text: str) -> tuple[str, Position, Text]:
    mark = cause.problem_mark or cause.context_mark
    at = (1, 1) if mark is None else (mark.line + 1, mark.column + 1)
    lines = text.splitlines()
    line = lines[at[0] - 1] if at[0] <= len(lines) else ""
    indent = line[: len(line) - len(line.lstrip())]
    if "\t" in indent or "'\\t'" in str(cause.problem):
        tab = line.find("\t")
        at = (at[0], tab + 1 if tab >= 0 else at[1])
        return (
            "Y005",
            at,
            Text("缩进里有制表符；换成空格。", "There is a tab; use spaces to indent."),
        )
    detail = ", ".join(part for part in (cause.context, cause.problem) if part)
    return ("Y004", at, _syntax_text(detail))


def _character_flaw(offset: int, text: str) -> tuple[str, Position, Text]:
    before = text[:offset]
    at = (before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1)
    code = f"U+{ord(text[offset]):04X}" if offset < len(text) else "?"
    message = Text(
        f"这里有一个看不见的控制字符（{code}）；删掉它。",
        f"There is an invisible control character here ({code}); delete it.",
    )
    return ("Y014", at, message)
