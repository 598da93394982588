"""The one form of a ``.lab`` file: a zip in which no byte has a choice.

Members are stored, not compressed (another zlib would give other bytes), in a fixed order, with
one time and no extra fields. So the same members give the same file everywhere, any zip tool
opens it, and a file that differs from what its members give was changed.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

MANIFEST, RECORDING = "manifest.json", "recording.mcap"
MOST_MEMBERS = 2000
MOST_NAME_BYTES = 240

_LOCAL = struct.Struct("<IHHHHHIIIHH")
_CENTRAL = struct.Struct("<IHHHHHHIIIHHHHHII")
_END = struct.Struct("<IHHHHIIH")
_LOCAL_MARK, _CENTRAL_MARK, _END_MARK = 0x04034B50, 0x02014B50, 0x06054B50
_VERSION = 20
_UTF8 = 1 << 11
_STORED = 0
_TIME, _DATE = 0, (1 << 5) | 1  # 1980-01-01 00:00, the zero of zip
_MODE = 0o100644 << 16


@dataclass(frozen=True, slots=True)
class Member:
    """One file in a zip: its name, where its bytes begin, and the bytes."""

    name: str
    offset: int
    octets: bytes
    sum_fits: bool


class NotCanonical(Exception):
    """What stands at ``offset`` does not continue a ``.lab`` file; ``members`` are those before."""

    def __init__(self, offset: int, members: tuple[Member, ...]) -> None:
        super().__init__(f"not a member at {offset}")
        self.offset = offset
        self.members = members


def pack(members: Mapping[str, bytes]) -> bytes:
    """Return the one zip of these members: manifest, recording, then the others by name.

    Raises:
        ValueError: a name or the whole does not fit into the form.
    """
    body, directory = bytearray(), bytearray()
    names = ordered(members)
    if len(names) > MOST_MEMBERS:
        raise ValueError(f"more than {MOST_MEMBERS} members")
    for name in names:
        octets, at = members[name], len(body)
        if not is_good_name(name):
            raise ValueError(f"a member cannot be called {name!r}")
        if at + len(octets) > 2**32 - 2**20:
            raise ValueError("the members are too large together")
        body += _local(name, octets) + octets
        directory += _directory_entry(name, octets, at)
    count = len(names)
    end = _END.pack(_END_MARK, 0, 0, count, count, len(directory), len(body), 0)
    return bytes(body + directory + end)


def unpack(octets: bytes) -> tuple[Member, ...]:
    """Return the members in file order; what follows the last one is not looked at.

    Raises:
        NotCanonical: what stands somewhere is neither a member nor the directory.
    """
    found: list[Member] = []
    at = 0
    while octets[at : at + 4] != _CENTRAL_MARK.to_bytes(4, "little"):
        member = _member_at(octets, at)
        if member is None or len(found) >= MOST_MEMBERS:
            raise NotCanonical(at, tuple(found))
        found.append(member)
        at = member.offset + len(member.octets)
    return tuple(found)


def ordered(names: Mapping[str, object]) -> list[str]:
    """Return names as they stand in the file."""
    return sorted(names, key=lambda name: (name != MANIFEST, name != RECORDING, name))


def is_good_name(name: str) -> bool:
    """Whether a member may have this name: relative, with ``/``, and legal on every system."""
    try:
        size = len(name.encode("utf-8"))
    except UnicodeEncodeError:
        return False
    parts = name.split("/")
    return (
        0 < size <= MOST_NAME_BYTES
        and all(part not in ("", ".", "..") for part in parts)
        and not any(ord(c) < 32 or c in '\\:*?"<>|\x7f' for c in name)
    )


def layout(sizes: Mapping[str, int]) -> Iterator[tuple[str, int, int]]:
    """Yield name, header offset and content offset of members of these sizes."""
    at = 0
    for name in ordered(sizes):
        content = at + _LOCAL.size + len(name.encode())
        yield name, at, content
        at = content + sizes[name]


def _local(name: str, octets: bytes) -> bytes:
    raw, size = name.encode(), len(octets)
    head = _LOCAL.pack(
        _LOCAL_MARK, _VERSION, _UTF8, _STORED, _TIME, _DATE, zlib.crc32(octets), size, size,
        len(raw), 0,
    )  # fmt: skip
    return head + raw


def _directory_entry(name: str, octets: bytes, at: int) -> bytes:
    raw, size = name.encode(), len(octets)
    head = _CENTRAL.pack(
        _CENTRAL_MARK, _VERSION, _VERSION, _UTF8, _STORED, _TIME, _DATE, zlib.crc32(octets), size,
        size, len(raw), 0, 0, 0, 0, _MODE, at,
    )  # fmt: skip
    return head + raw


def _member_at(octets: bytes, at: int) -> Member | None:
    try:
        mark, version, flags, method, time, date, crc, stored, size, name_bytes, extra = (
            _LOCAL.unpack_from(octets, at)
        )
        raw = octets[at + _LOCAL.size : at + _LOCAL.size + name_bytes]
        name = raw.decode("utf-8")
    except (struct.error, UnicodeDecodeError):
        return None
    form = (mark, version, flags, method, time, date, extra)
    content = at + _LOCAL.size + name_bytes
    if form != (_LOCAL_MARK, _VERSION, _UTF8, _STORED, _TIME, _DATE, 0):
        return None
    if stored != size or size > len(octets) - content or not is_good_name(name):
        return None
    inner = octets[content : content + size]
    return Member(name, content, inner, zlib.crc32(inner) == crc)
