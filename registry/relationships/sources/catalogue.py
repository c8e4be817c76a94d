"""All sources, in the order in which the ladder is read."""

from . import agreements, mechanisms
from .base import Source

SOURCES: tuple[Source, ...] = (agreements.SOURCE, mechanisms.SOURCE)
