"""All sources: by rule for the daily run, and of one organisation for calendars. 提醒来源目录."""

from collections.abc import Mapping, Sequence
from datetime import date

from ..rules import SPECS, Rule
from . import (
    archive,
    commitments,
    dormancy,
    expiry,
    meetings,
    renewal,
    review,
    silence,
    tasks,
    unsigned,
    unvisited,
    visits,
)
from .base import Due, Source

SOURCES: Mapping[Rule, Sequence[Source]] = {
    Rule.EXPIRY: (expiry.SOURCE,),
    Rule.RENEWAL: (renewal.SOURCE,),
    Rule.UNSIGNED: (unsigned.SOURCE,),
    Rule.REVIEW: review.SOURCES,
    Rule.ARCHIVE: (archive.SOURCE,),
    Rule.COMMITMENT: (commitments.DUE,),
    Rule.CONFIRMATION: (commitments.WAITS,),
    Rule.VISIT: (visits.SOURCE, unvisited.LAST_VISITED, unvisited.NEVER_VISITED),
    Rule.MEETING: (meetings.SOURCE,),
    Rule.SILENCE: (silence.SOURCE,),
    Rule.DORMANCY: (dormancy.SOURCE,),
    Rule.TASK: (tasks.SOURCE,),
}
# Days that are known beforehand; the last day in force, of which two rules speak, stands in a calendar once.
IN_CALENDAR = tuple(rule for rule in SOURCES if SPECS[rule].looks_ahead and rule is not Rule.RENEWAL)


def of_organisation(organisation_id: int, first: date, last: date) -> Sequence[Due]:
    """Everything that falls due for an organisation from the first through the last day, in order of the days."""
    sources = (source for rule in IN_CALENDAR for source in SOURCES[rule])
    found = [due for source in sources for due in source.of_organisation(organisation_id, first, last)]
    return sorted(found, key=lambda due: (due.due_on, due.rule, due.public_id))
