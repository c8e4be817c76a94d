"""All sources, in the order in which the ladder is read, and what the timeline tells."""

from . import (
    activities,
    agreements,
    bases,
    commitments,
    docking,
    mechanisms,
    tasks,
    visits,
    workstations,
)
from .base import Source

SOURCES: tuple[Source, ...] = (
    agreements.SOURCE,
    mechanisms.SOURCE,
    workstations.SOURCE,
    visits.SOURCE,
    docking.SOURCE,
    activities.SOURCE,
)
# What the timeline tells: all that counts, and the promises, tasks and bases between the two.
TIMELINE = (*(source.entries for source in SOURCES), commitments.entries, tasks.entries, bases.entries)
