"""Chunks of a recording: items in, MCAP records out, each chunk readable by itself.

Every chunk repeats the schemas and channels it uses, so that a damaged chunk takes nothing
else with it, and opens with a ``/chain`` message that ties it to all chunks before it:
``h_i = SHA-256(h_(i-1) ‖ chunk record)``, where the chunk record is its opcode, its length and
its content as they stand in the file, and ``h_0`` is the SHA-256 of the file's preamble.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from mcap.data_stream import RecordBuilder
from mcap.opcode import Opcode
from mcap.records import (
    Channel,
    ChunkIndex,
    DataEnd,
    Footer,
    Header,
    McapRecord,
    Metadata,
    MetadataIndex,
    Schema,
    Statistics,
    SummaryOffset,
)

from labapp.model.canonical import canonical_json
from labapp.store.content import ContentDigest, Counts
from labapp.store.messages import (
    CHAIN_TOPIC,
    EVENT_TOPIC,
    GAP_TOPIC,
    POINT_TOPIC,
    RAW_TOPIC,
    SCHEMAS,
    SPAN_TOPIC,
    ChainLink,
    Item,
    encode,
    encode_link,
)

MAGIC = b"\x89MCAP0\r\n"
PROFILE = "ros2"
LIBRARY = "labapp"  # ours and without a version: equal readings must give equal files
META_NAME = "labapp.recording"
FORMAT = "labapp.recording/1"
CHUNK_BYTES = 16 * 1024  # small chunks lose little to one bad page
CHUNK_US = 1_000_000
MOST_CHANNELS = 60_000  # a channel's id has 16 bits
CHUNK_HEAD = 9 + 40  # opcode, length; times, sizes, CRC, empty compression, size of content

_RECORD = struct.Struct("<BQ")
_MESSAGE = struct.Struct("<BQHIQQ")
_CHUNK = struct.Struct("<BQQQQIIQ")
_INDEX = struct.Struct("<BQHI")
_FIXED_IDS = {
    topic: number
    for number, topic in enumerate((CHAIN_TOPIC, GAP_TOPIC, EVENT_TOPIC, RAW_TOPIC, SPAN_TOPIC), 1)
}
_SCHEMA_IDS = {topic: number for number, topic in enumerate(SCHEMAS, 1)}


def record_bytes(record: McapRecord) -> bytes:
    """Return one record as it stands in a file."""
    builder = RecordBuilder()
    record.write(builder)
    return bytes(builder.end())  # type: ignore[no-untyped-call]


def schema_topic(topic: str) -> str:
    """Return the key in ``SCHEMAS`` of a channel's topic."""
    return POINT_TOPIC if topic.startswith(POINT_TOPIC) else topic


def _schema(topic: str) -> Schema:
    name, definition = SCHEMAS[schema_topic(topic)]
    return Schema(
        id=_SCHEMA_IDS[schema_topic(topic)],
        name=name,
        encoding="ros2msg",
        data=definition.encode(),
    )


def _channel(topic: str, channel_id: int) -> Channel:
    return Channel(
        id=channel_id,
        schema_id=_SCHEMA_IDS[schema_topic(topic)],
        topic=topic,
        message_encoding="cdr",
        metadata={},
    )


CHUNK_MARK = record_bytes(_schema(CHAIN_TOPIC))
"""First record inside every chunk: where a reader finds its feet again after damage."""


def preamble(meta: Mapping[str, object]) -> bytes:
    """Return what stands before the first chunk: magic, header, and the meta as metadata.

    Raises:
        TypeError: ``meta`` holds what canonical JSON cannot (a float, an object).
    """
    text = canonical_json(dict(meta)).decode()
    return (
        MAGIC
        + record_bytes(Header(profile=PROFILE, library=LIBRARY))
        + record_bytes(Metadata(name=META_NAME, metadata={"format": FORMAT, "meta": text}))
    )


def chain_start(preamble_bytes: bytes) -> str:
    """Return ``h_0``, 64 hex digits."""
    return hashlib.sha256(preamble_bytes).hexdigest()


def chain_next(head: str, chunk_record: bytes) -> str:
    """Return ``h_i`` from ``h_(i-1)`` and the record of chunk i."""
    return hashlib.sha256(bytes.fromhex(head) + chunk_record).hexdigest()


