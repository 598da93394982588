"""Programs that go wrong or mean harm: each ends with words for its cause, and leaves nothing."""

from __future__ import annotations

import os
import signal
import socket
import sys
from pathlib import Path

import pytest

from labapp.programs.limits import Limits
from labapp.programs.program import ProgramState
from labapp.programs.python_program import PythonProgram
from tests.programs.fake_kit import POINTS, FakeKit, lead, message_of, run

QUICK = Limits(quiet_s=0.8)
"""For programs that are stopped: any other may need longer on a busy machine."""
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="the system's limits are Linux's")


def failed(source: str, tmp_path: Path, limits: Limits | None = None) -> PythonProgram:
    """Run a program that fails and return it."""
    program = PythonProgram(source.encode(), "program.py", POINTS, tmp_path, limits)
    assert lead(program, FakeKit(), 1.0).state == ProgramState.FAILED, program.output
    return program


def test_a_loop_without_end_is_stopped_and_its_line_named(tmp_path: Path) -> None:
    source = """
from labkit import kit, sleep
sleep(0.1)
n = 0
while True:
    n += 1
    if n > 3:
        n = 0
"""
    program = failed(source, tmp_path, QUICK)
    failure = program.failure
    assert failure is not None
    assert (failure.code, failure.file, failure.line) == ("program.endless", "program.py", 5)
    assert failure.message.zh.startswith("第 5 行的循环一直在转，0.8 秒没有停顿，已停止")
    assert "Put sleep(0.1) into the loop." in failure.message.en


def test_an_endless_loop_in_a_function_is_found_where_it_is(tmp_path: Path) -> None:
    source = """
def main():
    for i in range(3):
        while True:
            half(i)

def half(n):
    return sum(n / 2 for _ in range(1000))

main()
"""
    failure = failed(source, tmp_path, QUICK).failure
    assert failure is not None
    assert failure.line == 4


def test_a_computation_without_end_that_lets_nobody_in_is_found_too(tmp_path: Path) -> None:
    source = "x = 7\ny = x ** (10 ** 9)\n"  # one operation in C, which holds the interpreter
    failure = failed(source, tmp_path, QUICK).failure
    assert failure is not None
    assert (failure.code, failure.line) == ("program.endless", 2)


@pytest.mark.slow
def test_who_catches_everything_and_ignores_signals_is_stopped(tmp_path: Path) -> None:
    source = """
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
"""
    assert failed(source, tmp_path, QUICK).failure is not None


def test_waiting_for_something_that_never_comes_is_stopped(tmp_path: Path) -> None:
    failure = failed("import threading\nthreading.Event().wait()\n", tmp_path, QUICK).failure
    assert failure is not None
    assert (failure.code, failure.line) == ("program.endless", 2)


def test_a_crash_of_the_interpreter_is_told_with_its_line(tmp_path: Path) -> None:
    source = "import sys\nmodule = sys.modules['ctypes'] if 'ctypes' in sys.modules else None\n"
    source += "import faulthandler\nfaulthandler._sigsegv()\n"
    failure = failed(source, tmp_path).failure
    assert failure is not None
    assert (failure.code, failure.line) == ("program.crash", 4)
    assert "the software and what was recorded are not affected" in failure.message.en


def test_leaving_by_the_back_door_is_told(tmp_path: Path) -> None:
    program = failed("import os\nos._exit(7)\n", tmp_path)
    assert message_of(program).zh.startswith("程序中途离开了，返回码 7。")
    assert program.facts()["exit_code"] == 7
    assert run("import os\nos._exit(0)\n", tmp_path).state == ProgramState.ENDED


