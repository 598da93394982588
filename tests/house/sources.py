"""The files of the checkout, as the contract tests look at them."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
# What tools write, and what git does not keep.
_NOT_OURS = {
    ".git", ".hypothesis", ".import_linter_cache", ".mypy_cache", ".pytest_cache", ".ruff_cache",
    "__pycache__", "attempts", "build", "dist", "htmlcov",
}  # fmt: skip
_BINARY = {".png", ".lab", ".mcap", ".capture", ".ico", ".woff2", ".part"}


@cache
def files() -> tuple[Path, ...]:
    """Return every file of the checkout that git would keep, in order."""
    return tuple(sorted(_files(ROOT)))


def text_files() -> Iterator[tuple[Path, str]]:
    """Yield the files of the checkout that are text, with their text."""
    for path in files():
        if path.suffix not in _BINARY:
            yield path, path.read_text("utf-8")


def python_files(*folders: str) -> list[Path]:
    """Return the Python files below some folders of the checkout."""
    roots = [ROOT / folder for folder in folders]
    return [p for p in files() if p.suffix == ".py" and any(r in p.parents for r in roots)]


@cache
def parsed(path: Path) -> ast.Module:
    """Return a Python file's syntax tree."""
    return ast.parse(path.read_text("utf-8"), str(path))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Return every node of a Python file's syntax tree."""
    return tuple(ast.walk(parsed(path)))


def shown(path: Path, line: int | None = None) -> str:
    """Return a file's name as a person looks for it: ``labapp/model/text.py:12``."""
    name = path.relative_to(ROOT).as_posix()
    return name if line is None else f"{name}:{line}"


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the line and the whole name of everything that a Python file imports, at any depth."""
    for node in nodes(path):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield node.lineno, f"{node.module}.{alias.name}"


@cache
def pyproject() -> dict[str, Any]:
    """Return what ``pyproject.toml`` says."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name in _NOT_OURS or path.name.startswith(".venv"):
            continue
        if path.is_dir():
            yield from _files(path)
        elif path.suffix != ".pyc":
            yield path
