"""Merging two records of one organisation after a look, and taking it back."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from registry.accounts.models import User
from registry.audit.models import AuditEvent
from registry.core.access.roles import Role
from registry.core.dates import now
from registry.core.db import db, transaction
from registry.core.errors import Conflict, Forbidden, Invalid, Stale, Unmet
from registry.organisations.inputs import Closing, ContactDetails, MergeOrder
from registry.organisations.merges import MovedRow, OrganisationMerge
from registry.organisations.models import (
    Contact,
    Organisation,
    OrganisationAlias,
    OrganisationKind,
    OrganisationStatus,
    Oversight,
    Region,
    Tie,
)
from registry.organisations.queries.directory import get_organisation
from registry.organisations.queries.lookup import find_by_name
from registry.organisations.queries.merging import Preview
from registry.organisations.queries.ties import ties_to, ways_up
from registry.organisations.services import closing
from registry.organisations.services import merging as services
from registry.organisations.services.contacts import add_contact
from registry.organisations.services.oversight import rebuild_oversight
from registry.organisations.services.ties import add_tie
from registry.organisations.services.versions import lock
from tests.agreements.test_concurrency import at_once
from tests.factories import make_organisation, make_user
from tests.organisations.conftest import World

USCC, OTHER_USCC = "12210300MB0T008404", "11210300MB0T007790"


@pytest.fixture
def twice(world: World) -> Organisation:
    """Anshan's centre, entered a second time by Anshan; with a contact and an office of its own."""
    with transaction():
        made = make_organisation(
            "鞍山人才中心",
            OrganisationKind.TALENT_CENTRE,
            db.session.get_one(Region, "210303"),
            superior_id=world.anshan.id,
            added_by_id=world.anshan.id,
            needs_check=True,
            address="鞍山市某路1号",
        )
        make_organisation("鞍山人才中心分部", OrganisationKind.TALENT_CENTRE, made.region, superior_id=made.id)
        made.aliases.append(OrganisationAlias(alias="鞍人才"))
        rebuild_oversight()
        add_contact(world.handler, made, ContactDetails("示例甲", "", "", "", "联络"))
    return made


def order(preview: Preview, **changes: Any) -> MergeOrder:
    plain = MergeOrder(preview.merging.survivor.public_id, "同一单位重复录入", {}, preview.digest)
    return replace(plain, **changes)


def merge(actor: User, duplicate: Organisation, survivor: Organisation, **changes: Any) -> OrganisationMerge:
    given = order(services.look(actor, duplicate, survivor.public_id), **changes)
    with transaction():
        return services.merge(actor, duplicate, given, duplicate.row_version)


def part(actor: User, duplicate: Organisation) -> None:
    with transaction():
        services.part(actor, duplicate, "并非同一单位", duplicate.row_version)


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """What a merge may touch, as it stands, but for versions and moments."""
    db.session.rollback()
    of_organisations = (
        Organisation.id, Organisation.status, Organisation.superior_id, Organisation.merged_into_id,
        Organisation.added_by_id, Organisation.successor_id, Organisation.uscc, Organisation.address,
    )  # fmt: skip
    statements = {
        "organisations": select(*of_organisations).order_by(Organisation.id),
        "contacts": select(Contact.id, Contact.organisation_id, Contact.recorded_by_id).order_by(Contact.id),
        "people": select(User.id, User.organisation_id).order_by(User.id),
        "oversight": select(Oversight.overseer_id, Oversight.organisation_id).order_by(
            Oversight.overseer_id, Oversight.organisation_id
        ),
    }
    return {name: [tuple(row) for row in db.session.execute(one)] for name, one in statements.items()}


def codes(*organisations: Organisation) -> list[str | None]:
    return [one.uscc for one in organisations]


def told(preview: Preview) -> dict[str, int]:
    return {line.label.key: line.count for line in (*preview.moving, *preview.staying)}


