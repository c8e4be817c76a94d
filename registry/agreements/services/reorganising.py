"""What becomes of agreements when organisations are merged, part again, or come under others. 协议随单位变更.

Owner and party are the surviving record from then on, so its people act and see as the duplicate's did. What was put
before the parties or signed says what it said: the content, the snapshots of the parties, the number and who gave it.
Whatever is archived stays as it was filed.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from ...core.access.decision import Actor
from ...core.access.scope import without_scope
from ...core.db import db
from ...core.i18n import Message, msg
from ...organisations.models import Organisation
from ...organisations.queries.strangers import overseen_by
from ...organisations.repoint import (
    Merging,
    Moved,
    Pointer,
    Since,
    after_merging,
    after_parting,
    asks_others,
    binds,
    derived,
    follows,
    refuses,
    remembers,
    stays,
)
from ...organisations.services.oversight import follows_oversight
from ..models import (
    Agreement,
    AgreementParty,
    AgreementRevision,
    AgreementStatus,
    AgreementVisibility,
    ArchiveEntry,
    ArchiveSettings,
    Clearance,
    EventScan,
    NumberCounter,
    NumberKindPrefix,
    NumberPrefix,
    NumberScheme,
    NumberSkip,
    SigningEvent,
)
from ..models.enums import OPEN_STAGES
from . import projection

OWNED, NAMED = "agreement.owner", "agreement.party"
CHUNK = 500
TOLD = 5


def _without_the_survivor(merging: Merging) -> ColumnElement[bool]:
    """Agreements that do not name the survivor as well; rows of dropped parties may."""
    other = aliased(AgreementParty)
    named = select(other.id).where(
        other.agreement_id == AgreementParty.agreement_id, other.organisation_id == merging.survivor.id
    )
    return ~named.exists()


def _not_frozen(_merging: Merging) -> ColumnElement[bool]:
    """Steps that led to what is archived are as frozen as the paper."""
    filed = select(ArchiveEntry.id).where(
        ArchiveEntry.archived_at.is_not(None),
        ArchiveEntry.agreement_id == Clearance.agreement_id,
        ArchiveEntry.revision_id == Clearance.revision_id,
    )
    return ~filed.exists()


def _not_archived(_merging: Merging) -> ColumnElement[bool]:
    return ArchiveEntry.archived_at.is_(None)


def _count_numbers(duplicate: Organisation) -> Select[int]:
    return select(func.count(Agreement.id)).where(Agreement.issuer_id == duplicate.id)


def _count_words(duplicate: Organisation) -> Select[int]:
    return select(func.count(NumberPrefix.prefix)).where(NumberPrefix.organisation_id == duplicate.id)


def _count_archived(duplicate: Organisation) -> Select[int]:
    archived = ArchiveEntry.archived_at.is_not(None)
    return select(func.count(ArchiveEntry.id)).where(ArchiveEntry.owner_id == duplicate.id, archived)


follows(Pointer(OWNED, msg("Agreements that it owns"), Agreement.owner_id, is_theirs=True))
follows(Pointer(NAMED, msg("Agreements in which it is a party"), AgreementParty.organisation_id, _without_the_survivor))
follows(Pointer("clearance.organisation", msg("Internal steps"), Clearance.organisation_id, _not_frozen))
follows(Pointer("event.owner", msg("Signing events"), SigningEvent.owner_id, is_theirs=True))
follows(Pointer("event.scan", msg("Scans handed in"), EventScan.organisation_id, is_theirs=True))
follows(Pointer("archive.owner", msg("Papers still to be archived"), ArchiveEntry.owner_id, _not_archived))
stays("agreement.numbers", msg("Numbers given out, and its register"), _count_numbers, Agreement.issuer_id)
stays("agreement.words", msg("Words of its numbers"), _count_words, NumberPrefix.organisation_id)
stays("archive.done", msg("Papers archived"), _count_archived)
derived(AgreementVisibility.organisation_id)
# Each office keeps its own rules and counters: numbers that were given out never change.
derived(NumberScheme.organisation_id, NumberKindPrefix.organisation_id, ArchiveSettings.organisation_id)
derived(NumberCounter.issuer_id, NumberSkip.issuer_id)


def _concerns(organisation_id: int) -> ColumnElement[bool]:
    named = select(AgreementParty.agreement_id).where(AgreementParty.organisation_id == organisation_id)
    return or_(Agreement.owner_id == organisation_id, Agreement.id.in_(named))


@refuses("agreements.both")
def refuse_both(merging: Merging) -> Iterator[Message]:
    """Whoever signed with each other is two."""
    one, other = aliased(AgreementParty), aliased(AgreementParty)
    statement = (
        select(Agreement)
        .join(one, one.agreement_id == Agreement.id)
        .join(other, other.agreement_id == Agreement.id)
        .where(one.organisation_id == merging.duplicate.id, other.organisation_id == merging.survivor.id)
        .where(one.position > 0, other.position > 0, Agreement.status != AgreementStatus.VOID)
    )
    for agreement in db.session.scalars(statement.order_by(Agreement.id).limit(TOLD)):
        yield msg("%(agreement)s names both as parties", agreement=agreement.audit_label)


@refuses("agreements.under_way")
def refuse_under_way(merging: Merging) -> Iterator[Message]:
    """A text that lies before the parties names them as they are, and its digest holds that fast."""
    before_parties = select(AgreementRevision.agreement_id).where(
        AgreementRevision.stage.in_(OPEN_STAGES), AgreementRevision.content_sha256 != ""
    )
    statement = select(Agreement).where(_concerns(merging.duplicate.id), Agreement.id.in_(before_parties))
    for agreement in db.session.scalars(statement.order_by(Agreement.id).limit(TOLD)):
        yield msg(
            "%(agreement)s lies before the parties: finish or take it back first", agreement=agreement.audit_label
        )


@asks_others("agreements")
def are_of_others(actor: Actor, organisation: Organisation) -> bool:
    """Who only entered the record does not say for strangers with whom they signed."""
    foreign = (Agreement.owner_id != actor.organisation_id, Agreement.owner_id.not_in(overseen_by(actor)))
    statement = select(Agreement.id).where(_concerns(organisation.id), *foreign)
    return db.session.scalar(statement.limit(1)) is not None


@remembers("agreements")
def remember_texts(_merging: Merging, moved: Moved) -> dict[str, list[int]]:
    """Which texts were put before parties by then."""
    return {"texts": [row.id for row in _fixed_texts(agreements_of(moved))]}


@binds("agreements")
def bound_since(since: Since) -> Iterator[Message]:
    """Texts that were put before parties since, which name the survivor."""
    known = set((since.remembered.get("agreements") or {}).get("texts", ()))
    fresh = {row.agreement_id for row in _fixed_texts(agreements_of(since.moved)) if row.id not in known}
    statement = select(Agreement).where(Agreement.id.in_(fresh)).order_by(Agreement.id).limit(TOLD)
    for agreement in db.session.scalars(statement) if fresh else ():
        yield msg("%(agreement)s was put before the parties since", agreement=agreement.audit_label)


def _fixed_texts(agreement_ids: Sequence[int]) -> Iterator[Any]:
    for chunk in _chunks(agreement_ids):
        of_these = (AgreementRevision.agreement_id.in_(chunk), AgreementRevision.content_sha256 != "")
        yield from db.session.execute(select(AgreementRevision.id, AgreementRevision.agreement_id).where(*of_these))


def agreements_of(moved: Moved) -> list[int]:
    """The agreements whose owner or party moved."""
    found = set(moved.get(OWNED, ()))
    for chunk in _chunks(list(moved.get(NAMED, ()))):
        found |= set(db.session.scalars(select(AgreementParty.agreement_id).where(AgreementParty.id.in_(chunk))))
    return sorted(found)


@after_merging("agreements")
@after_parting("agreements")
def follow(_merging: Merging, moved: Moved) -> None:
    """Drafts name whom their parties are now; who sees what is worked out anew; whoever counts agreements hears it."""
    _name_in_drafts(moved)
    numbers = agreements_of(moved)
    projection.refresh_readers(numbers)
    for chunk in _chunks(numbers):
        for agreement in db.session.scalars(select(Agreement).where(Agreement.id.in_(chunk)).order_by(Agreement.id)):
            projection.tell_of(agreement)


def _name_in_drafts(moved: Moved) -> None:
    """First texts that nobody was shown yet. A change of an agreement in force keeps what its base says."""
    for chunk in _chunks(list(moved.get(NAMED, ()))):
        rows = db.session.scalars(
            select(AgreementParty).where(AgreementParty.id.in_(chunk)).options(joinedload(AgreementParty.organisation))
        ).all()
        drafts = select(AgreementRevision).where(
            AgreementRevision.agreement_id.in_([row.agreement_id for row in rows]),
            AgreementRevision.stage.in_(OPEN_STAGES),
            AgreementRevision.content_sha256 == "",
            AgreementRevision.base_id.is_(None),
        )
        of_agreement = {draft.agreement_id: draft for draft in db.session.scalars(drafts)}
        for row in rows:
            if row.agreement_id in of_agreement and row.organisation:
                _name_in(of_agreement[row.agreement_id], row.position, row.organisation)


def _name_in(draft: AgreementRevision, position: int, organisation: Organisation) -> None:
    named = {"organisation": organisation.public_id, "name": organisation.name_zh}
    lines = draft.content.get("parties", ())
    changed = [{**line, **named} if line["position"] == position else line for line in lines]
    draft.content = {**draft.content, "parties": changed}


@follows_oversight
def follow_oversight(organisation_ids: Collection[int]) -> None:
    """Who stands above an owner or a party now sees the agreement, who did no longer does."""
    found: set[int] = set()
    with without_scope():
        for chunk in _chunks(sorted(organisation_ids)):
            found |= set(db.session.scalars(select(Agreement.id).where(Agreement.owner_id.in_(chunk))))
            named = select(AgreementParty.agreement_id).where(AgreementParty.organisation_id.in_(chunk))
            found |= set(db.session.scalars(named))
        projection.refresh_readers(sorted(found))


def _chunks(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(numbers), CHUNK):
        yield numbers[start : start + CHUNK]
