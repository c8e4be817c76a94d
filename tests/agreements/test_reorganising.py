"""Agreements follow their organisations: when records are merged, part again, or come under others."""

from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import event, select

from registry.accounts.models import User
from registry.agreements import content, queries
from registry.agreements.inputs import Opinion, PartyLine
from registry.agreements.models import (
    Agreement,
    AgreementParty,
    AgreementStatus,
    AgreementVisibility,
    Clearance,
    RevisionKind,
)
from registry.agreements.services import clearance, entry
from registry.core.access.roles import Role
from registry.core.access.scope import set_viewer
from registry.core.access.table import Relation
from registry.core.db import db, transaction
from registry.core.errors import Invalid, NotFound, Unmet
from registry.organisations.inputs import Closing, MergeOrder
from registry.organisations.models import Organisation, OrganisationKind
from registry.organisations.services import closing, merging
from registry.organisations.services.oversight import rebuild_oversight
from tests.agreements.archived import archived, with_rows_only
from tests.agreements.scene import Scene, Side, make_scene, make_side
from tests.factories import make_organisation, make_user
from tests.states import Begin


@dataclass
class Twice:
    """The scene, in which the bureau is known under a second record with people of its own; the province over both."""

    scene: Scene
    other: Side
    province: Organisation
    above: Organisation
    head: User

    @property
    def bureau(self) -> Organisation:
        return self.scene.bureau.organisation

    def merge(self) -> None:
        """The bureau of the scene into the other record."""
        preview = merging.look(self.head, self.bureau, self.other.organisation.public_id)
        order = MergeOrder(self.other.organisation.public_id, "重复录入", {}, preview.digest)
        with transaction():
            merging.merge(self.head, self.bureau, order, self.bureau.row_version)

    def part(self) -> None:
        with transaction():
            merging.part(self.head, self.bureau, "并非重复", self.bureau.row_version)

    def refusals(self) -> list[str]:
        preview = merging.look(self.head, self.bureau, self.other.organisation.public_id)
        return [one.key for one in preview.refusals]


def make_twice() -> Twice:
    with transaction():
        scene = make_scene()
        other = make_side("鞍山市人社局", OrganisationKind.HR_BUREAU)
        province = make_organisation("鞍山市人社系统", OrganisationKind.OTHER)
        above = make_organisation("鞍山市人民政府", OrganisationKind.OTHER)
        scene.bureau.organisation.superior_id = other.organisation.superior_id = province.id
        head = make_user(Role.SECTION_HEAD, organisation=province)
        rebuild_oversight()
        return Twice(scene, other, province, above, head)


@pytest.fixture
def twice(app: Flask, begin_with: Begin) -> Twice:
    return begin_with(make_twice)


def seen_by() -> dict[int, set[int]]:
    """Organisations by the agreements that they see."""
    db.session.rollback()
    found: dict[int, set[int]] = {}
    rows = select(AgreementVisibility.agreement_id, AgreementVisibility.organisation_id)
    for agreement_id, organisation_id in db.session.execute(rows):
        found.setdefault(agreement_id, set()).add(organisation_id)
    return found


