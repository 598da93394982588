"""No command: the window, or without a display the fire alarm, done and graded."""

from __future__ import annotations

import argparse
import importlib.util
import os
import sys

from labapp.cli.console import Console
from labapp.model.text import Text
from labapp.model.trouble import ExitCode, LabError, Problem


def open_window(arguments: argparse.Namespace, console: Console) -> int:
    """Open the window; with no display run the fire alarm's reference program headless."""
    if not has_display():
        from labapp.cli.run_command import run_headless

        console.note(
            Text(
                "没有显示器：改为在仿真套件上运行“家庭火灾报警”的参考程序并评分。",
                "No display: running the fire alarm's reference program on the simulated kit instead.",
            )
        )
        return run_headless(console)
    if importlib.util.find_spec("PySide6") is None:
        raise LabError(
            Problem(
                code="U-NO-QT",
                message=Text(
                    "没有安装 PySide6，打不开窗口。运行 python3 lab.py run，它会装好。",
                    "PySide6 is not installed, so no window opens. python3 lab.py run installs it.",
                ),
            )
        )
    from labapp.app.clock import SystemClock
    from labapp.app.lab_app import LabApp
    from labapp.app.paths import find_paths
    from labapp.ui.run_window import run_window

    with LabApp(find_paths(), SystemClock()) as app:
        if hasattr(arguments, "lang"):
            app.change(lang=console.lang)
        return run_window(app) or int(ExitCode.DONE)


def has_display() -> bool:
    """Whether a window can be shown; an offscreen Qt platform counts, as it was asked for."""
    if sys.platform in ("win32", "darwin") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
