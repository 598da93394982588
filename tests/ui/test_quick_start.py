"""What must not be loaded before there is a window: it would stand between a click and the window."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = "{'lark', 'mcap', 'numpy', 'pydantic', 'pygments', 'pyqtgraph', 'qtawesome', 'ruamel'}"
SHOWN = """
import sys
from labapp.app.clock import SystemClock
from labapp.app.lab_app import LabApp
from labapp.app.paths import Paths
from pathlib import Path
from labapp.ui.main_window import MainWindow
from labapp.ui.run_window import Face, make_application
paths = Paths(data=Path(sys.argv[1]), shipped=Path(sys.argv[1]))
with LabApp(paths, SystemClock()) as app:
    face = Face(make_application(), app.settings)
    window = MainWindow(app, face.look)
    window.show()
"""


@pytest.mark.parametrize("start", ["import labapp.cli.main\n", SHOWN], ids=["command", "window"])
def test_the_core_is_not_loaded_before_the_window_is_there(start: str, tmp_path: Path) -> None:
    check = f"import sys\nprint(sorted({HEAVY} & set(sys.modules)))\n"
    words = [sys.executable, "-c", start + check, str(tmp_path)]
    told = subprocess.run(words, capture_output=True, text=True, timeout=60, check=True)
    assert told.stdout == "[]\n", told.stderr
