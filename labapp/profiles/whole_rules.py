"""What the parts of a profile must be to each other."""

from __future__ import annotations

from collections.abc import Iterator

from labapp.model.text import Text
from labapp.profiles.addressing import first_addr, wire_addr
from labapp.profiles.explain import Mistake, did_you_mean
from labapp.profiles.formats import format_of
from labapp.profiles.freeze import state_id
from labapp.profiles.poll_plan import bus_use, plan_reads
from labapp.profiles.profile import Point, Profile, Variant
from labapp.profiles.schema import ExamplePart, ProfilePart

# Above this a serial line has no room left for writes and retries.
MOST_BUS_USE = 0.8


def part_mistakes(part: ProfilePart) -> list[Mistake]:
    """Return what is wrong between the parts; addresses first, as the rest stands on them."""
    return [
        *_ids(part),
        *_polls(part),
        *_addresses(part),
        *_states(part),
        *_safety(part),
        *_watchdog(part),
    ]


def profile_mistakes(part: ProfilePart, profile: Profile) -> list[Mistake]:
    """Return what is wrong with a profile whose parts fit: places, self-tests and the line's load."""
    return [*_readable(profile), *_overlaps(profile), *_examples(part, profile), *_budget(profile)]


def _ids(part: ProfilePart) -> Iterator[Mistake]:
    first: dict[str, int] = {}
    for index, point in enumerate(part.points):
        if point.id in first:
            yield Mistake("P401", ("points", index, "id"), Text(
                f"点 {point.id} 写了两次；每个点要有自己的 id。",
                f"There are two points {point.id}; each needs an id of its own.",
            ))  # fmt: skip
        first.setdefault(point.id, index)


def _polls(part: ProfilePart) -> Iterator[Mistake]:
    for index, point in enumerate(part.points):
        if point.poll not in part.polls:
            hint = did_you_mean(point.poll, part.polls)
            known = ", ".join(part.polls) or "-"
            yield Mistake("P402", ("points", index, "poll"), Text(
                f"没有叫 {point.poll} 的轮询组。{hint.zh or '已有：' + known.replace(', ', '、') + '。'}",
                f"There is no poll group {point.poll}.{hint.en or ' There are: ' + known + '.'}",
            ))  # fmt: skip


def _addresses(part: ProfilePart) -> Iterator[Mistake]:
    addressing = part.modbus.addressing
    for index, point in enumerate(part.points):
        if wire_addr(point.at.table, point.at.addr, addressing) is None:
            yield Mistake("P106", ("points", index, "at", "addr"), _not_an_addr(
                point.at.addr, point.at.table, first_addr(point.at.table, addressing), addressing
            ))  # fmt: skip
    for table, spans in part.modbus.readable.items():
        for index, span in enumerate(spans):
            wrong = [a for a in span if wire_addr(table, a, addressing) is None]
            if wrong:
                yield Mistake("P106", ("modbus", "readable", table, index), _not_an_addr(
                    wrong[0], table, first_addr(table, addressing), addressing
                ))  # fmt: skip


def _not_an_addr(addr: int, table: str, first: int, addressing: str) -> Text:
    return Text(
        f"按 {addressing}，{table} 里没有地址 {addr}；第一个是 {first}。",
        f"By {addressing}, {table} has no address {addr}; the first is {first}.",
    )


def _states(part: ProfilePart) -> Iterator[Mistake]:
    for index, point in enumerate(part.points):
        names = [] if point.enum is None else [state_id(w.en) for w in point.enum.values()]
        if len(set(names)) != len(names) or not all(name[:1].isalpha() for name in names):
            yield Mistake("P309", ("points", index, "enum"), Text(
                f"状态的英文名写成准则里的词是 {'、'.join(names)}；要各不相同，以字母开头。",
                f"As words of criteria the states are {', '.join(names)}; "
                "they have to differ and begin with a letter.",
            ))  # fmt: skip


def _safety(part: ProfilePart) -> Iterator[Mistake]:
    points = {point.id: point for point in part.points}
    for index, name in enumerate(part.safety.on_disconnect):
        loc = ("safety", "on_disconnect", index)
        point = points.get(name)
        if point is None:
            hint = did_you_mean(name, points)
            yield Mistake("P307", loc, Text(
                f"没有叫 {name} 的点。{hint.zh}", f"There is no point {name}.{hint.en}"
            ))  # fmt: skip
        elif point.write is None or point.write.safe is None:
            yield Mistake("P307", loc, Text(
                f"{name} 没有安全值；在它的 write 里写 safe。",
                f"{name} has no safe value; give it safe in its write.",
            ))  # fmt: skip
        elif name in part.safety.on_disconnect[:index]:
            yield Mistake("P307", loc, Text(f"{name} 写了两次。", f"{name} stands here twice."))


