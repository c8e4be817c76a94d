"""What the audit's action codes and object types mean, for the auditor's page. 审计用语."""

from collections.abc import Mapping
from typing import Any

from ..core.access.actions import Action
from ..core.access.roles import Role
from ..core.i18n import Message, msg
from .events import EVENT_LABELS
from .models import UserStatus

ACTION_LABELS: dict[str, Message] = {
    Action.HOME_VIEW: msg("View the first page"),
    Action.OVERVIEW_VIEW: msg("View the overview"),
    Action.ACCOUNT_MANAGE_OWN: msg("Manage one's own account"),
    Action.ABSENCE_MANAGE_OWN: msg("Manage one's own absence and delegation"),
    Action.DELEGATION_GIVE: msg("Hand over clearance"),
    Action.DELEGATION_LIST: msg("View who stands in for whom"),
    Action.ACCOUNT_LIST: msg("View users"),
    Action.ACCOUNT_CREATE: msg("Create a user"),
    Action.ACCOUNT_CHANGE: msg("Change a user"),
    Action.ACCOUNT_GRANT: msg("Decide on roles"),
    Action.AUDIT_VIEW: msg("View the audit"),
    Action.AUDIT_EXPORT: msg("Export the audit"),
    Action.SYSTEM_VIEW: msg("View the system's state"),
    Action.SYSTEM_RETRY: msg("Try a failed job again"),
    Action.ORGANISATION_VIEW: msg("View an organisation"),
    Action.ORGANISATION_ADD: msg("Add an organisation"),
    Action.ORGANISATION_EDIT: msg("Edit an organisation"),
    Action.ORGANISATION_MERGE: msg("Merge organisations, or take a merge back"),
    Action.ORGANISATION_CLOSE: msg("Dissolve an organisation"),
    Action.WORKDAY_VIEW: msg("View working days"),
    Action.WORKDAY_ARRANGE: msg("Record working days"),
    Action.CONTACT_VIEW: msg("View contacts"),
    Action.CONTACT_EDIT: msg("Edit a contact"),
    Action.CONTACT_REVEAL: msg("Reveal a phone number"),
    Action.AGREEMENT_VIEW: msg("View an agreement"),
    Action.AGREEMENT_REGISTER: msg("Register an agreement"),
    Action.AGREEMENT_RECORD: msg("Record a signed agreement"),
    Action.AGREEMENT_CONFIRM: msg("Confirm a recorded agreement"),
    Action.AGREEMENT_EDIT: msg("Edit an agreement"),
    Action.AGREEMENT_SUBMIT: msg("Submit for review"),
    Action.AGREEMENT_RETURN: msg("Return for correction"),
    Action.AGREEMENT_CLEAR: msg("Clear a review step"),
    Action.AGREEMENT_APPROVE: msg("Approve the text"),
    Action.AGREEMENT_REQUEST_CHANGES: msg("Request changes"),
    Action.AGREEMENT_START_SIGNING: msg("Start signing"),
    Action.AGREEMENT_RECORD_SIGNATURE: msg("Record a signature"),
    Action.AGREEMENT_VOID_SIGNATURE: msg("Void a signature"),
    Action.AGREEMENT_SIGN: msg("Sign digitally"),
    Action.AGREEMENT_DECLINE: msg("Decline to sign"),
    Action.AGREEMENT_SEND_AGAIN: msg("Ask again to sign"),
    Action.AGREEMENT_COMPLETE_SIGNING: msg("Complete signing"),
    Action.AGREEMENT_WITHDRAW_SIGNING: msg("Withdraw signing"),
    Action.AGREEMENT_VOID: msg("Void an agreement"),
    Action.AGREEMENT_SUSPEND: msg("Suspend an agreement"),
    Action.AGREEMENT_RESUME: msg("Resume an agreement"),
    Action.AGREEMENT_REVISE: msg("Begin a change"),
    Action.AGREEMENT_ABANDON: msg("Give a change up"),
    Action.AGREEMENT_MERGE: msg("Bring a draft onto the terms in force"),
    Action.AGREEMENT_DECIDE_RENEWAL: msg("Decide about a renewal"),
    Action.AGREEMENT_RENEW: msg("Begin a renewal"),
    Action.AGREEMENT_GIVE_NOTICE: msg("Record a notice of termination"),
    Action.AGREEMENT_TERMINATE: msg("Terminate by notice"),
    Action.AGREEMENT_COMPLETE: msg("Close as completed"),
    Action.AGREEMENT_DOWNLOAD: msg("Download documents"),
    Action.AGREEMENT_VIEW_NUMBERS: msg("View the numbers given out"),
    Action.AGREEMENT_SET_NUMBERING: msg("Change how agreements are numbered"),
    Action.AGREEMENT_ARCHIVE: msg("Archive signed papers"),
    Action.ARCHIVE_CONFIGURE: msg("Set the terms of retention"),
    Action.AGREEMENT_ATTACH_CONSENT: msg("File the consent of a department"),
    Action.AGREEMENT_SUPPLEMENT: msg("Hand in details of a historic record"),
    Action.AGREEMENT_CONFIRM_SUPPLEMENT: msg("Confirm or refuse found details"),
    Action.EVENT_VIEW: msg("View signing events"),
    Action.EVENT_ADD: msg("Enter a signing event"),
    Action.EVENT_EDIT: msg("Change a signing event"),
    Action.EVENT_TICK: msg("Tick a signature at the table"),
    Action.EVENT_DOWNLOAD: msg("Download a ceremony pack"),
    Action.EVENT_INTAKE: msg("Hand in scans of a signing event"),
    Action.EVENT_RECORD_BATCH: msg("Enter historic records by the batch"),
    Action.EVENT_CONFIRM_BATCH: msg("Confirm a batch of historic records"),
    Action.MECHANISM_VIEW: msg("View a mechanism"),
    Action.MECHANISM_ADD: msg("Enter a mechanism"),
    Action.MECHANISM_EDIT: msg("Edit a mechanism"),
    Action.MECHANISM_MEET: msg("Record a meeting"),
    Action.MECHANISM_ADVANCE: msg("Advance a mechanism"),
    Action.MECHANISM_UPGRADE: msg("Upgrade a mechanism"),
    Action.MECHANISM_END: msg("End a mechanism"),
    Action.RELATIONSHIP_VIEW: msg("View a relationship"),
    Action.RELATIONSHIP_EXPLAIN: msg("Say why a relationship is silent"),
    Action.TASK_VIEW: msg("View a task"),
    Action.TASK_ASSIGN: msg("Assign a task"),
    Action.TASK_INSTRUCT: msg("Write an instruction"),
    Action.TASK_EDIT: msg("Edit a task"),
    Action.TASK_NAME_ASSIGNEE: msg("Name who does a task"),
    Action.TASK_REPORT: msg("Report progress"),
    Action.TASK_REQUEST_CLOSE: msg("Request the close-out of a task"),
    Action.TASK_CLOSE: msg("Verify and strike off a task"),
    Action.TASK_SEND_BACK: msg("Send a task back"),
    Action.TASK_REOPEN: msg("Reopen a task"),
    Action.TASK_CANCEL: msg("Cancel a task"),
    Action.TASK_SUPERVISE: msg("Issue a supervision slip"),
    Action.VISIT_VIEW: msg("View visits"),
    Action.VISIT_ADD: msg("Enter a visit"),
    Action.VISIT_EDIT: msg("Edit a visit"),
    Action.VISIT_HOLD: msg("Record what came of a visit"),
    Action.VISIT_DROP: msg("Record that a visit did not take place"),
    Action.VISIT_FIND: msg("Note a finding of a visit"),
    Action.VISIT_ASSIGN: msg("Make a task of a finding"),
    Action.VISIT_PLAN: msg("Accept suggested visits"),
    Action.DOCKING_VIEW: msg("View a docking case"),
    Action.DOCKING_ADD: msg("Enter a docking case"),
    Action.DOCKING_EDIT: msg("Edit a docking case"),
    Action.DOCKING_ADVANCE: msg("Advance a docking case"),
    Action.DOCKING_RECORD: msg("Correct the counts of a stage"),
    Action.DOCKING_SKIP: msg("Skip a stage"),
    Action.DOCKING_LOSE: msg("Give up a docking case"),
    Action.DOCKING_REOPEN: msg("Reopen a docking case"),
    Action.ACTIVITY_VIEW: msg("View an activity"),
    Action.ACTIVITY_ADD: msg("Enter an activity"),
    Action.ACTIVITY_EDIT: msg("Edit an activity"),
    Action.ACTIVITY_HOLD: msg("Say that an activity was held"),
    Action.ACTIVITY_CANCEL: msg("Cancel an activity"),
    Action.ACTIVITY_REPORT: msg("Enter figures of an activity"),
    Action.ACTIVITY_CORRECT: msg("Correct a figure of an activity"),
    Action.ACTIVITY_CHECK: msg("Check a figure of an activity"),
    Action.ACTIVITY_LINK: msg("Link a record to an activity"),
    Action.WORKSTATION_VIEW: msg("View a workstation"),
    Action.WORKSTATION_ADD: msg("Enter a workstation"),
    Action.WORKSTATION_EDIT: msg("Edit a workstation"),
    Action.WORKSTATION_NAME_CONTACT: msg("Name a workstation's contact"),
    Action.WORKSTATION_RECORD: msg("Record a workstation's activity"),
    Action.WORKSTATION_SET_TARGETS: msg("Set a workstation's targets"),
    Action.WORKSTATION_ASSESS: msg("Decide a workstation's grade"),
    Action.WORKSTATION_START: msg("Begin a workstation's operation"),
    Action.WORKSTATION_RECTIFY: msg("Have a workstation put right"),
    Action.WORKSTATION_RESUME: msg("Resume a workstation's operation"),
    Action.WORKSTATION_SUSPEND: msg("Suspend a workstation"),
    Action.WORKSTATION_WITHDRAW: msg("Withdraw a workstation"),
    Action.WORKSTATION_KEEP: msg("Keep a workstation"),
    Action.SEARCH_VIEW: msg("Search"),
    Action.REMINDER_VIEW: msg("View reminders"),
    Action.REMINDER_SET: msg("Set the reminders of an organisation"),
    Action.REMINDER_SET_SYSTEM: msg("Set the reminders of the whole registry"),
    Action.REMINDER_SET_AGREEMENT: msg("Set the reminders of an agreement"),
    Action.CALENDAR_MANAGE_OWN: msg("Manage one's calendar address"),
    Action.MESSAGE_VIEW_OWN: msg("Read one's own messages"),
    Action.MESSAGE_MANAGE_OWN: msg("Change how one is told"),
    Action.CHANNEL_MANAGE: msg("Set up a group chat or webhook"),
    "event:export": msg("Export signing events"),
    "agreement:export_details": msg("Export details to be found"),
    "agreement:export_numbers": msg("Export a register of numbers"),
    Action.BASE_VIEW: msg("View traineeship and internship bases"),
    Action.BASE_ADD: msg("Enter a base"),
    Action.BASE_EDIT: msg("Edit a base"),
    Action.BASE_CLOSE: msg("Give up a base"),
    Action.LEDGER_VIEW: msg("View ledgers"),
    Action.LEDGER_EXPORT: msg("Export a ledger"),
    Action.LEDGER_IMPORT: msg("Take in a file"),
    Action.LEDGER_CHANGE: msg("Change an import"),
    Action.LEDGER_ENTER: msg("Confirm an import"),
    Action.LEDGER_UNDO: msg("Take back an import"),
    Action.BRIEFING_VIEW: msg("View briefings"),
    Action.BRIEFING_DRAW_UP: msg("Draw up a briefing"),
    Action.BRIEFING_EDIT: msg("Change the words of a briefing"),
    Action.BRIEFING_ISSUE: msg("Issue a briefing"),
    Action.BRIEFING_DOWNLOAD: msg("Download a briefing"),
    Action.BRIEFING_SET_TEMPLATE: msg("Change the Word template of briefings"),
    Action.ATTACHMENT_VIEW: msg("View attachments"),
    Action.ATTACHMENT_ADD: msg("Attach a file"),
    Action.ATTACHMENT_REMOVE: msg("Remove an attachment"),
    Action.ATTACHMENT_DOWNLOAD: msg("Download an attachment"),
    Action.COMMITMENT_VIEW: msg("View a commitment"),
    Action.COMMITMENT_REPORT: msg("Report a figure"),
    Action.COMMITMENT_REQUEST_CLOSE: msg("Ask to strike a commitment off"),
    Action.COMMITMENT_VERIFY: msg("Verify a figure"),
    Action.COMMITMENT_SEND_BACK: msg("Send a reported figure back"),
    Action.COMMITMENT_DISPUTE: msg("Dispute a figure"),
    Action.COMMITMENT_ANSWER: msg("Answer a dispute"),
    Action.COMMITMENT_SAY: msg("Remark on a commitment"),
    Action.COMMITMENT_ASK_WAIVER: msg("Ask for a waiver"),
    Action.COMMITMENT_CONSENT: msg("Agree to a waiver or refuse it"),
    Action.COMMITMENT_REOPEN: msg("Reopen a settled commitment"),
    Action.COMMITMENT_MARK: msg("Mark a promise in an article"),
    Action.COMMITMENT_ACCEPT: msg("Accept or decline a marked promise"),
    Action.COMMITMENT_DESCRIBE: msg("Describe a commitment"),
    Action.CERTIFICATE_VIEW: msg("View certificates"),
    Action.CERTIFICATE_MANAGE: msg("Manage certificates"),
    "certificate:issued": msg("Development certificate issued"),
    "certificate:imported": msg("Certificate imported from a file"),
    "certificate:registered": msg("Certificate on a token registered"),
    "certificate:tried": msg("Certificate's key tried"),
    "certificate:revoked": msg("Certificate revoked"),
    "certificate:expiry_noted": msg("Certificate expires soon"),
    Action.AGREEMENT_REMAKE: msg("Order a document again"),
    Action.SYSTEM_RETRY: msg("Try failed jobs again"),
    "contact:add": msg("Add a contact"),
    "contact:erase": msg("Erase a contact"),
    "reference:load": msg("Load reference data"),
}
TYPE_LABELS: dict[str, Message] = {
    "user": msg("User"),
    "usersession": msg("Session"),
    "roleproposal": msg("Proposal"),
    "delegation": msg("Delegation"),
    "absence": msg("Absence"),
    "organisation": msg("Organisation"),
    "contact": msg("Contact"),
    "agreement": msg("Agreement"),
    "signingevent": msg("Signing event"),
    "signingcertificate": msg("Certificate"),
    "job": msg("Job"),
}
FIELD_LABELS: dict[str, Message] = {
    "name": msg("Full name"),
    "organisation": msg("Organisation"),
    "role": msg("Roles"),
    "status": msg("Status"),
    "count": msg("Number of entries"),
    "events": msg("Good entries"),
    "bad": msg("First bad entry"),
    "not_after": msg("Valid until"),
    "from_on": msg("First day"),
    "until_on": msg("Last day"),
    "on_behalf_of": msg("On behalf of"),
    "days": msg("Days left at most"),
    "attachment": msg("Attachment"),
    "caption": msg("Caption"),
    "text": msg("Keyword"),
}
REASON_LABELS: dict[str, Message] = {
    "unknown_account": msg("There is no such account"),
    "wrong_password": msg("Wrong password"),
    "wrong_code": msg("Wrong one-time code"),
    "pending": msg("The account has no role"),
    "disabled": msg("The account is disabled"),
    "invitation": msg("Invitation"),
    "reset": msg("Reset"),
    "organisation": msg("Moved to another organisation"),
}
VALUE_LABELS: dict[str, dict[str, Message]] = {
    "role": {role.value: role.label for role in Role},
    "status": {status.value: status.label for status in UserStatus},
}
# What one kind of record calls a field or a code of it, before the words that all share.
OWN_FIELDS: dict[str, dict[str, Message]] = {}
OWN_VALUES: dict[tuple[str, str], dict[str, Message]] = {}
LABELS = ACTION_LABELS | {str(event): label for event, label in EVENT_LABELS.items()}


