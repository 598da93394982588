"""Colours, fonts and sizes of the window; one object that every widget is given.

The tokens are those of the design's contrast study: text at least 4.5:1 on every background
that it stands on, graphics and input borders at least 3:1 (WCAG 2.2 AA).
"""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QIcon, QPalette, QPixmap

from labapp.ui.glyphs import draw_glyph

Choice = Literal["auto", "light", "dark"]

LIGHT = {
    "app": "#F2F4F7",
    "surface": "#FFFFFF",
    "sunken": "#E9EDF2",
    "raised": "#FFFFFF",
    "hover": "#EDF1F6",
    "select": "#E2EEFB",
    "border": "#D3DAE3",
    "borderB": "#AAB5C3",
    "borderS": "#7F8B9B",
    "grid": "#E3E8EE",
    "text": "#1A2332",
    "text2": "#4B5768",
    "text3": "#5F6B7D",
    "onAccent": "#FFFFFF",
    "accent": "#0A5FB4",
    "accentH": "#084C91",
    "accentBg": "#E2EEFB",
    "pass": "#00704F",
    "passBg": "#DDF3EA",
    "fail": "#B93815",
    "failBg": "#FCE8E1",
    "warn": "#8A5300",
    "warnBg": "#FFF1D2",
    "sim": "#6A3FB5",
    "simBg": "#EEE7FA",
    "exam": "#9C1F5F",
    "examBg": "#FAE5EF",
    "idle": "#5F6B7D",
    "idleBg": "#E9EDF2",
    "p0": "#0072B2",
    "p1": "#B87400",
    "p2": "#00967A",
    "p3": "#A8478F",
    "p4": "#2E3D9B",
    "p5": "#5B6472",
}
DARK = {
    "app": "#10151D",
    "surface": "#18202B",
    "sunken": "#0B0F15",
    "raised": "#1F2935",
    "hover": "#222D3A",
    "select": "#142B47",
    "border": "#2C3745",
    "borderB": "#475466",
    "borderS": "#66748A",
    "grid": "#26303D",
    "text": "#E8EDF4",
    "text2": "#AEB9C7",
    "text3": "#8F9BAB",
    "onAccent": "#0B0F15",
    "accent": "#6AB0FF",
    "accentH": "#8FC4FF",
    "accentBg": "#142B47",
    "pass": "#3CCB9A",
    "passBg": "#0F3328",
    "fail": "#FF8A65",
    "failBg": "#40201A",
    "warn": "#F2B84B",
    "warnBg": "#3A2D12",
    "sim": "#B79CF5",
    "simBg": "#2C2147",
    "exam": "#F284B6",
    "examBg": "#421C30",
    "idle": "#8F9BAB",
    "idleBg": "#222D3A",
    "p0": "#56B4E9",
    "p1": "#F0B83C",
    "p2": "#2FC79A",
    "p3": "#DB7FBF",
    "p4": "#8C9BFF",
    "p5": "#A9B4C2",
}

UI_FAMILIES = [
    "Microsoft YaHei UI",
    "PingFang SC",
    "HarmonyOS Sans SC",
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "WenQuanYi Micro Hei",
    "sans-serif",
]
MONO_FAMILIES = ["Cascadia Mono", "Consolas", "Noto Sans Mono CJK SC", "DejaVu Sans Mono"]

# Text sizes in pixels at 100 %.
CAPTION, BODY, READING, H3, H2, H1, METRIC = 12, 13, 14, 15, 18, 22, 26
WIDE_WINDOW = 1700
MOST_PIXMAPS = 2000
LARGE_TEXT = 1.2
"""From this scale on, things that stand side by side go below each other."""
WIDE_SCALE = 1.08


