"""The walk over a recording's bytes: from chunk to chunk, past whatever is damaged."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from mcap.opcode import Opcode

from labapp.model.text import Text
from labapp.store.chunks import (
    CHUNK_HEAD,
    CHUNK_MARK,
    FORMAT,
    MAGIC,
    META_NAME,
    chain_next,
    chain_start,
)
from labapp.store.content import ContentDigest, Counts
from labapp.store.messages import ChainLink, Item, Span, decode

_RECORD = struct.Struct("<BQ")
_CHUNK = struct.Struct("<QQQIIQ")
_MESSAGE = struct.Struct("<HIQQ")
_IDS = struct.Struct("<HHI")
_LENGTH = struct.Struct("<I")
_FOOTER = struct.Struct("<QQI")
_FOOTER_BYTES = _RECORD.size + _FOOTER.size + len(MAGIC)
_UNREADABLE = (ValueError, KeyError, IndexError, struct.error, RecursionError)


@dataclass(frozen=True, slots=True)
class DamageNote:
    """One stretch of the file that does not hold what was written.

    ``from_us`` and ``to_us`` are the last instant known before and the first after it,
    ``None`` where nothing follows or the damage took no reading.
    """

    offset: int
    length: int
    chunk: int | None
    why: Text
    from_us: int | None = None
    to_us: int | None = None


@dataclass(frozen=True, slots=True)
class FoundChunk:
    """One intact chunk: where it stands, its number, and the chain before and after it.

    ``items`` is how many items it gave.
    """

    offset: int
    number: int
    prev: str
    head: str
    first_us: int
    last_us: int
    items: int


class _Broken(Exception):
    """A record that cannot be what was written there."""

    def __init__(self, why: Text) -> None:
        super().__init__(why.en)
        self.why = why


_CUT = Text("文件在这里断了", "the file ends in the middle of a record")
_NOT_OURS = Text("这里不是写入时的内容", "what stands here was not written there")
_BAD_SUM = Text("这一段的校验和对不上", "the checksum of this chunk does not fit")
_BAD_CHAIN = Text(
    "这一段被换过，后一段接不上它", "this chunk was exchanged: the next does not continue it"
)
_MISSING = Text("这里少了一段", "a chunk is missing here")
_TWICE = Text("这一段重复或次序不对", "this chunk is there twice or out of order")
_BAD_START = Text("文件开头坏了", "the beginning of the file is damaged")

Messages = list[tuple[str, bytes]]


class Scan:
    """One walk over the file, from chunk to chunk; ``walk`` once, then read the attributes."""

    def __init__(self, octets: bytes) -> None:
        self._octets = octets
        self._at = 0
        self._last_number = -1
        self._last_us = 0
        self._pending: list[int] = []
        self._knows_head = False
        """Whether ``head`` is that of the last chunk, or of the beginning."""
        self.meta: Mapping[str, object] = {}
        self.head = chain_start(b"")
        self.found: list[tuple[FoundChunk, list[Item]]] = []
        self.notes: list[DamageNote] = []
        self.counts = Counts()
        self.digest = ContentDigest()
        self.is_complete = False

    def items(self) -> Iterator[Item]:
        """Return the items of all chunks that were accepted, in order."""
        for _, items in self.found:
            yield from items

    def walk(self) -> bool:
        """Go over the whole file; return whether anything in it is a recording's."""
        has_start = self._take_start()
        while self._at < len(self._octets):
            start = self._at
            try:
                if self._take_record():
                    break
            except (_Broken, *_UNREADABLE) as cause:
                self._skip(start, cause.why if isinstance(cause, _Broken) else _NOT_OURS)
        has_span = bool(self.found) and any(isinstance(item, Span) for item in self.found[-1][1])
        self.is_complete = self.is_complete and has_span
        return has_start or bool(self.found)

    # ------------------------------------------------------------------ the beginning

    def _take_start(self) -> bool:
        try:
            self.meta = self._read_start()
        except (_Broken, *_UNREADABLE):
            self._skip(0, _BAD_START)
            return False
        self.head, self._knows_head = chain_start(self._octets[: self._at]), True
        return True

    def _read_start(self) -> Mapping[str, object]:
        if self._octets[: len(MAGIC)] != MAGIC:
            raise _Broken(_BAD_START)
        at = len(MAGIC)
        _, at = self._body(at, Opcode.HEADER)
        body, at = self._body(at, Opcode.METADATA)
        name, inner = _string(body, 0)
        (size,) = _LENGTH.unpack_from(body, inner)
        pairs, inner = {}, inner + 4
        end = inner + size
        while inner < end:
            key, inner = _string(body, inner)
            pairs[key], inner = _string(body, inner)
        if name != META_NAME or pairs.get("format") != FORMAT or inner != len(body):
            raise _Broken(_BAD_START)
        meta = json.loads(pairs["meta"])
        if not isinstance(meta, dict):
            raise _Broken(_BAD_START)
        self._at = at
        return meta

    # ------------------------------------------------------------------ records

    def _take_record(self) -> bool:
        """Take what stands here; return whether that was the end of the recording."""
        opcode = self._octets[self._at]
        if opcode == Opcode.CHUNK:
            self._take_chunk()
        elif opcode == Opcode.MESSAGE_INDEX and self.found:
            _, self._at = self._body(self._at, Opcode.MESSAGE_INDEX)
        elif opcode == Opcode.DATA_END:
            self._take_end()
            return True
        else:
            raise _Broken(_NOT_OURS)
        return False

    def _take_chunk(self) -> None:
        start = self._at
        body, end = self._body(start, Opcode.CHUNK)
        messages = _messages(_content(body))
        topic, payload = messages[0]
        link = decode(topic, payload)
        if not isinstance(link, ChainLink):
            raise _Broken(_NOT_OURS)
        if link.number <= self._last_number:
            raise _Broken(_TWICE)
        items, first_us, last_us = _items(messages)
        follows = link.number == self._last_number + 1
        if not follows and not self._pending:
            self._note(start, 0, self._last_number + 1, _MISSING)
        self._end_notes(first_us, is_missing=not follows)
        if follows and self._knows_head and link.prev != self.head:
            self._doubt_last(start, first_us)
        self.head = chain_next(link.prev, self._octets[start:end])
        chunk = FoundChunk(start, link.number, link.prev, self.head, first_us, last_us, len(items))
        self.found.append((chunk, items))
        for each in messages:
            self.counts.add(each[0])
            self.digest.add(*each)
        self._last_number, self._knows_head, self._at = link.number, True, end
        self._last_us = max(self._last_us, last_us)

    def _take_end(self) -> None:
        """Check the closing section: it must sum up right and end with the file."""
        _, start = self._body(self._at, Opcode.DATA_END)
        at = len(self._octets) - _FOOTER_BYTES
        if at < start or self._octets[-len(MAGIC) :] != MAGIC:
            raise _Broken(_CUT)
        body, _ = self._body(at, Opcode.FOOTER)
        summary_at, _, crc = _FOOTER.unpack(body)
        summed = self._octets[start : at + _RECORD.size + _FOOTER.size - 4]
        if summary_at != start or zlib.crc32(summed) != crc:
            raise _Broken(_BAD_SUM)
        self.is_complete = True
        self._at = len(self._octets)

    def _body(self, at: int, opcode: int) -> tuple[bytes, int]:
        """Return a record's content and where it ends."""
        found, length = _RECORD.unpack_from(self._octets, at)
        if found != opcode:
            raise _Broken(_NOT_OURS)
        start = at + _RECORD.size
        if length > len(self._octets) - start:
            raise _Broken(_CUT)
        return self._octets[start : start + length], start + length

    # ------------------------------------------------------------------ damage

    def _skip(self, start: int, why: Text) -> None:
        """Note damage from ``start`` and go on at the next chunk that looks like one."""
        mark = self._octets.find(CHUNK_MARK, start + CHUNK_HEAD + 1)
        end = len(self._octets) if mark < 0 else mark - CHUNK_HEAD
        self._note(start, end - start, self._last_number + 1, why)
        self._at = end

    def _doubt_last(self, start: int, until_us: int) -> None:
        """What the next chunk continues is not what stands before it: that was exchanged."""
        if not self.found:
            self.notes.append(DamageNote(0, start, None, _BAD_CHAIN))
            return
        last, _ = self.found[-1]
        length, until = start - last.offset, max(until_us, last.first_us)
        self.notes.append(
            DamageNote(last.offset, length, last.number, _BAD_CHAIN, last.first_us, until)
        )

    def _note(self, start: int, length: int, chunk: int | None, why: Text) -> None:
        before = self.notes[-1] if self.notes else None
        if before is not None and self._pending and before.offset + before.length == start:
            self.notes[-1] = replace(before, length=before.length + length)
            return
        self._pending.append(len(self.notes))
        self.notes.append(DamageNote(start, length, chunk, why, from_us=self._last_us))

    def _end_notes(self, first_us: int, *, is_missing: bool) -> None:
        """The next intact chunk says until when something is missing, or that nothing is."""
        for index in self._pending:
            note = self.notes[index]
            until = max(first_us, note.from_us or 0)
            self.notes[index] = (
                replace(note, to_us=until)
                if is_missing
                else replace(note, chunk=None, from_us=None)
            )
        self._pending.clear()


