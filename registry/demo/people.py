"""The demonstration's people: administrators from the command line, everybody else by the administrators' services."""

from dataclasses import dataclass

from sqlalchemy import select

from ..accounts.inputs import NewUser
from ..accounts.models import User
from ..accounts.passwords import hash_password
from ..accounts.services import own, roles, users
from ..core.access.roles import Role
from ..core.db import db, transaction
from ..organisations.models import Organisation

PASSWORD = "Yanshi-2026-demo"  # noqa: S105 - known to everybody, and refused outside demo mode
PROVINCE = "辽宁省人力资源和社会保障厅"
BUREAU = "鞍山市人力资源和社会保障局"
UNIVERSITY = "西北工业大学"


@dataclass(frozen=True)
class Person:
    """One account with its one role."""

    account: str
    name: str
    role: Role
    organisation: str


def _staff(prefix: str, organisation: str, names: dict[Role, str]) -> tuple[Person, ...]:
    return tuple(Person(f"{prefix}.{role}", f"演示·{name}", role, organisation) for role, name in names.items())


FULL_STAFF: dict[Role, str] = {
    Role.HANDLER: "经办人",
    Role.SECTION_HEAD: "科室负责人",
    Role.LEGAL_OFFICER: "法制审核",
    Role.LEADER: "分管领导",
    Role.SIGNATORY: "签字人",
    Role.SEAL_KEEPER: "监印",
}
SCHOOL_STAFF: dict[Role, str] = {role: name for role, name in FULL_STAFF.items() if role is not Role.LEGAL_OFFICER}
ADMINISTRATION = (
    Person("admin.system", "演示·系统管理员", Role.SYSTEM_ADMIN, PROVINCE),
    Person("admin.security1", "演示·安全管理员甲", Role.SECURITY_ADMIN, PROVINCE),
    Person("admin.security2", "演示·安全管理员乙", Role.SECURITY_ADMIN, PROVINCE),
    Person("admin.audit", "演示·审计管理员", Role.AUDITOR, PROVINCE),
)
BUSINESS = (
    *_staff("anshan", BUREAU, FULL_STAFF),
    *_staff("nwpu", UNIVERSITY, SCHOOL_STAFF),
    *_staff("liaoning", PROVINCE, FULL_STAFF),
    Person("liaoning.overseer", "演示·上级督导", Role.OVERSEER, PROVINCE),
    Person("liaoning.viewer", "演示·领导查看", Role.VIEWER, PROVINCE),
)


def make_people() -> dict[str, User]:
    """All accounts, active and with their roles, by account name."""
    password_hash = hash_password(PASSWORD)
    made = {person.account: _make(person, None, password_hash) for person in ADMINISTRATION}
    for person in ADMINISTRATION:
        with transaction():
            roles.give(None, made[person.account], person.role)
    for person in BUSINESS:
        made[person.account] = _make(person, made["admin.system"], password_hash)
        with transaction():
            roles.grant(made["admin.security1"], made[person.account], person.role)
    return made


def _make(person: Person, by: User | None, password_hash: str) -> User:
    """Create, redeem the invitation as the person would, mark as demonstration."""
    new = NewUser(person.account, person.name, organisation(person.organisation).public_id)
    with transaction():
        user, token = users.create(by, new) if by else users.add(None, new)
        user.is_demo = True
    with transaction():
        own.redeem(token, password_hash)
    return user


def organisation(name_zh: str) -> Organisation:
    """An organisation of the reference data by its name."""
    return db.session.scalars(select(Organisation).where(Organisation.name_zh == name_zh)).one()


def is_made() -> bool:
    """Whether the demonstration's people are there already."""
    return db.session.scalar(select(User.id).where(User.is_demo.is_(True)).limit(1)) is not None
