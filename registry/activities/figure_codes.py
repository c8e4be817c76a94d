"""What figures of activities count, and in which units. 活动指标.

The codes of shares and sums are those of `core.figures.checks`. The first unit of a code is meant where a text gives
none; in a series' own total employers are counted at every stop, so 家次 (dossier, section 4).
"""

from dataclasses import dataclass
from enum import StrEnum

from ..core.figures.kinds import Unit
from ..core.i18n import Message, msg
from .enums import ActivityKind


class FigureCode(StrEnum):
    """One kind of figure. Positions are not headcount, cooperation intentions are not people's intentions.

    `OTHER` is whatever else a source counts, told by its label: an activity has several, and they are never added up.
    """

    ACTIVITIES = "activities"
    EMPLOYERS = "employers"
    KEY_EMPLOYERS = "key_employers"
    POSITIONS = "positions"
    POSITIONS_OVER_10K = "positions_over_10k"
    HEADCOUNT = "headcount"
    ON_SITE = "on_site"
    ONLINE_VIEWERS = "online_viewers"
    PARTICIPANTS = "participants"
    RESUMES = "resumes"
    INTENTIONS = "intentions"
    COOPERATION_INTENTIONS = "cooperation_intentions"
    INTERVIEWS = "interviews"
    OFFERS = "offers"
    SIGNED = "signed"
    HIRES = "hires"
    UNIVERSITIES = "universities"
    CITIES = "cities"
    ORGANISATIONS = "organisations"
    INDUSTRIES = "industries"
    ONLINE_ACTIVITIES = "online_activities"
    OTHER = "other"

    @property
    def label(self) -> Message:
        """The figure's name for the reader."""
        return MEANINGS[self].label

    @property
    def units(self) -> tuple[Unit, ...]:
        """What may be counted, the usual unit first; none where it may be anything."""
        return MEANINGS[self].units

    def unit_for(self, kind: ActivityKind) -> Unit | None:
        """The unit of a text that gives none."""
        if kind is ActivityKind.SERIES and Unit.ENTERPRISE_TIMES in self.units:
            return Unit.ENTERPRISE_TIMES
        return self.units[0] if self.units else None


@dataclass(frozen=True)
class Meaning:
    """What a code is called and what it may be counted in."""

    label: Message
    units: tuple[Unit, ...]


EMPLOYERS = (Unit.ENTERPRISES, Unit.ENTERPRISE_TIMES)
ON_THE_SPOT = (Unit.PEOPLE, Unit.PERSON_TIMES)
ONLINE = (Unit.PERSON_TIMES, Unit.PEOPLE)
MEANINGS = {
    FigureCode.ACTIVITIES: Meaning(msg("Activities held"), (Unit.EVENTS,)),
    FigureCode.EMPLOYERS: Meaning(msg("Employers"), EMPLOYERS),
    FigureCode.KEY_EMPLOYERS: Meaning(msg("Key employers among them"), EMPLOYERS),
    FigureCode.POSITIONS: Meaning(msg("Positions"), (Unit.POSITIONS,)),
    FigureCode.POSITIONS_OVER_10K: Meaning(msg("Positions above 10,000 yuan a month"), (Unit.POSITIONS,)),
    FigureCode.HEADCOUNT: Meaning(msg("Headcount wanted"), (Unit.PEOPLE,)),
    FigureCode.ON_SITE: Meaning(msg("On site"), ON_THE_SPOT),
    FigureCode.ONLINE_VIEWERS: Meaning(msg("Online"), ONLINE),
    FigureCode.PARTICIPANTS: Meaning(msg("Participants, on site and online"), ONLINE),
    FigureCode.RESUMES: Meaning(msg("Résumés received"), (Unit.COPIES,)),
    FigureCode.INTENTIONS: Meaning(msg("Employment intentions"), ON_THE_SPOT),
    FigureCode.COOPERATION_INTENTIONS: Meaning(msg("Cooperation intentions"), (Unit.INTENTIONS,)),
    FigureCode.INTERVIEWS: Meaning(msg("Interviewed"), ON_THE_SPOT),
    FigureCode.OFFERS: Meaning(msg("Offers"), (Unit.PEOPLE,)),
    FigureCode.SIGNED: Meaning(msg("Signed on the spot"), (Unit.PEOPLE,)),
    FigureCode.HIRES: Meaning(msg("Hired in the end"), (Unit.PEOPLE,)),
    FigureCode.UNIVERSITIES: Meaning(msg("Universities"), (Unit.SCHOOLS,)),
    FigureCode.CITIES: Meaning(msg("Cities"), (Unit.ITEMS,)),
    FigureCode.ORGANISATIONS: Meaning(msg("Departments and agencies"), (Unit.ENTERPRISES,)),
    FigureCode.INDUSTRIES: Meaning(msg("Industries"), (Unit.ITEMS,)),
    FigureCode.ONLINE_ACTIVITIES: Meaning(msg("Online activities held"), (Unit.EVENTS,)),
    FigureCode.OTHER: Meaning(msg("Another figure"), ()),
}
# The same universities and cities come to many activities, and what a source calls by its own words has no common
# meaning: they are shown where they stand and never added up.
NOT_ADDED = (
    FigureCode.UNIVERSITIES,
    FigureCode.CITIES,
    FigureCode.ORGANISATIONS,
    FigureCode.INDUSTRIES,
    FigureCode.OTHER,
)
LABELS: dict[str, Message | str] = {str(code): code.label for code in FigureCode}
