"""All sources, in the order in which the ladder is read."""

from . import agreements, mechanisms, visits
from .base import Source

SOURCES: tuple[Source, ...] = (agreements.SOURCE, mechanisms.SOURCE, visits.SOURCE)
