"""Figures are SVG by anybody: what is drawn must be harmless and quick to draw.

The rules are those of a viewer that trusts nothing: elements from a short list, no
document type, no script, no reference that leaves the file, and no ``use`` that unfolds
into more than a screenful of shapes (six nested levels of ten take a second to draw).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.parsers import expat

from labapp.model.text import Text
from labapp.model.trouble import Problem

MAX_FIGURE_BYTES = 512 * 1024
MAX_SHAPES = 20_000
MAX_UNFOLDED = 2_000
MAX_DEPTH = 40
# How deep elements and what they use may go together; a chain longer than this is a cycle or a bomb.
MAX_NESTING = 120
MAX_EXTENT = 10_000.0

_ELEMENTS = {
    "svg", "g", "defs", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon",
    "text", "tspan", "use", "title", "desc", "linearGradient", "radialGradient", "stop", "image",
}  # fmt: skip
_URL = re.compile(r"url\s*\(\s*(['\"]?)(.*?)\1\s*\)", re.IGNORECASE | re.DOTALL)
_LENGTH = re.compile(r"\s*(\d+(?:\.\d+)?)(px)?\s*")


@dataclass
class _Element:
    name: str
    id: str | None
    target: str | None
    children: list[_Element] = field(default_factory=list)


def check_figure(name: str, source: bytes) -> list[Problem]:
    """Return what keeps the SVG ``source`` from being shown, with lines; empty when it is fine."""
    if len(source) > MAX_FIGURE_BYTES:
        return [
            _problem(
                name,
                1,
                1,
                "F-SIZE",
                f"{len(source)} 字节，上限 512 KB",
                f"{len(source)} bytes; 512 KB is the limit",
            )
        ]
    return _Reader(name).read(source)


class _Reader:
    """Walks one SVG with expat, which tells lines and never fetches anything."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._problems: list[Problem] = []
        self._root: _Element | None = None
        self._open: list[_Element] = []
        self._count = 0
        parser = self._parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._entity
        parser.ProcessingInstructionHandler = self._instruction

    def read(self, source: bytes) -> list[Problem]:
        """Return all problems of ``source``."""
        try:
            self._parser.Parse(source, True)
        except expat.ExpatError as broken:
            said = expat.ErrorString(broken.code)
            self._say(
                "F-XML",
                f"XML 写法不对：{said}",
                f"the XML does not parse: {said}",
                at=(broken.lineno, broken.offset + 1),
            )
        except _TooMuch:
            return self._problems
        if self._root is not None and not self._problems:
            self._check_unfolding(self._root)
        return self._problems

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        space, _, local = tag.rpartition(" ")
        self._count += 1
        if self._count > MAX_SHAPES or len(self._open) >= MAX_DEPTH:
            self._say(
                "F-SHAPES",
                "图形太多或嵌套太深",
                "there are too many shapes, or they are nested too deeply",
            )
            raise _TooMuch
        if local not in _ELEMENTS or space not in ("", "http://www.w3.org/2000/svg"):
            self._say("F-ELEMENT", f"不能用元素 {local}", f"the element {local} may not be used")
        here = _Element(local, attributes.get("id"), self._target(local, attributes))
        self._check_attributes(attributes)
        self._check_id(here)
        if self._open:
            self._open[-1].children.append(here)
        else:
            self._check_root(here, attributes)
        self._open.append(here)

    def _end(self, _tag: str) -> None:
        self._open.pop()

    def _doctype(self, *_what: object) -> None:
        self._say("F-DOCTYPE", "不能有 DOCTYPE", "a DOCTYPE may not be used")

    def _entity(self, *_what: object) -> None:
        self._say("F-DOCTYPE", "不能定义实体", "entities may not be defined")
        raise _TooMuch

    def _instruction(self, *_what: object) -> None:
        self._say("F-ELEMENT", "不能有处理指令", "processing instructions may not be used")

    def _check_root(self, root: _Element, attributes: dict[str, str]) -> None:
        self._root = root
        if root.name != "svg":
            self._say("F-ROOT", "最外层必须是 svg", "the outermost element must be svg")
        sizes = [_LENGTH.fullmatch(attributes.get(side, "1")) for side in ("width", "height")]
        if any(size is None or not 0 < float(size[1]) <= MAX_EXTENT for size in sizes):
            self._say(
                "F-EXTENT",
                "宽和高要写成 1～10000 的像素数",
                "width and height must be 1 to 10000 pixels",
            )
        if "viewBox" not in attributes:
            self._say("F-EXTENT", "缺少 viewBox", "viewBox is missing")

    def _check_attributes(self, attributes: dict[str, str]) -> None:
        for key, value in attributes.items():
            local = key.rpartition(" ")[2].lower()
            if local.startswith("on"):
                self._say(
                    "F-SCRIPT", f"不能用属性 {local}", f"the attribute {local} may not be used"
                )
            for _quote, url in _URL.findall(value):
                if not url.strip().startswith("#"):
                    self._say(
                        "F-LINK",
                        "url() 只能指向图内的 #id",
                        "url() may only point to an #id of the figure",
                    )

    def _target(self, local: str, attributes: dict[str, str]) -> str | None:
        target = None
        for key, value in attributes.items():
            if key.rpartition(" ")[2] != "href":
                continue
            is_picture = local == "image" and value.startswith("data:image/png;base64,")
            if value.startswith("#"):
                target = value[1:]
            elif not is_picture:
                self._say(
                    "F-LINK",
                    "href 只能指向图内的 #id 或内嵌 PNG",
                    "href may only point to an #id of the figure or an embedded PNG",
                )
        return target

    def _check_id(self, here: _Element) -> None:
        if here.id is None or not self._open or any(e.name == "defs" for e in self._open):
            return
        if here.name != "g" or len(self._open) != 1:
            self._say(
                "F-ID",
                f"id={here.id} 只能写在最外层的 g 上，否则画面绑定不到它",
                f"id={here.id} may only stand on an outermost g, or nothing can be bound to it",
            )

    def _check_unfolding(self, root: _Element) -> None:
        named = {e.id: e for e in _every(root) if e.id is not None}
        sizes: dict[str, int] = {}
        if _unfolded(root, named, sizes, 0) > MAX_UNFOLDED + self._count:
            self._say(
                "F-USE",
                f"use 互相引用或展开后超过 {MAX_UNFOLDED} 个图形",
                f"use refers to itself, or unfolds into more than {MAX_UNFOLDED} shapes",
                at=(1, 1),
            )

    def _say(self, code: str, zh: str, en: str, *, at: tuple[int, int] | None = None) -> None:
        line, column = at or (self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1)
        self._problems.append(_problem(self._name, line, column, code, zh, en))


class _TooMuch(Exception):
    """Reading on would cost more than it is worth."""


def _every(root: _Element) -> list[_Element]:
    found, left = [], [root]
    while left:
        here = left.pop()
        found.append(here)
        left.extend(here.children)
    return found


def _unfolded(here: _Element, named: dict[str, _Element], sizes: dict[str, int], depth: int) -> int:
    """Return how many elements are drawn for ``here``; more than any limit for a cycle."""
    if here.id is not None and here.id in sizes:
        return sizes[here.id]
    if depth > MAX_NESTING:
        return MAX_SHAPES * MAX_SHAPES
    size = 1 + sum(_unfolded(child, named, sizes, depth + 1) for child in here.children)
    if here.name == "use" and here.target in named:
        size += _unfolded(named[here.target], named, sizes, depth + 1)
    if here.id is not None:
        sizes[here.id] = size
    return size


def _problem(name: str, line: int, column: int, code: str, zh: str, en: str) -> Problem:
    message = Text(
        f"图 {name} 不能显示：{zh}。改好后再检查一次。",
        f"Figure {name} cannot be shown: {en}. Mend it and check again.",
    )
    return Problem(code=code, message=message, file=name, line=line, column=column)
