"""A recording's bytes made anew from what it holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from labapp.model.reading import Gap
from labapp.store.chunks import ChunkBuilder
from labapp.store.messages import Item, Span
from labapp.store.reader import Recording


def rebuild(recording: Recording) -> bytes:
    """Return a complete recording of everything intact, cut into chunks where the old one was.

    An undamaged recording gives its own bytes again. One that was never finished is closed
    just after its last item; what damage took becomes gaps ``not_recorded``.
    """
    builder = ChunkBuilder(recording.meta)
    out = bytearray(builder.preamble)
    for items in _groups(recording):
        for item in items:
            chunk = builder.add(item)
            out += b"" if chunk is None else chunk.block
        last = builder.cut()
        out += b"" if last is None else last.block
    return bytes(out + builder.closing(len(out)))


def _groups(recording: Recording) -> Iterator[Sequence[Item]]:
    """Yield the items of each chunk, and of one more where the recording has to be closed."""
    items = iter(recording.items)
    for found in recording.chunks:
        group = tuple(islice(items, found.items))
        if not recording.is_complete:
            group = tuple(item for item in group if not isinstance(item, Span))
        yield group
    if not recording.is_complete:
        yield (*_lost(recording), Span(*recording.span_us))


def _lost(recording: Recording) -> tuple[Gap, ...]:
    """Return the gaps that damage made: those after the ones that were recorded."""
    recorded = sum(isinstance(item, Gap) for item in recording.items)
    return recording.gaps[recorded:]