@LINUX
def test_a_process_that_is_killed_from_outside_is_told(tmp_path: Path) -> None:
    program = PythonProgram(b"from labkit import sleep\nsleep(60)\n", "p.py", POINTS, tmp_path)
    kit = FakeKit()
    program.advance(0, kit)
    children = Path("/proc/self/task").glob("*/children")
    pids = [int(pid) for file in children for pid in file.read_text().split()]
    theirs = [pid for pid in pids if b"boot.py" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    for pid in theirs:
        os.kill(pid, signal.SIGKILL)
    assert len(theirs) == 1
    assert lead(program, kit, 61.0).state == ProgramState.FAILED
    assert program.failure is not None
    assert program.failure.code == "program.killed"


def test_more_memory_than_allowed_is_refused(tmp_path: Path) -> None:
    source = "rows = []\nwhile True:\n    rows.append(bytearray(10_000_000))\n"
    program = failed(source, tmp_path, Limits(memory_bytes=256 << 20))
    assert program.failure is not None
    assert program.failure.line == 3
    assert message_of(program).en.startswith("The program needs more memory than there is for it.")


def test_a_flood_of_output_fills_nothing_and_its_newest_part_is_kept(tmp_path: Path) -> None:
    source = "for n in range(60_000):\n    print(n, 'x' * 20)\nprint('the end')\n"
    ran = run(source, tmp_path, limits=Limits(quiet_s=20))
    assert ran.state == ProgramState.ENDED
    assert ran.output.endswith("the end\n")
    assert 250_000 < len(ran.output) <= (256 << 10) + 40
    dropped = ran.program.facts()["output_dropped"]
    assert dropped + (256 << 10) > 1_500_000
    assert ran.output.startswith(f"… ({dropped / 1e6:.1f} MB)\n")


def test_one_line_without_end_is_no_different(tmp_path: Path) -> None:
    source = "import sys\nfor n in range(60):\n    sys.stdout.write('x' * 65_536)\n"
    ran = run(source, tmp_path, limits=Limits(quiet_s=20))
    assert (ran.state, len(ran.output) < 300_000) == (ProgramState.ENDED, True)


def test_input_finds_no_keyboard(tmp_path: Path) -> None:
    program = failed("name = input('? ')\n", tmp_path)
    assert message_of(program).zh.startswith("控制程序里没有键盘输入")


def test_a_message_that_labkit_does_not_send_is_ignored_and_noted(tmp_path: Path) -> None:
    source = """
import os
for fd in range(3, 30):
    try:
        os.write(fd, b'{"op":"grade","points":100}\\n')
    except OSError:
        pass
from labkit import kit
kit.fan = 10
"""
    ran = run(source, tmp_path)
    assert (ran.state, ran.writes) == (ProgramState.ENDED, [(0, "fan", 10.0)])
    assert ran.program.facts()["strange_lines"] >= 1


@pytest.mark.parametrize(
    "harm",
    [
        "for n in range(100):\n            os.write(fd, b'\\x00\\xff junk\\n')",
        "os.write(fd, b'A' * 1_000_000)",
        "os.close(fd)",
    ],
    ids=["junk", "endless line", "closed"],
)
def test_who_disturbs_the_line_to_the_app_is_stopped(tmp_path: Path, harm: str) -> None:
    source = f"""
import os, time
for fd in range(3, 30):
    try:
        {harm}
    except OSError:
        pass
time.sleep(9)
"""
    program = failed(source, tmp_path)
    assert program.failure is not None
    assert program.failure.code == "program.garbled"


def test_calls_that_make_no_sense_are_answered_not_obeyed(tmp_path: Path) -> None:
    source = """
import sys
pipe = sys.modules["labkit"]._bench.wire
for call in ({"op": "write"}, {"op": "read", "point": 3}, {"op": "sleep", "until_us": "x"},
             {"op": "holds"}, {"op": "write", "point": "fan", "value": {"not": "list"}},
             {"op": "log", "text": None}, {"op": "watch", "point": "none"}):
    arguments = {k: v for k, v in call.items() if k != "op"}
    print(sorted(pipe.call(call["op"], **arguments)))
"""
    ran = run(source, tmp_path)
    assert ran.output == ("['no']\n['no']\n['changed', 't_us']\n['no']\n['no']\n['no']\n['no']\n")
    assert (ran.state, ran.writes) == (ProgramState.ENDED, [])


OUTSIDE = {
    "network": ("import socket\n", "program.name"),
    "network, behind the import": (
        "import sys, importlib\nimportlib.import_module('socket').socket()\n",
        "program.error",
    ),
    "another process": ("import os\nos.system('echo hi')\n", "program.error"),
    "fork": ("import os\nos.fork()\n", "program.error"),
    "kill the app": ("import os\nos.kill(os.getppid(), 9)\n", "program.error"),
    "write outside": ("open('../evil.txt', 'w')\n", "program.error"),
    "read outside": ("open('/etc/passwd')\n", "program.error"),
    "remove outside": ("import os\nos.remove('/tmp/none')\n", "program.error"),
}


@pytest.mark.parametrize(("source", "code"), OUTSIDE.values(), ids=OUTSIDE.keys())
@pytest.mark.skipif(sys.platform == "win32", reason="POSIX names")
def test_what_leads_outside_is_refused_with_a_reason(
    tmp_path: Path, source: str, code: str
) -> None:
    work = tmp_path / "work"
    work.mkdir()
    program = failed(source, work)
    assert program.failure is not None
    assert program.failure.code == code
    assert "control program" in program.failure.message.en
    assert list(tmp_path.iterdir()) == [work]


@LINUX
def test_behind_the_guard_stands_the_system(tmp_path: Path) -> None:
    """Without the friendly guard (its hook taken as absent) the kernel refuses the same."""
    listener = socket.create_server(("127.0.0.1", 0))
    work = tmp_path / "work"
    work.mkdir()
    source = f"""
import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
def refused(name, *arguments):
    return libc[name](*arguments) < 0
print(refused("socket", 2, 1, 0), refused("fork"), refused("execv", b"/bin/true", None),
      refused("kill", os.getppid(), 0), refused("open", b"/etc/passwd", 0),
      refused("open", b"{tmp_path}/evil", 0o101), refused("open", b"mine", 0o101, 0o600))
"""
    with listener:
        ran = lead(Unguarded(source.encode(), "program.py", POINTS, work, Limits()), FakeKit(), 1.0)
    assert ran.output.strip() == "True True True True True True False"


class Unguarded(PythonProgram):
    """A program whose source takes the guard away before it begins, as a hostile one might."""

    def __init__(self, source: bytes, *rest: object) -> None:
        lifted = b"import sys\nsys.modules['_labapp_guard']._REFUSED = frozenset()\n"
        lifted += b"sys.modules['_labapp_guard']._ON_PATHS = frozenset()\n"
        lifted += b"sys.modules['_labapp_guard'].NOT_HERE = frozenset()\n"
        super().__init__(lifted + source, *rest)  # type: ignore[arg-type]


@pytest.mark.slow
def test_threads_are_allowed_within_limits(tmp_path: Path) -> None:
    source = """
import threading
gate, started = threading.Event(), 0
try:
    while started < 5000:
        threading.Thread(target=gate.wait, daemon=True).start()
        started += 1
except RuntimeError as error:
    print(error)
print(8 <= started < 5000)
"""
    ran = run(source, tmp_path, limits=Limits(quiet_s=20, memory_bytes=256 << 20))
    assert ran.output.endswith("True\n")
    assert ran.state == ProgramState.ENDED


@pytest.mark.slow
def test_a_file_grows_to_its_limit(tmp_path: Path) -> None:
    source = "with open('big', 'wb') as big:\n    while True:\n        big.write(bytes(1 << 20))\n"
    program = failed(source, tmp_path, Limits(quiet_s=20))
    assert message_of(program).zh.startswith("文件写得太大了")
    assert (tmp_path / "big").stat().st_size <= 8 << 20


@pytest.mark.slow
def test_a_function_that_calls_itself_without_end(tmp_path: Path) -> None:
    program = failed("def f():\n    f()\nf()\n", tmp_path)
    assert message_of(program).en.startswith("A function calls itself without end.")
    deep = "import sys\nsys.setrecursionlimit(10 ** 9)\ndef f():\n    f()\nf()\n"
    assert failed(deep, tmp_path, Limits(quiet_s=20)).failure is not None


def test_labkit_in_a_thread_is_refused(tmp_path: Path) -> None:
    source = """
import threading
from labkit import kit
def work():
    try:
        kit.fan = 10
    except RuntimeError as error:
        print(error)
thread = threading.Thread(target=work)
thread.start()
thread.join()
"""
    ran = run(source, tmp_path)
    assert ran.output == "labkit is for the main part of a program, not for threads\n"
    assert ran.writes == []


def test_a_source_that_is_no_text_fails_before_anything_runs(tmp_path: Path) -> None:
    program = PythonProgram("x = '火'\n".encode("gbk"), "p.py", POINTS, tmp_path)
    assert [p.code for p in program.check()] == ["program.encoding"]
    assert lead(program, FakeKit(), 0.1).state == ProgramState.FAILED
    assert message_of(program).zh.startswith("第 1 行起读不出来，文件看起来是 GBK 编码")


def test_an_interpreter_that_does_not_start_is_told(tmp_path: Path) -> None:
    program = failed("x = 1\n", tmp_path / "no such folder")
    assert program.failure is not None
    assert program.failure.code == "program.start"
