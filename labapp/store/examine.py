"""Looks at every byte of sealed evidence, and finds where a changed one stands.

A whole file equals the one zip of its members, and its manifest names the digest of each. Only
where that fails is anything searched: the manifest's sizes say where every byte belongs.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labapp.model.canonical import canonical_json, sha256_hex
from labapp.model.text import Text
from labapp.model.trouble import Damaged, Problem
from labapp.store.lab_zip import MANIFEST, RECORDING, NotCanonical, is_good_name, pack, unpack
from labapp.store.locate import Damage, locate
from labapp.store.reader import Recording, read_recording
from labapp.store.wording import stretch

FORMAT = "labapp.evidence/1"
MOST_MANIFEST_BYTES = 4 * 1024 * 1024
_WORDS = ("project", "version", "step")


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """What a file holds and what is wrong with it; without problems everything is set."""

    manifest: Mapping[str, Any]
    members: Mapping[str, bytes]
    recording: Recording | None
    problems: tuple[Problem, ...]
    damage: tuple[Damage, ...] = ()


def examine(octets: bytes, path: Path) -> Examined:
    """Return what the bytes of a ``.lab`` file hold, and everything that is wrong with them."""
    members = _whole_members(octets)
    manifest = None if members is None else read_manifest(members.get(MANIFEST, b""))
    if members is None or manifest is None or not _fits(manifest, members):
        return _damaged(octets, path)
    try:
        recording = read_recording(members[RECORDING])
    except Damaged:
        return _damaged(octets, path)
    if recording.damage or recording_facts(recording) != manifest["recording"]:
        return _damaged(octets, path)
    return Examined(manifest=manifest, members=members, recording=recording, problems=())


def recording_facts(recording: Recording) -> dict[str, Any]:
    """Return what a manifest says of its recording: the chain's head, counts, digest and span."""
    return {
        "head": recording.head,
        "chunks": len(recording.chunks),
        "counts": recording.counts.to_json(),
        "digest": recording.digest,
        "span_us": list(recording.span_us),
    }


def head_code(manifest: bytes) -> str:
    """Return eight characters, as people note them down: 40 bits of the manifest's digest."""
    code = base64.b32encode(hashlib.sha256(manifest).digest()[:5]).decode()
    return f"{code[:4]}-{code[4:]}"


def read_manifest(octets: bytes) -> dict[str, Any] | None:
    """Return the manifest if it is one of ours in its one form, else ``None``."""
    if len(octets) > MOST_MANIFEST_BYTES:
        return None
    try:
        manifest = json.loads(octets)
        if not isinstance(manifest, dict) or canonical_json(manifest) != octets:
            return None
    except (ValueError, TypeError, RecursionError):
        return None
    return manifest if is_manifest(manifest) else None


def is_manifest(manifest: Mapping[str, Any]) -> bool:
    """Whether everything that readers rely on is there and of its kind."""
    members = manifest.get("members")
    return (
        manifest.get("format") == FORMAT
        and all(isinstance(manifest.get(name), str) for name in _WORDS)
        and isinstance(manifest.get("bench"), dict)
        and isinstance(manifest.get("recording"), dict)
        and isinstance(members, dict)
        and RECORDING in members
        and MANIFEST not in members
        and all(_is_member(name, facts) for name, facts in members.items())
    )


def _is_member(name: str, facts: object) -> bool:
    match facts:
        case {"size": int(size), "sha256": str(), **rest} if not rest:
            return size >= 0 and is_good_name(name)
    return False


def _whole_members(octets: bytes) -> dict[str, bytes] | None:
    """Return the members of a file in its one form, ``None`` of any other."""
    try:
        members = {member.name: member.octets for member in unpack(octets)}
    except NotCanonical:
        return None
    return members if pack(members) == octets else None


def _fits(manifest: Mapping[str, Any], members: Mapping[str, bytes]) -> bool:
    facts = {
        name: {"size": len(inner), "sha256": sha256_hex(inner)}
        for name, inner in members.items()
        if name != MANIFEST
    }
    return bool(facts == manifest["members"])


def _damaged(octets: bytes, path: Path) -> Examined:
    damage, members, manifest = locate(octets, read_loose_manifest)
    problems = tuple(_problem(each, path) for each in damage) or (_foreign(path),)
    return Examined(
        manifest=manifest or {}, members=members, recording=None, problems=problems, damage=damage
    )


def read_loose_manifest(text: str) -> tuple[dict[str, Any], int] | None:
    """Return a manifest that stands at the beginning of ``text`` and its length in bytes."""
    try:
        manifest, end = json.JSONDecoder().raw_decode(text)
        raw = text[:end].encode("utf-8")
        if not isinstance(manifest, dict) or canonical_json(manifest) != raw:
            return None
    except (ValueError, TypeError, RecursionError):
        return None
    return (manifest, len(raw)) if is_manifest(manifest) else None


def _problem(damage: Damage, path: Path) -> Problem:
    zh, en = f"{path} 不是封存时的内容：{damage.why.zh}", f"{path} is not what was sealed: "
    en += damage.why.en
    if damage.member is not None:
        zh, en = f"{zh}，在 {damage.member}", f"{en}, in {damage.member}"
    if damage.chunk is not None:
        zh, en = f"{zh} 的第 {damage.chunk} 段", f"{en}, chunk {damage.chunk}"
    zh, en = f"{zh}，第 {damage.offset} 字节起", f"{en}, from byte {damage.offset} on"
    if damage.from_us is not None and damage.to_us is not None:
        seconds = stretch(damage.from_us, damage.to_us)
        zh, en = f"{zh}，影响 {seconds.zh}", f"{en}; it concerns {seconds.en}"
    return Problem(
        code=f"evidence.{damage.kind}",
        file=str(path),
        path=damage.member,
        message=Text(f"{zh}。换一份没动过的副本。", f"{en}. Use a copy that was not touched."),
    )


def _foreign(path: Path) -> Problem:
    return Problem(
        code="evidence.foreign",
        file=str(path),
        message=Text(
            zh=f"{path} 不是 labapp 封存的证据，或者开头已经损坏。换一个 .lab 文件。",
            en=f"{path} is no evidence sealed by labapp, or its beginning is damaged. "
            "Choose another .lab file.",
        ),
    )
