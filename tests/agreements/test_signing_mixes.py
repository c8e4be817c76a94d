"""Whatever two to eight parties do in whatever order, no signature is lost and no file is closed early."""

import os
from dataclasses import dataclass, field, replace
from itertools import count

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.agreements import jobs, queries
from registry.agreements.inputs import ArticleText, DigitalDetails, PartyLine
from registry.agreements.models import (
    Agreement,
    AgreementDocument,
    AgreementKind,
    AgreementStatus,
    DocumentKind,
    PartyRole,
    Signatory,
    SignatoryStatus,
    SignatureMethod,
)
from registry.agreements.services import clearance, digital, files, negotiation, signing
from registry.core.access.roles import Role
from registry.core.dates import today
from registry.core.db import transaction
from registry.core.errors import Conflict, RegistryError, Unmet
from registry.documents import store, verdicts
from registry.documents.places import places
from registry.documents.signing.party_signatures import signed_fields
from registry.documents.verdicts import State
from registry.organisations.models import OrganisationKind
from tests.agreements.scene import Scene, Side, details, make_scene, make_side, stored
from tests.agreements.signers import make_certificate
from tests.agreements.test_lifecycle import LEADER, LEGAL, YES

EXAMPLES = int(os.environ.get("SIGNING_EXAMPLES", "5"))  # script/gates asks for many more
MOST = 8
ACTS = (
    "digital", "digital", "paper", "sealed_elsewhere", "proxy", "proxy_without_letter",
    "decline", "void", "resend", "complete",
)  # fmt: skip
number = count(1)


@dataclass
class Model:
    """What must be so."""

    states: list[str]
    in_order: bool
    fields: list[str] = field(default_factory=list)
    proxies: set[int] = field(default_factory=set)
    letters: set[int] = field(default_factory=set)

    @property
    def all_signed(self) -> bool:
        return all(state == "signed" for state in self.states)

    @property
    def is_complete(self) -> bool:
        return self.all_signed and self.proxies <= self.letters

    def may_sign(self, place: int) -> bool:
        """Nobody signs twice; in order, nobody signs before those ahead have."""
        is_turn = not self.in_order or all(state == "signed" for state in self.states[:place])
        return is_turn and self.states[place] == "pending"


@pytest.fixture
def scene(app: Flask, fonts: object) -> Scene:
    with transaction():
        made = make_scene()
        make_certificate(made.bureau.organisation, places().keys)
    return made


@pytest.fixture
def others(scene: Scene) -> list[Side]:
    """Seven more parties with people who sign."""
    roles = (Role.LEADER, Role.SIGNATORY, Role.SEAL_KEEPER)
    with transaction():
        found = [make_side(f"测试单位{place}", OrganisationKind.UNIVERSITY, roles=roles) for place in range(MOST - 1)]
        for side in found:
            make_certificate(side.organisation, places().keys)
    return found


def begin(scene: Scene, sides: list[Side], *, in_order: bool) -> Agreement:
    """Being signed by all of them, with its signing copy."""
    lines = [PartyLine(side.organisation.public_id) for side in sides]
    with transaction():
        agreement = scene.draft(
            kind=AgreementKind.STRATEGIC,
            template="",
            variables={},
            copies_total=2 * len(sides),
            articles=(ArticleText("1", "第一条　合作", "各方开展合作。"),),
            parties=(replace(lines[0], role=PartyRole.LEAD), *lines[1:]),
            title_zh=f"多方协议{next(number)}",
        )
        clearance.submit(agreement, scene.bureau.handler, duplicates_known=True)
        for opinion, person in (
            (YES, scene.bureau.section_head),
            (LEGAL, scene.bureau.legal_officer),
            (LEADER, scene.bureau.leader),
        ):
            clearance.clear(agreement, opinion, person)
        for party in agreement.parties[1:]:
            negotiation.approve_from_paper(agreement, party, "复函", scene.bureau.leader)
        signing.start_signing(agreement, scene.bureau.leader, in_order=in_order)
    jobs.make_signing_copy({"revision": agreement.revisions[-1].public_id})
    return agreement


def row_at(agreement: Agreement, place: int) -> Signatory:
    """The row that counts for a party."""
    return queries.awaited_of(agreement.revisions[-1])[place]


def to_sign(agreement: Agreement) -> AgreementDocument:
    """The file to sign now."""
    document = queries.file_to_sign(agreement.revisions[-1])
    assert document
    return document


