"""Language, look, text size, motion, and who sits here; every change shows at once."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QDialog, QWidget

from labapp.app.settings import TEXT_PERCENTS, Settings
from labapp.model.text import Text, same
from labapp.ui.look import Look
from labapp.ui.theme import CAPTION, H2
from labapp.ui.widgets.buttons import Button
from labapp.ui.widgets.fields import Field, Segments
from labapp.ui.widgets.labels import Label
from labapp.ui.widgets.layout import STRETCH, column, row
from labapp.ui.widgets.panels import Line

TITLE = Text("设置", "Settings")
LANGUAGES = (("zh", same("中文")), ("en", same("English")))
THEMES = (
    ("auto", Text("跟随系统", "System")),
    ("light", Text("浅色", "Light")),
    ("dark", Text("深色", "Dark")),
)
CALM = Text("减少动画", "Reduce motion")


class SettingsDialog(QDialog):
    """Shown with ``open()``. ``changed`` carries the settings that were changed, by name."""

    changed = Signal(dict)

    def __init__(self, look: Look, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.lang = Segments(look, Text("语言", "Language"), LANGUAGES)
        self.theme = Segments(look, Text("外观", "Appearance"), THEMES)
        sizes = [(str(percent), same(f"{percent} %")) for percent in TEXT_PERCENTS]
        self.text_size = Segments(look, Text("字号", "Text size"), sizes)
        self.calm = QCheckBox()
        self.student = Field(
            look, Text("姓名", "Name"), Text("写进成绩和报告", "Goes into grades and reports")
        )
        self.seat = Field(look, Text("机位", "Seat"), same("12"))
        for field in (self.student, self.seat):
            field.setMaxLength(40)
        self.done_button = Button(look, Text("完成", "Done"), "primary")
        self.done_button.setDefault(True)
        self._fill(settings)
        self._lay_out()
        self._bind()
        self.reword()

    def _fill(self, settings: Settings) -> None:
        self.lang.choose(settings.lang)
        self.theme.choose(settings.theme)
        self.text_size.choose(str(settings.text_percent))
        self.calm.setChecked(settings.reduce_motion)
        self.student.setText(settings.student)
        self.seat.setText(settings.seat)

    def _lay_out(self) -> None:
        look = self._look
        seat_width = look.theme.px(110)
        self.seat.setFixedWidth(seat_width)
        who = row((self.student, 1), Label(look, Text("机位", "Seat")), self.seat)
        lines = (
            (Text("姓名", "Name"), who),
            (Text("语言", "Language"), row(self.lang, STRETCH)),
            (Text("外观", "Appearance"), row(self.theme, STRETCH)),
            (Text("字号", "Text size"), row(self.text_size, STRETCH)),
            (Text("动画", "Motion"), row(self.calm, STRETCH)),
        )
        self._captions = [Label(look, text, tone="text2") for text, _ in lines]
        body = [
            row(c, (line, 1), gap=16) for c, (_, line) in zip(self._captions, lines, strict=True)
        ]
        note = Label(
            look,
            Text(
                "改动马上生效，并保存在这台电脑上。",
                "Changes apply at once and are kept on this PC.",
            ),
            CAPTION,
            tone="text2",
            wrap=True,
        )
        self.setLayout(
            column(
                Label(look, TITLE, H2, bold=True),
                Line(look),
                *body,
                Line(look),
                row((note, 1), self.done_button, gap=16),
                margins=(24, 20, 24, 20),
                gap=16,
            )
        )

    def _bind(self) -> None:
        self.lang.picked.connect(self._pick_lang)
        self.theme.picked.connect(self._pick_theme)
        self.text_size.picked.connect(self._pick_size)
        self.calm.toggled.connect(self._pick_calm)
        self.student.editingFinished.connect(self._pick_who)
        self.seat.editingFinished.connect(self._pick_who)
        self.done_button.clicked.connect(self.accept)
        self.finished.connect(self._pick_who)
        self._look.say.changed.connect(self.reword)
        self._look.theme.changed.connect(self.reword)

    def focus_name(self) -> None:
        """Put the cursor into the name."""
        self.student.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def reword(self) -> None:
        """Show everything in the current language and look."""
        self.setWindowTitle(self._look.say(TITLE))
        self.calm.setText(self._look.say(CALM))
        self.calm.setFont(self._look.theme.font())
        width = max(caption.sizeHint().width() for caption in self._captions)
        for caption in self._captions:
            caption.setMinimumWidth(width)
        self.updateGeometry()

    def _tell(self, **changes: Any) -> None:
        self.changed.emit(changes)

    @Slot(str)
    def _pick_lang(self, key: str) -> None:
        self._tell(lang=key)

    @Slot(str)
    def _pick_theme(self, key: str) -> None:
        self._tell(theme=key)

    @Slot(str)
    def _pick_size(self, key: str) -> None:
        self._tell(text_percent=int(key))

    @Slot(bool)
    def _pick_calm(self, on: bool) -> None:
        self._tell(reduce_motion=on)

    @Slot()
    def _pick_who(self) -> None:
        self._tell(student=self.student.text().strip(), seat=self.seat.text().strip())
