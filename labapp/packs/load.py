"""Finds packs and reads them: from a folder, or from the members that sealed evidence kept."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from pathlib import Path

from labapp.model.text import Text
from labapp.model.trouble import BadInput, Problem
from labapp.packs.build import PackDraft
from labapp.packs.members import PACK_FILE, SOLUTIONS, read_folder, refuse_bad_names, tree_sha256
from labapp.packs.pack import Pack
from labapp.packs.schema import PackFile
from labapp.profiles.document import Document, parse_document
from labapp.profiles.load import load_profile
from labapp.profiles.profile import Profile


def find_packs(folders: Sequence[Path]) -> tuple[Path, ...]:
    """Return the folders of all packs in ``folders``; of two with one name the first counts."""
    found: dict[str, Path] = {}
    for folder in folders:
        if folder.is_dir():
            for inner in sorted(folder.iterdir()):
                if (inner / PACK_FILE).is_file():
                    found.setdefault(inner.name, inner)
    return tuple(found[name] for name in sorted(found))


def load_pack(
    id_or_folder: str | Path,
    folders: Sequence[Path],
    profile_folders: Sequence[Path],
    profile: Profile | None = None,
) -> Pack:
    """Return the pack of an id searched in ``folders``, or of a folder.

    ``profile`` stands in for the kit's own profile, as when evidence is judged again.

    Raises:
        BadInput: no such pack, or all that is wrong with it, each with file, line and column.
    """
    folder = _folder_of(id_or_folder, folders)
    members = read_folder(folder)
    return _load(members, str(folder / PACK_FILE), profile_folders, profile, folder)


def load_members(members: Mapping[str, bytes], profile: Profile, origin: str) -> Pack:
    """Return the pack of files in memory, as sealed evidence keeps them; ``origin`` names them in errors.

    Solutions may be missing, since evidence does not carry them.

    Raises:
        BadInput: as :func:`load_pack`.
    """
    refuse_bad_names(members, origin)
    if PACK_FILE not in members:
        raise BadInput(_no_such_pack(origin, ()))
    return _load(members, f"{origin}:{PACK_FILE}", (), profile, None)


def rubric_members(pack: Pack) -> dict[str, bytes]:
    """Return what evidence has to keep of a pack to be judged again: all but the solutions."""
    return {n: source for n, source in pack.members.items() if not n.startswith(SOLUTIONS)}


def _load(
    members: Mapping[str, bytes],
    file: str,
    profile_folders: Sequence[Path],
    profile: Profile | None,
    folder: Path | None,
) -> Pack:
    document = parse_document(file, members[PACK_FILE])
    form = document.check(PackFile)
    kit = profile or _kit(document, form.kit, profile_folders)
    draft = PackDraft(document, form, kit, members, sealed=folder is None)
    return draft.finish(
        folder=folder,
        sha256=tree_sha256(members),
        rubric_sha256=tree_sha256(members, without=SOLUTIONS),
    )


def _folder_of(id_or_folder: str | Path, folders: Sequence[Path]) -> Path:
    asked = Path(id_or_folder)
    if isinstance(id_or_folder, str) and len(asked.parts) == 1:
        known = {found.name: found for found in find_packs(folders)}
        if id_or_folder in known:
            return known[id_or_folder]
        if not asked.is_dir():
            raise BadInput(_no_such_pack(id_or_folder, known))
    if asked.name == PACK_FILE and asked.is_file():
        return asked.parent
    if not asked.is_dir():
        raise BadInput(_no_such_pack(str(id_or_folder), ()))
    return asked


def _kit(document: Document, kit: str, folders: Sequence[Path]) -> Profile:
    try:
        return load_profile(kit, folders)
    except BadInput as trouble:
        said = trouble.problems[0].message
        message = Text(
            f"套件 {kit} 用不了：{said.zh}",
            f"The kit {kit} cannot be used: {said.en}",
        )
        own = document.problem("P-KIT", ("kit",), message)
        raise BadInput(own, *trouble.problems) from trouble


def _no_such_pack(asked: str, known: Mapping[str, Path] | tuple[()]) -> Problem:
    near = difflib.get_close_matches(asked, list(known), n=1)
    hint_zh = f"是不是想用 {near[0]}？" if near else "运行 labapp pack lint 文件夹，看看它缺什么。"
    hint_en = (
        f"Did you mean {near[0]}?"
        if near
        else "Run labapp pack lint FOLDER to see what is missing."
    )
    return Problem(
        code="P-NO-PACK",
        message=Text(f"没有找到项目包 {asked}。{hint_zh}", f"There is no pack {asked}. {hint_en}"),
        file=asked,
    )
