"""The limits of each system: what is put on, and that the others' code can be read anywhere."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from labapp.programs.limits import Limits
from tests.programs.fake_kit import run

MODULES = ("boot", "guard", "labkit", "limits", "limits_posix", "limits_windows", "report", "watch")


@pytest.mark.parametrize("name", MODULES)
def test_every_module_can_be_imported_on_every_system(name: str) -> None:
    assert importlib.import_module(f"labapp.programs.{name}") is not None


def test_the_childs_modules_need_nothing_but_python() -> None:
    names = [n for n in MODULES if n not in ("limits", "limits_windows")]
    folder = Path(__file__).parents[2] / "labapp" / "programs"
    words = "import sys; sys.path.insert(0, sys.argv[1]); "
    words += "; ".join(f"import {name}" for name in names)
    words += "; print([m for m in sys.modules if m.startswith(('labapp', 'numpy', 'pydantic'))])"
    done = subprocess.run(
        [sys.executable, "-I", "-c", words, str(folder)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.skipif(sys.platform != "linux", reason="Linux' layers")
def test_linux_puts_on_its_layers(tmp_path: Path) -> None:
    facts = run("x = 1\n", tmp_path).program.facts()
    assert {"rlimit", "dies-with-app", "seccomp", "guard"} <= set(facts["layers"])


def test_the_other_layers_stand_alone_where_the_system_has_none(tmp_path: Path) -> None:
    source = "from labkit import kit\nkit.fan = 3\nimport os\nos.system('true')\n"
    ran = run(source, tmp_path, limits=Limits(harden=False))
    assert ran.program.facts()["layers"] in (["guard"], ["job", "job-ui", "guard"])
    assert ran.writes == [(0, "fan", 3.0)]
    assert ran.program.facts()["refused"] == ["os.system"]
    assert [e.data for e in ran.kit.events] == [{"refused": "os.system"}]


def test_the_apps_packages_and_variables_are_not_the_students(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LABAPP_SECRET", "token")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "theirs"))
    source = """
import os, sys
print(sorted(k for k in os.environ if "LABAPP" in k or "PATH" in k))
print([p for p in sys.path if "site-packages" in p and "labapp" in p])
for name in ("labapp", "pydantic"):
    try:
        __import__(name)
        print("there is", name)
    except ImportError:
        pass
"""
    assert run(source, tmp_path).output == "[]\n[]\n"
