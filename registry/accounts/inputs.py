"""What comes in from outside, checked for form. 输入."""

from dataclasses import dataclass
from datetime import date

from ..core.access.roles import Role


@dataclass(frozen=True)
class Credentials:
    """An account and its password."""

    account: str
    password: str


@dataclass(frozen=True)
class NewUser:
    """An account to be made; `organisation` is a public id."""

    account: str
    name: str
    organisation: str


@dataclass(frozen=True)
class UserDetails:
    """What a system administrator may correct."""

    name: str
    organisation: str


@dataclass(frozen=True)
class PasswordChange:
    """The present password and twice the new one."""

    current_password: str
    new_password: str
    repeat_password: str


@dataclass(frozen=True)
class NewPassword:
    """Twice the new password, with a one-time link."""

    new_password: str
    repeat_password: str


@dataclass(frozen=True)
class FactorSetup:
    """A second factor to take, the code that proves it, and a code of the one that it replaces."""

    secret: str
    code: str
    present_code: str = ""


@dataclass(frozen=True)
class UserFilter:
    """What a list of users is cut to; empty means all. `text` is part of a name, an account or an organisation."""

    text: str = ""
    organisation: str = ""
    role: str = ""
    status: str = ""


@dataclass(frozen=True)
class Handover:
    """A role's clearance steps for a colleague (a public id), both days included; `is_away`: the giver is absent."""

    role: Role
    to: str
    from_on: date
    until_on: date
    reason: str
    is_away: bool = False


@dataclass(frozen=True)
class AbsenceNotice:
    """Away from a day through a day."""

    from_on: date
    until_on: date
    reason: str = ""
