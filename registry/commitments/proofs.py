"""Which records may show that a period was kept, and what those that were chosen are called. 履约佐证.

Kinds that say what took place between two organisations offer theirs (`records.kinds`, `between`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from ..core.access.decision import Actor
from ..core.access.scope import without_scope
from ..core.db import db
from ..core.i18n import Message
from ..records import kinds
from .models import Commitment, CommitmentEvidence, CommitmentPeriod


@dataclass(frozen=True)
class Offer:
    """A record that may be chosen."""

    kind: kinds.Kind
    public_id: str
    title_zh: str
    title_en: str
    on: date

    @property
    def value(self) -> str:
        """As the form sends it."""
        return f"{self.kind.code}:{self.public_id}"


@dataclass(frozen=True)
class Shown:
    """A record that was chosen, as far as the reader sees it."""

    label: Message
    endpoint: str
    public_id: str
    title_zh: str = ""
    title_en: str = ""

    @property
    def is_seen(self) -> bool:
        """Whether the reader may open it."""
        return bool(self.title_zh)


def fitting(commitment: Commitment) -> list[kinds.Kind]:
    """Kinds of records that may show this promise."""
    able = [kind for kind in kinds.known() if kind.between is not None]
    wanted = commitment.evidence_kinds
    return [kind for kind in able if not wanted or kind.code in wanted]


def offers(period: CommitmentPeriod, actor: Actor) -> list[Offer]:
    """What took place between the sides in the period's days and has not counted yet; latest first."""
    commitment = period.commitment
    others = commitment.party_ids - {actor.organisation_id}
    counted = _counted(commitment)
    found = [
        Offer(kind, row.public_id, row.title_zh, row.title_en, row.sort_on)
        for kind in fitting(commitment)
        if kind.between is not None
        for row in kind.between(others, period.starts_on, period.due_on, actor)
        if (kind.code, row.public_id) not in counted
    ]
    return sorted(found, key=lambda one: one.on, reverse=True)


def _counted(commitment: Commitment) -> set[tuple[str, str]]:
    model = CommitmentEvidence
    statement = select(model.kind, model.subject_public_id).where(model.commitment_id == commitment.id)
    with without_scope():
        return {(kind, key) for kind, key in db.session.execute(statement)}


def shown(evidence: Iterable[CommitmentEvidence], actor: Actor) -> dict[int, Shown]:
    """By the id of the link; a query for each kind."""
    links = list(evidence)
    by_kind: dict[str, list[str]] = {}
    for one in links:
        by_kind.setdefault(one.kind, []).append(one.subject_public_id)
    titles = {kind: kinds.titles_of(kind, keys, actor) for kind, keys in by_kind.items()}
    return {one.id: _shown(one, titles[one.kind].get(one.subject_public_id, ("", ""))) for one in links}


def _shown(one: CommitmentEvidence, titles: Sequence[str]) -> Shown:
    kind = kinds.kind_of(one.kind)
    return Shown(kind.label, kind.endpoint, one.subject_public_id, titles[0], titles[1])
