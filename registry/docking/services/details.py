"""What is known of a case: its sides and what it refers to, checked and written. 事项信息。"""

from collections.abc import Collection

from sqlalchemy import select

from ...accounts.models import User
from ...agreements.models import Agreement
from ...agreements.queries import get_visible
from ...core.db import db
from ...core.errors import Invalid, NotFound
from ...core.i18n import Message, msg
from ...organisations.models import (
    Contact,
    IndustrySection,
    Organisation,
    OrganisationKind,
    OrganisationStatus,
    Region,
    RegionKind,
)
from ...records.services import Changes, write
from ..inputs import CaseDetails
from ..models import DockingCase

FIELDS = ("majors", "responsible", "remark", "source", "source_url")
SIDES: tuple[tuple[str, tuple[OrganisationKind, ...], Message], ...] = (
    ("enterprise", (OrganisationKind.ENTERPRISE,), msg("Choose an enterprise of the directory")),
    ("university", (OrganisationKind.UNIVERSITY,), msg("Choose a university of the directory")),
    (
        "bureau",
        (
            OrganisationKind.HR_BUREAU,
            OrganisationKind.HR_DEPARTMENT,
            OrganisationKind.TALENT_CENTRE,
            OrganisationKind.ZONE_ADMIN,
        ),
        msg("Choose a bureau, department, talent centre or zone administration of the directory"),
    ),
)


def write_details(case: DockingCase, given: CaseDetails, actor: User) -> Changes:
    """Take over what was entered; returns what changed, for the audit. Raises Invalid by field."""
    changes = _write_sides(case, given)
    changes |= _write_references(case, given, actor)
    changes |= write(case, given, FIELDS)
    case.title_zh, case.title_en = _titles(case)
    return changes


def _write_sides(case: DockingCase, given: CaseDetails) -> Changes:
    """The organisations. An enterprise of the directory has its own code; a reported one keeps what was reported.

    An enterprise that keeps a case is its enterprise: by another name it could verify its own need.
    """
    if not given.enterprise and not given.enterprise_as_reported:
        raise Invalid({"enterprise": [msg("Choose an enterprise, or write its name as reported")]})
    changes: Changes = {}
    with db.session.no_autoflush:
        for name, allowed, refusal in SIDES:
            before, wanted = getattr(case, name), getattr(given, name)
            is_same = before is not None and before.public_id == wanted  # also one that was dissolved since
            after = before if is_same else _organisation(wanted, name, allowed, refusal)
            if before is not after:
                changes[name] = (before.name_zh if before else None, after.name_zh if after else None)
                setattr(case, name, after)
    if case.owner.kind is OrganisationKind.ENTERPRISE and case.enterprise is not case.owner:
        raise Invalid({"enterprise": [msg("An enterprise keeps cases of its own: choose it from the directory")]})
    if case.university is None:
        raise Invalid({"university": [SIDES[1][2]]})
    reported = "" if case.enterprise else given.enterprise_as_reported
    code = "" if case.enterprise and case.enterprise.uscc else given.uscc or ""
    for name, value in (("enterprise_as_reported", reported), ("uscc", code)):
        if getattr(case, name) != value:
            changes[name] = (getattr(case, name), value)
            setattr(case, name, value)
    return changes


def _organisation(
    public_id: str, name: str, allowed: Collection[OrganisationKind], refusal: Message
) -> Organisation | None:
    if not public_id:
        return None
    found = db.session.scalar(select(Organisation).where(Organisation.public_id == public_id))
    if found is None or found.kind not in allowed or found.status is not OrganisationStatus.ACTIVE:
        raise Invalid({name: [refusal]})
    return found


def _write_references(case: DockingCase, given: CaseDetails, actor: User) -> Changes:
    """Place, industry, contact and agreement."""
    with db.session.no_autoflush:
        wanted: dict[str, Region | IndustrySection | Contact | Agreement | None] = {
            "region": _region(case, given.region),
            "industry": _industry(given.industry),
            "contact": _contact(case, given.contact),
            "agreement": _agreement(case, given.agreement, actor),
        }
    changes: Changes = {}
    for name, after in wanted.items():
        before = getattr(case, name)
        if before is not after:
            changes[name] = (called(before), called(after))
            setattr(case, name, after)
    return changes


def called(one: Region | IndustrySection | Contact | Agreement | None) -> str | None:
    """Its name in the audit; public ids of what not every side may see, since every side reads the change log."""
    if one is None:
        return None
    return one.name_zh if isinstance(one, Region | IndustrySection) else one.public_id


def _region(case: DockingCase, code: str) -> Region:
    """The locality that was chosen, else that of the enterprise. Raises Invalid."""
    if code:
        found = db.session.get(Region, code)
        if found is None:
            raise Invalid({"region": [msg("Choose one of the listed values")]})
        return found
    if case.enterprise is None:
        raise Invalid({"region": [msg("Say in which locality the enterprise is")]})
    return _locality(case.enterprise.region)


def _locality(region: Region) -> Region:
    """The reporting locality above a region; outside the province the city."""
    here = region
    while not here.is_reporting_locality and here.kind is not RegionKind.CITY and here.parent is not None:
        here = here.parent
    return here


def _industry(code: str) -> IndustrySection | None:
    found = db.session.get(IndustrySection, code) if code else None
    if code and found is None:
        raise Invalid({"industry": [msg("Choose one of the listed values")]})
    return found


def _contact(case: DockingCase, public_id: str) -> Contact | None:
    """A work contact of one of the sides. Raises Invalid."""
    if not public_id:
        return None
    sides = [one.id for one in (case.enterprise, case.university, case.bureau) if one]
    found = db.session.scalar(select(Contact).where(Contact.public_id == public_id, Contact.organisation_id.in_(sides)))
    if found is None or found.erased:
        raise Invalid({"contact": [msg("Choose a contact of one of the sides")]})
    return found


def _agreement(case: DockingCase, public_id: str, actor: User) -> Agreement | None:
    """An agreement that the writer sees; the one that is named already stays. Raises Invalid."""
    if not public_id:
        return None
    if case.agreement is not None and case.agreement.public_id == public_id:
        return case.agreement
    try:
        return get_visible(public_id, actor)
    except NotFound:
        raise Invalid({"agreement": [msg("Choose an agreement that you see")]}) from None


def _titles(case: DockingCase) -> tuple[str, str]:
    """Enterprise and university, in both languages where both have English names."""
    zh = case.enterprise.name_zh if case.enterprise else case.enterprise_as_reported
    names = (case.enterprise.name_en if case.enterprise else "", case.university.name_en)
    return f"{zh}—{case.university.name_zh}"[:200], " – ".join(names)[:400] if all(names) else ""
