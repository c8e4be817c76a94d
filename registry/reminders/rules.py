"""What the registry reminds of: rules, their names, and the settings where nobody set others. 提醒规则."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ..core.access.roles import Role
from ..core.i18n import Message, msg
from . import schedule

MOST_REMINDERS = 20  # about one due date
FARTHEST = 730  # days before or after


class Rule(StrEnum):
    """One thing that people are reminded of."""

    EXPIRY = "expiry"
    RENEWAL = "renewal"
    UNSIGNED = "unsigned"
    REVIEW = "review"
    ARCHIVE = "archive"
    COMMITMENT = "commitment"
    CONFIRMATION = "confirmation"
    VISIT = "visit"
    MEETING = "meeting"
    SILENCE = "silence"
    DORMANCY = "dormancy"
    TASK = "task"

    @property
    def label(self) -> Message:
        """Its name for the reader."""
        return SPECS[self].label

    @property
    def meaning(self) -> Message:
        """Of what it reminds, who is told, and what ends it, in a sentence or two."""
        return SPECS[self].meaning


@dataclass(frozen=True)
class Setting:
    """When a rule reminds and whom: days before and after the due date, and people by their roles.

    After the last named day it reminds `times` more, `every` days apart. Raises nothing: `services` checks the bounds.
    """

    is_on: bool = True
    before: tuple[int, ...] = ()
    on_day: bool = False
    after: tuple[int, ...] = ()
    every: int = 0
    times: int = 0
    roles: frozenset[Role] = frozenset()

    @property
    def offsets(self) -> tuple[int, ...]:
        """Days of the reminders relative to the due date, in order; none where it is off."""
        if not self.is_on:
            return ()
        return schedule.offsets(self.before, self.after, on_day=self.on_day, every=self.every, times=self.times)


@dataclass(frozen=True)
class Spec:
    """A rule's words and usual setting. `looks_ahead`: its due date is known before, so that it can remind early.

    `choices` are the roles that may be told; of a step that waits for one role only the holders of that role are.
    """

    label: Message
    meaning: Message
    usual: Setting
    choices: frozenset[Role]
    looks_ahead: bool = True
    by_step: bool = field(default=False)


HANDLER, SECTION, LEGAL, LEADER = Role.HANDLER, Role.SECTION_HEAD, Role.LEGAL_OFFICER, Role.LEADER
SIGNATORY, SEAL = Role.SIGNATORY, Role.SEAL_KEEPER
STAFF = frozenset({HANDLER, SECTION, LEADER, Role.VIEWER})
SIGNING = frozenset({HANDLER, SECTION, LEADER, SIGNATORY, SEAL})
REVIEWING = frozenset({SECTION, LEGAL, LEADER})
OFFICE = frozenset({HANDLER, SECTION})
DOING = frozenset({HANDLER})

SPECS: Mapping[Rule, Spec] = {
    Rule.EXPIRY: Spec(
        msg("Agreement expires"),
        msg("The last day in force comes near. All parties are told; a signed renewal or another end stops it."),
        Setting(before=(180, 90, 60, 30, 15, 7), roles=OFFICE),
        STAFF,
    ),
    Rule.RENEWAL: Spec(
        msg("Renewal to be decided"),
        msg("The end is near and the owner has not decided. The owner is told; a decision or a renewal stops it."),
        Setting(before=(150, 120, 75, 45, 20), roles=frozenset({HANDLER, SECTION, LEADER})),
        STAFF,
    ),
    Rule.UNSIGNED: Spec(
        msg("Signing stalled"),
        msg("Nobody has signed since signing began or the last signature. The owner and who has not signed are told."),
        Setting(after=(5,), every=5, times=5, roles=frozenset({HANDLER, SIGNATORY, SEAL})),
        SIGNING,
        looks_ahead=False,
    ),
    Rule.REVIEW: Spec(
        msg("Review overdue"),
        msg("A step of the review is past its day. Who may take it is told, and whoever stands in for them."),
        Setting(after=(1,), every=3, times=4, roles=REVIEWING),
        REVIEWING,
        by_step=True,
    ),
    Rule.ARCHIVE: Spec(
        msg("Archive due"),
        msg("A signed paper has to be filed. The owner is told until it is archived."),
        Setting(before=(3,), on_day=True, after=(1,), every=7, times=4, roles=DOING),
        STAFF,
    ),
    Rule.COMMITMENT: Spec(
        msg("Commitment due"),
        msg("A period of a commitment ends and nothing was reported. Who promised is told until it is reported."),
        Setting(before=(30, 7), on_day=True, after=(1,), every=7, times=4, roles=OFFICE),
        STAFF,
    ),
    Rule.CONFIRMATION: Spec(
        msg("Commitment to confirm"),
        msg("A reported figure or a dispute waits for an answer. Whoever has to give it is told until it is given."),
        Setting(after=(3,), every=5, times=4, roles=OFFICE),
        STAFF,
        looks_ahead=False,
    ),
    Rule.VISIT: Spec(
        msg("Visit due"),
        msg("A follow-up was agreed, or nobody visited for twelve months. Planning or holding the visit stops it."),
        Setting(before=(7,), on_day=True, after=(7,), every=30, times=2, roles=DOING),
        STAFF,
    ),
    Rule.MEETING: Spec(
        msg("Mechanism meeting due"),
        msg("The next meeting of a docking mechanism comes near. All sides are told until it is held."),
        Setting(before=(7, 1), after=(3,), every=14, times=2, roles=DOING),
        STAFF,
    ),
    Rule.SILENCE: Spec(
        msg("Workstation silent"),
        msg("Nothing happened at a workstation for 90 days. Both sides are told until something does."),
        Setting(after=(1,), every=30, times=3, roles=OFFICE),
        STAFF,
        looks_ahead=False,
    ),
    Rule.DORMANCY: Spec(
        msg("Relationship dormant"),
        msg("Nothing happened between the two for 180 days. Both are told until something does or a reason is given."),
        Setting(after=(1,), every=60, times=2, roles=OFFICE),
        STAFF,
        looks_ahead=False,
    ),
    Rule.TASK: Spec(
        msg("Task due"),
        msg("A task's deadline comes near or has passed. Its assignee is told, else the unit that leads it."),
        Setting(before=(3,), on_day=True, after=(1,), every=7, times=4, roles=OFFICE),
        STAFF,
    ),
}

# What can be set apart for one agreement; the others are not about one.
OF_AGREEMENTS = (
    Rule.EXPIRY, Rule.RENEWAL, Rule.UNSIGNED, Rule.REVIEW, Rule.ARCHIVE, Rule.COMMITMENT, Rule.CONFIRMATION, Rule.VISIT,
    Rule.TASK,
)  # fmt: skip