class TestLooking:
    def test_it_tells_what_moves_and_what_stays(self, world: World, twice: Organisation) -> None:
        preview = services.look(world.head, twice, world.centre.public_id)
        assert preview.refusals == ()
        assert told(preview) == {
            "Contacts at it": 1,
            "Organisations below it": 1,
            "Names, present and former: they find the other organisation": 1,
            "Short forms and spellings: they find the other organisation": 1,
        }
        assert [(one.field, one.is_open) for one in preview.fields] == [("address", False)]

    def test_who_may_not_look(self, world: World, twice: Organisation) -> None:
        for somebody in (world.handler, world.school_handler, world.overseer):
            with pytest.raises(Forbidden):
                services.look(somebody, twice, world.centre.public_id)

    def test_unknown_itself_and_gone(self, world: World, twice: Organisation) -> None:
        with transaction():
            world.shenyang.close()
        for target in ("nobody", twice.public_id, world.shenyang.public_id):
            with pytest.raises(Invalid) as error:
                services.look(world.head, twice, target)
            assert set(error.value.fields) == {"target"}


@pytest.mark.only("postgresql")  # SQLite has one writer, who reads only what is written
class TestAtTheSameMoment:
    """Both look, then both write."""

    @pytest.fixture
    def third(self, world: World, twice: Organisation) -> Organisation:
        with transaction():
            made = make_organisation("鞍山市人才交流中心", OrganisationKind.TALENT_CENTRE, world.centre.region)
            made.superior_id = world.anshan.id
            rebuild_oversight()
        return made

    @pytest.fixture
    def together(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Nobody locks before both have read."""
        gate = Barrier(2)

        def wait(*organisations: Organisation) -> None:
            gate.wait(60)
            lock(*organisations)

        for module in (services, closing):
            monkeypatch.setattr(module, "lock", wait)

    def merging(self, world: World, duplicate: Organisation, survivor: Organisation) -> Callable[[], object]:
        seen = services.look(world.head, duplicate, survivor.public_id)
        given, version, head, public_id = order(seen), duplicate.row_version, world.head.id, duplicate.public_id

        def work() -> object:
            with suppress(Invalid), transaction():
                services.merge(db.session.get_one(User, head), get_organisation(public_id), given, version)
                return "done"
            return "told"

        return work

    def closing(self, world: World, one: Organisation, successor: Organisation) -> Callable[[], object]:
        given = Closing(date(2026, 3, 1), "撤销", successor.public_id)
        version, head, public_id = one.row_version, world.head.id, one.public_id

        def work() -> object:
            with suppress(Invalid), transaction():
                closing.close(db.session.get_one(User, head), get_organisation(public_id), given, version)
                return "done"
            return "told"

        return work

    @pytest.mark.parametrize("first", ["merging", "closing"])
    def test_nothing_lives_on_in_what_is_gone(
        self, app: Flask, world: World, twice: Organisation, third: Organisation, together: None, first: str
    ) -> None:
        into_it = getattr(self, first)(world, third, world.centre)
        away = self.merging(world, world.centre, twice)
        found = at_once(app, [into_it, away])
        assert found.count("done") == 1
        heirs = select(func.coalesce(Organisation.merged_into_id, Organisation.successor_id))
        gone = Organisation.status == OrganisationStatus.MERGED
        assert db.session.scalars(select(Organisation.name_zh).where(gone, Organisation.id.in_(heirs))).all() == []


class TestMerging:
    def test_everything_lives_on_in_the_other(self, world: World, twice: Organisation) -> None:
        below = db.session.scalars(select(Organisation).where(Organisation.superior_id == twice.id)).one()
        merge(world.head, twice, world.centre)
        assert (twice.status, twice.merged_into_id) == (OrganisationStatus.MERGED, world.centre.id)
        assert below.superior_id == world.centre.id
        assert below.is_overseen_by(world.centre.id)
        assert twice.is_overseen_by(world.centre.id)
        assert db.session.scalars(select(Contact)).one().organisation_id == world.centre.id
        assert world.centre.address == "鞍山市某路1号"

    def test_its_names_find_the_other(self, world: World, twice: Organisation) -> None:
        merge(world.head, twice, world.centre)
        for name in ("鞍山人才中心", "鞍人才"):
            found = find_by_name(name).certain
            assert found
            assert found.organisation_id == world.centre.id

    def test_both_histories_tell_of_it(self, world: World, twice: Organisation) -> None:
        merge(world.head, twice, world.centre)
        events = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "organisation:merge"))
        changes = {event.object_label: event.changes for event in events}
        assert changes["鞍山人才中心"]["merged_into"] == [None, "鞍山市人才服务中心"]
        assert changes["鞍山人才中心"]["contact.organisation"] == [None, 1]
        assert changes["鞍山市人才服务中心"] == {"took_over": [None, "鞍山人才中心"], "address": ["", "鞍山市某路1号"]}

    def test_so_do_they_of_taking_it_back_and_of_nothing_that_was_refused(
        self, world: World, twice: Organisation
    ) -> None:
        told_of = select(AuditEvent).where(AuditEvent.action == "organisation:merge").order_by(AuditEvent.seq)
        for act in (lambda: merge(world.head, twice, world.centre, reason=""), lambda: part(world.head, twice)):
            with pytest.raises((Invalid, Conflict)):
                act()
        assert not db.session.scalars(told_of).all()
        merge(world.head, twice, world.centre)
        part(world.head, twice)
        back = db.session.scalars(told_of).all()[2:]
        assert {event.reason for event in back} == {"并非同一单位"}
        assert [event.changes.get("merged_into") for event in back] == [["鞍山市人才服务中心", None], None]
        assert back[1].changes["took_over"] == ["鞍山人才中心", None]

    def test_two_credit_codes_are_decided(self, world: World, twice: Organisation) -> None:
        with transaction():
            twice.uscc, world.centre.uscc = USCC, OTHER_USCC
        with pytest.raises(Invalid) as error:
            merge(world.head, twice, world.centre)
        assert set(error.value.fields) == {"choose_uscc"}
        merge(world.head, twice, world.centre, choices={"uscc": "duplicate"})
        assert codes(twice, world.centre) == [None, USCC]
        part(world.head, twice)
        assert codes(twice, world.centre) == [USCC, OTHER_USCC]

    def test_two_codes_of_the_ministry_are_two_universities(self, world: World) -> None:
        with transaction():
            other = make_organisation(
                "鞍山师范大学", OrganisationKind.UNIVERSITY, world.school.region, moe_code="4121099999"
            )
            rebuild_oversight()
        refusals = services.look(world.province_handler, other, world.school.public_id).refusals
        assert [one.key for one in refusals] == [
            "Two codes of the Ministry of Education are two universities; dissolve one and name its successor"
        ]
        with pytest.raises(Unmet):
            merge(world.province_handler, other, world.school)

    def test_a_university_and_a_bureau_are_two(self, world: World) -> None:
        with pytest.raises(Unmet) as error:
            merge(world.province_handler, world.school, world.anshan)
        assert "two organisations" in error.value.reasons[0].key

    def test_into_one_that_was_below_it(self, world: World) -> None:
        merge(world.province_handler, world.anshan, world.centre)
        assert world.centre.superior_id is None
        part(world.province_handler, world.anshan)
        assert world.centre.superior_id == world.anshan.id

    def test_ties_that_would_make_a_circle(self, world: World, twice: Organisation) -> None:
        below = db.session.scalars(select(Organisation).where(Organisation.superior_id == twice.id)).one()
        with transaction():
            add_tie(world.province_handler, world.centre, below.public_id, Tie.ATTACHED, world.centre.row_version)
        with pytest.raises(Unmet) as error:
            merge(world.head, twice, world.centre)
        assert "below the other" in error.value.reasons[0].key

    def test_a_reason_and_the_very_preview(self, world: World, twice: Organisation) -> None:
        with pytest.raises(Invalid) as error:
            merge(world.head, twice, world.centre, reason="")
        assert set(error.value.fields) == {"reason"}
        given = order(services.look(world.head, twice, world.centre.public_id))
        with transaction():
            add_contact(world.handler, twice, ContactDetails("示例乙", "", "", "", "联络"))
        with pytest.raises(Invalid) as error, transaction():
            services.merge(world.head, twice, given, twice.row_version)
        assert set(error.value.fields) == {""}
        with pytest.raises(Stale), transaction():
            services.merge(world.head, twice, given, 0)

    def test_not_twice(self, world: World, twice: Organisation) -> None:
        given = order(services.look(world.head, twice, world.centre.public_id))
        merge(world.head, twice, world.centre)
        with pytest.raises(Conflict), transaction():
            services.merge(world.head, twice, given, twice.row_version)


class TestOutsideTheScope:
    """西北工业大学 is in nobody's scope; Anshan entered it a second time."""

    @pytest.fixture
    def stub(self, world: World) -> Organisation:
        with transaction():
            return make_organisation(
                "西工大（西安）",
                OrganisationKind.UNIVERSITY,
                world.partner.region,
                added_by_id=world.anshan.id,
                needs_check=True,
            )

    def test_who_entered_it_merges_it_into_the_confirmed_one(self, world: World, stub: Organisation) -> None:
        merge(world.head, stub, world.partner)
        assert stub.merged_into_id == world.partner.id
        part(world.head, stub)
        assert stub.status is OrganisationStatus.ACTIVE

    def test_so_does_the_province(self, world: World, stub: Organisation) -> None:
        merge(world.province_handler, stub, world.partner)

    def test_not_where_people_would_come_along(self, world: World, stub: Organisation) -> None:
        with transaction():
            make_user(organisation=stub)
        found = services.look(world.head, stub, world.partner.public_id).refusals
        assert {one.key for one in found} == {
            "People or records of its own would come to an organisation outside your scope",
            "People have accounts there; the organisation above it merges it",
        }

    def test_not_into_one_that_nobody_checked(self, world: World, stub: Organisation) -> None:
        with transaction():
            world.partner.needs_check = True
        with pytest.raises(Unmet):
            merge(world.head, stub, world.partner)

    def test_not_once_it_was_checked(self, world: World, stub: Organisation) -> None:
        with transaction():
            stub.needs_check = False
        with pytest.raises(Forbidden):
            services.look(world.head, stub, world.partner.public_id)


def test_a_tie_that_both_have_is_shown_once(world: World, twice: Organisation) -> None:
    with transaction():
        for one in (twice, world.centre):
            add_tie(world.province_handler, one, world.school.public_id, Tie.ATTACHED, one.row_version)
    merge(world.head, twice, world.centre)
    assert [row.name_zh for row in ties_to(world.school)] == [world.centre.name_zh]
    assert twice.id not in ways_up()
    part(world.head, twice)
    assert len(ties_to(world.school)) == 2


class TestTakingBack:
    def test_everything_is_as_it_was(self, world: World, twice: Organisation) -> None:
        with transaction():
            make_user(Role.LEADER, organisation=twice)
            theirs = make_user(organisation=twice)
            add_contact(theirs, world.partner, ContactDetails("示例乙", "", "", "", "联络"))
            add_tie(world.province_handler, twice, world.school.public_id, Tie.ATTACHED, twice.row_version)
        before = everything()
        merge(world.head, twice, world.centre)
        assert everything() != before
        part(world.head, twice)
        assert everything() == before

    def test_only_what_was_moved_goes_back(self, world: World, twice: Organisation) -> None:
        merge(world.head, twice, world.centre)
        with transaction():
            add_contact(world.handler, world.centre, ContactDetails("示例丙", "", "", "", "联络"))
        part(world.head, twice)
        rows = db.session.execute(select(Contact.name, Contact.organisation_id)).all()
        assert {tuple(row) for row in rows} == {("示例甲", twice.id), ("示例丙", world.centre.id)}

    def test_people_follow_and_sign_in_again(self, world: World, twice: Organisation) -> None:
        with transaction():
            user = make_user(Role.LEADER, organisation=twice, password_hash="x")
            invited = make_user(organisation=twice)
        epoch = user.security_epoch
        merge(world.head, twice, world.centre)
        assert (user.organisation_id, user.roles) == (world.centre.id, frozenset({Role.LEADER}))
        assert (user.security_epoch, invited.security_epoch) == (epoch + 1, 1)
        part(world.head, twice)
        assert (user.organisation_id, user.security_epoch) == (twice.id, epoch + 2)

    def test_not_when_something_moved_on(self, world: World, twice: Organisation) -> None:
        below = db.session.scalars(select(Organisation).where(Organisation.superior_id == twice.id)).one()
        merge(world.head, twice, world.centre)
        with transaction():
            below.superior_id = world.anshan.id
        with pytest.raises(Unmet) as error:
            part(world.head, twice)
        assert error.value.reasons[0].values["count"] == 1
        assert not services.may_part(world.head, twice)

    def test_not_when_what_was_taken_over_was_changed(self, world: World, twice: Organisation) -> None:
        merge(world.head, twice, world.centre)
        with transaction():
            world.centre.address = "新址"
        with pytest.raises(Unmet) as error:
            part(world.head, twice)
        assert "taken over" in error.value.reasons[0].key

    def test_not_when_a_code_that_was_given_up_has_another_bearer(self, world: World, twice: Organisation) -> None:
        with transaction():
            twice.uscc, world.centre.uscc = USCC, OTHER_USCC
        merge(world.head, twice, world.centre, choices={"uscc": "duplicate"})
        with transaction():
            world.shenyang.uscc = OTHER_USCC
        assert not services.may_part(world.head, twice)
        with pytest.raises(Unmet) as error:
            part(world.head, twice)
        assert [one.key for one in error.value.reasons] == ["Another organisation has this code by now: %(code)s"]

    def test_not_when_roles_were_granted_since(self, world: World, twice: Organisation) -> None:
        with transaction():
            user = make_user(Role.LEADER, organisation=twice)
        merge(world.head, twice, world.centre)
        with transaction():
            user.role_grants[0].granted_at = now()
        with pytest.raises(Unmet):
            part(world.head, twice)

    def test_the_later_one_first(self, world: World, twice: Organisation) -> None:
        merge(world.head, twice, world.centre)
        merge(world.province_handler, world.centre, world.anshan)
        assert twice.merged_into_id == world.anshan.id
        with pytest.raises(Unmet):
            part(world.province_handler, twice)
        part(world.province_handler, world.centre)
        part(world.province_handler, twice)
        assert (world.centre.status, twice.status) == (OrganisationStatus.ACTIVE, OrganisationStatus.ACTIVE)

    def test_a_gone_row_is_in_nobodys_way(self, world: World, twice: Organisation) -> None:
        merge(world.head, twice, world.centre)
        with transaction():
            db.session.delete(db.session.scalars(select(Contact)).one())
        part(world.head, twice)

    def test_reason_version_and_nothing_to_take_back(self, world: World, twice: Organisation) -> None:
        merge(world.head, twice, world.centre)
        with pytest.raises(Invalid), transaction():
            services.part(world.head, twice, "", twice.row_version)
        with pytest.raises(Stale), transaction():
            services.part(world.head, twice, "并非同一单位", 0)
        part(world.head, twice)
        with pytest.raises(Conflict):
            part(world.head, twice)
        merge(world.head, twice, world.centre)  # and again

    def test_who_may(self, world: World, twice: Organisation) -> None:
        merge(world.province_handler, twice, world.anshan)
        assert not services.may_part(world.handler, twice)
        assert not services.may_part(world.head, twice)  # it is their own that gained by it
        assert services.may_part(world.province_handler, twice)

    def test_every_row_is_written_down(self, world: World, twice: Organisation) -> None:
        made = merge(world.head, twice, world.centre)
        rows = db.session.scalars(select(MovedRow).where(MovedRow.merge_id == made.id))
        assert {(row.key, row.before_id, row.after_id) for row in rows} == {
            ("contact.organisation", twice.id, world.centre.id),
            ("organisation.superior", twice.id, world.centre.id),
        }
