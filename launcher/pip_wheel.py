"""Brings pip where a Python has none: from the package server, checked by the lock's hash.

A wheel of pip runs as it is (``python pip-….whl/pip``), so nothing of it is left in the system.
"""

from __future__ import annotations

import configparser
import hashlib
import re
import ssl
import sys
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from labapp.model.text import Text
from launcher.trouble import SetUpFailed

PATIENCE_S = 30.0
_PIN = re.compile(r"^pip==(?P<version>[\w.]+)", re.MULTILINE)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_LINK = re.compile(r"""href\s*=\s*["']([^"']+)["']""", re.IGNORECASE)


def fetch_pip(lock: Path, into: Path, environ: Mapping[str, str]) -> Path:
    """Download the wheel of pip that ``lock`` names into a folder and return it.

    Raises:
        SetUpFailed: no server that pip is set up for hands out that file.
    """
    pinned = lock.read_text("utf-8")
    version = _PIN.search(pinned)
    if version is None:
        raise ValueError(f"{lock.name} pins no pip")
    name = f"pip-{version['version']}-py3-none-any.whl"
    context = ssl.create_default_context(cafile=environ.get("PIP_CERT") or None)
    for link in _links(name, indexes(environ), context):
        content = _read(link, context)
        if content is not None and hashlib.sha256(content).hexdigest() in _HASH.findall(pinned):
            wheel = into / name
            wheel.write_bytes(content)
            return wheel
    package = f"python3.{sys.version_info.minor}-venv"
    raise SetUpFailed(
        Text(
            f"这个 Python 没有 pip，也下载不到 {name}。先运行：sudo apt-get install {package}"
            "；或把 PIP_INDEX_URL 设成学校的镜像，再运行。",
            f"This Python has no pip, and {name} cannot be downloaded. First run:"
            f" sudo apt-get install {package}; or set PIP_INDEX_URL to your school's mirror.",
        )
    )


def indexes(environ: Mapping[str, str]) -> list[str]:
    """Return the addresses that pip is set up to ask, in its order: variables, then files."""
    files = _settings(environ)
    first = environ.get("PIP_INDEX_URL") or files.get("index-url") or ""
    more = environ.get("PIP_EXTRA_INDEX_URL") or files.get("extra-index-url") or ""
    return [*first.split(), *more.split()]


def _settings(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the ``[global]`` settings of pip's files; the user's own override the system's."""
    parser = configparser.RawConfigParser(strict=False)
    for file in _setting_files(environ):
        try:
            parser.read(file, "utf-8")
        except (OSError, configparser.Error, UnicodeDecodeError):
            continue  # pip tells of its own files; here the default address is tried
    return dict(parser["global"]) if parser.has_section("global") else {}


def _setting_files(environ: Mapping[str, str]) -> Iterator[Path]:
    if sys.platform == "win32":
        for name in ("PROGRAMDATA", "APPDATA"):
            if environ.get(name):
                yield Path(environ[name], "pip", "pip.ini")
    else:
        yield Path("/etc/pip.conf")
        yield Path("/etc/xdg/pip/pip.conf")
        home = environ.get("HOME")
        if home:
            yield Path(home, ".pip", "pip.conf")
            yield Path(environ.get("XDG_CONFIG_HOME") or f"{home}/.config", "pip", "pip.conf")
    if environ.get("PIP_CONFIG_FILE"):
        yield Path(environ["PIP_CONFIG_FILE"])


def _links(name: str, servers: Iterable[str], context: ssl.SSLContext) -> Iterator[str]:
    """Yield the addresses of files called ``name`` on the servers' pages about pip (PEP 503)."""
    for server in servers:
        page = f"{server.rstrip('/')}/pip/"
        if page.startswith("file:"):
            page += "index.html"
        told = _read(page, context) or b""
        for link in _LINK.findall(told.decode("utf-8", "replace")):
            whole = urldefrag(urljoin(page, link.replace("&amp;", "&"))).url
            if unquote(urlsplit(whole).path).endswith("/" + name):
                yield whole


def _read(address: str, context: ssl.SSLContext) -> bytes | None:
    """Return what an address holds; ``None`` where it does not answer."""
    try:
        with urllib.request.urlopen(address, timeout=PATIENCE_S, context=context) as answer:
            content = answer.read()
    except (OSError, ValueError):
        return None
    return content if isinstance(content, bytes) else None
