"""How large the parts of controls are: spacings 4, 8, 12, 16, 24; controls 28 or 34 high."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QStyle, QStyleOptionComplex, QWidget

from labapp.ui.theme import Theme

CONTROL_RADIUS = 6
CARD_RADIUS = 8
DENSE_PX, NORMAL_PX = 28, 34
_Metric = QStyle.PixelMetric
METRICS: dict[QStyle.PixelMetric, int] = {
    _Metric.PM_ScrollBarExtent: 10,
    _Metric.PM_SplitterWidth: 8,
    _Metric.PM_DefaultFrameWidth: 1,
    _Metric.PM_ButtonShiftHorizontal: 0,
    _Metric.PM_ButtonShiftVertical: 0,
    _Metric.PM_LayoutHorizontalSpacing: 8,
    _Metric.PM_LayoutVerticalSpacing: 8,
    _Metric.PM_SmallIconSize: 16,
    _Metric.PM_ButtonIconSize: 16,
    _Metric.PM_TabBarTabHSpace: 28,
    _Metric.PM_TabBarTabVSpace: 14,
    _Metric.PM_TabBarBaseHeight: 0,
    _Metric.PM_TabBarBaseOverlap: 0,
    _Metric.PM_FocusFrameHMargin: 3,
    _Metric.PM_IndicatorWidth: 18,
    _Metric.PM_IndicatorHeight: 18,
    _Metric.PM_ExclusiveIndicatorWidth: 18,
    _Metric.PM_ExclusiveIndicatorHeight: 18,
    _Metric.PM_RadioButtonLabelSpacing: 10,
    _Metric.PM_CheckBoxLabelSpacing: 10,
}
_SHORTEST_THUMB_PX = 28


def button_size(base: QSize, widget: QWidget | None, theme: Theme) -> QSize:
    """Return the size of a push button from the size of its content."""
    dense = bool(widget is not None and widget.property("dense"))
    low = theme.px(DENSE_PX if dense else NORMAL_PX)
    width = base.width() + (4 if dense else 14)
    return QSize(width if dense else max(width, theme.px(64)), max(low, DENSE_PX))


def field_size(base: QSize, theme: Theme) -> QSize:
    """Return the size of a field: as high as a dense button at least, with room for a chevron."""
    return QSize(base.width() + 12, max(theme.px(30), base.height()))


def scroll_bar_part(option: QStyleOptionComplex, part: QStyle.SubControl) -> QRect | None:
    """Return where a part of an arrowless scroll bar stands, ``None`` for parts left to Fusion."""
    bar: Any = option
    rect: QRect = bar.rect
    lies = bar.orientation == Qt.Orientation.Horizontal
    length = rect.width() if lies else rect.height()
    span = bar.maximum - bar.minimum
    size = length
    if span > 0:
        size = min(
            length, max(_SHORTEST_THUMB_PX, int(length * bar.pageStep / (span + bar.pageStep)))
        )
    at = 0
    if span > 0:
        at = int((length - size) * (bar.sliderPosition - bar.minimum) / span)

    def along(start: int, extent: int) -> QRect:
        if lies:
            return QRect(rect.x() + start, rect.y(), extent, rect.height())
        return QRect(rect.x(), rect.y() + start, rect.width(), extent)

    control = QStyle.SubControl
    match part:
        case control.SC_ScrollBarAddLine | control.SC_ScrollBarSubLine:
            return QRect()
        case control.SC_ScrollBarGroove:
            return QRect(rect)
        case control.SC_ScrollBarSlider:
            return along(at, size)
        case control.SC_ScrollBarSubPage:
            return along(0, at)
        case control.SC_ScrollBarAddPage:
            return along(at + size, length - at - size)
        case _:
            return None
