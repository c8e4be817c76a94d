"""Who may do what; pure decisions on rows."""

import pytest

from registry.core.access.roles import Role
from registry.core.db import transaction
from registry.organisations import policy
from registry.organisations.inputs import ContactDetails
from registry.organisations.models import OrganisationStatus
from registry.organisations.services.contacts import add_contact
from tests.factories import make_user
from tests.organisations.conftest import World

READERS = (Role.LEGAL_OFFICER, Role.LEADER, Role.SIGNATORY, Role.SEAL_KEEPER, Role.VIEWER, Role.OVERSEER)


def test_writers_add_others_do_not(world: World) -> None:
    assert policy.may_add(world.handler)
    assert policy.may_add(world.head)
    with transaction():
        readers = [make_user(role, organisation=world.anshan) for role in READERS]
    assert not any(policy.may_add(reader) for reader in readers)


def test_own_and_below_are_edited_nothing_else(world: World) -> None:
    assert policy.may_edit(world.handler, world.anshan)
    assert policy.may_edit(world.handler, world.centre)
    assert policy.may_edit(world.province_handler, world.school)
    for foreign in (world.province, world.shenyang, world.school, world.partner):
        assert not policy.may_edit(world.handler, foreign)


def test_an_added_one_is_theirs_until_it_is_checked(world: World) -> None:
    with transaction():
        world.partner.added_by_id, world.partner.needs_check = world.anshan.id, True
    assert policy.may_edit(world.handler, world.partner)
    assert not policy.may_edit(world.school_handler, world.partner)
    assert not policy.may_restructure(world.handler, world.partner)
    assert not policy.may_check(world.handler, world.partner)
    assert policy.may_check(world.head, world.partner)
    with transaction():
        world.partner.needs_check = False
    assert not policy.may_edit(world.handler, world.partner)


def test_structure_is_changed_from_above(world: World) -> None:
    assert policy.may_restructure(world.handler, world.centre)
    refusal = policy.may_restructure(world.handler, world.anshan)
    assert not refusal
    assert refusal.reason


def test_only_section_heads_above_merge_and_dissolve(world: World) -> None:
    for may in (policy.may_merge, policy.may_close):
        assert may(world.head, world.centre)
        assert may(world.province_handler, world.centre)
        assert not may(world.handler, world.centre)
        for foreign in (world.anshan, world.shenyang, world.school, world.partner, world.province):
            assert not may(world.head, foreign)


def test_into_what_somebody_merges(world: World) -> None:
    assert policy.may_merge_into(world.head, world.anshan, takes_people=True)
    assert policy.may_merge_into(world.province_handler, world.shenyang, takes_people=True)
    assert policy.may_merge_into(world.head, world.partner, takes_people=False)
    assert not policy.may_merge_into(world.head, world.partner, takes_people=True)
    with transaction():
        world.partner.needs_check = True
    assert not policy.may_merge_into(world.head, world.partner, takes_people=False)


def test_the_province_answers_for_what_was_added_below_it(world: World) -> None:
    with transaction():
        world.partner.added_by_id, world.partner.needs_check = world.anshan.id, True
    assert policy.may_merge(world.province_handler, world.partner)
    assert policy.may_check(world.province_handler, world.partner)
    with transaction():
        world.partner.added_by_id = world.province.id
    assert not policy.may_merge(world.head, world.partner)


def test_a_merged_one_is_a_matter_of_state(world: World) -> None:
    with transaction():
        world.centre.status, world.centre.merged_into_id = OrganisationStatus.MERGED, world.anshan.id
    refusal = policy.may_edit(world.handler, world.centre)
    assert refusal.wrong_state
    assert policy.may_merge(world.head, world.centre).wrong_state
    assert policy.may_close(world.head, world.centre).wrong_state


@pytest.mark.parametrize(("role", "reveals"), [(Role.LEADER, True), (Role.VIEWER, False), (Role.OVERSEER, False)])
def test_who_reveals(world: World, role: Role, reveals: bool) -> None:
    with transaction():
        user = make_user(role, organisation=world.anshan)
        contact = add_contact(world.handler, world.partner, ContactDetails("示例甲", "", "", "", "联络"))
    assert bool(policy.may_reveal(user, contact)) is reveals
    assert not policy.may_edit_contact(user, contact)
    with transaction():
        contact.erase()
    assert policy.may_reveal(user, contact).wrong_state
