"""``lab.py run`` and ``lab.py test``."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from labapp.model.text import Text
from launcher import system
from launcher.environment import Environment, clean_environ, prepare
from launcher.say import Voice, listen
from launcher.trouble import SetUpFailed

ROOT = Path(__file__).resolve().parent.parent
USAGE = Text(
    "用法：python3 lab.py run 参数…（启动 labapp；不带参数时打开窗口）\n"
    "      python3 lab.py test 参数…（运行全部检查；带参数时把参数交给 pytest）",
    "usage: python3 lab.py run ARGS…   (starts labapp; without ARGS its window opens)\n"
    "       python3 lab.py test ARGS…  (runs every check; with ARGS, pytest with these ARGS)",
)


def main(words: Sequence[str]) -> int:
    """Do what the command line asks for; return the exit code."""
    voice = listen(list(words))
    command, rest = (words[0] if words else ""), list(words[1:])
    try:
        if command == "run":
            return run(rest, voice)
        if command == "test":
            from launcher.checks import test

            return test(ROOT, rest, voice)
    except SetUpFailed as failed:
        voice.say(failed.text)
        return 1
    except KeyboardInterrupt:
        voice.say(
            Text("已中断，再运行一次会接着完成", "interrupted; the next start makes it whole")
        )
        return 130
    sys.stderr.write(USAGE.in_(voice.lang) + "\n")
    return 0 if command in ("-h", "--help") else 2


def run(words: list[str], voice: Voice) -> int:
    """Start labapp with ``words`` in its environment; does not return on POSIX."""
    python = prepare(Environment(ROOT / ".venv", (ROOT / "requirements.lock",)), voice)
    environ = clean_environ(os.environ)
    if not _has_command(words) and _shows_windows(environ):
        environ = _ready_for_window(environ, voice)
    return become([str(python), "-m", "labapp", *words], environ)


def become(words: list[str], environ: Mapping[str, str]) -> int:
    """Turn into another program, or, on Windows, run it and return its exit code."""
    if os.name != "nt":
        os.execve(words[0], words, environ)
    with subprocess.Popen(words, env=dict(environ)) as started:
        while True:
            try:
                return started.wait()
            except KeyboardInterrupt:
                continue  # labapp received it too and ends cleanly by itself


def _has_command(words: list[str]) -> bool:
    """Whether anything but the language is asked for: then no window opens."""
    rest = [word for word in words if not word.startswith("--lang=")]
    if "--lang" in rest:
        at = rest.index("--lang")
        del rest[at : at + 2]
    return bool(rest)


def _shows_windows(environ: Mapping[str, str]) -> bool:
    names = ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY")
    return sys.platform.startswith("linux") and any(environ.get(name) for name in names)


def _ready_for_window(environ: dict[str, str], voice: Voice) -> dict[str, str]:
    """Bring the window's libraries; without them return an environment without a display."""
    left = system.install_or_tell(system.window_packages(environ), voice)
    if not set(left) - {system.FONT}:
        return environ
    voice.say(
        Text("打不开窗口，改为在终端中运行", "no window can open; running in the terminal instead")
    )
    hidden = ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY")
    return {name: value for name, value in environ.items() if name not in hidden}
