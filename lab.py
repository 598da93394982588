#!/usr/bin/env python3
# -*- coding: utf-8 -*-
"""Set labapp up beside this file and start it.

    python3 lab.py run ARGS...    start labapp; without ARGS its window opens
    python3 lab.py test ARGS...   run every check; with ARGS, pytest with these ARGS

Works from any folder. The first start makes the folder .venv; later starts need no network.
"""
# Every Python must be able to read this file, also one that cannot run labapp: it finds a
# Python that can and hands over to it. Everything else is in launcher/, in today's Python.

import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.realpath(__file__))
VERSIONS = ("3.13", "3.12", "3.11")
SUITS = (
    "import sys, ssl, zlib, ctypes;"
    "sys.exit(not ((3, 11) <= sys.version_info[:2] <= (3, 13)"
    " and sys.maxsize > 2**32 and sys.implementation.name == 'cpython'))"
)
NONE_FOUND = """\
lab.py: labapp 需要 64 位的 Python 3.11、3.12 或 3.13；现在运行的是 {found}。
lab.py: 安装其中一个，然后用它运行，例如：python3.12 lab.py run
lab.py: labapp needs a 64-bit Python 3.11, 3.12 or 3.13; this one is {found}.
lab.py: Install one of them and start with it, for example: python3.12 lab.py run
"""


def this_one_suits():
    """Tell whether the Python that runs this file can run labapp."""
    return (
        (3, 11) <= sys.version_info[:2] <= (3, 13)
        and sys.maxsize > 2**32
        and sys.implementation.name == "cpython"
    )


def other_pythons():
    """Return the commands by which another Python may be found, best first."""
    if os.name == "nt":
        return [["py", "-" + version] for version in VERSIONS]
    return [["python" + version] for version in VERSIONS]


def suits(command):
    """Tell whether the Python behind a command starts and can run labapp."""
    try:
        with open(os.devnull, "w") as nowhere:
            return subprocess.call(command + ["-c", SUITS], stdout=nowhere, stderr=nowhere) == 0
    except OSError:
        return False


def hand_over(command):
    """Run this file again under another Python; return its exit code."""
    words = command + [os.path.join(ROOT, "lab.py")] + sys.argv[1:]
    sys.stderr.write("lab.py: Python " + sys.version.split()[0] + " -> " + " ".join(command) + "\n")
    sys.stderr.flush()
    if os.name != "nt":
        os.execvp(words[0], words)
    started = subprocess.Popen(words)
    while True:
        try:
            return started.wait()
        except KeyboardInterrupt:
            continue  # the other Python received it too and ends by itself


def main():
    """Start labapp, here or under a Python that can; return the exit code."""
    if this_one_suits():
        sys.path.insert(0, ROOT)
        from launcher.main import main as start

        return start(sys.argv[1:])
    for command in other_pythons():
        if suits(command):
            return hand_over(command)
    found = "Python " + sys.version.split()[0] + (" (32 bit)" if sys.maxsize < 2**32 else "")
    sys.stderr.write(NONE_FOUND.format(found=found))
    return 2


if __name__ == "__main__":
    sys.exit(main())
