"""Parties that leave and join: everybody keeps their letter, and papers of before keep their parties."""

import pytest
from flask import Flask

from registry.agreements import papers, participants, queries
from registry.agreements.content import party_titles
from registry.agreements.inputs import PartyLine, TaskRow
from registry.agreements.models import Agreement, AgreementRevision, RevisionKind
from registry.agreements.services import entry, renewal, revising
from registry.core.db import transaction
from registry.core.errors import NotFound
from registry.core.i18n import speaking
from registry.organisations.models import OrganisationKind
from tests.agreements.scene import Scene, Side, make_scene, make_side
from tests.conftest import Client

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


@pytest.fixture
def left(scene: Scene) -> tuple[Agreement, Side]:
    """An agreement whose third party left it."""
    with transaction():
        agreement, side = scene.in_force_of_three()
        scene.change(agreement, RevisionKind.WITHDRAWAL, leaving=frozenset({3}))
        scene.pass_review(agreement)
        scene.approve(agreement, side)
        scene.conclude(agreement, scene.bureau, side)
    return agreement, side


def positions(agreement: Agreement, revision: AgreementRevision) -> list[int]:
    """Who approves and signs."""
    return [party.position for party in participants.consenting(agreement, revision)]


def draft_accession(scene: Scene, agreement: Agreement, *sides: Side) -> None:
    """These are to join the first two."""
    lines = tuple(PartyLine(side.organisation.public_id, representative="测试丁") for side in sides)
    if agreement.open_revision is None:
        scene.change(agreement, RevisionKind.ACCESSION)
    draft = scene.own_text(parties=(*scene.draft_input().parties, *lines), copies_total=4 + 2 * len(sides))
    entry.edit(agreement, draft, scene.bureau.handler)


def join(scene: Scene, agreement: Agreement, *sides: Side) -> None:
    """They joined, in force."""
    draft_accession(scene, agreement, *sides)
    scene.pass_review(agreement)
    scene.approve(agreement, scene.university, *sides)
    scene.conclude(agreement, scene.bureau, scene.university, *sides)


def test_the_paper_of_a_withdrawal_keeps_who_signed_it(scene: Scene, left: tuple[Agreement, Side]) -> None:
    """Its registry copy is made after it took effect."""
    agreement, _side = left
    first, withdrawal = agreement.revisions
    assert (positions(agreement, first), positions(agreement, withdrawal)) == ([1, 2, 3], [1, 3])
    with speaking("zh"):
        data = papers.registry_copy(
            agreement, withdrawal, queries.signatories_of(withdrawal), (), "https://registry.example", ""
        )
    assert [cell.name for cell in data.parties] == ["鞍山市人力资源和社会保障局", "东北大学"]


def test_whoever_joins_later_takes_another_letter(scene: Scene, left: tuple[Agreement, Side]) -> None:
    agreement, _side = left
    with transaction():
        other = make_side("吉林大学", OrganisationKind.UNIVERSITY)
        join(scene, agreement, other)
    assert [(party.position, party.name) for party in agreement.parties][2:] == [(4, "吉林大学")]
    assert positions(agreement, agreement.revisions[0]) == [1, 2, 3]
    assert positions(agreement, agreement.revisions[-1]) == [1, 2, 4]


def test_whoever_returns_has_its_letter_back(scene: Scene, left: tuple[Agreement, Side]) -> None:
    agreement, side = left
    with transaction():
        other = make_side("吉林大学", OrganisationKind.UNIVERSITY)
        join(scene, agreement, side, other)
    assert [(party.position, party.left_on) for party in agreement.parties] == [
        (1, None), (2, None), (3, None), (4, None),
    ]  # fmt: skip
    queries.get_visible(agreement.public_id, side.handler)


