"""All sources, in the order in which the ladder is read."""

from . import activities, agreements, mechanisms, workstations
from .base import Source

SOURCES: tuple[Source, ...] = (agreements.SOURCE, mechanisms.SOURCE, workstations.SOURCE, activities.SOURCE)