class TestMerging:
    def test_the_survivors_people_see_and_do_what_the_others_did(self, twice: Twice) -> None:
        with transaction():
            agreement = twice.scene.in_force()
        with pytest.raises(NotFound):
            queries.get_visible(agreement.public_id, twice.other.handler)
        twice.merge()
        found = queries.get_visible(agreement.public_id, twice.other.handler)
        assert {Relation.OWN, Relation.PARTY, Relation.SCOPE} <= found.relations_to(twice.other.handler)
        assert twice.scene.bureau.handler.organisation_id == twice.other.organisation.id

    @pytest.mark.parametrize("state", ["draft", "review", "in_force"])
    def test_and_after_it_was_taken_back_as_before(self, twice: Twice, state: str) -> None:
        with transaction():
            agreement = getattr(twice.scene, state)()
        before = seen_by()
        twice.merge()
        assert seen_by()[agreement.id] == before[agreement.id] - {twice.bureau.id} | {twice.other.organisation.id}
        twice.part()
        assert seen_by() == before
        assert agreement.owner_id == twice.bureau.id

    def test_the_second_wall_follows(self, twice: Twice) -> None:
        with transaction():
            agreement = twice.scene.in_force()
        twice.merge()
        set_viewer(twice.other.organisation.id)
        try:
            assert db.session.scalars(select(Agreement.id)).all() == [agreement.id]
        finally:
            set_viewer(None)

    def test_what_was_signed_says_what_it_said(self, twice: Twice) -> None:
        with transaction():
            agreement = twice.scene.in_force()
        revision = agreement.effective_revision
        assert revision
        before = (revision.content, revision.content_sha256, agreement.number, agreement.issuer_id)
        names = [party.name for party in agreement.parties]
        twice.merge()
        assert (revision.content, revision.content_sha256, agreement.number, agreement.issuer_id) == before
        assert content.digest(revision.content) == revision.content_sha256
        assert [party.name for party in agreement.parties] == names
        assert len(queries.clearances_of(agreement, twice.other.handler)) == 3

    def test_a_draft_names_the_survivor_and_again_the_other(self, twice: Twice) -> None:
        with transaction():
            agreement = twice.scene.draft()
        twice.merge()
        line = agreement.revisions[0].content["parties"][0]
        assert (line["organisation"], line["name"]) == (twice.other.organisation.public_id, "鞍山市人社局")
        twice.part()
        line = agreement.revisions[0].content["parties"][0]
        assert (line["organisation"], line["name"]) == (twice.bureau.public_id, twice.bureau.name_zh)

    def test_a_review_goes_on_with_the_survivors_people(self, twice: Twice) -> None:
        with transaction():
            agreement = twice.scene.review()
        twice.merge()
        with transaction():
            clearance.clear(agreement, Opinion("同意"), twice.other.section_head)
        assert agreement.status is AgreementStatus.REVIEW

    def test_a_form_from_before_still_names_the_one_meant(self, twice: Twice) -> None:
        """Its party line carries the merged record."""
        twice.merge()
        with transaction():
            agreement = entry.register(twice.scene.draft_input(), twice.other.handler)
        assert agreement.parties[0].organisation_id == twice.other.organisation.id

    def test_an_agreement_in_force_is_changed_as_before(self, twice: Twice) -> None:
        with transaction():
            agreement = twice.scene.in_force()
        twice.merge()
        with transaction():
            twice.scene.change(agreement, RevisionKind.AMENDMENT)
            entry.edit(agreement, twice.scene.draft_input(copies_total=6), twice.scene.bureau.handler)
        assert [party.organisation_id for party in agreement.parties] == [
            twice.other.organisation.id,
            twice.scene.university.organisation.id,
        ]


def test_what_is_archived_stays_as_it_was_filed(twice: Twice) -> None:
    with transaction():
        agreement = with_rows_only(twice.scene.in_force())
    filed = archived(twice.scene, agreement)
    steps = select(Clearance.organisation_id).where(Clearance.agreement_id == agreement.id).order_by(Clearance.id)
    before = (filed.owner_id, db.session.scalars(steps).all())
    twice.merge()
    assert (filed.owner_id, db.session.scalars(steps).all()) == before
    assert agreement.owner_id == twice.other.organisation.id
    assert len(queries.clearances_of(agreement, twice.other.handler)) == 3
    twice.part()
    assert agreement.owner_id == twice.bureau.id


