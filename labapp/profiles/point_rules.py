"""What the parts of a profile may not say together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labapp.model.text import Text
from labapp.model.units import ALIASES, UNITS
from labapp.profiles.explain import Mistake, did_you_mean, show
from labapp.profiles.profile import BIT_TABLES

if TYPE_CHECKING:
    from labapp.profiles.schema import (
        AtPart,
        ModbusPart,
        PointPart,
        TransportPart,
        VariantPart,
        WritePart,
    )

_WRITE_TABLES: dict[str, frozenset[str]] = {
    "fc5": frozenset({"coil"}),
    "fc15": frozenset({"coil"}),
    "fc6": frozenset({"holding"}),
    "fc16": frozenset({"holding"}),
    "rmw": frozenset({"holding"}),
    "mask": frozenset({"holding"}),
}


def variant_mistakes(part: VariantPart) -> list[Mistake]:
    """Return what is wrong with one way to reach the kit."""
    found = []
    if part.link == "serial" and part.framing == "mbap":
        found.append(_mistake("P102", ("framing",), Text(
            "串口上没有 mbap；写 framing: rtu，或者 link: tcp。",
            "A serial line has no mbap; write framing: rtu, or link: tcp.",
        )))  # fmt: skip
    if part.link == "serial" and part.port is not None:
        found.append(_mistake("P102", ("port",), Text(
            "port 是网络端口，串口没有；删掉它，或者写 link: tcp。",
            "port is a network port, which a serial line has not; remove it, or write link: tcp.",
        )))  # fmt: skip
    return found


def transport_mistakes(part: TransportPart) -> list[Mistake]:
    """Return what is wrong with the times of a transport."""
    if 20 <= part.timeout_ms <= 30_000:
        return []
    return [_mistake("P104", ("timeout_ms",), Text(
        f"timeout_ms 是 {part.timeout_ms}，要在 20 到 30000 毫秒之间。",
        f"timeout_ms is {part.timeout_ms}; it has to be 20 to 30000 ms.",
    ))]  # fmt: skip


def modbus_mistakes(part: ModbusPart) -> list[Mistake]:
    """Return what is wrong with what holds for the whole map."""
    found = []
    if not 1 <= part.unit <= 247:
        found.append(_mistake("P105", ("unit",), Text(
            f"从站地址 {part.unit} 不行；要在 1 到 247 之间（0 是广播，248 以上保留）。",
            f"Unit {part.unit} does not fit; it has to be 1 to 247 (0 is broadcast, 248 up reserved).",
        )))  # fmt: skip
    for table, spans in part.readable.items():
        for index, (low, high) in enumerate(spans):
            if low > high:
                found.append(_mistake("P204", ("readable", table, index), Text(
                    f"[{low}, {high}] 的次序反了；先写小的地址。",
                    f"[{low}, {high}] is the wrong way round; write the lower address first.",
                )))  # fmt: skip
    return found


def place_mistakes(part: AtPart) -> list[Mistake]:
    """Return what is wrong with where a point stands."""
    found = []
    is_bit = part.table in BIT_TABLES
    if is_bit and part.type != "bool":
        found.append(_mistake("P201", ("type",), Text(
            f"{part.table} 里只有位；写 type: bool，或者换成 holding、input。",
            f"{part.table} holds bits only; write type: bool, or use holding or input.",
        )))  # fmt: skip
    if is_bit and part.bits is not None:
        found.append(_mistake("P203", ("bits",), Text(
            f"{part.table} 的一个地址就是一个位，不写 bits。",
            f"One address of {part.table} is one bit; leave bits out.",
        )))  # fmt: skip
    if not is_bit and part.type == "bool" and part.bits is None:
        found.append(_mistake("P202", ("type",), Text(
            "寄存器里的 bool 要说明是哪一位；加上 bits: [n, n]。",
            "A bool in a register needs to say which bit; add bits: [n, n].",
        )))  # fmt: skip
    found += _length_mistakes(part)
    return found + ([] if is_bit else _bits_mistakes(part))


def _length_mistakes(part: AtPart) -> list[Mistake]:
    if part.type == "string" and part.length is None:
        return [_mistake("P202", ("type",), Text(
            "string 要写 length（占几个寄存器）。",
            "A string needs length, the number of registers it takes.",
        ))]  # fmt: skip
    if part.type != "string" and part.length is not None:
        return [_mistake("P202", ("length",), Text(
            f"只有 string 才写 length；{part.type} 的长度是定的。",
            f"Only a string has length; that of {part.type} is fixed.",
        ))]  # fmt: skip
    return []


def _bits_mistakes(part: AtPart) -> list[Mistake]:
    if part.bits is None:
        return []
    low, high = part.bits
    if not 0 <= low <= high <= 15:
        return [_mistake("P203", ("bits",), Text(
            f"bits 是 [{low}, {high}]；要写 [低, 高]，都在 0 到 15 之间。",
            f"bits is [{low}, {high}]; write [low, high], both from 0 to 15.",
        ))]  # fmt: skip
    if part.type not in ("bool", "uint16"):
        return [_mistake("P203", ("type",), Text(
            f"bits 只取一个寄存器里的位；type 写 uint16 或 bool，不是 {part.type}。",
            f"bits are of one register; write type uint16 or bool, not {part.type}.",
        ))]  # fmt: skip
    if part.type == "bool" and low != high:
        return [_mistake("P203", ("bits",), Text(
            f"bool 是一个位，[{low}, {high}] 是 {high - low + 1} 个；写 [n, n]，或者 type: uint16。",
            f"A bool is one bit, [{low}, {high}] are {high - low + 1}; write [n, n], or type: uint16.",
        ))]  # fmt: skip
    return []


def point_mistakes(part: PointPart) -> list[Mistake]:
    """Return what is wrong with one point."""
    found = []
    if part.scale == 0:
        found.append(_mistake("P301", ("scale",), Text(
            "scale 不能是 0；没有换算就删掉它。",
            "scale must not be 0; leave it out where nothing is scaled.",
        )))  # fmt: skip
    if part.unit not in UNITS:
        found.append(_mistake("P302", ("unit",), _unknown_unit(part.unit)))
    if part.range is not None and part.range[0] >= part.range[1]:
        found.append(_mistake("P308", ("range",), Text(
            "range 要写 [小, 大]。", "range has to be [low, high].",
        )))  # fmt: skip
    return found + _state_mistakes(part) + _access_mistakes(part)


def _unknown_unit(unit: str) -> Text:
    if unit in ALIASES:
        return Text(
            f"单位表里没有 {show(unit)}；写 {ALIASES[unit]}。",
            f"The table of units has no {show(unit)}; write {ALIASES[unit]}.",
        )
    hint = did_you_mean(unit, UNITS)
    return Text(
        f"单位表里没有 {show(unit)}。{hint.zh or '没有单位时写 1。'}",
        f"The table of units has no {show(unit)}.{hint.en or ' Where there is no unit, write 1.'}",
    )


def _state_mistakes(part: PointPart) -> list[Mistake]:
    if part.enum is None:
        return []
    found = []
    codes = sorted(part.enum)
    if codes != list(range(len(codes))):
        found.append(_mistake("P309", ("enum",), Text(
            f"enum 的代码要从 0 连着写；现在是 {codes}。没有用到的也给个名称。",
            f"The codes of enum have to be 0, 1, 2 and so on; they are {codes}. Name unused ones too.",
        )))  # fmt: skip
    if part.at.type == "bool" and len(codes) != 2:
        found.append(_mistake("P309", ("enum",), Text(
            "bool 只有 0 和 1 两个状态。", "A bool has the two states 0 and 1.",
        )))  # fmt: skip
    if part.at.type in ("float32", "float64", "string") or part.scale != 1 or part.offset != 0:
        found.append(_mistake("P309", ("enum",), Text(
            "状态是整数代码；带 enum 的点用整数类型，不写 scale 和 offset。",
            "States are whole codes; a point with enum has a whole type, no scale and no offset.",
        )))  # fmt: skip
    names = [words.en.strip().lower() for words in part.enum.values()]
    if len(set(names)) != len(names):
        found.append(_mistake("P309", ("enum",), Text(
            "两个状态的英文名一样；准则和规则靠它区分，取不同的名称。",
            "Two states have the same English name; criteria tell them apart by it. Name them differently.",
        )))  # fmt: skip
    return found


def _access_mistakes(part: PointPart) -> list[Mistake]:
    if part.access == "r":
        return [] if part.write is None else [_mistake("P304", ("write",), Text(
            "只读的点没有 write；写上 access: rw，或者删掉 write。",
            "A point that is only read has no write; add access: rw, or remove write.",
        ))]  # fmt: skip
    if part.at.table in ("input", "discrete"):
        return [_mistake("P303", ("access",), Text(
            f"{part.at.table} 只能读；可写的点在 coil 或 holding 里。",
            f"{part.at.table} can only be read; points to write are in coil or holding.",
        ))]  # fmt: skip
    if part.write is None:
        return [_mistake("P304", ("access",), Text(
            "可写的点要有 write（限值、核对时间、安全值）。",
            "A point that is written needs write: its limits, time to verify and safe value.",
        ))]  # fmt: skip
    if part.at.type == "string":
        return [_mistake("P304", ("access",), Text(
            "文字点只能读；写 access: r。", "A text point can only be read; write access: r.",
        ))]  # fmt: skip
    return _write_mistakes(part, part.write)


def _write_mistakes(part: PointPart, write: WritePart) -> list[Mistake]:
    low, high = limits_of(part)
    if low is None or high is None:
        return [_mistake("P305", ("write",), Text(
            "可写的数值要有 min 和 max。", "A number that is written needs min and max.",
        ))]  # fmt: skip
    found = []
    if low > high:
        found.append(_mistake("P305", ("write", "min"), Text(
            f"min {low:g} 大于 max {high:g}。", f"min {low:g} is above max {high:g}.",
        )))  # fmt: skip
    if write.safe is not None and not low <= write.safe <= high:
        found.append(_mistake("P306", ("write", "safe"), Text(
            f"安全值 {write.safe:g} 不在 {low:g}..{high:g} 之内。",
            f"The safe value {write.safe:g} is outside {low:g}..{high:g}.",
        )))  # fmt: skip
    tables = _WRITE_TABLES.get(write.method)
    if tables is not None and part.at.table not in tables:
        found.append(_mistake("P310", ("write", "method"), Text(
            f"{write.method} 写不了 {part.at.table}；写 method: auto。",
            f"{write.method} cannot write {part.at.table}; write method: auto.",
        )))  # fmt: skip
    return found + _method_mistakes(part, write)


def _method_mistakes(part: PointPart, write: WritePart) -> list[Mistake]:
    has_bits = part.at.bits is not None
    if write.method == "rmw" and part.access == "w":
        return [_mistake("P310", ("write", "method"), Text(
            "rmw 要先读；access 写 rw，或者 method: mask。",
            "rmw reads first; write access: rw, or method: mask.",
        ))]  # fmt: skip
    if has_bits and write.method in ("fc6", "fc16"):
        return [_mistake("P310", ("write", "method"), Text(
            f"{write.method} 会冲掉同一寄存器的其他位；写 rmw 或 mask。",
            f"{write.method} would overwrite the register's other bits; write rmw or mask.",
        ))]  # fmt: skip
    if not has_bits and write.method in ("rmw", "mask"):
        return [_mistake("P310", ("write", "method"), Text(
            f"{write.method} 只用于带 bits 的点；写 method: auto。",
            f"{write.method} is for points with bits; write method: auto.",
        ))]  # fmt: skip
    if write.method == "fc6" and part.at.type not in ("int16", "uint16"):
        return [_mistake("P310", ("write", "method"), Text(
            f"fc6 只写一个寄存器，{part.at.type} 不止一个；写 method: auto。",
            f"fc6 writes one register, {part.at.type} takes more; write method: auto.",
        ))]  # fmt: skip
    return []


def limits_of(part: PointPart) -> tuple[float | None, float | None]:
    """Return the least and greatest value that may be written; of states, their codes."""
    write = part.write
    low = None if write is None else write.min
    high = None if write is None else write.max
    if part.enum is not None or part.at.type == "bool":
        top = float(len(part.enum) - 1) if part.enum is not None else 1.0
        return (0.0 if low is None else low, top if high is None else high)
    return low, high


def _mistake(code: str, loc: tuple[str | int, ...], text: Text) -> Mistake:
    return Mistake(code, loc, text)