def _watchdog(part: ProfilePart) -> Iterator[Mistake]:
    said = part.safety.device_watchdog
    loc = ("safety", "device_watchdog")
    if said.point is None:
        return
    point = next((p for p in part.points if p.id == said.point), None)
    if point is None or point.access == "r" or point.at.bits is not None:
        hint = did_you_mean(said.point, [p.id for p in part.points if p.access != "r"])
        yield Mistake("P311", (*loc, "point"), Text(
            f"看门狗要写一个可写的整点，{said.point} 不是。{hint.zh}",
            f"A watchdog needs a whole point that can be written; {said.point} is none.{hint.en}",
        ))  # fmt: skip
    if said.period_ms < 1:
        yield Mistake("P311", (*loc, "period_ms"), Text(
            "写明看门狗的周期 period_ms，例如 1000。",
            "Give the watchdog its period_ms, like 1000.",
        ))  # fmt: skip


def _readable(profile: Profile) -> Iterator[Mistake]:
    tables = {table for table, _, _ in profile.modbus.readable}
    for index, point in enumerate(profile.points):
        if point.at.table not in tables or point.access == "w":
            continue
        last = point.at.addr + format_of(point, profile.modbus).registers - 1
        spans = [(lo, hi) for name, lo, hi in profile.modbus.readable if name == point.at.table]
        if not any(lo <= point.at.addr and last <= hi for lo, hi in spans):
            shown = ", ".join(f"{lo}..{hi}" for lo, hi in spans)
            yield Mistake("P403", ("points", index, "at", "addr"), Text(
                f"{point.id} 在 {point.at.addr}..{last}，"
                f"不在 readable 的 {point.at.table} 范围内（{shown}）。",
                f"{point.id} is at {point.at.addr}..{last}, outside the readable ranges of "
                f"{point.at.table} ({shown}).",
            ))  # fmt: skip


def _overlaps(profile: Profile) -> Iterator[Mistake]:
    """Two points may share a register only where one or both name their bits."""
    claimed: dict[tuple[str, int], list[Point]] = {}
    for index, point in enumerate(profile.points):
        told: set[str] = set()
        for addr in range(
            point.at.addr, point.at.addr + format_of(point, profile.modbus).registers
        ):
            others = claimed.setdefault((point.at.table, addr), [])
            for other in others:
                if _collide(point, other) and other.id not in told:
                    told.add(other.id)
                    yield Mistake("P405", ("points", index, "at", "addr"), Text(
                        f"{point.id} 和 {other.id} 都占 {point.at.table} {addr}；核对地址和类型。",
                        f"{point.id} and {other.id} both take {point.at.table} {addr}; "
                        "check addresses and types.",
                    ))  # fmt: skip
            others.append(point)


def _collide(one: Point, other: Point) -> bool:
    if (one.at.bits is None) != (other.at.bits is None):
        return False
    if one.at.bits is None or other.at.bits is None:
        return True
    return one.at.bits[0] <= other.at.bits[1] and other.at.bits[0] <= one.at.bits[1]


def _examples(part: ProfilePart, profile: Profile) -> Iterator[Mistake]:
    for index, (written, point) in enumerate(zip(part.points, profile.points, strict=True)):
        if written.example is None or point.at.type == "string":
            continue
        fault = _example_fault(written.example, point, profile)
        if fault is not None:
            yield Mistake("P601", ("points", index, "example"), fault)


def _example_fault(example: ExamplePart, point: Point, profile: Profile) -> Text | None:
    form = format_of(point, profile.modbus)
    if len(example.regs) != form.registers:
        return Text(
            f"{point.id} 占 {form.registers} 个寄存器，例子里写了 {len(example.regs)} 个。",
            f"{point.id} takes {form.registers} registers, the example has {len(example.regs)}.",
        )
    value = form.decode(example.regs).value
    if value == example.value:
        return None
    return Text(
        f"这些寄存器读出来是 {value}，不是 {example.value}；核对类型、字序和 scale。",
        f"These registers read as {value}, not {example.value}; check type, word order and scale.",
    )


def _budget(profile: Profile) -> Iterator[Mistake]:
    blocks = plan_reads(profile)
    for index, variant in enumerate(profile.transport.variants):
        if variant.link != "serial":
            continue
        use = _use(profile, variant)
        if use > MOST_BUS_USE:
            slowest = min(p.period_us for p in profile.points if p.period_us)
            group = next(n for n, ms in profile.polls if ms * 1000 == slowest)
            need_ms = _round_up(slowest / 1000 * use / MOST_BUS_USE)
            yield Mistake("P404", ("transport", "variants", index), Text(
                f"按 {variant.baud} 波特，{len(blocks)} 个读取要占总线 {use:.0%}，最多 {MOST_BUS_USE:.0%}；"
                f"把 polls 的 {group} 改成 {need_ms} 毫秒左右，或者提高波特率。",
                f"At {variant.baud} baud the {len(blocks)} reads take {use:.0%} of the line, "
                f"{MOST_BUS_USE:.0%} at most; set the poll group {group} to about {need_ms} ms, "
                "or raise the baud rate.",
            ))  # fmt: skip


def _use(profile: Profile, variant: Variant) -> float:
    bits = 1 + variant.bytesize + (variant.parity != "N") + variant.stopbits
    return bus_use(plan_reads(profile), variant.baud, bits_per_char=bits, gap_ms=variant.min_gap_ms)


def _round_up(ms: float) -> int:
    """Return a period that a person would write, at least ``ms``."""
    step = 10 ** max(1, len(str(int(ms))) - 2)
    return int(-(-ms // step) * step)
