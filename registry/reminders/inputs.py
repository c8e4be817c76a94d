"""Where a rule's setting holds, and what it is there: one form for page and other doors."""

from dataclasses import dataclass
from enum import StrEnum

from ..agreements.models import Agreement
from ..core.i18n import Message, msg
from ..organisations.models import Organisation
from .rules import Rule, Setting


class Level(StrEnum):
    """Where a setting was made; the nearest one holds."""

    USUAL = "usual"
    SYSTEM = "system"
    ORGANISATION = "organisation"
    AGREEMENT = "agreement"

    @property
    def label(self) -> Message:
        """The level for the reader."""
        return LEVELS[self]


LEVELS = {
    Level.USUAL: msg("Usual setting"),
    Level.SYSTEM: msg("Set for the whole registry"),
    Level.ORGANISATION: msg("Set for the organisation"),
    Level.AGREEMENT: msg("Set for this agreement"),
}


@dataclass(frozen=True)
class Place:
    """The whole registry, an organisation, or one agreement as far as that organisation's people are concerned."""

    organisation: Organisation | None = None
    agreement: Agreement | None = None

    @property
    def level(self) -> Level:
        """Which of the levels it is."""
        if self.agreement is not None:
            return Level.AGREEMENT
        return Level.ORGANISATION if self.organisation is not None else Level.SYSTEM

    @property
    def key(self) -> tuple[int | None, int | None]:
        """Numbers of organisation and agreement, as settings are kept."""
        organisation_id = None if self.organisation is None else self.organisation.id
        return organisation_id, None if self.agreement is None else self.agreement.id


@dataclass(frozen=True)
class Line:
    """A rule at a place: what holds there and where it was set, what would hold without, the own row's version or 0."""

    rule: Rule
    setting: Setting
    level: Level
    inherited: Setting
    inherited_level: Level
    version: int

    @property
    def is_own(self) -> bool:
        """Whether it was set at this very place."""
        return self.version > 0