def _content(body: bytes) -> bytes:
    """Return what a chunk holds once its size, checksum and form are right."""
    *_, size, crc, compressed, stored = _CHUNK.unpack_from(body)
    content = body[_CHUNK.size :]
    if compressed or stored != size or len(content) != size:
        raise _Broken(_NOT_OURS)
    if zlib.crc32(content) != crc:
        raise _Broken(_BAD_SUM)
    return content


def _messages(content: bytes) -> Messages:
    """Return topic and payload of every message of a chunk."""
    found: Messages = []
    topics: dict[int, str] = {}
    at, size = 0, len(content)
    while at < size:
        opcode, length = _RECORD.unpack_from(content, at)
        start = at + _RECORD.size
        at = start + length
        if at > size:
            raise _Broken(_NOT_OURS)
        if opcode == Opcode.MESSAGE:
            (number, *_) = _MESSAGE.unpack_from(content, start)
            if number not in topics:
                raise _Broken(_NOT_OURS)
            found.append((topics[number], content[start + _MESSAGE.size : at]))
        elif opcode == Opcode.CHANNEL:
            number, _, name_bytes = _IDS.unpack_from(content, start)
            name = start + _IDS.size
            topics[number] = content[name : min(name + name_bytes, at)].decode("utf-8")
    return found


def _items(messages: Messages) -> tuple[list[Item], int, int]:
    """Return the items of a chunk and the first and last instant that they are filed under."""
    items: list[Item] = []
    for topic, payload in messages:
        item = decode(topic, payload)
        if item is not None and not isinstance(item, ChainLink):
            items.append(item)
    instants = [_instant(item) for item in items]
    return items, min(instants, default=0), max(instants, default=0)


def _instant(item: Item) -> int:
    at = getattr(item, "t_us", None)
    return int(at if at is not None else item.to_us)  # type: ignore[union-attr]


def _string(body: bytes, at: int) -> tuple[str, int]:
    (length,) = _LENGTH.unpack_from(body, at)
    at += _LENGTH.size
    if length > len(body) - at:
        raise _Broken(_NOT_OURS)
    return body[at : at + length].decode("utf-8"), at + length
