"""The look of buttons, fields, tabs and bars: a small layer over Qt's Fusion style.

No style sheets: Qt wraps the style for them, and they do not follow a live change of theme.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QPen
from PySide6.QtWidgets import (
    QProxyStyle,
    QStyle,
    QStyleHintReturn,
    QStyleOption,
    QStyleOptionComplex,
    QWidget,
)

from labapp.ui.style_sizes import (
    CONTROL_RADIUS,
    METRICS,
    button_size,
    field_size,
    scroll_bar_part,
)
from labapp.ui.theme import Theme

_State = QStyle.StateFlag
_Primitive = QStyle.PrimitiveElement
_Control = QStyle.ControlElement
_NO_COLOR = QColor(0, 0, 0, 0)
_HINTS = {
    QStyle.StyleHint.SH_EtchDisabledText: 0,
    QStyle.StyleHint.SH_TabBar_ElideMode: int(Qt.TextElideMode.ElideNone.value),
}


def _kind(widget: QWidget | None, otherwise: str) -> str:
    kind = widget.property("kind") if widget is not None else None
    return kind if isinstance(kind, str) else otherwise


class LabStyle(QProxyStyle):
    """Paints with the theme's tokens. Keep a reference: Qt owns the style, Python must too."""

    def __init__(self, theme: Theme) -> None:
        super().__init__("Fusion")
        self._theme = theme

    def pixelMetric(
        self,
        metric: QStyle.PixelMetric,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
    ) -> int:
        """Return the lab's own sizes, and Fusion's for the rest."""
        own = METRICS.get(metric)
        return own if own is not None else super().pixelMetric(metric, option, widget)

    def styleHint(
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        returned: QStyleHintReturn | None = None,
    ) -> int:
        """Return Fusion's hints, without etched text and without elided tabs."""
        own = _HINTS.get(hint)
        return own if own is not None else super().styleHint(hint, option, widget, returned)

    def sizeFromContents(
        self,
        kind: QStyle.ContentsType,
        option: QStyleOption,
        size: QSize,
        widget: QWidget | None = None,
    ) -> QSize:
        """Return room for the lab's paddings; controls are 28 (dense) or 34 high."""
        base = super().sizeFromContents(kind, option, size, widget)  # type: ignore[arg-type]
        match kind:
            case QStyle.ContentsType.CT_PushButton:
                return button_size(base, widget, self._theme)
            case QStyle.ContentsType.CT_ToolButton:
                low = self._theme.px(28)
                if _is(widget, "tight"):
                    return QSize(self._theme.px(24), self._theme.px(24))
                return QSize(max(base.width() + 4, low), max(low, base.height()))
            case (
                QStyle.ContentsType.CT_LineEdit
                | QStyle.ContentsType.CT_ComboBox
                | QStyle.ContentsType.CT_SpinBox
            ):
                return field_size(base, self._theme)
            case _:
                return base

    def drawPrimitive(
        self,
        element: QStyle.PrimitiveElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        """Paint button faces, focus rings, field frames, ticks; leave the rest to Fusion."""
        own: dict[Any, Callable[[QStyleOption, QPainter, QWidget | None], None]] = {
            _Primitive.PE_PanelButtonCommand: self._button_face,
            _Primitive.PE_PanelButtonTool: self._button_face,
            _Primitive.PE_FrameFocusRect: self._focus_ring,
            _Primitive.PE_PanelLineEdit: self._field,
            _Primitive.PE_FrameLineEdit: self._field,
            _Primitive.PE_IndicatorCheckBox: self._check_box,
            _Primitive.PE_IndicatorRadioButton: self._radio_button,
            _Primitive.PE_Frame: lambda *_: None,
        }
        draw = own.get(element)
        if draw is None:
            super().drawPrimitive(element, option, painter, widget)
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw(option, painter, widget)
        painter.restore()

    def drawControl(
        self,
        element: QStyle.ControlElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        """Paint tabs and progress bars; give button texts their colours."""
        match element:
            case _Control.CE_PushButtonLabel:
                self._color_button_text(option, widget)
                super().drawControl(element, option, painter, widget)
            case _Control.CE_TabBarTabShape:
                self._tab_shape(option, painter)
            case _Control.CE_TabBarTabLabel:
                self._tab_label(option, painter)
            case _Control.CE_ProgressBarGroove:
                self._bar(painter, QRectF(_rect(option)), "sunken")
            case _Control.CE_ProgressBarContents:
                self._progress(option, painter, widget)
            case _Control.CE_Splitter:
                pass
            case _:
                super().drawControl(element, option, painter, widget)

    def drawComplexControl(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        """Paint scroll bars as one rounded thumb, and combo boxes like fields."""
        if control == QStyle.ComplexControl.CC_ScrollBar:
            thumb = scroll_bar_part(option, QStyle.SubControl.SC_ScrollBarSlider)
            if thumb is not None and _attr(option, "maximum") > _attr(option, "minimum"):
                box = QRectF(thumb).adjusted(2, 2, -2, -2)
                self._bar(painter, box, "borderS", 150)
        elif control == QStyle.ComplexControl.CC_ComboBox:
            self._combo_box(option, painter, widget)
        else:
            super().drawComplexControl(control, option, painter, widget)

    def subControlRect(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        part: QStyle.SubControl,
        widget: QWidget | None = None,
    ) -> QRect:
        """Return where parts stand; scroll bars have no arrows."""
        if control == QStyle.ComplexControl.CC_ScrollBar:
            own = scroll_bar_part(option, part)
            if own is not None:
                return own
        if part == QStyle.SubControl.SC_ComboBoxEditField and _is(widget, "tight"):
            return _rect(option).adjusted(6, 0, 0, 0)
        if part == QStyle.SubControl.SC_ComboBoxEditField:
            own = super().subControlRect(control, option, part, widget)  # type: ignore[arg-type]
            return own.adjusted(4, 0, 0, 0)
        return super().subControlRect(control, option, part, widget)  # type: ignore[arg-type]

    def _face_colors(self, option: QStyleOption, widget: QWidget | None) -> tuple[QColor, QColor]:
        state, color = _state(option), self._theme.color
        is_tool = _type_name(option) == "QStyleOptionToolButton"
        kind = _kind(widget, "ghost" if is_tool else "default")
        is_on = bool(state & _State.State_On)
        is_hot = bool(state & (_State.State_MouseOver | _State.State_Sunken))
        enabled = bool(state & _State.State_Enabled)
        match kind:
            case "primary":
                fill = color("sunken" if not enabled else "accentH" if is_hot else "accent")
                return fill, fill
            case "danger":
                return color("failBg" if is_hot else "surface"), color(
                    "fail" if enabled else "border"
                )
            case "ghost":
                fill = color("select") if is_on else color("hover") if is_hot else _NO_COLOR
                return fill if enabled or is_on else _NO_COLOR, _NO_COLOR
            case _:
                fill = color("select" if is_on else "hover" if is_hot and enabled else "surface")
                return fill, color("border" if not enabled else "accent" if is_on else "borderB")

    def _button_face(self, option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
        fill, edge = self._face_colors(option, widget)
        painter.setBrush(fill)
        painter.setPen(QPen(edge, 1) if edge.alpha() else Qt.PenStyle.NoPen)
        box = QRectF(_rect(option)).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, CONTROL_RADIUS, CONTROL_RADIUS)

    def _focus_ring(self, option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
        box = QRectF(widget.rect() if widget is not None and _is_button(widget) else _rect(option))
        inner = _kind(widget, "") == "primary"
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._theme.color("accent"), 2))
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), CONTROL_RADIUS, CONTROL_RADIUS)
        if inner:  # on an accent face the ring alone would not be seen
            painter.setPen(QPen(self._theme.color("onAccent"), 1.5))
            painter.drawRoundedRect(box.adjusted(3, 3, -3, -3), 4, 4)

    def _field(self, option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
        """A frame; none around a quiet field until it is pointed at, and a plain tag is only read."""
        state, color = _state(option), self._theme.color
        focused = bool(state & _State.State_HasFocus)
        enabled = bool(state & _State.State_Enabled)
        edge = color("accent" if focused else "borderS" if enabled else "border")
        fill = color("surface" if enabled else "app")
        if _is(widget, "tag"):
            edge, fill = _NO_COLOR, color("sunken")
        elif _is(widget, "quiet") and not focused:
            hot = bool(state & _State.State_MouseOver) and not bool(state & _State.State_ReadOnly)
            edge, fill = (color("border"), color("hover")) if hot else (_NO_COLOR, _NO_COLOR)
        painter.setPen(QPen(edge, 2 if focused else 1) if edge.alpha() else Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        box = QRectF(_rect(option)).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(box, CONTROL_RADIUS, CONTROL_RADIUS)

    def _combo_box(self, option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._field(option, painter, widget)
        if not _is(widget, "tag"):
            enabled = bool(_state(option) & _State.State_Enabled)
            chevron = self._theme.pixmap("chevron-down", "text2" if enabled else "text3", 16)
            rect, side = _rect(option), self._theme.px(16)
            gap = 3 if _is(widget, "tight") else 6
            top = rect.center().y() - side // 2 + 1
            painter.drawPixmap(rect.right() - side - gap, top, chevron)
        painter.restore()

    def _check_box(self, option: QStyleOption, painter: QPainter, _widget: QWidget | None) -> None:
        box = QRectF(_rect(option)).adjusted(1, 1, -1, -1)
        is_on = bool(_state(option) & _State.State_On)
        self._indicator(painter, is_on, bool(_state(option) & _State.State_Enabled))
        painter.drawRoundedRect(box, 4, 4)
        if is_on:
            painter.drawPixmap(box.toRect(), self._theme.pixmap("check-bold", "onAccent", 14))

    def _radio_button(
        self, option: QStyleOption, painter: QPainter, _widget: QWidget | None
    ) -> None:
        box = QRectF(_rect(option)).adjusted(1, 1, -1, -1)
        is_on = bool(_state(option) & _State.State_On)
        self._indicator(painter, is_on, bool(_state(option) & _State.State_Enabled))
        painter.drawEllipse(box)
        if is_on:
            third = box.width() / 3.2
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("onAccent"))
            painter.drawEllipse(box.adjusted(third, third, -third, -third))

    def _indicator(self, painter: QPainter, is_on: bool, enabled: bool) -> None:
        color = self._theme.color
        on_fill = color("accent" if enabled else "text3")
        painter.setBrush(on_fill if is_on else color("surface"))
        painter.setPen(QPen(on_fill if is_on else color("borderS"), 1.5))

    def _color_button_text(self, option: QStyleOption, widget: QWidget | None) -> None:
        enabled = bool(_state(option) & _State.State_Enabled)
        token = {"primary": "onAccent", "danger": "fail"}.get(_kind(widget, ""), "text")
        role = QPalette.ColorRole.ButtonText
        palette = QPalette(_attr(option, "palette"))
        palette.setColor(role, self._theme.color(token if enabled else "text3"))
        option.palette = palette

    def _tab_shape(self, option: QStyleOption, painter: QPainter) -> None:
        if _state(option) & _State.State_Selected:
            rect = _rect(option)
            line = QRect(rect.left() + 10, rect.bottom() - 2, rect.width() - 20, 3)
            painter.fillRect(line, self._theme.color("accent"))

    def _tab_label(self, option: QStyleOption, painter: QPainter) -> None:
        is_selected = bool(_state(option) & _State.State_Selected)
        enabled = bool(_state(option) & _State.State_Enabled)
        painter.save()
        painter.setFont(self._theme.font(bold=is_selected))
        token = "accent" if is_selected else "text2" if enabled else "text3"
        painter.setPen(self._theme.color(token))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextShowMnemonic
        painter.drawText(_rect(option), int(flags), str(_attr(option, "text")))
        if _state(option) & _State.State_HasFocus:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._focus_ring(option, painter, None)
        painter.restore()

    def _progress(self, option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
        low, high = _attr(option, "minimum"), _attr(option, "maximum")
        share = (_attr(option, "progress") - low) / max(1, high - low)
        if share <= 0:
            return
        box = QRectF(_rect(option))
        box.setWidth(max(box.height(), box.width() * share))
        tone = widget.property("tone") if widget is not None else None
        self._bar(painter, box, tone if isinstance(tone, str) else "accent")

    def _bar(self, painter: QPainter, box: QRectF, token: str, alpha: int = 255) -> None:
        radius = min(box.height(), box.width()) / 2
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color(token, alpha))
        painter.drawRoundedRect(box, radius, radius)
        painter.restore()


def _attr(option: QStyleOption, name: str) -> Any:
    # PySide types every option as its base class; the fields are those of the real one.
    return getattr(option, name)


def _rect(option: QStyleOption) -> QRect:
    rect: QRect = _attr(option, "rect")
    return rect


def _state(option: QStyleOption) -> QStyle.StateFlag:
    state: QStyle.StateFlag = _attr(option, "state")
    return state


def _type_name(option: QStyleOption) -> str:
    return type(option).__name__


def _is(widget: QWidget | None, property_name: str) -> bool:
    return widget is not None and widget.property(property_name) is True


def _is_button(widget: QWidget) -> bool:
    return widget.inherits("QAbstractButton") and not widget.inherits("QRadioButton")
