"""Finds what differs between a damaged ``.lab`` file and the one that was sealed."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from labapp.model.canonical import sha256_hex
from labapp.model.text import Text
from labapp.model.trouble import Damaged
from labapp.store.lab_zip import MANIFEST, RECORDING, layout, pack
from labapp.store.reader import Recording, read_recording
from labapp.store.rebuild import rebuild

_HEAD_BYTES = 128  # the manifest's own header is 43 bytes; damage may have moved what follows
_ENTRY_BYTES, _END_BYTES = 46, 22  # of a zip's directory: an entry but for its name, the end
_LONGEST_TEXT = 5 * 1024 * 1024
_ZERO = b"\0\0\x21\0"  # time and date of every member
_CHANGED = Text("内容被改过或已损坏", "bytes were changed or are damaged")
_GONE = Text("少了一些字节", "bytes are missing")
_ADDED = Text("多了一些字节", "bytes were added")
_FRAME = Text("文件的目录部分被改过或已损坏", "the file's directory was changed or is damaged")
_MANIFEST = Text("清单被改过或已损坏", "the manifest was changed or is damaged")
_REWRITTEN = Text("文件被别的软件重新打包过", "the file was packed again by another program")

ReadManifest = Callable[[str], tuple[dict[str, Any], int] | None]
Found = tuple[tuple["Damage", ...], dict[str, bytes], dict[str, Any] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """One stretch that is not what was sealed; ``offset`` counts bytes of the ``.lab`` file."""

    kind: str
    offset: int
    why: Text
    member: str | None = None
    chunk: int | None = None
    from_us: int | None = None
    to_us: int | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "kind": self.kind,
            "offset": self.offset,
            "member": self.member,
            "chunk": self.chunk,
            "from_us": self.from_us,
            "to_us": self.to_us,
            "why": self.why.to_json(),
        }


def locate(octets: bytes, read: ReadManifest) -> Found:
    """Return the damage of a file that is not whole, with what of it can be read.

    No damage at all means that nothing in the file says that it was ever evidence.
    """
    start = octets.find(b"{", 0, _HEAD_BYTES)
    text = octets[start : start + _LONGEST_TEXT].decode("utf-8", "replace") if start >= 0 else ""
    found = read(text)
    if found is None:
        return _without_manifest(octets)
    manifest, length = found
    raw = octets[start : start + length]
    if not _sums_fit(octets, start, raw):
        damage = Damage(kind="damaged", offset=start, member=MANIFEST, why=_MANIFEST)
        return (damage,), {}, None
    return _by_manifest(octets, manifest, raw)


def _sums_fit(octets: bytes, start: int, raw: bytes) -> bool:
    """Whether one of the manifest's two checksums fits: damage to one place leaves the other."""
    entry = octets.rfind(MANIFEST.encode()) - _ENTRY_BYTES
    sums = (octets[max(0, start - 29) : max(0, start - 25)], octets[entry + 16 : entry + 20])
    return zlib.crc32(raw).to_bytes(4, "little") in sums


def _without_manifest(octets: bytes) -> Found:
    """Return that the manifest is damaged, where its name still stands at the beginning."""
    at = octets.find(MANIFEST.encode(), 0, _HEAD_BYTES)
    if at < 0:
        return (), {}, None
    if octets[:4] == b"PK\x03\x04" and octets[8:10] != b"\0\0":
        return (Damage(kind="rewritten", offset=8, why=_REWRITTEN),), {}, None
    damage = Damage(kind="damaged", offset=at + len(MANIFEST), member=MANIFEST, why=_MANIFEST)
    return (damage,), {}, None


def _by_manifest(octets: bytes, manifest: dict[str, Any], raw: bytes) -> Found:
    """Look where the manifest says that each member lies, moved by what was added or lost."""
    sizes = {name: int(facts["size"]) for name, facts in manifest["members"].items()}
    places = list(layout({**sizes, MANIFEST: len(raw)}))
    shift = len(octets) - _whole_size(places, {**sizes, MANIFEST: len(raw)})
    members: dict[str, bytes] = {MANIFEST: raw}
    damage: list[Damage] = []
    for name, _, at in places[1:]:
        wanted = manifest["members"][name]["sha256"]
        inner = _intact(octets, at, shift, sizes[name], wanted)
        if inner is not None:
            members[name] = inner
        elif not damage or shift == 0:
            damage += _in_member(octets, name, at, sizes[name], shift, manifest)
    if not damage:
        damage.append(_in_frame(octets, members, shift))
    return tuple(damage), members, manifest


def _whole_size(places: list[tuple[str, int, int]], sizes: Mapping[str, int]) -> int:
    """Return how long the file was."""
    *_, (name, _, at) = places
    return at + sizes[name] + _directory_size(places)


def _directory_size(places: list[tuple[str, int, int]]) -> int:
    return sum(_ENTRY_BYTES + len(name.encode()) for name, _, _ in places) + _END_BYTES


def _intact(octets: bytes, at: int, shift: int, size: int, wanted: str) -> bytes | None:
    for start in {at, at + shift}:
        inner = octets[max(0, start) : max(0, start) + size]
        if sha256_hex(inner) == wanted:
            return inner
    return None


def _in_member(
    octets: bytes, name: str, at: int, size: int, shift: int, manifest: Mapping[str, Any]
) -> list[Damage]:
    why = _CHANGED if shift == 0 else _GONE if shift < 0 else _ADDED
    kind = "damaged" if shift == 0 else "cut" if shift < 0 else "grown"
    whole = Damage(kind=kind, offset=at, member=name, why=why)
    if name != RECORDING:
        return [whole]
    inner = octets[at : max(at, at + size + shift)]
    try:
        recording = read_recording(inner)
    except Damaged:
        return [whole]
    noted = [
        Damage(
            kind=kind, offset=at + note.offset, member=name, chunk=note.chunk, why=note.why,
            from_us=note.from_us, to_us=note.to_us or _end_of(manifest, note.from_us),
        )
        for note in recording.damage
    ]  # fmt: skip
    if not noted:
        return [_in_recording(inner, recording, at, kind, why)]
    first = at + first_difference(inner, rebuild(recording))
    return [replace(noted[0], offset=min(first, noted[0].offset)), *noted[1:]]


def _end_of(manifest: Mapping[str, Any], from_us: int | None) -> int | None:
    """Return where the recording ended, for damage that nothing follows."""
    match manifest["recording"]:
        case {"span_us": [int(), int(to_us)]} if from_us is not None:
            return max(to_us, from_us)
    return None


def _in_recording(inner: bytes, recording: Recording, at: int, kind: str, why: Text) -> Damage:
    """Return where a recording differs from what its own items give: an index, the closing section."""
    offset = first_difference(inner, rebuild(recording))
    inside = [chunk for chunk in recording.chunks if chunk.offset <= offset]
    chunk = inside[-1].number if inside else None
    return Damage(kind=kind, offset=at + offset, member=RECORDING, chunk=chunk, why=why)


def _in_frame(octets: bytes, members: Mapping[str, bytes], shift: int) -> Damage:
    """Return where the file differs from the one zip of its members, which are all intact."""
    offset = first_difference(octets, pack(members))
    if offset < _ENTRY_BYTES and shift == 0 and octets[8:10] == b"\0\0" and octets[10:14] != _ZERO:
        return Damage(kind="rewritten", offset=offset, why=_REWRITTEN)
    why = _FRAME if shift == 0 else _GONE if shift < 0 else _ADDED
    return Damage(kind="damaged", offset=offset, why=why)


def first_difference(one: bytes, other: bytes) -> int:
    """Return the first index at which two byte strings differ, by halving."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
