"""The files of a pack, read into memory with limits: a pack may come from anybody."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path

from labapp.model.canonical import canonical_json, sha256_hex
from labapp.model.text import Text
from labapp.model.trouble import BadInput, Problem

PACK_FILE = "pack.yaml"
SOLUTIONS = "solutions/"

# Limits of what a pack may hold, far above what one needs.
MAX_MEMBERS = 2_000
MAX_MEMBER_BYTES = 16 * 1024 * 1024
MAX_PACK_BYTES = 64 * 1024 * 1024

_NAME = re.compile(r"[\w\-./]{1,120}")
# Names that Windows keeps for devices, whatever their ending.
_DEVICES = {"con", "prn", "aux", "nul", *(f"{p}{n}" for p in ("com", "lpt") for n in range(1, 10))}
_TEXT_ENDINGS = (".yaml", ".yml", ".md", ".svg", ".py", ".txt", ".csv", ".json")
# What file managers and editors leave behind; never part of a pack.
_LITTER = {"thumbs.db", "desktop.ini", "__pycache__"}


def read_folder(folder: Path) -> dict[str, bytes]:
    """Return every file under ``folder`` by its name inside the pack, in the order of names.

    Raises:
        BadInput: no ``pack.yaml``, a name that not every system can keep, a link that leaves
            the folder, or more than the limits allow.
    """
    if not (folder / PACK_FILE).is_file():
        raise BadInput(
            Problem(
                code="P-NO-PACK",
                message=Text(
                    f"{folder.name} 里没有 {PACK_FILE}。选一个项目包文件夹。",
                    f"{folder.name} holds no {PACK_FILE}. Choose the folder of a project pack.",
                ),
                file=str(folder),
            )
        )
    files = dict(_walk(folder))
    refuse_bad_names(files, str(folder))
    _refuse_big({name: path.stat().st_size for name, path in files.items()}, str(folder))
    return {name: files[name].read_bytes() for name in sorted(files)}


def tree_sha256(members: Mapping[str, bytes], *, without: str | None = None) -> str:
    """Return the digest of a pack's files, the same whatever the line ends and the order.

    Files whose name begins with ``without`` are left out.
    """
    return sha256_hex(
        canonical_json(
            [
                [name, sha256_hex(_unix_lines(name, members[name]))]
                for name in sorted(members)
                if without is None or not name.startswith(without)
            ]
        )
    )


def refuse_bad_names(names: Iterable[str], origin: str) -> None:
    """Raise BadInput with every name that some system could not keep, or that collides with another."""
    seen: dict[str, str] = {}
    problems = []
    for name in sorted(names):
        folded = unicodedata.normalize("NFC", name).casefold()
        if not is_safe_name(name) or folded in seen:
            problems.append(_bad_name(name, origin))
        seen[folded] = name
    if problems:
        raise BadInput(*problems)


def is_safe_name(name: str) -> bool:
    """Return whether a member of this name can be kept on every system, inside the pack's folder."""
    if not _NAME.fullmatch(name) or unicodedata.normalize("NFC", name) != name:
        return False
    parts = name.split("/")
    return all(
        part not in ("", ".", "..")
        and not part.endswith(".")
        and part.split(".")[0].lower() not in _DEVICES
        for part in parts
    )


def _walk(folder: Path) -> Iterable[tuple[str, Path]]:
    root = folder.resolve()
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if any(part.startswith(".") or part.lower() in _LITTER for part in parts):
            continue
        if path.is_symlink() or not path.resolve().is_relative_to(root):
            raise BadInput(_bad_name("/".join(parts), str(folder)))
        if path.is_file():
            yield "/".join(parts), path


def _refuse_big(sizes: Mapping[str, int], origin: str) -> None:
    too_big = [name for name, size in sizes.items() if size > MAX_MEMBER_BYTES]
    if not too_big and len(sizes) <= MAX_MEMBERS and sum(sizes.values()) <= MAX_PACK_BYTES:
        return
    names = ", ".join(too_big[:5])
    raise BadInput(
        Problem(
            code="P-TOO-BIG",
            message=Text(
                f"项目包太大：{len(sizes)} 个文件，{sum(sizes.values())} 字节。"
                f"上限是 {MAX_MEMBERS} 个文件、每个 16 MB、合计 64 MB。删掉多余的文件。{names}",
                f"The pack is too big: {len(sizes)} files, {sum(sizes.values())} bytes. "
                f"It may have {MAX_MEMBERS} files of 16 MB each, 64 MB in all. Remove some. {names}",
            ),
            file=origin,
        )
    )


def _bad_name(name: str, origin: str) -> Problem:
    shown = name.encode("unicode_escape").decode("ascii")[:120]
    return Problem(
        code="P-NAME",
        message=Text(
            f"文件名 {shown} 不能用：可能重名、是链接，或者有些系统存不下。"
            "换一个只含字母、数字、-、_ 的名字。",
            f"The name {shown} cannot be used: it collides, is a link, or some systems cannot keep it. "
            "Choose one of letters, digits, - and _.",
        ),
        file=origin,
    )


def _unix_lines(name: str, source: bytes) -> bytes:
    return source.replace(b"\r\n", b"\n") if name.lower().endswith(_TEXT_ENDINGS) else source
