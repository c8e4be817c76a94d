"""What is known of one agreement when its page is drawn, each thing asked of the database once."""

from collections.abc import Mapping, Sequence
from functools import cached_property

from ...core.access.actions import Action
from ...core.access.decision import Actor, StandIn, decide
from ...core.access.roles import Role
from ...core.dates import today
from ...core.i18n import Either, Message
from ...organisations.queries.names import names_on
from .. import consents, guards, packing, policy, queries
from ..models import (
    Agreement,
    AgreementDocument,
    AgreementParty,
    AgreementRevision,
    Clearance,
    PartyApproval,
    RevisionStage,
    Signatory,
    SignatoryStatus,
    TerminationNotice,
)
from ..overdue import Waits
from ..participants import consenting
from ..services import bases, ending, renewal
from ..services.remake import Order, owed
from .archive_cards import ArchiveCard, cards


class Known:
    """One agreement as one reader sees it."""

    def __init__(self, agreement: Agreement, actor: Actor) -> None:
        self.agreement = agreement
        self.actor = actor

    @cached_property
    def revision(self) -> AgreementRevision | None:
        """The text that this reader works with: a change counts for the others once it was put before them."""
        revision = self.agreement.present_revision
        if revision and revision not in self.revisions:
            return self.agreement.effective_revision
        return revision

    @cached_property
    def revisions(self) -> list[AgreementRevision]:
        """The texts that this reader may see: of other sides, those that the parties had before them."""
        return [row for row in self.agreement.revisions if self.sees_owner or row.content_sha256 or row.is_signed]

    @property
    def on_its_way(self) -> AgreementRevision | None:
        """The text that people work on, where this reader may know of it."""
        revision = self.agreement.open_revision
        return revision if revision in self.revisions else None

    @property
    def terms(self) -> AgreementRevision | None:
        """The text in force, whatever is drafted beside it; before there is one, the text that is worked on."""
        return self.agreement.effective_revision or self.revision

    @cached_property
    def is_stale(self) -> bool:
        """Whether the change on its way was drafted on terms that are not in force any more."""
        revision = self.on_its_way
        return revision is not None and bases.has_moved(self.agreement, revision)

    @cached_property
    def linked(self) -> Sequence[Agreement]:
        """What it renews, and what renews it."""
        return (
            queries.linked(self.agreement, self.actor) if self.agreement.has_begun or self.agreement.renews_id else ()
        )

    @cached_property
    def may_renew(self) -> bool:
        """Whether this reader may begin the renewal: none was begun yet."""
        if not decide(self.actor, Action.AGREEMENT_RENEW, self.agreement):
            return False
        return renewal.renewal_of(self.agreement) is None

    @cached_property
    def notice(self) -> TerminationNotice | None:
        """The notice by which a party ends it."""
        return queries.notice_of(self.agreement) if self.agreement.has_begun else None

    @property
    def may_terminate(self) -> bool:
        """Whether this reader may end it now by the notice."""
        allowed = decide(self.actor, Action.AGREEMENT_TERMINATE, self.agreement)
        return bool(allowed and self.notice and not ending.unmet_for_termination(self.agreement, self.notice))

    @property
    def may_complete(self) -> bool:
        """Whether this reader may close it as completed."""
        return self.unmet_for_completion == []

    @cached_property
    def unmet_for_completion(self) -> list[Message] | None:
        """What keeps this reader from closing it as completed; None where that is not theirs to do."""
        if not decide(self.actor, Action.AGREEMENT_COMPLETE, self.agreement):
            return None
        return ending.unmet_for_completion(self.agreement)

    @property
    def may_decide_renewal(self) -> bool:
        """Whether this reader may say what becomes of it at its end: no renewal was begun."""
        decision = decide(self.actor, Action.AGREEMENT_DECIDE_RENEWAL, self.agreement)
        return bool(decision) and renewal.renewal_of(self.agreement) is None

    @property
    def is_asked(self) -> bool:
        """Whether the owner is to decide about its end."""
        return self.sees_owner and renewal.is_asked(self.agreement, today())

    @property
    def may_abandon(self) -> bool:
        """Whether this reader may give the change up: no signature stands."""
        signed = any(row.status is SignatoryStatus.SIGNED for row in self.signatories)
        return not signed and bool(policy.may_abandon(self.actor, self.agreement))

    @cached_property
    def clearances(self) -> Sequence[Clearance]:
        """Internal steps that are this reader's business."""
        return queries.clearances_of(self.agreement, self.actor)

    @cached_property
    def step(self) -> Clearance | None:
        """The internal step that this reader may take now."""
        if self.agreement.open_revision is None or not decide(self.actor, Action.AGREEMENT_CLEAR, self.agreement):
            return None
        own = [row for row in self.clearances if self._is_own(row)]
        waiting = next((row for row in own if row.result is None), None)
        earlier = [row for row in own if row.result is not None]
        return waiting if waiting and policy.may_clear(self.actor, self.agreement, waiting, earlier) else None

    @cached_property
    def step_for(self) -> StandIn | None:
        """For which colleague this reader takes `step`; None when they take it as their own."""
        own = [row for row in self.clearances if self._is_own(row) and row.result is not None]
        return policy.acts_for(self.actor, self.agreement, self.step, own) if self.step else None

    @cached_property
    def waits(self) -> Waits:
        """Who is there for the internal steps that wait, and how late they are."""
        return Waits([row for row in self.clearances if row.result is None and row.revision is self.revision])

    def _is_own(self, row: Clearance) -> bool:
        return row.organisation_id == self.actor.organisation_id and row.revision is self.agreement.open_revision

    @cached_property
    def insight(self) -> frozenset[int]:
        """Organisations whose internal dealings this reader may see: the own one, and those that it oversees."""
        own = self.actor.organisation_id
        concerned = [party.organisation_id for party in self.agreement.parties if party.organisation_id]
        if own == self.agreement.owner_id or own in concerned:
            return frozenset({own})
        return queries.overseen(self.actor, [self.agreement.owner_id, *concerned])

    @property
    def sees_owner(self) -> bool:
        """Whether what the owner keeps to itself, such as the minutes' number, is shown."""
        return self.agreement.owner_id in self.insight

    @property
    def may_confirm(self) -> bool:
        """Whether this reader may confirm the historic entry."""
        return bool(policy.may_confirm(self.actor, self.agreement))

    @cached_property
    def called_then(self) -> dict[int, Either]:
        """How parties were called on the day of signing, where it was another name and no text holds it fast."""
        loose = [party.organisation_id for party in self.agreement.parties if not party.snapshot_name]
        day = self.agreement.signed_on
        return names_on([number for number in loose if number], day) if day else {}

    @cached_property
    def approvals(self) -> Sequence[PartyApproval]:
        """What the parties said of the present revision."""
        return queries.approvals_of(self.revision) if self.revision else ()

    @cached_property
    def signatories(self) -> Sequence[Signatory]:
        """Who signs, or signed, with the use of the seal."""
        return self._signatories_of(self.revision)

    @property
    def shown_signatories(self) -> Sequence[Signatory]:
        """Those to show: while a change is not being signed yet, those of the text in force."""
        is_signing = self.revision is not None and self.revision.stage is RevisionStage.SIGNING
        return self.signatories if is_signing else self._signatories_of(self.terms)

    @cached_property
    def _all_signatories(self) -> Sequence[Signatory]:
        return queries.signatories_of_all(self.revisions) if self.agreement.verification_code else ()

    def _signatories_of(self, revision: AgreementRevision | None) -> Sequence[Signatory]:
        return [row for row in self._all_signatories if revision and row.revision_id == revision.id]

    @cached_property
    def awaited(self) -> list[Signatory]:
        """The row that counts for each party."""
        return queries.awaited(self.signatories)

    @cached_property
    def may_sign(self) -> bool:
        """Whether this reader may sign digitally now: their turn, and a certificate to sign with."""
        own = [row for row in self.awaited if row.party.organisation_id == self.actor.organisation_id]
        waits = [row for row in own if row.status is SignatoryStatus.PENDING]
        return any(policy.may_sign(self.actor, self.agreement, row, self.awaited) for row in waits)

    @cached_property
    def documents(self) -> Sequence[AgreementDocument]:
        """All files but those of texts that this reader may not see."""
        seen = {row.id for row in self.revisions}
        found = queries.documents_of(self.agreement)
        return [row for row in found if row.revision_id is None or row.revision_id in seen]

    @cached_property
    def archive(self) -> Sequence[ArchiveCard]:
        """What of it is due for the archive, or filed there."""
        return cards(self.agreement, self.actor, sees_owner=self.sees_owner)

    @property
    def has_package(self) -> bool:
        """Whether there is a file that the registry closed, to be checked elsewhere."""
        return bool(packing.closed_papers(self.agreement, self.documents))

    @cached_property
    def owed(self) -> Sequence[Order]:
        """Documents of any text that ought to be there and are not."""
        return owed(self.revisions, self.documents, self._all_signatories)

    @cached_property
    def _roles_here(self) -> Mapping[int, frozenset[Role]]:
        return queries.roles_here(self.agreement.parties_now)

    @cached_property
    def _with_steps(self) -> set[int]:
        return queries.with_steps(self.revision) if self.revision else set()

    def acts_for(self, party: AgreementParty, action: Action = Action.AGREEMENT_RECORD_SIGNATURE) -> bool:
        """Whether this reader may note, or void, the party's signature and papers."""
        if not decide(self.actor, action, self.agreement):
            return False
        roles = self._roles_here.get(party.organisation_id or 0, frozenset())
        has_users = bool(roles & policy.OWN_PEOPLE[action])
        return bool(policy.may_act_for(self.actor, self.agreement, party, has_users=has_users))

    @cached_property
    def uploads_for(self) -> list[AgreementParty]:
        """Signing parties whose papers this reader may upload, in order."""
        open_rows = [row for row in self.signatories if row.status in (SignatoryStatus.PENDING, SignatoryStatus.SIGNED)]
        return list(dict.fromkeys(row.party for row in open_rows if self.acts_for(row.party)))

    @cached_property
    def absent(self) -> list[AgreementParty]:
        """Parties without users here whose written approval this reader may note."""
        mine = self.agreement.owner_id == self.actor.organisation_id
        if not mine or not decide(self.actor, Action.AGREEMENT_APPROVE, self.agreement):
            return []
        return [party for party in self._asked_for_approval if party.organisation_id not in self._with_steps]

    @property
    def _asked_for_approval(self) -> list[AgreementParty]:
        return consenting(self.agreement, self.revision) if self.revision else []

    @property
    def may_request_changes(self) -> bool:
        """Whether this reader speaks for one of the parties whose word the text needs."""
        revision = self.agreement.open_revision
        if revision is None or not decide(self.actor, Action.AGREEMENT_REQUEST_CHANGES, self.agreement):
            return False
        asked = consenting(self.agreement, revision)
        return any(party.organisation_id == self.actor.organisation_id for party in asked)

    @cached_property
    def unmet(self) -> Sequence[Message]:
        """What still stands in the way of the next step."""
        revision = self.on_its_way
        if revision is None:
            return ()
        return [*self._moved(revision), *self._unmet(revision)]

    def _moved(self, revision: AgreementRevision) -> list[Message]:
        """Where other terms came into force since a change was drafted: what has to be done first."""
        try:
            bases.check(self.agreement, revision)
        except bases.BaseMoved as moved:
            return [moved.message, *moved.reasons]
        return []

    def _unmet(self, revision: AgreementRevision) -> list[Message]:
        if revision.stage is RevisionStage.DRAFT:
            return guards.unmet_for_review(self.agreement, revision, duplicates_known=True)
        if revision.stage is RevisionStage.NEGOTIATION:
            found = guards.unmet_for_signing(self.agreement, revision, self.approvals)
            return [*found, *consents.unmet_consents(self.agreement, self.documents)]
        if revision.stage is RevisionStage.SIGNING:
            return guards.unmet_for_effect(revision, self.awaited, self.documents)
        return []