class Theme(QObject):
    """What things look like now. Qt thread only; ``changed`` says: ask again for everything.

    Args:
        choice: light, dark, or auto for the system's own.
        text_percent: size of all text, 90 to 150.
    """

    changed = Signal()

    def __init__(
        self, choice: Choice = "auto", text_percent: int = 100, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._choice: Choice = choice
        self._percent = text_percent
        self._wide = False
        self._pixmaps: dict[tuple[str, str, int, float], QPixmap] = {}
        self.calm = False
        """Whether the user asked for less motion."""

    @property
    def name(self) -> Literal["light", "dark"]:
        """Which of the two looks is on."""
        if self._choice != "auto":
            return self._choice
        hints = QGuiApplication.styleHints()
        return "dark" if hints.colorScheme() == Qt.ColorScheme.Dark else "light"

    @property
    def is_dark(self) -> bool:
        """Whether the dark look is on."""
        return self.name == "dark"

    @property
    def scale(self) -> float:
        """Factor on every text size: the user's choice, and 8 % more in a wide window."""
        return self._percent / 100 * (WIDE_SCALE if self._wide else 1.0)

    @property
    def is_wide(self) -> bool:
        """Whether the window is at least ``WIDE_WINDOW`` pixels wide."""
        return self._wide

    def choose(self, choice: Choice) -> None:
        """Switch the look; everything shown follows at once."""
        if choice != self._choice:
            self._choice = choice
            self.refresh()

    def set_text_percent(self, percent: int) -> None:
        """Set the size of all text."""
        if percent != self._percent:
            self._percent = percent
            self.refresh()

    def set_wide(self, wide: bool) -> None:
        """Say whether the window is a wide one."""
        if wide != self._wide:
            self._wide = wide
            self.refresh()

    def refresh(self) -> None:
        """Tell everyone to ask again, as after a change of the system's own look."""
        self.changed.emit()

    def hex(self, token: str) -> str:
        """Return a token as ``#RRGGBB``."""
        return (DARK if self.is_dark else LIGHT)[token]

    def color(self, token: str, alpha: int = 255) -> QColor:
        """Return a token's colour, with an opacity of 0 to 255."""
        color = QColor(self.hex(token))
        color.setAlpha(alpha)
        return color

    @property
    def paper(self) -> QColor:
        """Return the ground for figures: they are drawn for light, a little dimmed in the dark."""
        return QColor(DARK["text"] if self.is_dark else LIGHT["surface"])

    def series(self, index: int) -> QColor:
        """Return the colour of the n-th curve; use at most four in one plot."""
        return self.color(f"p{index % 6}")

    def px(self, pixels: float) -> int:
        """Return a length that grows with the text size."""
        return round(pixels * self.scale)

    def font(self, px: int = BODY, bold: bool = False, mono: bool = False) -> QFont:
        """Return a font of ``px`` pixels at 100 %; a generic family would bring Japanese glyphs."""
        font = QFont()
        font.setFamilies(MONO_FAMILIES if mono else UI_FAMILIES)
        font.setPixelSize(max(9, self.px(px)))
        font.setBold(bold)
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        return font

    def pixmap(self, glyph: str, token: str, px: int = 16) -> QPixmap:
        """Return a glyph of the icon font in a token's colour; kept for the next time.

        Raises:
            KeyError: the icon font has no glyph of that name.
        """
        ratio = QGuiApplication.instance().devicePixelRatio()  # type: ignore[union-attr]
        color = self.hex(token)
        key = (glyph, color, self.px(px), ratio)
        if len(self._pixmaps) > MOST_PIXMAPS:
            self._pixmaps.clear()
        if key not in self._pixmaps:
            self._pixmaps[key] = draw_glyph(glyph, QColor(color), self.px(px), ratio)
        return self._pixmaps[key]

    def icon(self, glyph: str, token: str = "text2", px: int = 16) -> QIcon:
        """Return a glyph as an icon that greys out with its button."""
        icon = QIcon(self.pixmap(glyph, token, px))
        icon.addPixmap(self.pixmap(glyph, "text3", px), QIcon.Mode.Disabled)
        return icon

    def palette(self) -> QPalette:
        """Return the palette that the style and every plain widget paint with."""
        role = QPalette.ColorRole
        palette = QPalette()
        for key, token in (
            (role.Window, "app"),
            (role.WindowText, "text"),
            (role.Base, "surface"),
            (role.AlternateBase, "app"),
            (role.Text, "text"),
            (role.Button, "surface"),
            (role.ButtonText, "text"),
            (role.BrightText, "fail"),
            (role.Highlight, "accent"),
            (role.HighlightedText, "onAccent"),
            (role.Link, "accent"),
            (role.LinkVisited, "accent"),
            (role.PlaceholderText, "text3"),
            (role.ToolTipBase, "text"),
            (role.ToolTipText, "surface"),
            (role.Accent, "accent"),
            (role.Mid, "border"),
            (role.Dark, "borderS"),
            (role.Light, "raised"),
            (role.Midlight, "hover"),
        ):
            palette.setColor(key, self.color(token))
        palette.setColor(role.Shadow, QColor(0, 0, 0, 60))
        for key in (role.WindowText, role.Text, role.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, key, self.color("text3"))
        return palette
