"""Rows for tests, made as directly as possible. Names are plainly fictional where a person is meant."""

from itertools import count

from registry.accounts.models import User, UserRole, UserStatus
from registry.core.access.roles import ADMINISTRATORS, Role
from registry.core.dates import now
from registry.core.db import db
from registry.organisations.models import Organisation, OrganisationKind, Oversight, Region, RegionKind

_serial = count(1)


def make_region(code: str = "210300", name_zh: str = "鞍山市", name_en: str = "Anshan") -> Region:
    """A city; the same code gives the same row."""
    found = db.session.get(Region, code)
    if found:
        return found
    region = Region(code=code, name_zh=name_zh, name_en=name_en, kind=RegionKind.CITY, is_reporting_locality=True)
    db.session.add(region)
    db.session.flush()
    return region


def make_organisation(
    name_zh: str = "",
    kind: OrganisationKind = OrganisationKind.HR_BUREAU,
    region: Region | None = None,
    overseers: tuple[Organisation, ...] = (),
    **values: object,
) -> Organisation:
    """An organisation, seen by its overseers."""
    number = next(_serial)
    organisation = Organisation(
        name_zh=name_zh or f"测试单位{number}", kind=kind, region=region or make_region(), **values
    )
    db.session.add(organisation)
    db.session.flush()
    for overseer in overseers:
        db.session.add(Oversight(overseer_id=overseer.id, organisation_id=organisation.id))
    db.session.flush()
    return organisation


def make_user(*roles: Role, organisation: Organisation | None = None, name: str = "", **values: object) -> User:
    """An active user with these roles (a handler when none is named). The caller commits."""
    user = _user(roles, organisation or make_organisation(), name, values)
    db.session.flush()
    return user


def make_staff(organisation: Organisation, *roles: Role) -> dict[Role, User]:
    """A user for each role, written at once: row by row they took most of a scene's time. The caller commits."""
    people = {role: _user((role,), organisation, "", {}) for role in roles}
    db.session.flush()
    return people


def _user(roles: tuple[Role, ...], organisation: Organisation, name: str, values: dict[str, object]) -> User:
    number = next(_serial)
    user = User(
        account=f"user{number}",
        name=name or f"测试用户{number}",
        organisation=organisation,
        status=UserStatus.ACTIVE,
        must_change_password=False,
        password_changed_at=now(),
        separated=bool(ADMINISTRATORS.intersection(roles)),
        **values,
    )
    db.session.add(user)
    db.session.add_all(UserRole(user=user, role=role, granted_at=now()) for role in roles or (Role.HANDLER,))
    return user
