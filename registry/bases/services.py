"""What is done with bases: entering, changing, giving up. 基地办理."""

from collections.abc import Sequence

from ..accounts.models import User
from ..core.access.actions import Action
from ..core.access.decision import decide
from ..core.dates import today
from ..core.db import db
from ..core.errors import Invalid
from ..core.i18n import Message, msg
from ..organisations.models import Organisation, OrganisationKind
from ..records.many import Made, keep_many
from ..records.services import Changes, known_organisations, moved, require_reason, settle, write
from .inputs import BaseDetails
from .models import InternshipBase

KIND = InternshipBase.kind_code
FIELDS = (
    "title_zh", "title_en", "kind", "level", "approval_no", "approved_on", "approved_precision", "expires_on", "posts",
    "on_post", "completed", "retained", "remark", "source",
)  # fmt: skip


def enter(given: BaseDetails, actor: User, *, is_demo: bool = False) -> InternshipBase:
    """Enter a base that the actor's organisation keeps. Raises Forbidden, Invalid by field."""
    made = make(given, actor, is_demo=is_demo)
    db.session.add(made.record)
    settle(made.record, actor, Action.BASE_ADD, made.changes)
    return made.record


def make(given: BaseDetails, actor: User, *, is_demo: bool = False) -> Made[InternshipBase]:
    """A base as it is entered, not in the session yet. Raises Forbidden, Invalid by field."""
    decide(actor, Action.BASE_ADD).enforce()
    base = InternshipBase(owner=actor.organisation, created_by_id=actor.id, is_demo=is_demo, sort_on=today())
    _write(base, given)
    return Made(base, {"title": (None, base.title_zh)})


def enter_many(made: Sequence[Made[InternshipBase]], actor: User) -> list[str]:
    """Enter many in a few statements; returns their public ids. Raises Forbidden."""
    decide(actor, Action.BASE_ADD).enforce()
    return keep_many(made, actor, Action.BASE_ADD)


def edit(base: InternshipBase, given: BaseDetails, actor: User) -> None:
    """Change what is known of it. Raises Forbidden, Conflict when it was given up, Invalid by field."""
    decide(actor, Action.BASE_EDIT, base).enforce()
    settle(base, actor, Action.BASE_EDIT, _write(base, given))


def close(base: InternshipBase, reason: str, actor: User) -> None:
    """It is no longer kept up. Raises Forbidden, Conflict, Invalid without a reason."""
    decide(actor, Action.BASE_CLOSE, base).enforce()
    require_reason(reason)
    before = base.state
    base.close(reason)
    settle(base, actor, Action.BASE_CLOSE, moved(before, base.state), reason)


def _write(base: InternshipBase, given: BaseDetails) -> Changes:
    _check(given)
    with db.session.no_autoflush:  # a base that is half written is not to be sent
        changes = _write_side(base, "employer", given.employer, ())
        changes |= _write_side(base, "university", given.university, (OrganisationKind.UNIVERSITY,))
    reported = "" if base.employer else given.employer_as_reported
    code = "" if base.employer and base.employer.uscc else given.uscc or ""
    for name, value in (("employer_as_reported", reported), ("uscc", code)):
        if getattr(base, name) != value:
            changes[name] = (getattr(base, name), value)
            setattr(base, name, value)
    changes |= write(base, given, FIELDS)
    base.sort_on = base.approved_on or base.sort_on
    return changes


def _write_side(base: InternshipBase, name: str, public_id: str, allowed: tuple[OrganisationKind, ...]) -> Changes:
    before: Organisation | None = getattr(base, name)
    if before is not None and before.public_id == public_id:  # also one that was dissolved since
        return {}
    after = known_organisations([public_id], name)[0] if public_id else None
    if after is not None and allowed and after.kind not in allowed:
        raise Invalid({name: [msg("Choose a university of the directory")]})
    if before is after:
        return {}
    setattr(base, name, after)
    setattr(base, f"{name}_id", after.id if after else None)
    return {name: (before.name_zh if before else None, after.name_zh if after else None)}


def _check(given: BaseDetails) -> None:
    problems: dict[str, list[Message]] = {}
    if not given.employer and not given.employer_as_reported:
        problems["employer"] = [msg("Choose the employer, or write its name as reported")]
    if given.approved_on and given.approved_on > today():
        problems["approved_on"] = [msg("This date lies in the future")]
    if given.approved_on and given.expires_on and given.expires_on < given.approved_on:
        problems["expires_on"] = [msg("The last day comes before the first one")]
    if given.retained is not None and given.completed is not None and given.retained > given.completed:
        problems["retained"] = [msg("These are more than those who completed")]
    if problems:
        raise Invalid(problems)
