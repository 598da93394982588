"""Which reads fetch a kit's points: as few as the map, its limits and its refusals allow."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from labapp.profiles.profile import BIT_TABLES, ModbusMap, Point, Profile, Table
from labapp.wire.values import REGISTERS

Address = tuple[Table, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One read of ``count`` bits or registers, and the points that stand in it.

    ``period_us`` 0 is read once after each connecting.
    """

    table: Table
    addr: int
    count: int
    period_us: int
    points: tuple[Point, ...]

    @property
    def end(self) -> int:
        """The address after the last."""
        return self.addr + self.count

    def addresses_of(self, point: Point) -> range:
        """Return the addresses that ``point`` takes."""
        return range(point.at.addr, point.at.addr + registers_of(point))

    def words_of(self, point: Point, words: Sequence[int]) -> list[int]:
        """Return the words of ``point`` out of those of the whole block."""
        start = point.at.addr - self.addr
        return list(words[start : start + registers_of(point)])


def registers_of(point: Point) -> int:
    """Return how many registers (or bits of a bit table) a point takes."""
    return point.at.length or REGISTERS[point.at.type]


def plan_reads(
    profile: Profile,
    *,
    refused: Collection[Address] = (),
    alone: Collection[str] = (),
    without: Collection[str] = (),
) -> tuple[Block, ...]:
    """Return the reads of a kit, fastest group first, then by table and address.

    Neighbours of one table and period are joined where the hole is at most ``max_gap``, the
    block stays within ``max_read`` and one ``readable`` range, and no ``refused`` address
    lies in it. Points of ``alone`` stand by themselves, those of ``without`` are left out.
    No value is ever split.
    """
    readable = [p for p in profile.points if p.access != "w" and p.id not in without]
    groups: dict[tuple[int, Table], list[Point]] = {}
    for point in readable:
        groups.setdefault((point.period_us, point.at.table), []).append(point)
    ordered = sorted(groups, key=lambda key: (key[0] == 0, *key))
    return tuple(
        block
        for key in ordered
        for block in _join(groups[key], profile.modbus, frozenset(refused), frozenset(alone))
    )


def _join(
    points: Iterable[Point], modbus: ModbusMap, refused: frozenset[Address], alone: frozenset[str]
) -> list[Block]:
    blocks: list[list[Point]] = []
    for point in sorted(points, key=lambda p: (p.at.addr, p.id)):
        if blocks and _fits(blocks[-1], point, modbus, refused, alone):
            blocks[-1].append(point)
        else:
            blocks.append([point])
    return [_block(inside) for inside in blocks]


def _fits(
    inside: list[Point],
    point: Point,
    modbus: ModbusMap,
    refused: frozenset[Address],
    alone: frozenset[str],
) -> bool:
    start, end = inside[0].at.addr, max(_end(p) for p in inside)
    table, limit = point.at.table, _limit(point.at.table, modbus)
    if point.id in alone or inside[-1].id in alone:
        return False
    if point.at.addr - end > modbus.max_gap or max(end, _end(point)) - start > limit:
        return False
    if _range(modbus, table, start) != _range(modbus, table, point.at.addr):
        return False
    return not any((table, addr) in refused for addr in range(end, point.at.addr))


def _block(points: list[Point]) -> Block:
    start = points[0].at.addr
    end = max(_end(p) for p in points)
    return Block(
        table=points[0].at.table,
        addr=start,
        count=end - start,
        period_us=points[0].period_us,
        points=tuple(points),
    )


def _end(point: Point) -> int:
    return point.at.addr + registers_of(point)


def _limit(table: Table, modbus: ModbusMap) -> int:
    return modbus.max_bits if table in BIT_TABLES else modbus.max_registers


def _range(modbus: ModbusMap, table: Table, addr: int) -> tuple[int, int] | None:
    spans = ((lo, hi) for name, lo, hi in modbus.readable if name == table)
    return next((span for span in spans if span[0] <= addr <= span[1]), None)


def wire_ms(table: Table, count: int, baud: int, *, bits_per_char: int, gap_ms: float) -> float:
    """Return how long one read keeps a serial line busy.

    Request 8 characters, reply 5 and its body, two silences of 3.5 characters (at least
    1.75 ms), 10 ms for the kit to turn round, and the profile's own gap.
    """
    body = (count + 7) // 8 if table in BIT_TABLES else 2 * count
    char_ms = bits_per_char * 1000 / baud
    return (13 + body) * char_ms + 2 * max(1.75, 3.5 * char_ms) + 10.0 + gap_ms


def bus_use(blocks: Iterable[Block], baud: int, *, bits_per_char: int, gap_ms: float) -> float:
    """Return the share of a serial line that the periodic reads take; above 1 it cannot keep up."""
    return sum(
        wire_ms(b.table, b.count, baud, bits_per_char=bits_per_char, gap_ms=gap_ms)
        / (b.period_us / 1000)
        for b in blocks
        if b.period_us
    )
