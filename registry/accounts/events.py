"""What happens to accounts, as the audit names it. 账户事件."""

from enum import StrEnum

from ..core.i18n import Message, msg


class AccountEvent(StrEnum):
    """Grammar: `account:` and a past participle with its object."""

    SIGNED_IN = "account:signed_in"
    SIGN_IN_FAILED = "account:sign_in_failed"
    LOCKED = "account:locked"
    SIGNED_OUT = "account:signed_out"
    SESSION_ENDED = "account:session_ended"
    PASSWORD_CHANGED = "account:password_changed"  # noqa: S105 - a name
    PASSWORD_RESET = "account:password_reset"  # noqa: S105 - a name
    TOKEN_REDEEMED = "account:token_redeemed"  # noqa: S105 - a name
    SECOND_FACTOR_ENROLLED = "account:second_factor_enrolled"
    SECOND_FACTOR_RESET = "account:second_factor_reset"
    RECOVERY_CODE_USED = "account:recovery_code_used"
    RECOVERY_CODES_MADE = "account:recovery_codes_made"
    CREATED = "account:created"
    EDITED = "account:edited"
    DISABLED = "account:disabled"
    ENABLED = "account:enabled"
    ROLE_GRANTED = "account:role_granted"
    ROLE_REVOKED = "account:role_revoked"
    ROLE_PROPOSED = "account:role_proposed"
    PROPOSAL_REJECTED = "account:proposal_rejected"
    DELEGATED = "account:delegated"
    DELEGATION_REVOKED = "account:delegation_revoked"
    ABSENCE_TOLD = "account:absence_told"
    ABSENCE_ENDED = "account:absence_ended"
    CALENDAR_MADE = "account:calendar_made"
    CALENDAR_RENEWED = "account:calendar_renewed"
    CALENDAR_REVOKED = "account:calendar_revoked"
    AUDIT_EXPORTED = "audit:exported"
    AUDIT_CHECKED = "audit:checked"

    @property
    def label(self) -> Message:
        """The event for the reader."""
        return EVENT_LABELS[self]


EVENT_LABELS = {
    AccountEvent.SIGNED_IN: msg("Signed in"),
    AccountEvent.SIGN_IN_FAILED: msg("Sign-in failed"),
    AccountEvent.LOCKED: msg("Sign-in locked after failures"),
    AccountEvent.SIGNED_OUT: msg("Signed out"),
    AccountEvent.SESSION_ENDED: msg("Session ended"),
    AccountEvent.PASSWORD_CHANGED: msg("Password changed"),
    AccountEvent.PASSWORD_RESET: msg("Password reset by an administrator"),
    AccountEvent.TOKEN_REDEEMED: msg("Password set with a one-time link"),
    AccountEvent.SECOND_FACTOR_ENROLLED: msg("Second factor enrolled"),
    AccountEvent.SECOND_FACTOR_RESET: msg("Second factor reset by an administrator"),
    AccountEvent.RECOVERY_CODE_USED: msg("Recovery code used"),
    AccountEvent.RECOVERY_CODES_MADE: msg("Recovery codes made"),
    AccountEvent.CREATED: msg("User created"),
    AccountEvent.EDITED: msg("User edited"),
    AccountEvent.DISABLED: msg("User disabled"),
    AccountEvent.ENABLED: msg("User enabled"),
    AccountEvent.ROLE_GRANTED: msg("Role granted"),
    AccountEvent.ROLE_REVOKED: msg("Role revoked"),
    AccountEvent.ROLE_PROPOSED: msg("Administrator role proposed"),
    AccountEvent.PROPOSAL_REJECTED: msg("Administrator role rejected"),
    AccountEvent.DELEGATED: msg("Clearance handed over"),
    AccountEvent.DELEGATION_REVOKED: msg("Delegation revoked"),
    AccountEvent.ABSENCE_TOLD: msg("Absence announced"),
    AccountEvent.ABSENCE_ENDED: msg("Absence ended"),
    AccountEvent.CALENDAR_MADE: msg("Calendar address made"),
    AccountEvent.CALENDAR_RENEWED: msg("Calendar address renewed"),
    AccountEvent.CALENDAR_REVOKED: msg("Calendar address ended"),
    AccountEvent.AUDIT_EXPORTED: msg("Audit exported"),
    AccountEvent.AUDIT_CHECKED: msg("Audit chain checked"),
}
