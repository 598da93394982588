"""What each key of the window does; the table of the design, as far as there are views for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from labapp.app.settings import TEXT_PERCENTS
from labapp.model.text import Text, same
from labapp.ui.keys import Key

if TYPE_CHECKING:
    from labapp.ui.main_window import MainWindow
    from labapp.ui.workspace_view import WorkspaceView


def window_keys(window: MainWindow) -> tuple[Key, ...]:
    """Return all keys; those of the workspace do nothing in other views."""
    return (
        *_step_keys(window),
        *_bench_keys(window),
        *_view_keys(window),
        *_tab_keys(window),
    )


def _at_work(window: MainWindow, act: Callable[[WorkspaceView], object]) -> Callable[[], None]:
    """Return ``act`` on the workspace, for when that is what is shown."""

    def when_shown() -> None:
        space = window.workspace
        if space is not None and window.views.currentWidget() is space:
            act(space)

    return when_shown


def _step_keys(window: MainWindow) -> tuple[Key, ...]:
    def key(keys: str, does: Text, act: Callable[[WorkspaceView], object]) -> Key:
        return Key(keys, does, _at_work(window, act))

    unfold = Text("展开或收起检查项", "Unfold or fold the checks")
    return (
        key(
            "F1",
            Text("看本步说明", "Guide of this step"),
            lambda w: w.step_view.tabs.open("lesson"),
        ),
        key(
            "F5", Text("运行、开始或提交", "Run, start or hand in"), lambda w: w.step_view.bar.act()
        ),
        key("Shift+F5", Text("停止", "Stop"), lambda w: w.step_view.bar.halt()),
        key("Alt+Left", Text("上一步", "Step before"), lambda w: w.go_back()),
        key("Alt+Right", Text("下一步", "Next step"), lambda w: w.go_on()),
        key("Ctrl+J", unfold, lambda w: w.step_view.checks.toggle()),
    )


def _bench_keys(window: MainWindow) -> tuple[Key, ...]:
    def key(keys: str, does: Text, act: Callable[[WorkspaceView], object]) -> Key:
        return Key(keys, does, _at_work(window, act))

    fill = Text("把量到的值填进读数", "Fill measured values in")
    return (
        key("Ctrl+K", Text("连接套件", "Connect a kit"), lambda w: w.pane.ask_connect()),
        key("Ctrl+Shift+K", Text("重新扫描串口", "Scan the ports again"), lambda w: w.scan()),
        key(
            "Ctrl+G",
            Text("跳到下一处超限", "Go to the next violation"),
            lambda w: w.next_violation(),
        ),
        key("Ctrl+R", fill, lambda w: w.pane.bench.plots.fill_answers()),
        key("F6", Text("到下一栏", "Next pane"), lambda w: w.focus_pane(1)),
        key("Shift+F6", Text("到上一栏", "Pane before"), lambda w: w.focus_pane(-1)),
        key(
            "F11",
            Text("放大套件画面和曲线", "Maximise bench and plots"),
            lambda w: w.toggle_large(),
        ),
    )


def _view_keys(window: MainWindow) -> tuple[Key, ...]:
    def larger() -> None:
        _size(window, 1)

    def smaller() -> None:
        _size(window, -1)

    def usual() -> None:
        window.change({"text_percent": 100})

    return (
        Key("Ctrl+O", Text("项目列表", "Projects"), window.show_home),
        Key("Ctrl+,", Text("设置", "Settings"), window.show_settings),
        Key("Shift+F1", Text("快捷键", "Keyboard shortcuts"), window.show_keys),
        Key("Ctrl++", Text("字大一点", "Larger text"), larger, ("Ctrl+=",)),
        Key("Ctrl+-", Text("字小一点", "Smaller text"), smaller),
        Key("Ctrl+0", Text("字恢复原大", "Usual text size"), usual),
        Key("Esc", Text("返回、退出放大", "Back, leave the maximised view"), window.escape),
    )


def _tab_keys(window: MainWindow) -> tuple[Key, ...]:
    def opens(index: int) -> Callable[[], None]:
        def open_tab() -> None:
            space = window.workspace
            if space is not None and window.views.currentWidget() is space:
                keys = space.step_view.tabs.keys
                if index < len(keys):
                    space.step_view.tabs.open(keys[index])

        return open_tab

    first = Key(
        "Ctrl+1", Text("打开第 1 个到第 5 个页面", "First to fifth tab"), opens(0), (), "Ctrl+1…5"
    )
    return (first, *(Key(f"Ctrl+{n + 1}", same(""), opens(n)) for n in range(1, 5)))


def _size(window: MainWindow, by: int) -> None:
    now = window.app.settings.text_percent
    at = TEXT_PERCENTS.index(now) if now in TEXT_PERCENTS else TEXT_PERCENTS.index(100)
    window.change({"text_percent": TEXT_PERCENTS[max(0, min(len(TEXT_PERCENTS) - 1, at + by))]})
