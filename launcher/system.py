"""What the operating system must bring: Qt's libraries, a Chinese font, programs for tests."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from labapp.model.text import Text
from launcher.say import Voice, without_addresses

# Needed sonames and their Debian packages, as `readelf -d` names them for PySide6 6.11.
ANY_WINDOW = {
    "libstdc++.so.6": "libstdc++6",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libX11.so.6": "libx11-6",
}
X11_WINDOW = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
WAYLAND_WINDOW = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
}
FONT = "fonts-noto-cjk"
# Programs of other authors that the tests talk to, and what builds a client with libmodbus.
TEST_PROGRAMS = {
    "mbpoll": "mbpoll",
    "socat": "socat",
    "gcc": "gcc",
    "pkg-config": "pkg-config",
    "Xvfb": "xvfb",
}


def missing_libraries(
    needed: Mapping[str, str], load: Callable[[str], object] = ctypes.CDLL
) -> list[str]:
    """Return the packages of those libraries that the loader does not find."""
    missing = []
    for name, package in needed.items():
        try:
            load(name)
        except OSError:
            missing.append(package)
    return missing


def window_packages(environ: Mapping[str, str], platform: str = sys.platform) -> list[str]:
    """Return the packages that are missing for a window of the kind this machine shows."""
    if not platform.startswith("linux"):
        return []
    needed = dict(ANY_WINDOW)
    asked = environ.get("QT_QPA_PLATFORM", "")
    if asked.startswith("xcb") or (not asked and _only_x11(environ)):
        needed |= X11_WINDOW
    elif asked.startswith("wayland") or (not asked and environ.get("WAYLAND_DISPLAY")):
        needed |= WAYLAND_WINDOW
    return missing_libraries(needed) + ([] if has_chinese_font() else [FONT])


def packages_for_tests(platform: str = sys.platform) -> list[str]:
    """Return the packages that are missing for every test to run."""
    if not platform.startswith("linux"):
        return []
    missing = missing_libraries(ANY_WINDOW | X11_WINDOW)
    missing += [package for name, package in TEST_PROGRAMS.items() if not shutil.which(name)]
    if not Path("/usr/include/modbus/modbus.h").exists():
        missing.append("libmodbus-dev")
    return missing + ([] if has_chinese_font() else [FONT])


def has_chinese_font() -> bool:
    """Whether a font with Chinese is installed; without one Chinese is drawn as boxes."""
    lister = shutil.which("fc-list")
    if lister:
        listed = subprocess.run([lister, ":lang=zh", "family"], capture_output=True, check=False)
        return bool(listed.stdout.strip())
    names = ("*CJK*", "*wqy*", "*uming*", "*SourceHanS*")
    folders = (Path("/usr/share/fonts"), Path.home() / ".local/share/fonts")
    return any(found for folder in folders for name in names for found in folder.rglob(name))


def can_install() -> bool:
    """Whether this process may install Debian packages."""
    return _is_root() and shutil.which("apt-get") is not None


def install(packages: Iterable[str], voice: Voice) -> list[str]:
    """Install Debian packages; return those that could not be installed."""
    wanted = list(dict.fromkeys(packages))
    if not wanted:
        return []
    shown = " ".join(wanted)
    with voice.step(Text(f"安装系统软件包 {shown}", f"installing system packages {shown}")):
        if not _apt("install", *wanted)[0]:
            _apt("update")
            if not _apt("install", *wanted)[0]:
                return [package for package in wanted if not _alone(package, voice)]
    return []


def install_or_tell(packages: Iterable[str], voice: Voice) -> list[str]:
    """Install what is missing where that is allowed, else say how; return what stays missing."""
    wanted = list(dict.fromkeys(packages))
    left = install(wanted, voice) if can_install() else wanted
    if left:
        line = "sudo apt-get install " + " ".join(left)
        voice.say(
            Text(f"还缺系统软件包。运行：{line}", f"System packages are missing. Run: {line}")
        )
    return left


def _alone(package: str, voice: Voice) -> bool:
    done, lines = _apt("install", package)
    if not done:
        told = without_addresses(next((x for x in lines if x.startswith("E: ")), package))
        voice.say(Text(f"{package} 没有装上：{told}", f"{package} was not installed: {told}"))
    return done


def _apt(*words: str) -> tuple[bool, list[str]]:
    done = subprocess.run(
        [
            "apt-get",
            "-qq",
            "-y",
            "-o",
            "DPkg::Lock::Timeout=120",
            "--no-install-recommends",
            *words,
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"},
    )
    return done.returncode == 0, done.stdout.splitlines()


def _is_root() -> bool:
    return sys.platform != "win32" and os.geteuid() == 0


def _only_x11(environ: Mapping[str, str]) -> bool:
    return bool(environ.get("DISPLAY")) and not environ.get("WAYLAND_DISPLAY")
