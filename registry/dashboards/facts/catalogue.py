"""All sources; each kind of record adds its line. 统计来源目录."""

from . import agreements, promises
from .base import Source

SOURCES: tuple[Source, ...] = (
    agreements.SOURCE,
    promises.SOURCE,
)
BY_KIND = {source.kind: source for source in SOURCES}
