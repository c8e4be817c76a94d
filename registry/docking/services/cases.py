"""Entering a case, changing what is known of it, and linking it with other records. 登记与编辑。"""

from collections.abc import Collection

from sqlalchemy import select

from ...accounts.models import User
from ...agreements.models import Agreement
from ...agreements.queries import get_visible
from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.dates import today
from ...core.db import db
from ...core.errors import Conflict, Invalid, NotFound
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
from ...records import kinds
from ...records.services import Changes, settle, write
from ..enums import EntryStatus, Stage
from ..inputs import CaseDetails, Link
from ..models import DockingCase, DockingLink, DockingStageEntry

KIND = DockingCase.kind_code
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
MOST_LINKS = 20


def enter(given: CaseDetails, actor: User, *, is_demo: bool = False) -> DockingCase:
    """Enter a case that the actor's organisation keeps; it stands at the first stage.

    Raises Forbidden, Invalid by field.
    """
    decide(actor, Action.DOCKING_ADD).enforce()
    day = given.registered_on or today()
    if day > today():
        raise Invalid({"registered_on": [msg("This date lies in the future")]})
    case = DockingCase(owner=actor.organisation, created_by_id=actor.id, is_demo=is_demo, sort_on=day)
    case.stage = Stage.REGISTERED
    _write(case, given, actor)
    case.entries.append(
        DockingStageEntry(
            stage=Stage.REGISTERED,
            position=Stage.REGISTERED.position,
            status=EntryStatus.REACHED,
            actual_on=day,
            posts=given.posts,
            headcount=given.headcount,
            recorded_by_id=actor.id,
            organisation_id=actor.organisation_id,
        )
    )
    case.wait()
    db.session.add(case)
    settle(case, actor, Action.DOCKING_ADD, {"title": (None, case.title_zh), "actual_on": (None, day)})
    return case


def edit(case: DockingCase, given: CaseDetails, actor: User) -> None:
    """Change what is known of it; the counts of the first stage are corrected there.

    Raises Forbidden, Conflict when it is lost, Invalid by field.
    """
    decide(actor, Action.DOCKING_EDIT, case).enforce()
    settle(case, actor, Action.DOCKING_EDIT, _write(case, given, actor))


def link(case: DockingCase, given: Link, actor: User) -> None:
    """Say that it came from, or belongs to, another record that the actor sees; an agreement becomes its agreement.

    Raises Forbidden, NotFound, Conflict when the link is there already or there are too many.
    """
    decide(actor, Action.DOCKING_EDIT, case).enforce()
    if given.kind == KIND:
        raise NotFound
    found = kinds.find(given.kind, given.public_id, actor)
    if isinstance(found, Agreement):
        before, case.agreement = case.agreement, found
        settle(case, actor, Action.DOCKING_EDIT, {"agreement": (_called(before), found.audit_label)})
        return
    if any((one.kind, one.public_id) == (given.kind, given.public_id) for one in case.links):
        raise Conflict(msg("This record is linked already"))
    if len(case.links) >= MOST_LINKS:
        raise Conflict(msg("At most %(most)s records can be linked", most=MOST_LINKS))
    case.links.append(DockingLink(kind=given.kind, public_id=given.public_id))
    settle(case, actor, Action.DOCKING_EDIT, {"linked": (None, found.audit_label)})


def unlink(case: DockingCase, given: Link, actor: User) -> None:
    """Take a link away. Raises Forbidden, NotFound where there is none."""
    decide(actor, Action.DOCKING_EDIT, case).enforce()
    present = next((one for one in case.links if (one.kind, one.public_id) == (given.kind, given.public_id)), None)
    if present is None:
        raise NotFound
    case.links.remove(present)
    settle(case, actor, Action.DOCKING_EDIT, {"linked": (f"{given.kind} {given.public_id}", None)})


def _write(case: DockingCase, given: CaseDetails, actor: User) -> Changes:
    changes = _write_sides(case, given)
    changes |= _write_references(case, given, actor)
    changes |= write(case, given, FIELDS)
    case.title_zh, case.title_en = _titles(case)
    return changes


def _write_sides(case: DockingCase, given: CaseDetails) -> Changes:
    """The organisations. An enterprise of the directory has its own code; a reported one keeps what was reported."""
    if not given.enterprise and not given.enterprise_as_reported:
        raise Invalid({"enterprise": [msg("Choose an enterprise, or write its name as reported")]})
    changes: Changes = {}
    with db.session.no_autoflush:
        for name, allowed, refusal in SIDES:
            before, after = getattr(case, name), _organisation(getattr(given, name), name, allowed, refusal)
            if before is not after:
                changes[name] = (before.name_zh if before else None, after.name_zh if after else None)
                setattr(case, name, after)
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
            changes[name] = (_called(before), _called(after))
            setattr(case, name, after)
    return changes


def _called(one: Region | IndustrySection | Contact | Agreement | None) -> str | None:
    if one is None:
        return None
    return one.name_zh if isinstance(one, Region | IndustrySection) else one.audit_label


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
