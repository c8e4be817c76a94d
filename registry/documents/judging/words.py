"""What the codes of the judging process mean, in words for the reader. 核验用语."""

from collections.abc import Mapping

from ...core.i18n import Message, msg
from .states import State

GOOD = msg("The signature is genuine and its signer is known")
GOOD_STAMP = msg("The time stamp is genuine and its authority is known")
FINDINGS: Mapping[str, tuple[State, Message]] = {
    "altered": (State.INVALID, msg("The content was changed after it was signed")),
    "changed_later": (State.INVALID, msg("Something was added or changed after the signature that it does not allow")),
    "appended": (State.INVALID, msg("Data that no signature covers were appended to the file")),
    "broken": (State.INVALID, msg("The signature is damaged or was not made by the rules")),
    "revoked": (State.INVALID, msg("The signer's certificate was revoked")),
    "revoked_before": (
        State.INVALID,
        msg("The signer's certificate was already revoked when it signed, as a time stamp proves"),
    ),
    "not_valid_then": (State.INVALID, msg("The signer's certificate was not valid at the time of signing")),
    "expired": (
        State.UNDECIDED,
        msg("The signer's certificate has expired since, and no time stamp proves when the signature was made"),
    ),
    "weak_digest": (
        State.UNDECIDED,
        msg("The signature rests on a digest (MD5 or SHA-1) that can be forged and proves nothing today"),
    ),
    "untrusted": (
        State.UNDECIDED,
        msg("The signer's certificate is not one that the registry knows: no trusted root stands above it"),
    ),
}
NOTES: Mapping[str, Message] = {
    "expired_since": msg("The certificate has expired since; a time stamp proves that it was valid when it signed"),
    "revoked_later": msg("The certificate was revoked later; a time stamp proves that the signature was there before"),
    "stamp_unknown": msg("The authority of the signature's time stamp is not known; its time counts for nothing"),
}
LATER: Mapping[str, Message] = {
    "nothing": msg("Nothing was added after this signature"),
    "maintenance": msg("After this signature only data for archiving were added (time stamps, revocation data)"),
    "signatures": msg("After this signature only further signatures were added"),
    "forms": msg("After this signature only signatures and form fields were added"),
    "other": msg("After this signature something else was added or changed"),
}
DEVELOPMENT = msg("A development certificate: the signature is a demonstration without legal effect")
NO_SIGNATURE = msg("The file carries no digital signature; only its digest can be compared")
NOT_A_PDF = msg("The file is not a PDF; only its digest can be compared")
UNREADABLE = msg("The file's structure is damaged: it is not a file that the registry issued")
TOO_MANY = msg("The file has more form fields than can be examined")
TOO_HARD = msg("The file could not be examined within the limits")
SAVED_AGAIN = msg("The file was saved again by another program, which destroys every signature")
MANY_RECORDS = msg("The file holds more than one machine-readable record; only one can be genuine")


def change_in_words(code: str, what: str) -> Message:
    """What was changed, with the page or the attachment that it concerns."""
    if code.startswith("page_"):
        return PAGE_CHANGES[code](what)
    if code.startswith("attachment_"):
        return ATTACHMENT_CHANGES[code](what)
    return msg("A part of the file that is neither a page nor an attachment was changed")


PAGE_CHANGES = {
    "page_replaced": lambda page: msg("The content of page %(page)s was replaced", page=page),
    "page_covered": lambda page: msg("Something was drawn over page %(page)s", page=page),
    "page_notes": lambda page: msg("Notes were added to page %(page)s or removed from it", page=page),
    "page_added": lambda page: msg("Page %(page)s was added", page=page),
    "page_missing": lambda page: msg("Page %(page)s was removed", page=page),
}
ATTACHMENT_CHANGES = {
    "attachment_changed": lambda name: msg("The attachment %(name)s was exchanged", name=name),
    "attachment_added": lambda name: msg("The attachment %(name)s was added", name=name),
    "attachment_removed": lambda name: msg("The attachment %(name)s was removed", name=name),
}
