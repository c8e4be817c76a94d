"""Drawing a briefing up, changing its words, issuing it. 专报编报。

The figures are the snapshot's. Once it is issued nothing of it changes; what turns out otherwise afterwards is said as
a correction, on its page and in the next briefing.
"""

import json
from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from ...accounts.models import User
from ...audit.services import record as audit
from ...core.access.actions import Action
from ...core.access.scope import without_scope
from ...core.dates import now
from ...core.db import db, transaction
from ...core.i18n import msg
from ...core.instance import settings
from ...jobs.daily import daily
from ...organisations.models import Organisation
from ...records.services import write
from .. import policy
from ..briefing import content, kept, telling
from ..briefing.content import Content
from ..briefing.patterns import LANGUAGES
from ..inputs import BriefingTexts
from ..models import Briefing, BriefingItem
from . import issued, snapshots

FIELDS = ("author", "report_to", "problems_zh", "problems_en", "next_zh", "next_en")
PREPARED = "briefing:prepared"
LONGEST_TITLE = 400


def draw_up(organisation: Organisation, month: int, actor: User) -> Briefing:
    """The draft of a month that is over, or the briefing that there is. Raises Forbidden, Conflict."""
    policy.may_draw_up(actor).enforce()
    return _prepared(organisation, month, actor)


def _prepared(organisation: Organisation, month: int, actor: User | None) -> Briefing:
    snapshot = snapshots.take(organisation, month)
    with without_scope():
        present = briefing_of(organisation.id, month)
        if present:
            return present
        last = _latest(organisation.id)
    figures = kept.load(snapshot.content)
    made = Briefing(
        organisation=organisation,
        month=month,
        snapshot=snapshot,
        author=last.author if last else organisation.name_zh,
        report_to=last.report_to if last else "",
        problems_zh=content.proposed_problems(figures, "zh"),
        problems_en=content.proposed_problems(figures, "en"),
        next_zh=content.proposed_steps(figures, "zh"),
        next_en=content.proposed_steps(figures, "en"),
        is_demo=actor.is_demo if actor else settings().demo,
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:  # somebody else drew it up at the same moment
        return db.session.scalars(
            select(Briefing).where(Briefing.organisation_id == organisation.id, Briefing.month == month)
        ).one()
    told = {"as_of": (None, snapshot.as_of), "sha256": (None, snapshot.sha256), "is_late": (None, snapshot.is_late)}
    audit(actor, Action.BRIEFING_DRAW_UP if actor else PREPARED, made, told)
    return made


def briefing_of(organisation_id: int, month: int) -> Briefing | None:
    """The briefing of a month, if there is one."""
    statement = select(Briefing).where(Briefing.organisation_id == organisation_id, Briefing.month == month)
    return db.session.scalar(statement)


def _latest(organisation_id: int) -> Briefing | None:
    """Who drew up the last one for whom is proposed again."""
    statement = select(Briefing).where(Briefing.organisation_id == organisation_id)
    return db.session.scalar(statement.order_by(Briefing.month.desc()).limit(1))


def edit(briefing: Briefing, given: BriefingTexts, actor: User) -> None:
    """Change the words of a draft. Raises Forbidden, Conflict once it is issued."""
    policy.may_edit(actor, briefing).enforce()
    changes = write(briefing, given, FIELDS)
    briefing.updated_at = now()
    db.session.flush()
    audit(actor, Action.BRIEFING_EDIT, briefing, changes)


def issue(briefing: Briefing, actor: User, files: issued.Files | None = None) -> None:
    """Issue a draft: what it says in both languages is kept, with the corrections to months before.

    `files` are its chart's pictures (see `issued.drawn`).

    Raises Forbidden, Conflict for one that was issued before.
    """
    policy.may_issue(actor, briefing).enforce()
    told = telling.corrections_before(briefing)
    briefing.corrections = json.dumps([one.plain() for one in told], ensure_ascii=False, sort_keys=True)
    said = {language: telling.draft(briefing, language, told) for language in LANGUAGES}
    db.session.add_all(_items(briefing, said["zh"], said["en"]))
    db.session.flush()
    texts = {language: content.dump(one) for language, one in said.items()}
    briefing.issue(texts["zh"], texts["en"], kept.digest(texts["zh"] + texts["en"]), now(), actor.id)
    briefing.updated_at = now()
    db.session.flush()
    issued.keep(briefing, files or {})
    audit(actor, Action.BRIEFING_ISSUE, briefing, {"state": ("draft", "issued"), "sha256": (None, briefing.sha256)})


def _items(briefing: Briefing, zh: Content, en: Content) -> Sequence[BriefingItem]:
    """A row for each sentence; the English of the same code stands beside, where there is one."""
    english = {item.code: item.text for item in en.items}
    return [
        BriefingItem(
            briefing_id=briefing.id,
            code=item.code,
            title_zh=item.text[:LONGEST_TITLE],
            title_en=english.get(item.code, "")[:LONGEST_TITLE],
        )
        for item in zh.items
    ]


@daily("month-end", msg("Briefings: keep the figures of the month that ended"))
def keep_months(day: date) -> None:
    """Keep the month that ended, and prepare its draft, for every office; each in a transaction of its own.

    Months before that were missed since the office's last one are kept too. What fails for one is tried again with the
    job, and keeps nobody else's month from being kept.
    """
    due, failed = snapshots.months_due(day), list[Exception]()
    for number in [one.id for one in snapshots.briefed()]:
        for month in sorted({*due, *(snapshots.months_missed(number, day) if due else ())}):
            try:
                with transaction():
                    _prepared(db.session.get_one(Organisation, number), month, None)
            except Exception as error:  # raised below, once all others are kept
                failed.append(error)
    if failed:
        raise failed[0]
