"""An office's own Word template: handed in, used from then on, laid aside again. 专报模板。"""

from datetime import datetime

from sqlalchemy import Select, or_, select

from ...accounts.models import User
from ...audit.services import record as audit
from ...core.access.actions import Action
from ...core.dates import now
from ...core.db import db
from ...core.errors import NotFound
from ...documents import store
from ...documents.store import Kept
from ...organisations.models import Organisation
from .. import policy
from ..models import BriefingTemplate


def current(organisation_id: int, language: str) -> BriefingTemplate | None:
    """The office's own template of a language; None: the house's."""
    return db.session.scalar(_own(organisation_id, language).where(BriefingTemplate.retired_at.is_(None)))


def in_use(organisation_id: int, language: str, moment: datetime) -> BriefingTemplate | None:
    """The one that was in use then: what was issued keeps its look; None: the house's."""
    at = BriefingTemplate
    then = (at.uploaded_at <= moment, or_(at.retired_at.is_(None), at.retired_at > moment))
    return db.session.scalar(_own(organisation_id, language).where(*then).order_by(at.id.desc()).limit(1))


def _own(organisation_id: int, language: str) -> Select[BriefingTemplate]:
    whose = (BriefingTemplate.organisation_id == organisation_id, BriefingTemplate.language == language)
    return select(BriefingTemplate).where(*whose)


def hand_in(kept: Kept, filename: str, language: str, actor: User) -> BriefingTemplate:
    """Use a template that was looked at (`word_files.inspect_template`) from now on. Raises Forbidden.

    Of two people who hand one in at the same time the later one's is used; the other's is kept as laid aside.
    """
    policy.may_set_template(actor).enforce()
    _take_turn(actor)
    before = _lay_aside(actor, language)
    made = BriefingTemplate(
        organisation_id=actor.organisation_id,
        language=language,
        file=store.register(kept),
        filename=filename,
        uploaded_by_id=actor.id,
        uploaded_at=now(),
    )
    db.session.add(made)
    db.session.flush()
    told = {"file": (before.filename if before else None, filename), "sha256": (None, kept.sha256)}
    audit(actor, Action.BRIEFING_SET_TEMPLATE, made, told | {"language": (None, language)})
    return made


def lay_aside(language: str, actor: User) -> None:
    """Go back to the house's template. Raises Forbidden, NotFound where there is none of one's own."""
    policy.may_set_template(actor).enforce()
    _take_turn(actor)
    before = _lay_aside(actor, language)
    if before is None:
        raise NotFound
    audit(actor, Action.BRIEFING_SET_TEMPLATE, before, {"file": (before.filename, None), "language": (language, None)})


def _take_turn(actor: User) -> None:
    """One after the other in an office: the later sees what the earlier did. Rows may still point at the office."""
    office = select(Organisation.id).where(Organisation.id == actor.organisation_id)
    db.session.execute(office.with_for_update(key_share=True)).all()


def _lay_aside(actor: User, language: str) -> BriefingTemplate | None:
    before = current(actor.organisation_id, language)
    if before is not None:
        before.retired_at = now()
        db.session.flush()
    return before
