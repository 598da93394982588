"""The one door for YAML: a file becomes a checked model, or every mistake in it is told."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from labapp.model.text import Text
from labapp.model.trouble import BadInput, Problem
from labapp.profiles.explain import explain
from labapp.profiles.text_place import place_inside
from labapp.profiles.yaml_reader import MAX_BYTES, Flaw, Loc, Parsed, Position, parse_yaml

Model = TypeVar("Model", bound=BaseModel)


class Part(BaseModel):
    """Base of every model that is read from a document: a key it does not know is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Words(Part):
    """A text in both languages, as documents write it: ``{zh: …, en: …}``."""

    zh: str
    en: str

    @property
    def text(self) -> Text:
        """The frozen form."""
        return Text(self.zh, self.en)


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """One YAML document: plain values, and the place of each of them in its file."""

    file: str
    source: bytes
    data: Any
    _parsed: Parsed = field(repr=False)

    def position(self, loc: Iterable[str | int]) -> Position:
        """Return line and column, from 1, of a location or of the nearest part that holds it.

        Steps of ``loc`` that the document does not have are passed over. A plain value
        stands where it is written, a mapping or list at its key.
        """
        known: Loc = ()
        for step in loc:
            known = next((k for k in _spellings(known, step) if k in self._parsed.values), known)
        if known in self._parsed.keys and isinstance(self._at(known), dict | list | None):
            return self._parsed.keys[known]
        return self._parsed.values.get(known, (1, 1))

    def key_position(self, loc: Iterable[str | int]) -> Position:
        """Return line and column of the key at ``loc``, or of what is nearest to it."""
        exact = tuple(loc)
        return self._parsed.keys.get(exact) or self.position(exact)

    def problem(
        self, code: str, loc: Iterable[str | int], message: Text, *, key: bool = False
    ) -> Problem:
        """Return a problem that stands at ``loc`` in this document (at its key if ``key``)."""
        steps = tuple(loc)
        line, column = self.key_position(steps) if key else self.position(steps)
        path = ".".join(str(step) for step in steps) or None
        return Problem(
            code=code, message=message, file=self.file, line=line, column=column, path=path
        )

    def inside(self, loc: Iterable[str | int], problem: Problem) -> Problem:
        """Return a problem whose line and column count within the text at ``loc``, placed here."""
        steps = tuple(loc)
        lines = self.source.decode("utf-8-sig").splitlines()
        line, column = place_inside(lines, self.position(steps), problem.line, problem.column)
        path = ".".join(str(step) for step in steps)
        return replace(problem, file=self.file, line=line, column=column, path=path)

    def check(self, model: type[Model]) -> Model:
        """Return the document as ``model``.

        Types are strict: text is not a number, 1 is not true, a whole number may stand for
        a float.

        Raises:
            BadInput: with a problem for each place where the document is not what the model says.
        """
        try:
            return model.model_validate_json(json.dumps(self.data), strict=True)
        except ValidationError as cause:
            found = explain(cause, model)
            problems = [self.problem(m.code, m.loc, m.text, key=m.at_key) for m in found]
            problems.sort(key=lambda p: (p.line or 0, p.column or 0))
            raise BadInput(*problems) from None

    def _at(self, loc: Loc) -> Any:
        node = self.data
        for step in loc:
            node = node[step]
        return node


def read_document(source: Path | str, text: str | None = None) -> Document:
    """Read a YAML file; with ``text``, read that, and ``source`` is the name shown for it.

    Raises:
        BadInput: the file is missing, too large, not UTF-8, or not strict YAML; all flaws at once.
    """
    name = str(source)
    raw = text.encode("utf-8", "surrogatepass") if text is not None else _read(Path(source), name)
    return parse_document(name, raw)


def parse_document(name: str, raw: bytes) -> Document:
    """Read YAML from bytes; ``name`` is the file shown in problems.

    Raises:
        BadInput: as ``read_document``.
    """
    if len(raw) > MAX_BYTES:
        message = Text(
            f"文件有 {len(raw) // 1024} KB，上限是 {MAX_BYTES // 1024} KB。",
            f"The file has {len(raw) // 1024} KB; the limit is {MAX_BYTES // 1024} KB.",
        )
        raise _bad(name, [Flaw("Y003", (1, 1), message)])
    parsed = parse_yaml(_decode(name, raw))
    if parsed.flaws:
        raise _bad(name, parsed.flaws)
    return Document(name, raw, parsed.data, parsed)


def _spellings(known: Loc, step: str | int) -> list[Loc]:
    """Return the locations that ``step`` may mean: a whole-number key is checked as text."""
    found: list[Loc] = [(*known, step)]
    if isinstance(step, str) and step.lstrip("-").isdigit():
        found.append((*known, int(step)))
    return found


def _read(path: Path, name: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as cause:
        message = Text(
            f"读不到文件 {name}（{cause.strerror}）。",
            f"The file {name} cannot be read ({cause.strerror}).",
        )
        raise BadInput(Problem(code="Y000", message=message, file=name)) from cause


def _decode(name: str, raw: bytes) -> str:
    if raw.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        message = Text(
            "文件开头有字节序标记（BOM）；在编辑器里另存为“UTF-8（无 BOM）”。",
            "The file starts with a byte-order mark; save it as UTF-8 without BOM.",
        )
        raise _bad(name, [Flaw("Y002", (1, 1), message)])
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as cause:
        before = raw[: cause.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8")) + 1
        message = Text(
            f"这里不是 UTF-8 文字（字节 0x{raw[cause.start]:02X}），文件多半存成了 GBK；另存为 UTF-8。",
            f"This is not UTF-8 text (byte 0x{raw[cause.start]:02X}); "
            "the file is probably saved as GBK. Save it as UTF-8.",
        )
        raise _bad(name, [Flaw("Y001", (line, column), message)]) from None


def _bad(name: str, flaws: list[Flaw]) -> BadInput:
    ordered = sorted(flaws, key=lambda flaw: flaw.at)
    return BadInput(
        *(
            Problem(code=f.code, message=f.message, file=name, line=f.at[0], column=f.at[1])
            for f in ordered
        )
    )
