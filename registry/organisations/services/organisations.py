"""Adding, editing and renaming organisations. 单位业务.

Each function runs in the caller's transaction, asks the policy, and leaves an audit event.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from ...audit import services as audit
from ...core.access.actions import Action
from ...core.access.decision import Actor
from ...core.dates import today
from ...core.db import db
from ...core.errors import Invalid
from ...core.i18n import Message, msg
from .. import policy
from ..former import ONE_DAY
from ..inputs import NewOrganisation, OrganisationDetails, Renaming
from ..models import Organisation, OrganisationKind, OrganisationStatus, Region
from ..queries.directory import find
from ..queries.lookup import Suggestion
from ..queries.similar import list_similar
from ..queries.ties import ways_up
from ..ties import reaches
from .oversight import rebuild_oversight
from .versions import refuse_stale

PLAIN_FIELDS = ("kind", "name_en", "short_zh", "short_en", "uscc", "moe_code", "address", "authority", "note")
UNIQUE_CODES: Mapping[str, Message] = {
    "uscc": msg("This code belongs to %(name)s already"),
    "moe_code": msg("This code belongs to %(name)s already"),
}


class SimilarNames(Invalid):
    """There are organisations with similar names: the person looks at them and says that this is another one."""

    def __init__(self, similar: Sequence[Suggestion]) -> None:
        super().__init__(
            {"is_distinct": [msg("Compare with the organisations listed and confirm that this is another one")]}
        )
        self.similar = tuple(similar)


def add(actor: Actor, new: NewOrganisation) -> Organisation:
    """Add an organisation; one that the actor's organisation does not oversee waits to be checked.

    Raises Invalid for a name or code that is taken and for an unknown region or superior, SimilarNames when names are
    alike and nobody has said that this is another one.
    """
    policy.may_add(actor).enforce()
    organisation = Organisation(
        name_zh=new.name_zh, added_by_id=actor.organisation_id, overseers=[], former_names=[], aliases=[]
    )
    _refuse_bad_details(organisation, new.details)
    _refuse_taken_name(organisation, new.name_zh)
    superior = _superior(actor, new.details)
    if not new.is_distinct and (similar := list_similar(new.name_zh, new.details.kind)):
        raise SimilarNames(similar)
    _take(organisation, new.details)
    organisation.superior_id = superior.id if superior else None
    organisation.superior_tie = new.details.superior_tie if superior else None
    organisation.region_code = new.details.region_code
    db.session.add(organisation)
    _rebuild(organisation)
    organisation.needs_check = not organisation.is_overseen_by(actor.organisation_id)
    db.session.flush()
    after = {"name_zh": new.name_zh, **_values(new.details), "needs_check": organisation.needs_check}
    changes = {name: (None, value) for name, value in after.items() if value not in (None, "")}
    audit.record(actor, Action.ORGANISATION_ADD, organisation, changes)
    return organisation


def edit(
    actor: Actor, organisation: Organisation, details: OrganisationDetails, version: int, *, needs_check: bool
) -> None:
    """Change an organisation's details; region and superior only from above, "checked" only by a section head.

    Raises Stale, Forbidden, Conflict, Invalid.
    """
    policy.may_edit(actor, organisation).enforce()
    refuse_stale(organisation, version)
    _refuse_bad_details(organisation, details)
    before = _present_values(organisation)
    superior, tie = organisation.superior, details.superior_tie if details.superior else None
    placed = (organisation.region_code, _public_id(superior), organisation.superior_tie)
    if (details.region_code, details.superior, tie) != placed:
        policy.may_restructure(actor, organisation).enforce()
        superior = _superior(actor, details, organisation)
    if needs_check != organisation.needs_check:
        policy.may_check(actor, organisation).enforce()
    was_department = OrganisationKind.HR_DEPARTMENT in (organisation.kind, details.kind)
    _take(organisation, details)
    organisation.region_code, organisation.superior, organisation.superior_tie = details.region_code, superior, tie
    organisation.needs_check = needs_check
    db.session.flush()
    after = _present_values(organisation)
    changes = {name: (before[name], value) for name, value in after.items() if before[name] != value}
    if changes.keys() & {"kind", "region_code", "superior"}:
        _rebuild(organisation, everybody=was_department)
    if changes:
        audit.record(actor, Action.ORGANISATION_EDIT, organisation, changes)


def rename(actor: Actor, organisation: Organisation, new: Renaming, version: int) -> None:
    """Give the new name; the old one is kept, unless it was only misspelt.

    Raises Stale, Forbidden, Conflict, Invalid.
    """
    policy.may_edit(actor, organisation).enforce()
    refuse_stale(organisation, version)
    _refuse_taken_name(organisation, new.name_zh)
    _refuse_bad_day(organisation, new)
    before = {"name_zh": organisation.name_zh, "name_en": organisation.name_en}
    if new.is_correction:
        organisation.name_zh, organisation.name_en = new.name_zh, new.name_en
    elif new.name_zh == organisation.name_zh:
        raise Invalid({"name_zh": [msg("This is the present name")]})
    else:
        organisation.rename(new.name_zh, new.name_en, new.changed_on)
    db.session.flush()
    after = {"name_zh": new.name_zh, "name_en": new.name_en}
    audit.record(actor, Action.ORGANISATION_EDIT, organisation, _differences(before, after))


def _take(organisation: Organisation, details: OrganisationDetails) -> None:
    for name in PLAIN_FIELDS:
        setattr(organisation, name, getattr(details, name))


def _values(details: OrganisationDetails) -> dict[str, Any]:
    return {name: getattr(details, name) for name in (*PLAIN_FIELDS, "region_code", "superior_tie")}


def _present_values(organisation: Organisation) -> dict[str, Any]:
    """Everything that `edit` may change, as the audit keeps it."""
    values = {
        name: getattr(organisation, name) for name in (*PLAIN_FIELDS, "region_code", "superior_tie", "needs_check")
    }
    superior = organisation.superior
    return values | {"superior": superior.name_zh if superior else None}


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {name: (before[name], after[name]) for name in after if before[name] != after[name]}


def _refuse_bad_details(organisation: Organisation, details: OrganisationDetails) -> None:
    """Raise Invalid for an unknown region, a code that is somebody else's, or an MOE code of a non-university."""
    problems: dict[str, list[Message | str]] = {}
    if db.session.get(Region, details.region_code) is None:
        problems["region_code"] = [msg("Choose a region from the list")]
    if details.moe_code and details.kind is not OrganisationKind.UNIVERSITY:
        problems["moe_code"] = [msg("Only universities have a code of the Ministry of Education")]
    for name in ("uscc", "moe_code"):
        code = getattr(details, name)
        taken = select(Organisation.name_zh).where(
            getattr(Organisation, name) == code, Organisation.id != organisation.id
        )
        if code and (holder := db.session.scalar(taken)):
            problems.setdefault(name, []).append(msg("This code belongs to %(name)s already", name=holder))
    if problems:
        raise Invalid(problems)


