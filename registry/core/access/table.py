"""The policy table: action → roles, relation to the record, states of the record. The one place that grants. 权限表.

The relation says how the actor's organisation stands to the record; `states` empty means any state.
"""

from dataclasses import dataclass
from enum import StrEnum

from .actions import Action
from .roles import APPROVING, BUSINESS, EVERYBODY, Role


class Relation(StrEnum):
    """How somebody's organisation stands to a record."""

    ANY = "any"  # the role alone decides
    OWN = "own"  # the record is their organisation's
    PARTY = "party"  # their organisation is a party to it
    COUNTERPART = "counterpart"  # a party, but not the owner
    SCOPE = "scope"  # within what they see


@dataclass(frozen=True)
class Rule:
    """One row of the table."""

    roles: frozenset[Role]
    relation: Relation = Relation.ANY
    states: frozenset[str] = frozenset()


def _rule(roles: str | frozenset[Role], relation: Relation = Relation.ANY, states: str = "") -> Rule:
    named = roles if isinstance(roles, frozenset) else frozenset(Role(name) for name in roles.split())
    return Rule(named, relation, frozenset(states.split()))


def _lane(states: str) -> str:
    """Steps that an agreement takes before it is signed, and that a revision of one in force takes alike."""
    return " ".join(f"{state} revision_{state}" for state in states.split())


ANY, OWN, PARTY, COUNTERPART, SCOPE = Relation
WRITERS = "handler section_head"
RUNNING = "preliminary established regular"  # stages of a docking mechanism
# Stages of enterprise docking from which a case can go on.
PIPELINE = "registered verified field_docking posted fair interview offer signed onboarded retained_6m"
STATION_OPEN = "preparing operating rectifying suspended"  # states of a workstation
PROMISED = "active ended"  # states of a commitment whose periods are settled
WORKING = "handler section_head leader"
ON_ITS_WAY = "revision_draft revision_review revision_negotiation revision_signing"

