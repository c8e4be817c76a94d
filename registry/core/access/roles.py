"""Roles of people in their organisation. 角色."""

from enum import StrEnum

from ..i18n import Message, msg


class Role(StrEnum):
    """What a person is in their organisation; one person may have several."""

    HANDLER = "handler"
    SECTION_HEAD = "section_head"
    LEGAL_OFFICER = "legal_officer"
    LEADER = "leader"
    SIGNATORY = "signatory"
    SEAL_KEEPER = "seal_keeper"
    VIEWER = "viewer"
    OVERSEER = "overseer"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDITOR = "auditor"

    @property
    def label(self) -> Message:
        """The role's name for the reader."""
        return ROLE_LABELS[self]


ROLE_LABELS = {
    Role.HANDLER: msg("Handler"),
    Role.SECTION_HEAD: msg("Section head"),
    Role.LEGAL_OFFICER: msg("Legal officer"),
    Role.LEADER: msg("Leader"),
    Role.SIGNATORY: msg("Signatory"),
    Role.SEAL_KEEPER: msg("Seal keeper"),
    Role.VIEWER: msg("Viewer"),
    Role.OVERSEER: msg("Overseer"),
    Role.SYSTEM_ADMIN: msg("System administrator"),
    Role.SECURITY_ADMIN: msg("Security administrator"),
    Role.AUDITOR: msg("Auditor"),
}

# 三员分立 (GB/T 22239-2019, 8.1.4.2): these three exclude each other and every business role.
ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})
BUSINESS = frozenset(Role) - ADMINISTRATORS
EVERYBODY = frozenset(Role)
# Who looks at the whole first: their first page is the overview.
LEADING = frozenset({Role.LEADER, Role.VIEWER, Role.OVERSEER})
# Whose clearance steps may be handed to a colleague for a time (代理审批).
APPROVING = frozenset({Role.SECTION_HEAD, Role.LEGAL_OFFICER, Role.LEADER})


def conflict(roles: frozenset[Role]) -> bool:
    """Whether these roles may not be held by one person."""
    return bool(roles & ADMINISTRATORS) and len(roles) > 1