def _refuse_taken_name(organisation: Organisation, name_zh: str) -> None:
    taken = select(Organisation).where(Organisation.name_zh == name_zh, Organisation.id != organisation.id)
    if holder := db.session.scalar(taken):
        code = holder.moe_code or holder.uscc or "—"
        problem = msg("%(name)s is registered already (code %(code)s)", name=name_zh, code=code)
        raise Invalid({"name_zh": [problem]})


def _refuse_bad_day(organisation: Organisation, new: Renaming) -> None:
    if new.changed_on is None:
        return
    if new.changed_on > today():
        raise Invalid({"changed_on": [msg("This day lies in the future")]})
    since = organisation.present_since[0]
    if since and new.changed_on <= since:
        raise Invalid(
            {"changed_on": [msg("The name before the present one was valid until %(day)s", day=since - ONE_DAY)]}
        )


def _superior(
    actor: Actor, details: OrganisationDetails, organisation: Organisation | None = None
) -> Organisation | None:
    """The superior named: the actor's own organisation or one below it, active, and not below this one itself.

    Whoever stands above sees all records: so nobody gives this to an organisation that is not theirs to speak for.
    """
    if not details.superior:
        return None
    present = organisation.superior if organisation else None
    superior = find(details.superior)
    if present is not None and superior is present:
        return present
    if superior is None or superior.status is not OrganisationStatus.ACTIVE:
        raise Invalid({"superior": [msg("Choose an organisation from the list")]})
    if actor.organisation_id != superior.id and not superior.is_overseen_by(actor.organisation_id):
        raise Invalid({"superior": [msg("Choose your own organisation or one below it")]})
    if organisation and reaches(ways_up(), superior.id, organisation.id):
        raise Invalid({"superior": [msg("This organisation stands below the one that you are editing")]})
    return superior


def _public_id(organisation: Organisation | None) -> str:
    return organisation.public_id if organisation else ""


def _rebuild(organisation: Organisation, *, everybody: bool = False) -> None:
    """Oversight of the organisation and what is below it; of all where a provincial department is concerned."""
    db.session.flush()
    department = organisation.kind is OrganisationKind.HR_DEPARTMENT
    rebuild_oversight(None if everybody or department else organisation.id)
