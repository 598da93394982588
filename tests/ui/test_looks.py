"""Nothing clipped, every glyph there, every control named, in both languages and looks."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from labapp.ui.glyphs import charmap
from labapp.ui.look import Look
from labapp.ui.theme import DARK, LIGHT
from labapp.ui.widgets.labels import ElidedLabel
from labapp.ui.widgets.options import Option
from tests.ui.conftest import MakeStage
from tests.ui.shots import SHOTS, Stage, settle

UI = Path(__file__).parents[2] / "labapp" / "ui"
QUICK = ("home", "rules", "linklost", "report")
TAKES_GLYPHS = {
    "IconLabel", "ToolButton", "Chip", "Button", "Banner", "EmptyState", "OfferCard", "Status",
    "BenchWords", "set_glyph", "become", "icon", "pixmap",
}  # fmt: skip


def clipped(top: QWidget) -> list[str]:
    """Return labels and buttons whose words do not fit where they stand."""
    found = []
    worded: list[QLabel | QAbstractButton] = [
        *top.findChildren(QLabel),
        *top.findChildren(QAbstractButton),
    ]
    for widget in worded:
        words = widget.text()
        if not words or not widget.isVisibleTo(top) or isinstance(widget, ElidedLabel | Option):
            continue
        if isinstance(widget, QLabel) and widget.wordWrap():
            fits = widget.heightForWidth(widget.width()) <= widget.height() + 1
            longest = max(
                (widget.fontMetrics().horizontalAdvance(w) for w in words.split()), default=0
            )
            ascii_only = words.isascii()
            fits = fits and (not ascii_only or longest <= widget.width() + 1)
        else:
            fits = widget.sizeHint().width() <= widget.width() + 1
            fits = fits and widget.fontMetrics().height() <= widget.height() + 1
        if not fits:
            found.append(f"{type(widget).__name__} {words!r} in {widget.width()}x{widget.height()}")
    return found


def nothing_clipped(qtbot: QtBot, window: QWidget) -> None:
    """Wait until all words fit; layouts need some turns of the event loop."""

    def fits() -> None:
        assert clipped(window) == []

    qtbot.waitUntil(fits, timeout=1500)


def show(stage: Stage, name: str) -> QWidget:
    SHOTS[name](stage)
    settle(30)
    assert stage.window is not None
    return stage.window


@pytest.mark.parametrize("name", QUICK)
def test_nothing_is_clipped(name: str, make_stage: MakeStage, qtbot: QtBot) -> None:
    stage = make_stage(lang="en")
    window = show(stage, name)
    nothing_clipped(qtbot, window)
    stage.start_window.change({"lang": "zh"})
    nothing_clipped(qtbot, window)
    assert (window.width(), window.height()) == (1366, 700), "the window had to grow"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("size", "theme", "percent"),
    [
        ((1366, 700), "light", 100),
        ((1366, 768), "dark", 100),
        ((1920, 1080), "light", 100),
        ((1920, 1080), "dark", 150),
    ],
)
@pytest.mark.parametrize("name", SHOTS)
def test_nothing_is_clipped_anywhere(
    name: str,
    size: tuple[int, int],
    theme: str,
    percent: int,
    make_stage: MakeStage,
    qtbot: QtBot,
) -> None:
    stage = make_stage(size=size, lang="en", theme=theme, text_percent=percent)
    window = show(stage, name)
    nothing_clipped(qtbot, window)
    stage.start_window.change({"lang": "zh"})
    nothing_clipped(qtbot, window)
    assert (window.width(), window.height()) == size, "the window had to grow"


class Flashes(QObject):
    """Notes what is shown as a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.seen.add(type(watched).__name__)
        return False


def test_no_part_flashes_as_a_window_before_it_has_its_place(
    make_stage: MakeStage, qapp: QApplication
) -> None:
    flashes = Flashes()
    qapp.installEventFilter(flashes)
    for name in ("rules", "wire", "report"):
        show(make_stage(), name)
    qapp.removeEventFilter(flashes)
    assert flashes.seen == {"MainWindow"}


@pytest.mark.parametrize("name", ["nokit", "report"])
def test_every_control_has_a_name(name: str, make_stage: MakeStage) -> None:
    window = show(make_stage(), name)
    nameless = [
        f"{type(widget).__name__} in {type(widget.parentWidget()).__name__}"
        for kind in (QAbstractButton, QComboBox, QLineEdit)
        for widget in window.findChildren(kind)
        if widget.isVisibleTo(window)
        and not (widget.accessibleName() or getattr(widget, "text", str)())
    ]
    assert nameless == []


def test_a_live_change_of_look_and_language_repaints_all(
    make_stage: MakeStage, qtbot: QtBot
) -> None:
    stage = make_stage()
    window = show(stage, "step")
    before = window.grab().toImage()
    stage.start_window.change({"theme": "dark", "lang": "en"})
    settle(30)
    after = window.grab().toImage()
    assert before != after
    chinese = [
        label.text()
        for label in window.findChildren(QLabel)
        if label.isVisibleTo(window) and any("\u4e00" <= c <= "\u9fff" for c in label.text())
    ]
    assert chinese == ["林小满"]
    assert after.pixelColor(2, 2).lightness() < 80


@pytest.mark.parametrize("path", sorted(UI.rglob("*.py")), ids=lambda p: str(p.relative_to(UI)))
def test_every_glyph_is_in_the_icon_font(path: Path) -> None:
    known = charmap()
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(call, ast.Call):
            continue
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        if name not in TAKES_GLYPHS:
            continue
        given = [*call.args, *(keyword.value for keyword in call.keywords)]
        for value in given:
            if (
                isinstance(value, ast.Constant)
                and isinstance(value.value, str)
                and "-" in value.value
            ):
                assert value.value in known, f"{path.name}:{value.lineno}"


def test_every_text_is_there_in_both_languages() -> None:
    for path in sorted(UI.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call) or getattr(call.func, "id", "") != "Text":
                continue
            words = [a.value for a in call.args if isinstance(a, ast.Constant)]
            where = f"{path.name}:{call.lineno}"
            assert all(str(word).strip() for word in words), where
            assert not any(mark in str(word) for word in words for mark in "!！"), where
            letters = [any(c.isalpha() for c in str(word)) for word in words]
            if len(words) == 2 and words[0] != words[1] and all(letters):
                assert any("\u4e00" <= c <= "\u9fff" for c in str(words[0])), where
                assert not any("\u4e00" <= c <= "\u9fff" for c in str(words[1])), where


def test_both_looks_have_the_same_tokens(look: Look) -> None:
    assert LIGHT.keys() == DARK.keys()
    with pytest.raises(KeyError):
        look.theme.pixmap("no-such-glyph", "text")


def test_texts_keep_their_contrast() -> None:
    def luminance(color: str) -> float:
        parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    def ratio(a: str, b: str) -> float:
        high, low = sorted((luminance(a), luminance(b)), reverse=True)
        return (high + 0.05) / (low + 0.05)

    for tokens in (LIGHT, DARK):
        for text in ("text", "text2", "text3", "accent", "pass", "fail", "warn", "sim"):
            assert ratio(tokens[text], tokens["surface"]) >= 4.5, text
        for tone in ("pass", "fail", "warn", "sim", "accent", "exam"):
            assert ratio(tokens[tone], tokens[f"{tone}Bg"]) >= 4.5, tone
        assert ratio(tokens["borderS"], tokens["surface"]) >= 3.0
