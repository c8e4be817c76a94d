"""Records that count otherwise beside each other are brought in step by one writer after the other. 先后次序.

What one record gives may depend on another: the second visit to an employer in a year, an agreement on the visits about
it. Two that are written at one moment would not see each other, and both would count as if they were alone. Whoever
comes second waits for the first one's commit, and then sees it. A part of a series needs none of this: whoever enters
it holds its series. SQLite has one writer at a time anyway.
"""

from collections.abc import Collection, Iterator
from zlib import crc32

from sqlalchemy import text

from ...core.db import db
from ..facts.catalogue import SOURCES

DOORS = 64  # at most so many locks of one transaction
PLACE = 25_001  # where nobody else takes advisory locks
WAIT = text("SELECT pg_advisory_xact_lock(:place, door) FROM unnest(CAST(:doors AS integer[])) AS door")


def take_turns(touched: Collection[tuple[str, int]]) -> None:
    """Wait for those who write what meets with these records, until the end of the transaction."""
    if db.engine.dialect.name != "postgresql":
        return
    doors = {crc32(name.encode()) % DOORS for name in _meetings(touched)}
    if doors:
        db.session.execute(WAIT, {"place": PLACE, "doors": sorted(doors)})


def _meetings(touched: Collection[tuple[str, int]]) -> Iterator[str]:
    for source in SOURCES:
        for kind, meet in source.meets_at.items():
            numbers = sorted(number for other, number in touched if other == kind)
            if numbers:
                yield from (f"{source.kind}:{one}" for one in meet(numbers))
