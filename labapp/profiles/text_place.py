"""Where a place inside a text of a YAML document stands in the file."""

from __future__ import annotations

from collections.abc import Sequence

Place = tuple[int, int | None]


def place_inside(
    lines: Sequence[str], at: tuple[int, int], line: int | None, column: int | None
) -> Place:
    """Return the place in the file of ``line`` and ``column`` (from 1) of the text at ``at``.

    The column is ``None`` where the file's own line breaks leave it open: in quoted or plain
    text over several lines, and in folded text with paragraphs.
    """
    row, start = at
    source = lines[row - 1] if row <= len(lines) else ""
    opening = source[start - 1 : start]
    if opening in ("|", ">") and row < len(lines):
        return _in_block(lines, row, opening, line or 1, column)
    if column is None:
        return row, start
    there = start + (opening in ("'", '"')) + column - 1
    return (row, there) if (line or 1) == 1 and there <= len(source) + 1 else (row, None)


def _in_block(lines: Sequence[str], row: int, opening: str, line: int, column: int | None) -> Place:
    written = next((each for each in lines[row:] if each.strip()), "")
    indent = len(written) - len(written.lstrip(" "))
    if opening == "|":
        return row + line, None if column is None else indent + column
    if line > 1 or column is None:
        return row, None
    left = column
    for number, each in enumerate(lines[row:], row + 1):
        width = len(each) - indent
        if not each.strip() or each[:indent].strip():
            break
        if left <= width + 1:
            return number, indent + left
        left -= width + 1
    return row, None