def test_a_return_that_was_given_up_leaves_it_as_it_left(scene: Scene, left: tuple[Agreement, Side]) -> None:
    agreement, side = left
    went = next(party.left_on for party in agreement.all_parties if party.position == 3)
    with transaction():
        other = make_side("吉林大学", OrganisationKind.UNIVERSITY)
        draft_accession(scene, agreement, side, other)
        draft_accession(scene, agreement, other)
        draft_accession(scene, agreement, side)
    with pytest.raises(NotFound):
        queries.get_visible(agreement.public_id, side.handler)
    with transaction():
        scene.pass_review(agreement)
    queries.get_visible(agreement.public_id, side.handler)
    with pytest.raises(NotFound):
        queries.get_visible(agreement.public_id, other.handler)
    with transaction():
        revising.abandon(agreement, "不再加入", scene.bureau.leader)
    third = next(party for party in agreement.all_parties if party.position == 3)
    assert (third.name, third.is_bound, third.left_on) == ("东北大学", False, went)
    assert positions(agreement, agreement.revisions[0]) == [1, 2, 3]
    with pytest.raises(NotFound):
        queries.get_visible(agreement.public_id, side.handler)


def test_a_party_under_another_name_can_be_written_so(scene: Scene) -> None:
    with transaction():
        agreement = scene.in_force()
        scene.university.organisation.name_zh = "西北工业大学（新）"
        scene.amended(agreement, signing_place="沈阳市")
    assert agreement.signing_place == "沈阳市"
    assert agreement.revisions[-1].content["parties"][1]["name"] == "西北工业大学（新）"


@pytest.fixture
def second_left(scene: Scene) -> tuple[Agreement, Side]:
    """An agreement whose second party left it; the third owes something."""
    with transaction():
        side = make_side("东北大学", OrganisationKind.UNIVERSITY)
        lines = (*scene.draft_input().parties, PartyLine(side.organisation.public_id, representative="测试丙"))
        tasks = (TaskRow("访企拓岗", obligor="C", target="3", unit="次"),)
        draft = scene.own_text(parties=lines, tasks=tasks, copies_total=6)
        agreement = scene.brought_in_force(draft, scene.university, side)
        scene.change(agreement, RevisionKind.WITHDRAWAL, leaving=frozenset({2}))
        scene.pass_review(agreement)
        scene.approve(agreement, scene.university)
        scene.conclude(agreement, scene.bureau, scene.university)
    return agreement, side


def test_whoever_stays_keeps_its_letter_in_the_next_change(
    scene: Scene, second_left: tuple[Agreement, Side], client: Client
) -> None:
    """On the sheet as well: what is chosen there is what is stored."""
    agreement, _side = second_left
    with transaction():
        revision = scene.change(agreement, RevisionKind.AMENDMENT)
    assert {at: one.zh for at, one in party_titles(revision.content).items()} == {1: "甲方", 3: "丙方"}
    client.sign_in(scene.bureau.handler)
    page = client.get(f"/agreements/{agreement.public_id}/edit", headers={"Accept-Language": "zh"}).text
    assert "<legend>丙方</legend>" in page
    assert '<option value="C" selected>丙方</option>' in page
    assert "乙方" not in page
    fields = {"kind": "strategic", "title_zh": "协议", "tasks-0-task": "访企", "tasks-0-obligor": "C"}
    fields |= {
        f"parties-{n}-organisation": p.organisation.public_id for n, p in enumerate(agreement.parties) if p.organisation
    }
    address = f"/agreements/preview/own?of={agreement.public_id}"
    assert "丙方" in client.post(address, data=fields, headers={"Accept-Language": "zh"}).text


def test_a_renewal_letters_its_parties_anew(scene: Scene, second_left: tuple[Agreement, Side]) -> None:
    agreement, _side = second_left
    with transaction():
        made = renewal.renew(agreement, ("1",), scene.bureau.handler)
    assert made.open_revision
    content = made.open_revision.content
    assert [(line["position"], line["name"]) for line in content["parties"]][1:] == [(2, "东北大学")]
    assert [(party.position, party.name) for party in made.parties][1:] == [(2, "东北大学")]
    assert [(row["task"], row["obligor"]) for row in content["commitments"]] == [("访企拓岗", "B")]
