"""pip comes from where pip itself is told to look, and only with the hash that the lock names."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from launcher.pip_wheel import fetch_pip, indexes
from launcher.trouble import SetUpFailed

NAME = "pip-26.3-py3-none-any.whl"


def _index(folder: Path, content: bytes) -> str:
    page = folder / "simple" / "pip"
    page.mkdir(parents=True)
    (folder / "files").mkdir()
    (folder / "files" / NAME).write_bytes(content)
    links = f'<a href="../../files/{NAME}#sha256=00">{NAME}</a>'
    (page / "index.html").write_text(f'<a href="../../files/pip-1.0.tar.gz">old</a>{links}')
    return (folder / "simple").as_uri()


def _lock(folder: Path, content: bytes) -> Path:
    lock = folder / "requirements-pip.lock"
    lock.write_text(f"pip==26.3 \\\n    --hash=sha256:{hashlib.sha256(content).hexdigest()}\n")
    return lock


def test_the_pinned_wheel_is_found_and_checked(tmp_path: Path) -> None:
    server = _index(tmp_path / "镜像 a", b"the wheel")
    wheel = fetch_pip(_lock(tmp_path, b"the wheel"), tmp_path, {"PIP_INDEX_URL": server})
    assert wheel.name == NAME
    assert wheel.read_bytes() == b"the wheel"


def test_another_file_of_that_name_is_refused(tmp_path: Path) -> None:
    server = _index(tmp_path / "m", b"something else")
    with pytest.raises(SetUpFailed, match="cannot be downloaded"):
        fetch_pip(_lock(tmp_path, b"the wheel"), tmp_path, {"PIP_INDEX_URL": server})


def test_a_second_server_is_asked(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    server = _index(tmp_path / "m", b"the wheel")
    environ = {"PIP_INDEX_URL": empty.as_uri(), "PIP_EXTRA_INDEX_URL": server}
    assert fetch_pip(_lock(tmp_path, b"the wheel"), tmp_path, environ).exists()


def test_pips_own_file_names_the_servers(tmp_path: Path) -> None:
    file = tmp_path / "pip.conf"
    file.write_text("[global]\nindex-url = file:///a\nextra-index-url = file:///b file:///c\n")
    environ = {"PIP_CONFIG_FILE": str(file), "HOME": str(tmp_path)}
    assert indexes(environ) == ["file:///a", "file:///b", "file:///c"]
    assert indexes(environ | {"PIP_INDEX_URL": "file:///z"})[0] == "file:///z"


def test_a_file_that_cannot_be_read_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "pip.conf"
    file.write_bytes(b"[global\n\xff")
    alone = {"HOME": str(tmp_path)}
    assert indexes(alone | {"PIP_CONFIG_FILE": str(file)}) == indexes(alone)


def test_without_a_server_to_ask_the_line_that_helps_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("launcher.pip_wheel._setting_files", lambda _: ())
    with pytest.raises(SetUpFailed, match=r"sudo apt-get install python3\.\d+-venv"):
        fetch_pip(_lock(tmp_path, b"the wheel"), tmp_path, {})
