"""What whoever promised does: report a figure with its evidence, ask for the close-out. 履约填报与申请销号。"""

from collections.abc import Sequence

from sqlalchemy import select

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.access.scope import without_scope
from ...core.dates import today
from ...core.db import db
from ...core.errors import Invalid, NotFound
from ...core.figures.kinds import Number
from ...core.i18n import Message, msg
from ...records import kinds
from .. import policy
from ..enums import EventKind
from ..inputs import Proof
from ..models import CommitmentEvidence, CommitmentPeriod
from . import acts

MOST_PROOFS = 50
NEEDED = msg("Say what shows it, or choose a record or a file")


def report(period: CommitmentPeriod, figure: Number | None, note: str, evidence: Sequence[Proof], actor: User) -> None:
    """Say how much is done so far; it waits for the other side. A newer figure replaces one that still waits.

    `evidence` are records to add to those that are there. Raises Forbidden, Conflict before the first day and once
    it is settled, Invalid by field: the figure, a record that the reporter does not see, one that counted before.
    """
    policy.may_report(actor, period).enforce()
    figure = acts.check_figure(figure, period.commitment)
    before = acts.snapshot(period)
    add_evidence(period, evidence, actor)
    if figure > 0 and not is_shown(period, note):
        raise Invalid({"note": [NEEDED]})
    period.submit(figure, actor.organisation_id, actor.id, today())
    acts.finish(period, EventKind.REPORTED, Action.COMMITMENT_REPORT, actor, before, note)


def request_close(period: CommitmentPeriod, note: str, actor: User) -> None:
    """The reported figure is the last word: ask the other side to strike it off (申请销号).

    Raises Forbidden, Conflict without a figure, Invalid without evidence where it is asked for.
    """
    policy.may_request_close(actor, period).enforce()
    if not is_shown(period, note):
        raise Invalid({"note": [NEEDED]})
    before = acts.snapshot(period)
    period.request_close(today())
    acts.finish(period, EventKind.CLOSE_REQUESTED, Action.COMMITMENT_REQUEST_CLOSE, actor, before, note)


def is_shown(period: CommitmentPeriod, note: str) -> bool:
    """Whether evidence is there, or not asked for: a record, or words that say where it lies (some stays inside)."""
    return bool(not period.commitment.asks_for_evidence or note.strip() or period.evidence)


def add_evidence(period: CommitmentPeriod, evidence: Sequence[Proof], actor: User) -> None:
    """Put records beside the period. Raises Invalid; what is there already stays as it is."""
    here = {(one.kind, one.subject_public_id) for one in period.evidence}
    new = [one for one in dict.fromkeys(evidence) if (one.kind, one.public_id) not in here]
    if len(here) + len(new) > MOST_PROOFS:
        raise Invalid({"evidence": [msg("At most %(most)s records", most=MOST_PROOFS)]})
    taken = _taken(period, new)
    problems = [problem for one in new if (problem := _problem(one, taken, period, actor))]
    if problems:
        raise Invalid({"evidence": problems})
    for one in new:
        period.evidence.append(
            CommitmentEvidence(
                commitment_id=period.commitment_id,
                kind=one.kind,
                subject_public_id=one.public_id,
                organisation_id=actor.organisation_id,
                added_by_id=actor.id,
            )
        )


def _taken(period: CommitmentPeriod, new: Sequence[Proof]) -> set[tuple[str, str]]:
    """Records that counted for another period of the same promise."""
    model = CommitmentEvidence
    of_these = (
        model.commitment_id == period.commitment_id,
        model.subject_public_id.in_([one.public_id for one in new]),
    )
    with without_scope():
        return {
            (kind, key)
            for kind, key in db.session.execute(select(model.kind, model.subject_public_id).where(*of_these))
        }


def _problem(one: Proof, taken: set[tuple[str, str]], period: CommitmentPeriod, actor: User) -> Message | None:
    allowed = period.commitment.evidence_kinds
    if allowed and one.kind not in allowed:
        return msg("Records of this kind do not show this promise")
    try:
        found = kinds.find(one.kind, one.public_id, actor)
    except NotFound:
        return msg("Choose a record that you see")
    if (one.kind, one.public_id) in taken:
        return msg("%(title)s has counted for this promise already", title=found.title_zh)
    return None
