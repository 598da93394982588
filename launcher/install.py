"""Installs the packages of a lock; every file must have the hash that the lock names."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

from labapp.model.text import Text
from launcher.say import Voice, without_addresses
from launcher.trouble import SetUpFailed

_PINNED = re.compile(r"^[a-z0-9].*==", re.MULTILINE | re.IGNORECASE)
_OFFLINE = re.compile(
    r"name resolution|Name or service not known|getaddrinfo|NewConnectionError|Max retries"
    r"|unreachable|refused|timed out|ReadTimeout|ProxyError|SSLError|ConnectionReset|Retrying",
    re.IGNORECASE,
)
_CAUSES = (
    (
        re.compile(r"No space left|not enough space", re.IGNORECASE),
        Text(
            "磁盘空间不够。腾出约 1.5 GB 再运行。",
            "The disk is full. Free about 1.5 GB, then run again.",
        ),
    ),
    (
        re.compile(r"DO NOT MATCH THE HASHES"),
        Text(
            "下载的文件与锁定文件中的校验值不符，没有安装。换一个网络或镜像再运行。",
            "A downloaded file does not have the hash in the lock; nothing was installed."
            " Try again from another network or mirror.",
        ),
    ),
    (
        _OFFLINE,
        Text(
            "连不上软件包服务器。检查网络；学校有镜像时设置 PIP_INDEX_URL，再运行。",
            "The package server does not answer. Check the network, or set PIP_INDEX_URL to your"
            " school's mirror, then run again.",
        ),
    ),
    (
        re.compile(r"No matching distribution"),
        Text(
            "这台机器的系统或处理器没有现成的软件包。",
            "There is no ready-made package for this machine's system or processor.",
        ),
    ),
)


def packages_in(lock_text: str) -> int:
    """Return how many packages a lock pins."""
    return len(_PINNED.findall(lock_text))


def install(pip: Sequence[str], lock: Path, held: int, voice: Voice) -> None:
    """Install all of a lock's packages with the command ``pip``, which inherits ``held``.

    Raises:
        SetUpFailed: with the cause as pip tells it, without addresses.
    """
    count = packages_in(lock.read_text("utf-8"))
    what = Text(f"安装 {count} 个软件包", f"installing {count} packages")
    words = [*pip, "install", "--require-hashes", "--no-deps"]
    words += ["--only-binary", ":all:", "--disable-pip-version-check", "--no-input"]
    words += ["--progress-bar", "off", "-r", str(lock)]
    with voice.step(what):
        code, lines = _watched(words, held, voice)
        if code:
            raise SetUpFailed(why(lines))


def why(lines: list[str]) -> Text:
    """Return the cause of a failure out of what pip wrote."""
    wrote = "\n".join(lines)
    cause = next((text for known, text in _CAUSES if known.search(wrote)), None)
    told = [without_addresses(line) for line in lines if line.startswith("ERROR:")][-2:]
    detail = " ".join(told or [without_addresses(line) for line in lines[-2:]])
    if cause is None:
        cause = Text("安装没有完成。", "The installation did not finish.")
    return Text(f"{cause.zh}（{detail}）", f"{cause.en} ({detail})")


def _watched(words: list[str], held: int, voice: Voice) -> tuple[int, list[str]]:
    """Run pip and count the packages as they come; return its exit code and lines."""
    lines: list[str] = []
    seen = 0
    with subprocess.Popen(
        words,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        pass_fds=() if os.name == "nt" else (held,),
        env={**os.environ, "PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0", "PYTHONUTF8": "1"},
    ) as pip:
        for line in pip.stdout or ():
            lines.append(line.rstrip())
            if line.startswith(("Collecting ", "Requirement already")):
                seen += 1
                voice.progress(seen)
        return pip.wait(), lines
