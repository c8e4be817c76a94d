"""What a briefing says at present: as it was issued, or as its draft stands, with corrections. 专报文本."""

import json
from collections.abc import Mapping, Sequence

from sqlalchemy import select

from ...core.dates import SHANGHAI, today
from ...core.db import db
from ...core.i18n import speaking
from ...organisations.models import Organisation
from ..cut import shifted
from ..metrics.codes import MetricCode
from ..metrics.dictionary import METRICS
from ..models import Briefing, BriefingState, Snapshot
from ..queries import figures as read
from . import content, kept, wording
from .content import Content, Texts
from .corrections import Correction, compare, unsaid
from .gathering import Reader, cut_of, flows, gather
from .kept import Kept, KeptFigure
from .patterns import choose

MONTHS_BACK = 12  # whose corrections a briefing tells


def told(briefing: Briefing, language: str) -> Content:
    """As it was issued, for ever; else as the draft stands now."""
    if briefing.state is BriefingState.ISSUED:
        return content.load(briefing.content_en if language == "en" else briefing.content_zh)
    return draft(briefing, language, corrections_before(briefing))


def draft(briefing: Briefing, language: str, corrections: Sequence[Correction]) -> Content:
    """What a draft says."""
    said = [(one.key, one.sentence(language)) for one in corrections]
    figures = kept.load(briefing.snapshot.content)
    return content.content(figures, language, texts_of(briefing, language), said, remarks(briefing.snapshot, language))


def texts_of(briefing: Briefing, language: str) -> Texts:
    """What people wrote. A line that has no English stays as it is."""
    is_english = language == "en"
    return Texts(
        problems=(briefing.problems_en if is_english else "") or briefing.problems_zh,
        next_steps=(briefing.next_en if is_english else "") or briefing.next_zh,
        author=briefing.author,
        report_to=briefing.report_to,
    )


def remarks(snapshot: Snapshot, language: str) -> list[str]:
    """That it was drawn up later, and when."""
    if not snapshot.is_late:
        return []
    day = wording.said_day(snapshot.taken_at.astimezone(SHANGHAI).date(), language)
    return [choose(wording.DRAWN_LATER, language).format(day=day)]


def unfinished(organisation: Organisation, month: int, language: str) -> tuple[Kept, Content]:
    """The present month so far: figures of today that nobody keeps."""
    found = gather(organisation, month, today(), is_late=False)
    texts = Texts(content.proposed_problems(found, language), content.proposed_steps(found, language))
    return found, content.content(found, language, texts, (), [choose(wording.UNFINISHED, language)])


def corrections_of(snapshots: Sequence[Snapshot]) -> dict[int, list[Correction]]:
    """By month, what the records say otherwise today; as many statements for many months as for one."""
    if not snapshots:
        return {}
    codes = flows()
    cuts = [cut_of(one.month) for one in snapshots]
    found = read.figures_of(Reader(snapshots[0].organisation_id), cuts, codes)
    names = {str(code): _names(code) for code in codes}
    return {
        one.month: _differing(kept.load(one.content), now, names) for one, now in zip(snapshots, found, strict=True)
    }


def _differing(then: Kept, now: read.Figures, names: Mapping[str, tuple[str, str]]) -> list[Correction]:
    """A metric that came later corrects nothing."""
    figures = {str(code): KeptFigure.of(figure) for code, figure in now.items() if then.knew(code)}
    return compare(then.month, then.figures, figures, names)


def _names(code: MetricCode) -> tuple[str, str]:
    label = METRICS[code].label
    with speaking("zh"):
        return str(label), label.english


def corrections_before(briefing: Briefing) -> list[Correction]:
    """Corrections to the twelve months before that no issued briefing told last, the oldest first."""
    snapshots = db.session.scalars(
        select(Snapshot)
        .where(
            Snapshot.organisation_id == briefing.organisation_id,
            Snapshot.month.between(shifted(briefing.month, -MONTHS_BACK), shifted(briefing.month, -1)),
        )
        .order_by(Snapshot.month)
    ).all()
    found = [one for several in corrections_of(snapshots).values() for one in several]
    months, codes = {one.month for one in snapshots}, set(map(str, flows()))
    return unsaid(found, [one for one in _told_before(briefing) if one.month in months and one.code in codes])


def _told_before(briefing: Briefing) -> list[Correction]:
    statement = select(Briefing.corrections).where(
        Briefing.organisation_id == briefing.organisation_id, Briefing.state == BriefingState.ISSUED
    )
    ordered = statement.order_by(Briefing.issued_at, Briefing.id)
    return [Correction(**one) for text in db.session.scalars(ordered) for one in json.loads(text)]
