"""Names over time and the short forms that people use. 名称、曾用名与简称.

Each function runs in the caller's transaction, asks the policy, and leaves an audit event. All names belong to the
organisation's page, so each change makes it a newer version.
"""

from ...audit import services as audit
from ...core.access.actions import Action
from ...core.access.decision import Actor
from ...core.dates import now, today
from ...core.db import db
from ...core.errors import Conflict, Invalid, NotFound
from ...core.i18n import Message, msg
from .. import policy
from ..former import Span
from ..inputs import FormerName
from ..models import Organisation, OrganisationAlias, OrganisationName
from ..names import fold
from .versions import refuse_stale

Problems = dict[str, list[Message | str]]


def add_former(actor: Actor, organisation: Organisation, given: FormerName, version: int) -> OrganisationName:
    """Enter a name that the organisation had before.

    Raises Stale, Forbidden, Conflict, Invalid for days that cannot be, or on which it had another name.
    """
    _begin(actor, organisation, version)
    _refuse_bad_former(organisation, given, None)
    former = OrganisationName(name_zh=given.name_zh)
    _take(former, given)
    organisation.former_names.append(former)
    _settle(actor, organisation, "former_name", None, _told(former))
    return former


def correct_former(
    actor: Actor, organisation: Organisation, former: OrganisationName, given: FormerName, version: int
) -> None:
    """Correct a former name, its days or its source.

    Raises Stale, Forbidden, Conflict, Invalid for days that cannot be, or on which it had another name.
    """
    _begin(actor, organisation, version)
    _refuse_bad_former(organisation, given, former)
    before = _told(former)
    _take(former, given)
    if before != _told(former):
        _settle(actor, organisation, "former_name", before, _told(former))


def remove_former(
    actor: Actor, organisation: Organisation, former: OrganisationName, reason: str, version: int
) -> None:
    """Take out a former name that it never had; the audit keeps it.

    Raises Stale, Forbidden, Conflict, Invalid without a reason.
    """
    _begin(actor, organisation, version)
    if not reason:
        raise Invalid({"reason": [msg("Say why")]})
    before = _told(former)
    organisation.former_names.remove(former)
    _settle(actor, organisation, "former_name", before, None, reason)


def former_of(organisation: Organisation, public_id: str) -> OrganisationName:
    """One of its former names; raises NotFound for those of others."""
    for former in organisation.former_names:
        if former.public_id == public_id:
            return former
    raise NotFound


def add_alias(actor: Actor, organisation: Organisation, alias: str) -> None:
    """Add a short form or spelling; two organisations may share one.

    Raises Forbidden, Conflict, Invalid when the organisation has it already.
    """
    policy.may_edit(actor, organisation).enforce()
    if fold(alias) in {fold(name) for name in _all_names(organisation)}:
        raise Invalid({"alias": [msg("The organisation has this name already")]})
    organisation.aliases.append(OrganisationAlias(alias=alias))
    _settle(actor, organisation, "alias", None, alias)


def remove_alias(actor: Actor, organisation: Organisation, alias: str, version: int) -> None:
    """Take a short form or spelling out; nothing is found by it any more.

    Raises Stale, Forbidden, Conflict when it is not there.
    """
    _begin(actor, organisation, version)
    row = next((row for row in organisation.aliases if row.alias == alias), None)
    if row is None:
        raise Conflict(msg("The organisation does not have this short form"))
    organisation.aliases.remove(row)
    _settle(actor, organisation, "alias", alias, None)


def _begin(actor: Actor, organisation: Organisation, version: int) -> None:
    policy.may_edit(actor, organisation).enforce()
    refuse_stale(organisation, version)


def _settle(
    actor: Actor, organisation: Organisation, field: str, before: str | None, after: str | None, reason: str = ""
) -> None:
    organisation.updated_at = now()  # a newer version of the page that shows it
    db.session.flush()
    audit.record(actor, Action.ORGANISATION_EDIT, organisation, {field: (before, after)}, reason=reason)


def _take(former: OrganisationName, given: FormerName) -> None:
    span = given.span
    former.name_zh, former.name_en, former.source = given.name_zh, given.name_en, given.source
    former.valid_from, former.valid_from_precision = span.start, span.start_precision
    former.valid_to, former.valid_to_precision = span.end, span.end_precision


def _refuse_bad_former(organisation: Organisation, given: FormerName, present: OrganisationName | None) -> None:
    problems: Problems = {}
    others = [former for former in organisation.former_names if former is not present]
    if fold(given.name_zh) == fold(organisation.name_zh) and given.span.end is None:
        problems["name_zh"] = [msg("This is the present name")]
    for field, day in (("valid_from", given.span.start), ("valid_to", given.span.end)):
        if day and day > today():
            problems[field] = [msg("This day lies in the future")]
    if given.span.is_backwards:
        problems.setdefault("valid_to", []).append(msg("The last day lies before the first"))
    for other in others:
        if given.span.overlaps(other.span):
            problems.setdefault("valid_from", []).append(
                msg("On some of these days it was called %(name)s", name=other.name_zh)
            )
    if problems:
        raise Invalid(problems)


def _told(former: OrganisationName) -> str:
    """A former name as the audit keeps it: 某学院 (1978–1993-05-31), with its source."""
    days = "–".join(part for part in _days(former.span))
    return " ".join(part for part in (former.name_zh, former.name_en, f"({days})", former.source) if part)


def _days(span: Span) -> tuple[str, str]:
    cut = {"day": 10, "month": 7, "year": 4, "unknown": 0}
    ends = ((span.start, span.start_precision), (span.end, span.end_precision))
    first, last = (day.isoformat()[: cut[precision]] if day else "" for day, precision in ends)
    return first, last


def _all_names(organisation: Organisation) -> list[str]:
    own = [organisation.name_zh, organisation.name_en, organisation.short_zh, organisation.short_en]
    return [name for name in [*own, *(row.alias for row in organisation.aliases)] if name]