TABLE: dict[Action, Rule] = {
    Action.HOME_VIEW: _rule(EVERYBODY),
    Action.OVERVIEW_VIEW: _rule(BUSINESS),
    Action.ACCOUNT_MANAGE_OWN: _rule(EVERYBODY),
    Action.ABSENCE_MANAGE_OWN: _rule(BUSINESS),
    Action.DELEGATION_GIVE: _rule(APPROVING),
    Action.DELEGATION_LIST: _rule("section_head leader"),
    Action.ACCOUNT_LIST: _rule("system_admin security_admin"),
    Action.ACCOUNT_CREATE: _rule("system_admin"),
    Action.ACCOUNT_CHANGE: _rule("system_admin"),
    Action.ACCOUNT_GRANT: _rule("security_admin"),
    Action.AUDIT_VIEW: _rule("auditor"),
    Action.AUDIT_EXPORT: _rule("auditor"),
    Action.SYSTEM_VIEW: _rule("system_admin"),
    Action.SYSTEM_RETRY: _rule("system_admin"),
    Action.ORGANISATION_VIEW: _rule(BUSINESS),
    Action.ORGANISATION_ADD: _rule(WRITERS),
    Action.ORGANISATION_EDIT: _rule(WRITERS, SCOPE),
    Action.ORGANISATION_MERGE: _rule("section_head", SCOPE),
    Action.ORGANISATION_CLOSE: _rule("section_head", SCOPE, "active"),
    Action.WORKDAY_VIEW: _rule(BUSINESS),
    Action.WORKDAY_ARRANGE: _rule(WRITERS),
    Action.CONTACT_VIEW: _rule(BUSINESS, SCOPE),
    Action.CONTACT_EDIT: _rule(WRITERS, SCOPE),
    Action.CONTACT_REVEAL: _rule("handler section_head leader", SCOPE),
    Action.AGREEMENT_VIEW: _rule(BUSINESS, SCOPE),
    Action.AGREEMENT_REGISTER: _rule("handler"),
    Action.AGREEMENT_RECORD: _rule("handler"),
    Action.AGREEMENT_CONFIRM: _rule("section_head", OWN, "recorded_pending"),
    Action.AGREEMENT_EDIT: _rule("handler", OWN, f"{_lane('draft')} recorded_pending"),
    Action.AGREEMENT_SUBMIT: _rule("handler", OWN, _lane("draft")),
    Action.AGREEMENT_RETURN: _rule("section_head legal_officer leader", OWN, _lane("review")),
    Action.AGREEMENT_CLEAR: _rule("section_head legal_officer leader", PARTY, _lane("review negotiation")),
    Action.AGREEMENT_APPROVE: _rule("leader", PARTY, _lane("negotiation")),
    Action.AGREEMENT_REQUEST_CHANGES: _rule("handler section_head leader", COUNTERPART, _lane("negotiation")),
    Action.AGREEMENT_START_SIGNING: _rule("leader", OWN, _lane("negotiation")),
    Action.AGREEMENT_RECORD_SIGNATURE: _rule("seal_keeper", PARTY, _lane("signing")),
    Action.AGREEMENT_VOID_SIGNATURE: _rule("leader signatory", PARTY, _lane("signing")),
    Action.AGREEMENT_SIGN: _rule("signatory", PARTY, _lane("signing")),
    Action.AGREEMENT_DECLINE: _rule("signatory leader", PARTY, _lane("signing")),
    Action.AGREEMENT_SEND_AGAIN: _rule("handler leader", OWN, _lane("signing")),
    Action.AGREEMENT_COMPLETE_SIGNING: _rule("seal_keeper", OWN, _lane("signing")),
    Action.AGREEMENT_WITHDRAW_SIGNING: _rule("leader", OWN, _lane("signing")),
    Action.AGREEMENT_VOID: _rule("leader", OWN, "draft review negotiation signing recorded_pending"),
    Action.AGREEMENT_SUSPEND: _rule("leader", OWN, "in_force"),
    Action.AGREEMENT_RESUME: _rule("leader", OWN, "suspended"),
    Action.AGREEMENT_REVISE: _rule("handler", OWN, "in_force suspended"),
    Action.AGREEMENT_ABANDON: _rule("handler leader", OWN, ON_ITS_WAY),
    Action.AGREEMENT_MERGE: _rule("handler", OWN, "revision_draft revision_negotiation"),
    Action.AGREEMENT_DECIDE_RENEWAL: _rule("handler section_head leader", OWN, "in_force"),
    Action.AGREEMENT_RENEW: _rule("handler", OWN, "in_force suspended"),
    Action.AGREEMENT_GIVE_NOTICE: _rule("leader", OWN, "in_force suspended"),
    Action.AGREEMENT_TERMINATE: _rule("leader", OWN, "in_force suspended"),
    Action.AGREEMENT_COMPLETE: _rule("leader", OWN, "in_force suspended"),
    Action.AGREEMENT_DOWNLOAD: _rule(BUSINESS, SCOPE),
    Action.AGREEMENT_REMAKE: _rule("handler leader seal_keeper", OWN),
    Action.AGREEMENT_VIEW_NUMBERS: _rule(BUSINESS, SCOPE),
    Action.AGREEMENT_SET_NUMBERING: _rule("section_head", OWN, "active"),
    Action.AGREEMENT_ATTACH_CONSENT: _rule("handler", PARTY, _lane("draft review negotiation")),
    Action.AGREEMENT_SUPPLEMENT: _rule("handler", OWN, "signed in_force suspended"),
    Action.AGREEMENT_CONFIRM_SUPPLEMENT: _rule("section_head", OWN, "signed in_force suspended"),
    Action.EVENT_VIEW: _rule(BUSINESS),
    Action.EVENT_ADD: _rule("handler"),
    Action.EVENT_EDIT: _rule("handler", OWN),
    Action.EVENT_TICK: _rule("handler seal_keeper", OWN),
    Action.EVENT_DOWNLOAD: _rule(BUSINESS),
    Action.EVENT_INTAKE: _rule("seal_keeper"),
    Action.EVENT_RECORD_BATCH: _rule("handler", OWN, "held"),
    Action.EVENT_CONFIRM_BATCH: _rule("section_head"),
    # Whose files somebody adds to, the record's own package says (attachments.subjects).
    Action.ATTACHMENT_VIEW: _rule(BUSINESS),
    Action.ATTACHMENT_ADD: _rule(BUSINESS),
    Action.ATTACHMENT_REMOVE: _rule(BUSINESS),
    Action.ATTACHMENT_DOWNLOAD: _rule(BUSINESS),
    Action.AGREEMENT_ARCHIVE: _rule(WRITERS, OWN, "signed in_force suspended closed"),
    Action.ARCHIVE_CONFIGURE: _rule("section_head"),
    Action.MECHANISM_VIEW: _rule(BUSINESS, SCOPE),
    Action.MECHANISM_ADD: _rule("handler"),
    Action.MECHANISM_EDIT: _rule(WRITERS, OWN, RUNNING),
    Action.MECHANISM_MEET: _rule(WRITERS, PARTY, RUNNING),
    Action.MECHANISM_ADVANCE: _rule(WRITERS, OWN, RUNNING),
    Action.MECHANISM_UPGRADE: _rule("handler", PARTY, RUNNING),
    Action.MECHANISM_END: _rule("section_head leader", OWN, RUNNING),
    Action.RELATIONSHIP_VIEW: _rule(BUSINESS, SCOPE),
    Action.RELATIONSHIP_EXPLAIN: _rule(WRITERS, PARTY),
    Action.TASK_VIEW: _rule(BUSINESS, SCOPE),
    Action.TASK_ASSIGN: _rule("handler section_head leader"),
    Action.TASK_INSTRUCT: _rule("leader viewer"),
    Action.TASK_EDIT: _rule("handler section_head leader", OWN, "open"),
    Action.TASK_NAME_ASSIGNEE: _rule("handler section_head leader", PARTY, "open"),
    Action.TASK_REPORT: _rule("handler section_head leader", PARTY, "open"),
    Action.TASK_REQUEST_CLOSE: _rule("handler section_head leader", PARTY, "open"),
    Action.TASK_CLOSE: _rule("section_head leader", OWN, "close_requested"),
    Action.TASK_SEND_BACK: _rule("section_head leader", OWN, "close_requested"),
    Action.TASK_REOPEN: _rule("section_head leader", OWN, "closed"),
    Action.TASK_CANCEL: _rule("section_head leader", OWN, "open close_requested"),
    Action.TASK_SUPERVISE: _rule("section_head leader", OWN, "open"),
    Action.VISIT_VIEW: _rule(BUSINESS, SCOPE),
    Action.VISIT_ADD: _rule(WRITERS),
    Action.VISIT_EDIT: _rule(WRITERS, OWN, "planned held"),
    Action.VISIT_HOLD: _rule(WRITERS, OWN, "planned"),
    Action.VISIT_DROP: _rule(WRITERS, OWN, "planned"),
    Action.VISIT_FIND: _rule(WRITERS, OWN, "held"),
    Action.VISIT_ASSIGN: _rule(WRITERS, OWN, "held"),
    Action.VISIT_PLAN: _rule(WRITERS),
    Action.DOCKING_VIEW: _rule(BUSINESS, SCOPE),
    Action.DOCKING_ADD: _rule("handler"),
    Action.DOCKING_EDIT: _rule(WRITERS, OWN, f"{PIPELINE} retained_12m"),
    Action.DOCKING_ADVANCE: _rule(WRITERS, PARTY, PIPELINE),
    Action.DOCKING_RECORD: _rule(WRITERS, PARTY, f"{PIPELINE} retained_12m"),
    Action.DOCKING_SKIP: _rule(WRITERS, OWN, PIPELINE),
    Action.DOCKING_LOSE: _rule(WRITERS, OWN, PIPELINE),
    Action.DOCKING_REOPEN: _rule(WRITERS, OWN, "lost"),
    Action.ACTIVITY_VIEW: _rule(BUSINESS, SCOPE),
    Action.ACTIVITY_ADD: _rule(WRITERS),
    Action.ACTIVITY_EDIT: _rule(WRITERS, OWN, "planned held"),
    Action.ACTIVITY_HOLD: _rule(WRITERS, OWN, "planned"),
    Action.ACTIVITY_CANCEL: _rule(WRITERS, OWN, "planned"),
    Action.ACTIVITY_REPORT: _rule(WRITERS, OWN, "planned held"),
    Action.ACTIVITY_CORRECT: _rule(WRITERS, OWN, "planned held"),
    Action.ACTIVITY_CHECK: _rule("handler section_head leader", PARTY, "planned held"),
    Action.ACTIVITY_LINK: _rule(WRITERS, OWN, "planned held"),
    Action.WORKSTATION_VIEW: _rule(BUSINESS, SCOPE),
    Action.WORKSTATION_ADD: _rule(WRITERS),
    Action.WORKSTATION_EDIT: _rule(WRITERS, OWN, STATION_OPEN),
    Action.WORKSTATION_NAME_CONTACT: _rule(WRITERS, PARTY, STATION_OPEN),
    Action.WORKSTATION_RECORD: _rule(WRITERS, PARTY, "operating rectifying suspended"),
    Action.WORKSTATION_SET_TARGETS: _rule(WRITERS, OWN, STATION_OPEN),
    Action.WORKSTATION_ASSESS: _rule("section_head leader", OWN, "operating rectifying suspended"),
    Action.WORKSTATION_START: _rule("section_head leader", OWN, "preparing"),
    Action.WORKSTATION_RECTIFY: _rule("section_head leader", OWN, "operating"),
    Action.WORKSTATION_RESUME: _rule("section_head leader", OWN, "rectifying suspended"),
    Action.WORKSTATION_SUSPEND: _rule("section_head leader", OWN, "operating rectifying"),
    Action.WORKSTATION_WITHDRAW: _rule("leader", OWN, STATION_OPEN),
    Action.WORKSTATION_KEEP: _rule("leader", OWN, "operating rectifying suspended"),
    Action.SEARCH_VIEW: _rule(BUSINESS),
    Action.COMMITMENT_VIEW: _rule(BUSINESS, SCOPE),
    Action.COMMITMENT_REPORT: _rule(WORKING, PARTY, PROMISED),
    Action.COMMITMENT_REQUEST_CLOSE: _rule(WORKING, PARTY, PROMISED),
    Action.COMMITMENT_VERIFY: _rule(WORKING, PARTY, PROMISED),
    Action.COMMITMENT_SEND_BACK: _rule(WORKING, PARTY, PROMISED),
    Action.COMMITMENT_DISPUTE: _rule(WORKING, PARTY, PROMISED),
    Action.COMMITMENT_ANSWER: _rule(WORKING, PARTY, PROMISED),
    Action.COMMITMENT_SAY: _rule(WORKING, PARTY, PROMISED),
    Action.COMMITMENT_ASK_WAIVER: _rule("section_head leader", PARTY, PROMISED),
    Action.COMMITMENT_CONSENT: _rule("section_head leader", PARTY, PROMISED),
    Action.COMMITMENT_REOPEN: _rule("section_head leader", PARTY, PROMISED),
    Action.COMMITMENT_MARK: _rule(WRITERS, OWN, "in_force suspended"),
    Action.COMMITMENT_ACCEPT: _rule("section_head leader", PARTY, "proposed"),
    Action.COMMITMENT_DESCRIBE: _rule(WRITERS, OWN, "proposed active"),
    Action.REMINDER_VIEW: _rule(BUSINESS, SCOPE),
    Action.REMINDER_SET: _rule("section_head leader", OWN, "active"),
    Action.REMINDER_SET_SYSTEM: _rule("system_admin"),
    Action.REMINDER_SET_AGREEMENT: _rule("section_head", PARTY),
    Action.CALENDAR_MANAGE_OWN: _rule(BUSINESS),
    Action.MESSAGE_VIEW_OWN: _rule(EVERYBODY),
    Action.MESSAGE_MANAGE_OWN: _rule(EVERYBODY),
    Action.CHANNEL_MANAGE: _rule("section_head", OWN),
    Action.BASE_VIEW: _rule(BUSINESS, SCOPE),
    Action.BASE_ADD: _rule(WRITERS),
    Action.BASE_EDIT: _rule(WRITERS, OWN, "active"),
    Action.BASE_CLOSE: _rule("section_head leader", OWN, "active"),
    Action.LEDGER_VIEW: _rule(BUSINESS),
    Action.LEDGER_EXPORT: _rule(BUSINESS),
    # Whoever enters such records one by one: the package of the record is asked too (ledgers.policy).
    Action.LEDGER_IMPORT: _rule(f"{WORKING} seal_keeper"),
    Action.LEDGER_CHANGE: _rule(f"{WORKING} seal_keeper", OWN, "checking checked failed"),
    Action.LEDGER_ENTER: _rule(WORKING, OWN, "checked"),
    Action.LEDGER_UNDO: _rule(WORKING, OWN, "entered"),
    Action.BRIEFING_VIEW: _rule(BUSINESS, SCOPE),
    Action.BRIEFING_DRAW_UP: _rule(WRITERS),
    Action.BRIEFING_EDIT: _rule(WRITERS, OWN, "draft"),
    Action.BRIEFING_ISSUE: _rule("section_head leader", OWN, "draft"),
    Action.BRIEFING_DOWNLOAD: _rule(BUSINESS, SCOPE),
    Action.BRIEFING_SET_TEMPLATE: _rule(WRITERS),
    Action.CERTIFICATE_VIEW: _rule("system_admin security_admin"),
    Action.CERTIFICATE_MANAGE: _rule("system_admin"),
}

# What a role that is handed over for a time carries with it: its clearance steps, nothing else.
DELEGABLE = frozenset({Action.AGREEMENT_CLEAR, Action.AGREEMENT_RETURN})
