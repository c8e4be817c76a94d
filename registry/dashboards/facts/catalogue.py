"""All sources; each kind of record adds its line. 统计来源目录."""

from . import activities, agreements, bases, docking, follow_ups, mechanisms, promises, visits, workstations
from .base import Source

SOURCES: tuple[Source, ...] = (
    agreements.SOURCE,
    promises.SOURCE,
    activities.SOURCE,
    visits.SOURCE,
    follow_ups.SOURCE,
    workstations.SOURCE,
    mechanisms.SOURCE,
    docking.SOURCE,
    bases.SOURCE,
)
BY_KIND = {source.kind: source for source in SOURCES}
