"""Device profiles: found by id or path, read, checked whole, and frozen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from labapp.model.text import Text
from labapp.model.trouble import BadInput, Problem
from labapp.profiles.document import Document, parse_document, read_document
from labapp.profiles.explain import Mistake, did_you_mean
from labapp.profiles.freeze import freeze
from labapp.profiles.profile import Profile
from labapp.profiles.schema import SCHEMA, ProfilePart
from labapp.profiles.whole_rules import part_mistakes, profile_mistakes

_ENDINGS = (".yaml", ".yml")


def load_profile(name_or_path: str, folders: Sequence[Path]) -> Profile:
    """Return the profile of an id, looked for in ``folders`` in their order, or of a file.

    Raises:
        BadInput: there is none of that name, or it has mistakes; all of them at once.
    """
    path = _find(name_or_path, folders)
    return _checked(read_document(path), path)


def load_profile_bytes(source: bytes, name: str) -> Profile:
    """Return the profile that ``source`` holds; ``name`` is the file shown in problems.

    Raises:
        BadInput: it has mistakes; all of them at once.
    """
    return _checked(parse_document(name, source), Path(name))


def known_profiles(folders: Iterable[Path]) -> dict[str, Path]:
    """Return the profiles in ``folders`` by id; of two with one id the first folder's counts."""
    found: dict[str, Path] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.yaml")) if folder.is_dir() else ():
            if not path.stem.endswith(".scene"):
                found.setdefault(path.stem, path)
    return found


def _find(asked: str, folders: Sequence[Path]) -> Path:
    known = known_profiles(folders)
    if asked in known:
        return known[asked]
    if asked.endswith(_ENDINGS) or "/" in asked or "\\" in asked:
        return Path(asked)
    hint = did_you_mean(asked, known)
    names = ", ".join(sorted(known)) or "-"
    message = Text(
        f"没有叫 {asked} 的设备档案。{hint.zh or '现有：' + names.replace(', ', '、') + '。'}",
        f"There is no device profile {asked}.{hint.en or ' There are: ' + names + '.'}",
    )
    raise BadInput(Problem(code="P-NO-PROFILE", message=message))


def _checked(document: Document, path: Path) -> Profile:
    _check_schema(document)
    part = document.check(ProfilePart)
    _raise_any(document, part_mistakes(part))
    profile = freeze(part, path, document.source)
    _raise_any(document, profile_mistakes(part, profile))
    return profile


def _check_schema(document: Document) -> None:
    """Refuse a profile of another format before its keys are held against it."""
    named = document.data.get("schema") if isinstance(document.data, dict) else None
    if not isinstance(named, str) or named == SCHEMA:
        return
    if named.startswith("labapp.device/"):
        message = Text(
            f"这份档案的格式是 {named}，这个版本只认 {SCHEMA}；更新 labapp 再试。",
            f"This profile is of format {named}, this version reads {SCHEMA}; update labapp.",
        )
    else:
        message = Text(
            f"这不是设备档案：schema 是 {named}，要写 {SCHEMA}。",
            f"This is no device profile: its schema is {named}, it has to be {SCHEMA}.",
        )
    raise BadInput(document.problem("P001", ("schema",), message))


def _raise_any(document: Document, mistakes: Sequence[Mistake]) -> None:
    if not mistakes:
        return
    problems = [document.problem(m.code, m.loc, m.text, key=m.at_key) for m in mistakes]
    problems.sort(key=lambda p: (p.line or 0, p.column or 0))
    raise BadInput(*problems)
