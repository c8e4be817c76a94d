"""Promises of agreements are found by whoever sees them, by title, code and party, with their state; by nobody else."""

import re

import pytest

from registry.accounts.models import User
from registry.commitments.enums import Category, CommitmentState
from registry.commitments.inputs import Description, NewCommitment
from registry.commitments.models import Commitment
from registry.commitments.services import marking
from registry.core.access.roles import Role
from registry.core.db import transaction
from registry.organisations.inputs import MergeOrder
from registry.organisations.models import OrganisationKind
from registry.organisations.services import merging
from registry.organisations.services.oversight import rebuild_oversight
from registry.search.sources.catalogue import BY_KIND
from tests.commitments.scene import FAIRS, Promised, promised
from tests.conftest import Client
from tests.factories import make_organisation, make_user
from tests.states import Begin

from .looking import assert_in_step, groups, titles

KIND = "commitment"
MARK = "每季度提供岗位需求"


@pytest.fixture
def one(begin_with: Begin, client: Client) -> Promised:
    return begin_with(promised)


def numbers(reader: User, typed: str) -> set[str]:
    """Codes of the promises that are found."""
    return {row.number for group in groups(reader, typed, kind=KIND) for row in group.rows}


def marked(one: Promised) -> Commitment:
    """Of the fifth article, promised by the bureau."""
    bureau = one.scene.bureau
    new = NewCommitment(MARK, (bureau.organisation.public_id,), Description(Category.REPORTING), 4, "次")
    with transaction():
        return marking.mark(one.agreement, "5", new, bureau.handler)


def test_by_title_code_and_party_for_either_side_and_whoever_is_above(one: Promised) -> None:
    code = one.commitment().code
    for reader in (one.scene.bureau.handler, one.scene.university.handler, one.overseer):
        for typed in ("校园专场", "xiaoyuanzhuan", f"校园专场 {code}", "校园专场 xbgydx", "校园专场 鞍山"):
            assert titles(reader, typed, KIND) == [FAIRS], typed
        assert code in numbers(reader, code.lower())
    assert_in_step()


def test_is_neither_found_nor_counted_by_a_stranger(one: Promised, client: Client) -> None:
    for typed in ("招聘", "鞍山", one.commitment().code):
        assert KIND not in [group.source.kind for group in groups(one.stranger, typed)]
    client.sign_in(one.stranger)
    for address in ("/search", "/search/suggest"):
        text = client.get(address, query_string={"q": "招聘"}).text
        assert FAIRS not in re.sub(r"<[^>]+>", "", text)
        assert f"kind={KIND}" not in text


def test_leads_to_its_page_under_its_own_heading(one: Promised, client: Client) -> None:
    client.sign_in(one.scene.university.handler)
    page = client.get("/search", query_string={"q": "校园专场", "kind": KIND}).text
    assert "承诺事项" in page
    assert "执行中" in page
    address = re.search(r'href="(/commitments/[^"]+)" data-hit', page)
    assert address
    answer = client.get(address[1])
    assert (answer.status_code, FAIRS in answer.text) == (200, True)


def test_the_state_follows_a_mark_until_it_is_declined(one: Promised) -> None:
    made = marked(one)
    school = one.scene.university
    assert [row.state for group in groups(school.handler, MARK) for row in group.rows] == ["proposed"]
    assert_in_step()
    with transaction():
        marking.decline(made, "协议未作此约定", school.leader)
    assert [row.state for group in groups(school.handler, MARK) for row in group.rows] == ["declined"]
    assert_in_step()
    assert titles(one.stranger, MARK) == []


@pytest.mark.parametrize("state", CommitmentState)
def test_every_state_has_a_word(state: CommitmentState) -> None:
    shown = BY_KIND[KIND].state(str(state))
    assert shown is not None
    assert shown[0] == state.label


def test_follows_its_parties_when_they_are_merged_and_part(one: Promised) -> None:
    school = one.scene.university.organisation
    with transaction():
        other = make_organisation("东北大学", OrganisationKind.UNIVERSITY)
        reader = make_user(Role.HANDLER, organisation=other)
        above = make_organisation("主管部门", OrganisationKind.OTHER)
        school.superior_id = other.superior_id = above.id
        head = make_user(Role.SECTION_HEAD, organisation=above)
        rebuild_oversight()
    assert titles(reader, FAIRS) == []
    digest = merging.look(head, school, other.public_id).digest
    with transaction():
        merging.merge(head, school, MergeOrder(other.public_id, "重复", {}, digest), school.row_version)
    assert titles(reader, "校园专场 东北大学", KIND) == titles(reader, "校园专场 西北工业", KIND) == [FAIRS]
    assert_in_step()
    with transaction():
        merging.part(head, school, "并非重复", school.row_version)
    assert titles(reader, FAIRS) == titles(one.scene.bureau.handler, "校园专场 东北大学", KIND) == []
    assert titles(one.scene.university.handler, FAIRS, KIND) == [FAIRS]
    assert_in_step()