def learn(
    *,
    types: Mapping[str, Message] | None = None,
    fields: Mapping[str, Message] | None = None,
    values: Mapping[str, Mapping[str, Message]] | None = None,
    actions: Mapping[str, Message] | None = None,
) -> None:
    """Packages above say what their records, fields and codes are called; what is known already stays.

    On records of the `types` the fields and codes are called so whatever others call theirs: a visit and an activity
    are both held, and a note is not progress.
    """
    for table, words in ((TYPE_LABELS, types), (FIELD_LABELS, fields), (LABELS, actions)):
        for code, label in (words or {}).items():
            table.setdefault(code, label)
    for field, labels in (values or {}).items():
        VALUE_LABELS[field] = {**labels, **VALUE_LABELS.get(field, {})}
    for kind in types or ():
        OWN_FIELDS.setdefault(kind, {}).update(fields or {})
        for field, labels in (values or {}).items():
            OWN_VALUES.setdefault((kind, field), {}).update(labels)


def action_label(code: str) -> Message | str:
    """The action in words; a code that nobody has words for stands as it is."""
    return LABELS.get(code, code)


def type_label(code: str) -> Message | str:
    """The kind of record in words."""
    return TYPE_LABELS.get(code, code)


def reason_label(code: str) -> Message | str:
    """A reason that the registry wrote as a code, in words; what a person wrote stands as it is."""
    return REASON_LABELS.get(code, code)


def change_words(changes: Mapping[str, Any], kind: str = "") -> list[tuple[object, object, object]]:
    """Field, before and after, in words where there are any; as records of the kind (its type in the audit) say it."""
    own = OWN_FIELDS.get(kind, {})
    return [
        (own.get(name) or FIELD_LABELS.get(name, name), _value(kind, name, before), _value(kind, name, after))
        for name, (before, after) in changes.items()
    ]


def _value(kind: str, field: str, value: Any) -> object:
    own = OWN_VALUES.get((kind, field), {})
    return own.get(str(value)) or VALUE_LABELS.get(field, {}).get(str(value), value)