class TestRefusals:
    def test_two_that_signed_with_each_other(self, twice: Twice) -> None:
        with transaction():
            lines = (
                *twice.scene.draft_input().parties,
                PartyLine(twice.other.organisation.public_id, representative="测试丙"),
            )
            twice.scene.draft(parties=lines)
        assert twice.refusals() == ["%(agreement)s names both as parties"]

    def test_a_void_one_is_in_nobodys_way(self, twice: Twice) -> None:
        with transaction():
            other = PartyLine(twice.other.organisation.public_id)
            agreement = twice.scene.draft(parties=(*twice.scene.draft_input().parties, other))
            agreement.move(AgreementStatus.VOID)
        assert twice.refusals() == []
        twice.merge()
        kept = [row.organisation_id for row in agreement.all_parties]
        assert kept == [twice.bureau.id, twice.scene.university.organisation.id, twice.other.organisation.id]

    @pytest.mark.parametrize("stage", ["negotiation", "signing"])
    def test_a_text_before_the_parties(self, twice: Twice, stage: str) -> None:
        with transaction():
            getattr(twice.scene, stage)()
        assert twice.refusals() == ["%(agreement)s lies before the parties: finish or take it back first"]

    def test_who_only_entered_it_does_not_speak_for_strangers_nor_hears_of_them(self, twice: Twice) -> None:
        with transaction():
            adder = make_side("大连市人力资源和社会保障局", OrganisationKind.HR_BUREAU)
            stub = make_organisation(
                "西北工大", OrganisationKind.UNIVERSITY, added_by_id=adder.organisation.id, needs_check=True
            )
            stranger = PartyLine(stub.public_id, representative="测试丙")
            agreement = twice.scene.draft(parties=(*twice.scene.draft_input().parties, stranger))
        target = twice.scene.university.organisation.public_id
        found = merging.look(adder.section_head, stub, target).refusals
        assert [one.key for one in found] == [
            "Records of other organisations name it; the organisation above both of you merges it"
        ]
        heir = Closing(agreement.sort_on, "注销", adder.organisation.public_id)
        with pytest.raises(Invalid) as error, transaction():
            closing.close(adder.section_head, stub, heir, stub.row_version)
        assert set(error.value.fields) == {"successor"}
        assert adder.organisation.id not in seen_by()[agreement.id]


def test_a_merge_is_not_taken_back_once_a_text_was_put_before_parties(twice: Twice) -> None:
    with transaction():
        agreement = twice.scene.review()
    twice.merge()
    with transaction():
        clearance.clear(agreement, Opinion("同意"), twice.other.section_head)
        agreement.revisions[0].content_sha256 = content.digest(agreement.revisions[0].content)
    with pytest.raises(Unmet) as error:
        twice.part()
    assert [one.key for one in error.value.reasons] == ["%(agreement)s was put before the parties since"]


class TestOversight:
    def test_a_new_superior_sees_what_is_there_and_the_old_one_no_longer(self, twice: Twice) -> None:
        with transaction():
            agreement = twice.scene.in_force()
        assert twice.province.id in seen_by()[agreement.id]
        with transaction():
            twice.bureau.superior_id = twice.above.id
            rebuild_oversight()
        assert twice.above.id in seen_by()[agreement.id]
        assert twice.province.id not in seen_by()[agreement.id]

    def test_a_successor_sees_but_is_no_party(self, twice: Twice) -> None:
        with transaction():
            agreement = twice.scene.in_force()
            given = Closing(agreement.sort_on, "机构改革", twice.other.organisation.public_id)
            closing.close(twice.head, twice.bureau, given, twice.bureau.row_version)
        found = queries.get_visible(agreement.public_id, twice.other.handler)
        assert found.relations_to(twice.other.handler) == {Relation.SCOPE}

    def test_many_agreements_cost_no_more_queries_than_few(self, twice: Twice) -> None:
        def cost() -> int:
            statements: list[str] = []

            def note(*given: object) -> None:
                if str(given[2]).startswith("SELECT"):
                    statements.append(str(given[2]))

            event.listen(db.engine, "before_cursor_execute", note)
            with transaction():
                twice.bureau.superior_id = twice.above.id
                rebuild_oversight()
            event.remove(db.engine, "before_cursor_execute", note)
            with transaction():
                twice.bureau.superior_id = twice.province.id
                rebuild_oversight()
            return len(statements)

        with transaction():
            twice.scene.draft()
        few = cost()
        with transaction():
            for _time in range(4):
                twice.scene.draft()
        assert cost() <= few


def test_a_dropped_party_of_both_stays(twice: Twice) -> None:
    """Its row is kept under a negative position, which nobody reads; the survivor has one of its own."""
    with transaction():
        other = PartyLine(twice.other.organisation.public_id)
        agreement = twice.scene.draft(parties=(*twice.scene.draft_input().parties, other))
        entry.edit(agreement, twice.scene.draft_input(), twice.scene.bureau.handler)
    rows = select(AgreementParty).where(AgreementParty.agreement_id == agreement.id)
    dropped = [row.organisation_id for row in db.session.scalars(rows) if row.position < 0]
    assert dropped == [twice.other.organisation.id]
    assert twice.refusals() == []