class Play:
    """Acts on the registry and on the model alike."""

    def __init__(self, scene: Scene, sides: list[Side], *, in_order: bool) -> None:
        self.scene, self.sides = scene, sides
        self.agreement = begin(scene, sides, in_order=in_order)
        self.model = Model(["pending"] * len(sides), in_order)

    def do(self, act: str, place: int) -> None:
        """One act; the model says whether it must be refused."""
        place %= len(self.sides)
        getattr(self, act)(place, self.sides[place], row_at(self.agreement, place))
        self.compare()

    def digital(self, place: int, side: Side, row: Signatory, *, is_proxy: bool = False) -> None:
        wanted = DigitalDetails("测试签字人", to_sign(self.agreement).file.sha256, is_proxy=is_proxy)
        if not self.model.may_sign(place):
            with pytest.raises(Conflict):
                self._sign(row, wanted, side)
            return
        self._sign(row, wanted, side)
        self.model.states[place] = "signed"
        self.model.fields.append(row.digital.field if row.digital else "")
        if is_proxy:
            self.model.proxies.add(place)

    def proxy(self, place: int, side: Side, row: Signatory) -> None:
        """With the letter, which is attached before."""
        if self.model.may_sign(place):
            self._attach_letter(place)
        self.digital(place, side, row, is_proxy=True)

    def proxy_without_letter(self, place: int, side: Side, row: Signatory) -> None:
        """The letter follows at the end of the play, unless another one is there already."""
        self.digital(place, side, row, is_proxy=True)

    def _sign(self, row: Signatory, wanted: DigitalDetails, side: Side) -> None:
        planned, pdf = digital.plan(self.agreement, row, wanted, side.signatory)
        kept = store.put(digital.make(planned, pdf), "application/pdf")
        with transaction():
            digital.sign(self.agreement, row, planned, kept, side.signatory)

    def paper(self, place: int, side: Side, row: Signatory) -> None:
        self._by_hand(place, side, row, SignatureMethod.WET_INK, DocumentKind.PARTY_SCAN)

    def sealed_elsewhere(self, place: int, side: Side, row: Signatory) -> None:
        self._by_hand(place, side, row, SignatureMethod.E_SEAL, DocumentKind.EXTERNAL_FILE)

    def _by_hand(self, place: int, side: Side, row: Signatory, method: SignatureMethod, kind: DocumentKind) -> None:
        given = details(today(), method=method)
        expected = self.model.may_sign(place)
        self._expect(expected, lambda: signing.record_signature(self.agreement, row, given, side.seal_keeper))
        if expected:
            self._attach(place, kind)
            self.model.states[place] = "signed"

    def _attach_letter(self, place: int) -> None:
        self._attach(place, DocumentKind.PROXY_LETTER)
        self.model.letters.add(place)

    def _attach(self, place: int, kind: DocumentKind) -> None:
        with transaction():
            party = row_at(self.agreement, place).party
            files.add(self.agreement, kind, stored(), "文件.pdf", self.sides[place].seal_keeper, party)

    def decline(self, place: int, side: Side, row: Signatory) -> None:
        expected = self.model.states[place] == "pending"
        self._expect(expected, lambda: signing.decline(self.agreement, row, "不同意", side.leader))
        if expected:
            self.model.states[place] = "declined"

    def void(self, place: int, side: Side, row: Signatory) -> None:
        expected = self.model.states[place] == "signed"
        self._expect(expected, lambda: signing.void_signature(self.agreement, row, "有误", side.leader))
        if expected:
            self.model.states[place] = "pending"
            self.model.proxies.discard(place)
            self.model.letters.discard(place)

    def resend(self, _place: int, _side: Side, _row: Signatory) -> None:
        expected = not self.model.all_signed
        self._expect(expected, lambda: signing.send_again(self.agreement, self.scene.bureau.handler))
        self.model.states = ["pending" if state == "declined" else state for state in self.model.states]

    def complete(self, _place: int, _side: Side, _row: Signatory) -> None:
        """Refused while anything is missing; when nothing is, the end of the play does it."""
        if not self.model.is_complete:
            with pytest.raises(Unmet), transaction():
                signing.complete_signing(self.agreement, self.scene.bureau.seal_keeper)

    def _expect(self, allowed: bool, act: object) -> None:
        assert callable(act)
        if allowed:
            with transaction():
                act()
        else:
            with pytest.raises(RegistryError), transaction():
                act()

    def compare(self) -> None:
        """Rows, and the signatures in the file, are what the model says; nothing is closed."""
        rows = queries.awaited_of(self.agreement.revisions[-1])
        assert [str(row.status) for row in rows] == self.model.states
        assert list(signed_fields(store.read(to_sign(self.agreement).file))) == self.model.fields
        assert self.agreement.status is AgreementStatus.SIGNING
        jobs.make_signed_agreement({"revision": self.agreement.revisions[-1].public_id})
        assert DocumentKind.SIGNED_AGREEMENT not in {row.kind for row in queries.documents_of(self.agreement)}

    def finish(self) -> None:
        """Who is missing signs on paper and letters are brought; then, and only then, it is complete."""
        with transaction():
            if not self.model.all_signed:
                signing.send_again(self.agreement, self.scene.bureau.handler)
        self.model.states = ["signed" if state == "signed" else "pending" for state in self.model.states]
        for place, side in enumerate(self.sides):
            if self.model.states[place] == "pending":
                self.paper(place, side, row_at(self.agreement, place))
        for place in self.model.proxies - self.model.letters:
            self.complete(place, self.sides[place], row_at(self.agreement, place))
            self._attach_letter(place)
        assert self.model.is_complete
        with transaction():
            signing.complete_signing(self.agreement, self.scene.bureau.seal_keeper)
        self.compare_end()

    def compare_end(self) -> None:
        """Every signature ever given is in the closed file, and the proxies are those who signed as such."""
        revision = self.agreement.effective_revision
        assert revision
        rows = queries.awaited_of(revision)
        assert {place for place, row in enumerate(rows) if row.is_proxy} == self.model.proxies
        if any(row.digital for row in rows):
            jobs.make_signed_agreement({"revision": revision.public_id})
            closed = queries.documents_of(self.agreement)[-1]
            pdf = store.read(closed.file)
            assert list(signed_fields(pdf)) == [*self.model.fields, "RegistryClosing"]
            assert verdicts.judge(pdf).state is State.VALID
        kept = [row for row in queries.signatories_of(revision) if row.digital]
        assert len(kept) == len(self.model.fields)


@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    parties=st.integers(2, MOST),
    in_order=st.booleans(),
    acts=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 7)), max_size=16),
)
def test_no_signature_is_lost_and_no_file_is_closed_early(
    scene: Scene, others: list[Side], parties: int, in_order: bool, acts: list[tuple[str, int]]
) -> None:
    play = Play(scene, [scene.bureau, *others[: parties - 1]], in_order=in_order)
    for act, place in acts:
        play.do(act, place)
    play.finish()


def test_the_statuses_have_the_models_names() -> None:
    assert {"pending", "signed", "declined"} <= {str(status) for status in SignatoryStatus}
