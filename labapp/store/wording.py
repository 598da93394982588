"""Sentences of the store that more than one module says."""

from __future__ import annotations

import errno
from pathlib import Path

from labapp.model.text import Text
from labapp.model.trouble import Problem


def seconds(t_us: int) -> str:
    """Return an instant as people read it: seconds with two decimals."""
    sign = "-" if t_us < 0 else ""
    whole, rest = divmod(abs(t_us), 1_000_000)
    return f"{sign}{whole}.{rest // 10_000:02d}"


def stretch(from_us: int, to_us: int) -> Text:
    """Return ``3.00 to 4.00 s`` in both languages."""
    return Text(
        zh=f"{seconds(from_us)} 到 {seconds(to_us)} 秒",
        en=f"{seconds(from_us)} to {seconds(to_us)} s",
    )


def disk_problem(prefix: str, path: Path, cause: OSError) -> Problem:
    """Return what a person can do about a disk that does not take a file.

    The code is ``<prefix>.disk_full``, ``.read_only``, ``.folder_gone`` or ``.disk``.
    """
    kind, text = _disk_text(path, cause)
    return Problem(code=f"{prefix}.{kind}", message=text, file=str(path))


def _disk_text(path: Path, cause: OSError) -> tuple[str, Text]:
    match cause.errno:
        case errno.ENOSPC | errno.EDQUOT | errno.EFBIG:
            return "disk_full", Text(
                zh=f"写不下 {path}：磁盘满了。清理空间或换文件夹。",
                en=f"The disk is full; {path} does not fit. Free space or pick another folder.",
            )
        case errno.EROFS | errno.EACCES | errno.EPERM:
            return "read_only", Text(
                zh=f"{path} 不让写入。换一个可写的文件夹。",
                en=f"{path} cannot be written. Pick a folder that can.",
            )
        case errno.ENOENT | errno.ENODEV | errno.ENXIO | errno.ESTALE:
            return "folder_gone", Text(
                zh=f"找不到 {path}：文件夹或 U 盘不在了。插回去，或换文件夹。",
                en=f"{path} is gone: its folder or stick is missing. Put it back or pick another.",
            )
    why = cause.strerror or str(cause)
    return "disk", Text(
        zh=f"磁盘没有收下 {path}（{why}）。检查磁盘，或换文件夹。",
        en=f"The disk did not take {path} ({why}). Check the disk or pick another folder.",
    )