@dataclass(frozen=True, slots=True)
class Chunk:
    """One finished chunk: ``block`` is its record followed by its message indexes."""

    number: int
    block: bytes
    first_us: int
    last_us: int


@dataclass(frozen=True, slots=True)
class _Indexed:
    """What the closing section says of one chunk; ``index_at`` counts from its first byte."""

    length: int
    record_length: int
    log_from: int
    log_to: int
    index_at: Mapping[int, int]


@dataclass(slots=True)
class _Open:
    """The chunk that is being filled."""

    first_us: int
    last_us: int
    log_from: int
    log_to: int
    content: bytearray
    schemas: set[str] = field(default_factory=set)
    index: dict[int, list[int]] = field(default_factory=dict)


class ChunkBuilder:
    """Turns items into chunks; the same items give the same bytes.

    A chunk ends when its items span a second or its content would pass 16 KiB; ``cut``
    ends it earlier. One thread.
    """

    def __init__(self, meta: Mapping[str, object]) -> None:
        self.preamble = preamble(meta)
        self.head = chain_start(self.preamble)
        self.counts = Counts()
        self.digest = ContentDigest()
        self._index: list[_Indexed] = []
        self._ids: dict[str, int] = {CHAIN_TOPIC: _FIXED_IDS[CHAIN_TOPIC]}
        self._messages: dict[int, int] = {}
        self._sequence = 0
        self._open: _Open | None = None

    def add(self, item: Item) -> Chunk | None:
        """Take one item; return the chunk that this finished, if any.

        Raises:
            struct.error, TypeError, ValueError, KeyError: the item cannot be recorded;
                nothing has changed.
        """
        topic, t_us, payload = encode(item)
        if topic not in self._ids:
            self._admit(topic)
        done = None
        if self._open is not None and self._is_full(self._open, t_us, len(payload)):
            done = self.cut()
        if self._open is None:
            self._open = self._begin(t_us)
        self._put(self._open, topic, t_us, payload)
        self.counts.add(topic)
        self.digest.add(topic, payload)
        return done

    def cut(self) -> Chunk | None:
        """End the chunk that is being filled and return it, or ``None`` where it is empty."""
        filling, self._open = self._open, None
        if filling is None:
            return None
        record = _chunk_record(filling)
        block, index_at = bytearray(record), {}
        for channel_id, entries in filling.index.items():
            index_at[channel_id] = len(block)
            size = 8 * len(entries)
            block += _INDEX.pack(Opcode.MESSAGE_INDEX, 6 + size, channel_id, size)
            block += struct.pack(f"<{len(entries)}Q", *entries)
        chunk = Chunk(len(self._index), bytes(block), filling.first_us, filling.last_us)
        self._index.append(
            _Indexed(len(block), len(record), filling.log_from, filling.log_to, index_at)
        )
        self.head = chain_next(self.head, record)
        return chunk

    @property
    def chunks(self) -> int:
        """How many chunks are finished."""
        return len(self._index)

    def _admit(self, topic: str) -> None:
        topic.encode("utf-8")
        if len(self._ids) >= MOST_CHANNELS:
            raise ValueError(f"more than {MOST_CHANNELS} points in one recording")
        self._ids[topic] = _FIXED_IDS.get(topic) or self._next_id

    def _is_full(self, filling: _Open, t_us: int, size: int) -> bool:
        later = t_us - filling.first_us >= CHUNK_US
        return later or len(filling.content) + _MESSAGE.size + size > CHUNK_BYTES

    def _begin(self, t_us: int) -> _Open:
        log = _log_time(t_us)
        filling = _Open(t_us, t_us, log, log, bytearray())
        link = ChainLink(len(self._index), self.head)
        self._put(filling, CHAIN_TOPIC, t_us, encode_link(link))
        return filling

    def _put(self, filling: _Open, topic: str, t_us: int, payload: bytes) -> None:
        channel_id = self._ids[topic]
        entries = filling.index.get(channel_id)
        if entries is None:
            entries = filling.index[channel_id] = self._introduce(filling, topic, channel_id)
        log = _log_time(t_us)
        entries += (log, len(filling.content))
        filling.content += _MESSAGE.pack(
            Opcode.MESSAGE, 22 + len(payload), channel_id, self._sequence & 0xFFFFFFFF, log, log
        )
        filling.content += payload
        filling.first_us, filling.last_us = min(filling.first_us, t_us), max(filling.last_us, t_us)
        filling.log_from, filling.log_to = min(filling.log_from, log), max(filling.log_to, log)
        self._sequence += 1
        self._messages[channel_id] = self._messages.get(channel_id, 0) + 1

    def _introduce(self, filling: _Open, topic: str, channel_id: int) -> list[int]:
        kind = schema_topic(topic)
        if kind not in filling.schemas:
            filling.schemas.add(kind)
            filling.content += record_bytes(_schema(kind))
        filling.content += record_bytes(_channel(topic, channel_id))
        return []

    @property
    def _next_id(self) -> int:
        return len(_FIXED_IDS) + 1 + sum(topic not in _FIXED_IDS for topic in self._ids)

    def closing(self, offset: int) -> bytes:
        """Return what follows the last chunk, where that ends at ``offset`` of the file.

        A closing section as the MCAP specification has it: schemas, channels, statistics
        and indexes repeated for readers that do not want to read everything.
        """
        data_end = record_bytes(DataEnd(data_section_crc=0))
        start = offset + len(data_end)
        groups = [
            (Opcode.SCHEMA, self._schemas()),
            (Opcode.CHANNEL, b"".join(record_bytes(_channel(t, i)) for t, i in self._ids.items())),
            (Opcode.STATISTICS, record_bytes(self._statistics())),
            (Opcode.CHUNK_INDEX, b"".join(map(record_bytes, self._chunk_indexes()))),
            (Opcode.METADATA_INDEX, record_bytes(self._metadata_index())),
        ]
        summary, offsets = bytearray(), bytearray()
        for opcode, group in groups:
            if group:
                offsets += record_bytes(SummaryOffset(opcode, start + len(summary), len(group)))
            summary += group
        summary_and_offsets = bytes(summary + offsets)
        footer = _RECORD.pack(Opcode.FOOTER, 20) + struct.pack("<QQ", start, start + len(summary))
        crc = zlib.crc32(summary_and_offsets + footer)
        end = record_bytes(Footer(start, start + len(summary), crc))
        return data_end + summary_and_offsets + end + MAGIC

    def _schemas(self) -> bytes:
        used = dict.fromkeys(schema_topic(topic) for topic in self._ids)
        return b"".join(record_bytes(_schema(topic)) for topic in used)

    def _statistics(self) -> Statistics:
        return Statistics(
            attachment_count=0,
            channel_count=len(self._ids),
            channel_message_counts=self._messages,
            chunk_count=len(self._index),
            message_count=self._sequence,
            message_start_time=min((chunk.log_from for chunk in self._index), default=0),
            message_end_time=max((chunk.log_to for chunk in self._index), default=0),
            metadata_count=1,
            schema_count=len({schema_topic(topic) for topic in self._ids}),
        )

    def _metadata_index(self) -> MetadataIndex:
        header = len(MAGIC) + len(record_bytes(Header(profile=PROFILE, library=LIBRARY)))
        return MetadataIndex(offset=header, length=len(self.preamble) - header, name=META_NAME)

    def _chunk_indexes(self) -> list[ChunkIndex]:
        offset, found = len(self.preamble), []
        for chunk in self._index:
            size = chunk.record_length - CHUNK_HEAD
            found.append(
                ChunkIndex(
                    chunk_length=chunk.record_length,
                    chunk_start_offset=offset,
                    compression="",
                    compressed_size=size,
                    message_end_time=chunk.log_to,
                    message_index_length=chunk.length - chunk.record_length,
                    message_index_offsets={i: offset + at for i, at in chunk.index_at.items()},
                    message_start_time=chunk.log_from,
                    uncompressed_size=size,
                )
            )
            offset += chunk.length
        return found


def _chunk_record(filling: _Open) -> bytes:
    content = bytes(filling.content)
    return (
        _CHUNK.pack(
            Opcode.CHUNK,
            CHUNK_HEAD - 9 + len(content),
            filling.log_from,
            filling.log_to,
            len(content),
            zlib.crc32(content),
            0,
            len(content),
        )
        + content
    )


def _log_time(t_us: int) -> int:
    """Return MCAP's unsigned nanoseconds; the exact ``t_us`` is in the message itself."""
    return min(max(t_us, 0) * 1000, 2**64 - 1)
