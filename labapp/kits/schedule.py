"""When each read of a kit is due: earliest deadline first, and no bursts to catch up."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from labapp.profiles.poll_plan import Address, Block, plan_reads
from labapp.profiles.profile import Profile

NEVER_US = 1 << 62


@dataclass(slots=True)
class _Turn:
    block: Block
    due_us: int


class Schedule:
    """The reads of one kit with their deadlines; owned by the link's thread.

    Slots keep their phase: a read that is late runs once, and slots that went by meanwhile are
    skipped and counted in ``skipped``.
    """

    def __init__(self, profile: Profile, now_us: int) -> None:
        self._profile = profile
        self._refused: set[Address] = set()
        self._alone: set[str] = set()
        self._disabled: set[str] = set()
        self._turns: list[_Turn] = []
        self.skipped = 0
        self._plan(now_us)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The reads as they are planned now."""
        return tuple(turn.block for turn in self._turns)

    @property
    def disabled(self) -> Collection[str]:
        """Points that the kit refuses to be read; they are not asked again in this connecting."""
        return frozenset(self._disabled)

    def next_due_us(self) -> int:
        """Return when the next read is due; far in the future where nothing is."""
        return min((turn.due_us for turn in self._turns), default=NEVER_US)

    def take_due(self, now_us: int) -> Block | None:
        """Return the read that is overdue most, and set its next turn; ``None``: nothing is due."""
        turn = min(self._turns, key=_deadline, default=None)
        if turn is None or turn.due_us > now_us:
            return None
        period_us = turn.block.period_us
        if period_us == 0:
            turn.due_us = NEVER_US
            return turn.block
        passed = (now_us - turn.due_us) // period_us
        self.skipped += passed
        turn.due_us += (passed + 1) * period_us
        return turn.block

    def smallest(self) -> Block | None:
        """Return the shortest read, with which an absent kit is looked for."""
        return min(self.blocks, key=lambda block: block.count, default=None)

    def restart(self, now_us: int) -> None:
        """Read everything anew, what is read once per connecting too; refusals are tried again."""
        self._disabled.clear()
        self._turns.clear()
        self._plan(now_us)

    def learn_refusal(self, block: Block, now_us: int) -> bool:
        """Split a block that the kit refused (exception 2); return whether there is a way to.

        First the addresses that no point claims are never bridged again; then each point of
        the block is read by itself; a point refused by itself is disabled.
        """
        if len(block.points) == 1 and not self._unclaimed(block):
            self._disabled.add(block.points[0].id)
            self._plan(now_us)
            return False
        unclaimed = self._unclaimed(block) - self._refused
        if unclaimed:
            self._refused |= unclaimed
        else:
            self._alone |= {point.id for point in block.points}
        self._plan(now_us)
        return True

    def _unclaimed(self, block: Block) -> set[Address]:
        claimed = {addr for point in block.points for addr in block.addresses_of(point)}
        return {(block.table, addr) for addr in range(block.addr, block.end) if addr not in claimed}

    def _plan(self, now_us: int) -> None:
        """Plan anew; what stays as it was keeps its turn."""
        kept = {turn.block: turn.due_us for turn in self._turns}
        blocks = plan_reads(
            self._profile, refused=self._refused, alone=self._alone, without=self._disabled
        )
        self._turns = [_Turn(block, kept.get(block, now_us)) for block in blocks]


def _deadline(turn: _Turn) -> tuple[int, int]:
    """Order turns by what is due first; of two, the one that comes round sooner."""
    return turn.due_us, turn.block.period_us or NEVER_US
