"""Which setting of a rule holds where: the agreement's, else the organisation's, else the registry's, else the usual.

Settings replace each other whole, so that a page can show one and name where it comes from. Pure. 设置层级.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from .inputs import Level
from .rules import SPECS, Rule, Setting

Key = tuple[int | None, int | None]
SYSTEM: Key = (None, None)


@dataclass(frozen=True)
class Cascade:
    """All settings of one rule, by number of organisation and of agreement."""

    rule: Rule
    settings: Mapping[Key, Setting]

    def at(self, key: Key) -> tuple[Setting, Level]:
        """What holds at a place, and where it was set."""
        organisation_id, agreement_id = key
        steps = ((Level.AGREEMENT, agreement_id, key), (Level.ORGANISATION, organisation_id, (organisation_id, None)))
        for level, named, place in steps:
            if named is not None and place in self.settings:
                return self.settings[place], level
        if SYSTEM in self.settings:
            return self.settings[SYSTEM], Level.SYSTEM
        return SPECS[self.rule].usual, Level.USUAL

    def above(self, key: Key) -> tuple[Setting, Level]:
        """What would hold at a place if nothing were set there."""
        without = {place: setting for place, setting in self.settings.items() if place != key}
        return Cascade(self.rule, without).at(key)

    @property
    def offsets(self) -> frozenset[int]:
        """Every offset that anybody may be reminded by."""
        usual = self.settings.get(SYSTEM, SPECS[self.rule].usual)
        return frozenset(offset for one in (usual, *self.settings.values()) for offset in one.offsets)
