"""All sources, in the order in which the ladder is read."""

from . import agreements, docking, mechanisms, workstations
from .base import Source

SOURCES: tuple[Source, ...] = (agreements.SOURCE, workstations.SOURCE, mechanisms.SOURCE, docking.SOURCE)
