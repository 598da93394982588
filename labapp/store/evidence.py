"""Sealed evidence: one file with everything that judging an attempt again needs."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from labapp.model.canonical import canonical_json, sha256_hex
from labapp.model.text import Text
from labapp.model.trace import Trace
from labapp.model.trouble import Damaged, LabError, Problem
from labapp.store.disk import Disk
from labapp.store.examine import (
    FORMAT,
    MOST_MANIFEST_BYTES,
    Examined,
    examine,
    head_code,
    read_loose_manifest,
    recording_facts,
)
from labapp.store.lab_zip import MANIFEST, RECORDING, pack
from labapp.store.part_file import FINAL_NAME
from labapp.store.pending import PENDING_NAME
from labapp.store.reader import MOST_BYTES, Recording, read_recording
from labapp.store.traces import KitFacts, trace_of
from labapp.store.wording import disk_problem

SEALED_NAME = "attempt.lab"
MOST_LAB_BYTES = MOST_BYTES + 64 * 1024 * 1024
"""A recording of the largest size, and 64 MiB for the pack, figures included."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """A sealed file, checked when it was opened.

    ``manifest`` says where it comes from; ``files`` are the pack, profile, program and
    answers by their names inside it.
    """

    path: Path
    manifest: Mapping[str, Any]
    files: Mapping[str, bytes]
    recording: Recording
    head_code: str
    """Eight characters that any change of any byte would change."""

    @property
    def recording_digest(self) -> str:
        """``sha256:`` of what was recorded: equal readings give equal digests on every machine."""
        return self.recording.digest

    @cached_property
    def _traces(self) -> dict[int, tuple[KitFacts, Trace]]:
        return {}

    def trace(self, kit: KitFacts) -> Trace:
        """Return the recording as ``kit`` names and measures it; made once for each kit."""
        known = self._traces.get(id(kit))
        if known is None:
            recording = self.recording
            trace = trace_of(kit, recording.by_point, recording.gaps, recording.span_us)
            known = self._traces[id(kit)] = (kit, trace)
        return known[1]


def open_evidence(path: Path, *, disk: Disk | None = None) -> Evidence:
    """Return sealed evidence after checking every byte of it.

    Raises:
        Damaged: it is not what was sealed; each problem says where and which seconds.
        LabError: there is no such file, or it cannot be read.
    """
    octets = read_lab(path, disk or Disk())
    found = examine(octets, path)
    if found.problems or found.recording is None:
        raise Damaged(*found.problems)
    return _evidence(path, found, found.recording)


def peek_manifest(path: Path, *, disk: Disk | None = None) -> Mapping[str, Any] | None:
    """Return what a file says of itself, unchecked and without reading the rest of it.

    ``None`` where it cannot be read or says nothing. Never judge by this.
    """
    try:
        octets = (disk or Disk()).read(path, MOST_MANIFEST_BYTES)
    except OSError:
        return None
    start = octets.find(b"{", 0, 128)
    found = read_loose_manifest(octets[max(0, start) :].decode("utf-8", "replace"))
    return None if found is None else found[0]


def _evidence(path: Path, found: Examined, recording: Recording) -> Evidence:
    files = {n: o for n, o in found.members.items() if n not in (MANIFEST, RECORDING)}
    code = head_code(found.members[MANIFEST])
    return Evidence(path, found.manifest, files, recording, code)


def read_lab(path: Path, disk: Disk) -> bytes:
    """Return a file's bytes.

    Raises:
        LabError: there is no such file, or it cannot be read.
        Damaged: it is larger than any evidence.
    """
    try:
        octets = disk.read(path, MOST_LAB_BYTES)
    except OSError as cause:
        raise LabError(_unreadable(path, cause)) from cause
    if len(octets) > MOST_LAB_BYTES:
        raise Damaged(_too_large(path))
    return octets


def seal(
    folder: Path,
    manifest: Mapping[str, Any],
    files: Mapping[str, bytes],
    *,
    disk: Disk | None = None,
) -> Path:
    """Seal the finished recording in ``folder`` with its files; return the sealed file there.

    The file is written aside, synced and put in place in one step; only then the recording
    by itself is removed. ``manifest`` may hold strings, integers, booleans, lists and objects.

    Raises:
        Damaged: the recording is not what was written.
        LabError: the disk does not take the file, or one lies there; the recording stays.
        TypeError, ValueError: ``manifest`` or ``files`` do not fit into the form.
    """
    disk = disk or Disk()
    source, target = folder / FINAL_NAME, folder / SEALED_NAME
    octets = _finished(source, disk)
    sealed = lab_bytes(octets, manifest, files)
    aside = target.with_name(target.name + ".tmp")
    try:
        disk.write_aside(aside, sealed)
        disk.place(aside, target)
    except FileExistsError as cause:
        raise LabError(_taken(target)) from cause
    except OSError as cause:
        raise LabError(disk_problem("evidence", target, cause)) from cause
    with contextlib.suppress(OSError):  # what stays is swept up at the next start
        disk.remove(source)
        disk.remove(folder / PENDING_NAME)
    return target


def lab_bytes(recording: bytes, manifest: Mapping[str, Any], files: Mapping[str, bytes]) -> bytes:
    """Return the sealed file of a complete recording.

    Raises:
        TypeError, ValueError: ``manifest`` or ``files`` do not fit into the form.
    """
    if MANIFEST in files or RECORDING in files:
        raise ValueError("the manifest and the recording are added here")
    members = {**files, RECORDING: recording}
    facts = {name: {"size": len(o), "sha256": sha256_hex(o)} for name, o in members.items()}
    read = read_recording(recording)
    body = {**manifest, "format": FORMAT, "members": facts, "recording": recording_facts(read)}
    return pack({**members, MANIFEST: canonical_json(body)})


def _finished(source: Path, disk: Disk) -> bytes:
    try:
        octets = disk.read(source, MOST_BYTES)
    except OSError as cause:
        raise LabError(disk_problem("evidence", source, cause)) from cause
    recording = read_recording(octets)
    if recording.damage or not recording.is_complete:
        raise Damaged(_not_whole(source))
    return octets


def _unreadable(path: Path, cause: OSError) -> Problem:
    if isinstance(cause, FileNotFoundError):
        said = Text(f"没有文件 {path}。核对路径。", f"There is no file {path}. Check the path.")
    else:
        why = cause.strerror or str(cause)
        said = Text(
            f"读不了 {path}（{why}）。换一个能读的文件。",
            f"{path} cannot be read ({why}). Choose a file that can be read.",
        )
    return Problem(code="U-READ", message=said, file=str(path))


def _too_large(path: Path) -> Problem:
    size = MOST_LAB_BYTES // (1024 * 1024)
    return Problem(
        code="evidence.too_large",
        file=str(path),
        message=Text(
            zh=f"{path} 超过 {size} MB，不是封存的证据。换一个 .lab 文件。",
            en=f"{path} is over {size} MB and no sealed evidence. Choose a .lab file.",
        ),
    )


def _taken(path: Path) -> Problem:
    return Problem(
        code="evidence.exists",
        file=str(path),
        message=Text(
            zh=f"{path} 已经有了，没有覆盖。记录还在旁边，换个文件夹再封存。",
            en=f"{path} is there already and was not overwritten. The recording lies beside it; "
            "seal it in another folder.",
        ),
    )


def _not_whole(path: Path) -> Problem:
    return Problem(
        code="evidence.recording_damaged",
        file=str(path),
        message=Text(
            zh=f"{path} 在封存前就不完整，磁盘可能有坏块。记录还在，重启软件会找回完好的部分。",
            en=f"{path} was not whole before it was sealed; the disk may be failing. It stays; "
            "the intact part is recovered at the next start.",
        ),
    )
