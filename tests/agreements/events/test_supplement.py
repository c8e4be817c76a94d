"""Found details: only what is missing, with a source, and nothing counts before a second person's word."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from registry.agreements import queries, todo
from registry.agreements.inputs import HistoricRecord, PartyLine, Term
from registry.agreements.inputs_events import FoundDetails
from registry.agreements.models import Agreement, AgreementKind, PartyRole, SupplementState
from registry.agreements.schemas.events import found_from
from registry.agreements.services import entry, supplement
from registry.agreements.services.projection import missing_details
from registry.core.dates import Precision
from registry.core.db import transaction
from registry.core.errors import Conflict, Forbidden, Invalid, NotFound
from tests.agreements.scene import Scene, make_scene, tomorrow
from tests.factories import make_user

SOURCE = "校档案馆原件"


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


@pytest.fixture
def stub(scene: Scene) -> Agreement:
    """A confirmed record: the university as reported, month of signing and nothing else known."""
    given = HistoricRecord(
        kind=AgreementKind.SCHOOL_LOCALITY,
        title_zh="鞍山市与高校协议",
        parties=(
            PartyLine(scene.bureau.organisation.public_id, role=PartyRole.LEAD),
            PartyLine(name_as_reported="待补高校"),
        ),
        source="报道",
        signed_on=date(2023, 3, 1),
        signed_precision=Precision.MONTH,
    )
    with transaction():
        made = entry.record(given, scene.bureau.handler)
    with transaction():
        entry.confirm(made, scene.bureau.section_head)
    return made


def whole(scene: Scene, stub: Agreement) -> FoundDetails:
    return FoundDetails(
        source=SOURCE,
        organisations={stub.parties[1].public_id: scene.university.organisation.public_id},
        effective_on=date(2023, 4, 1),
        term=Term(months=60),
        number="鞍校地协〔2023〕7号",
        signing_place="西安市",
    )


def propose(stub: Agreement, given: FoundDetails, scene: Scene) -> None:
    with transaction():
        supplement.propose(stub, given, scene.bureau.handler)


def test_the_gaps_are_what_nobody_knows(stub: Agreement) -> None:
    unknown = f"organisation-{stub.parties[1].public_id}"
    assert supplement.gaps(stub) == {unknown, "effective_on", "term", "number", "signing_place"}


def test_found_details_count_once_somebody_else_confirms_them(scene: Scene, stub: Agreement) -> None:
    propose(stub, whole(scene, stub), scene)
    assert len(missing_details(stub)) == 5
    assert stub.parties[1].organisation_id is None
    waiting = supplement.pending_of(stub)
    assert waiting
    assert waiting.source == SOURCE
    with transaction():
        supplement.confirm(stub, waiting, scene.bureau.section_head)
    assert missing_details(stub) == []
    assert not stub.needs_details
    assert (stub.number, stub.signing_place) == ("鞍校地协〔2023〕7号", "西安市")
    assert stub.expires_on == date(2028, 4, 1)
    assert (stub.signed_on, stub.signed_precision) == (date(2023, 3, 1), Precision.MONTH)  # untouched
    assert (stub.parties[1].organisation, stub.parties[1].name_as_reported) == (
        scene.university.organisation,
        "待补高校",
    )
    assert waiting.state is SupplementState.CONFIRMED
    assert queries.get_visible(stub.public_id, scene.university.handler) is stub  # the party sees it from now on


def test_it_waits_in_the_second_persons_list(scene: Scene, stub: Agreement) -> None:
    propose(stub, FoundDetails(source=SOURCE, signing_place="西安市"), scene)
    for person, waits in ((scene.bureau.section_head, True), (scene.university.section_head, False)):
        tasks = [(row.task, row.public_id) for row in todo.list_waiting(person)]
        assert (("supplement", stub.public_id) in tasks) is waits


def test_what_is_known_is_not_replaced(scene: Scene, stub: Agreement) -> None:
    given = FoundDetails(source=SOURCE, signed_on=date(2023, 3, 18), signed_precision=Precision.DAY)
    with transaction(), pytest.raises(Invalid) as caught:
        supplement.propose(stub, given, scene.bureau.handler)
    assert caught.value.fields == {"signed_on": [supplement.KNOWN]}


def test_what_became_known_meanwhile_stays(scene: Scene, stub: Agreement) -> None:
    propose(stub, FoundDetails(source=SOURCE, signing_place="西安市"), scene)
    waiting = supplement.pending_of(stub)
    assert waiting
    with transaction():
        stub.signing_place = "鞍山市"
    with transaction(), pytest.raises(Invalid):
        supplement.confirm(stub, waiting, scene.bureau.section_head)
    assert stub.signing_place == "鞍山市"


def test_one_proposal_at_a_time_and_not_an_empty_one(scene: Scene, stub: Agreement) -> None:
    with transaction(), pytest.raises(Invalid):
        supplement.propose(stub, FoundDetails(source=SOURCE), scene.bureau.handler)
    propose(stub, FoundDetails(source=SOURCE, signing_place="西安市"), scene)
    with transaction(), pytest.raises(Conflict):
        supplement.propose(stub, FoundDetails(source=SOURCE, number="1号"), scene.bureau.handler)


def test_the_finder_does_not_confirm(scene: Scene, stub: Agreement) -> None:
    with transaction():
        roles = [scene.bureau.handler.role_grants[0].role, scene.bureau.section_head.role_grants[0].role]
        both = make_user(*roles, organisation=scene.bureau.organisation)
        waiting = supplement.propose(stub, FoundDetails(source=SOURCE, signing_place="西安市"), both)
    for person in (both, scene.bureau.handler, scene.university.section_head):
        with transaction(), pytest.raises(Forbidden):
            supplement.confirm(stub, waiting, person)


def test_refused_with_a_reason_it_changes_nothing_and_another_may_follow(scene: Scene, stub: Agreement) -> None:
    propose(stub, FoundDetails(source=SOURCE, signing_place="西安市"), scene)
    waiting = supplement.pending_of(stub)
    assert waiting
    with transaction(), pytest.raises(Invalid):
        supplement.refuse(stub, waiting, "", scene.bureau.section_head)
    with transaction():
        supplement.refuse(stub, waiting, "来源不可靠", scene.bureau.section_head)
    assert (stub.signing_place, waiting.state) == ("", SupplementState.REFUSED)
    with transaction(), pytest.raises(Conflict):
        supplement.confirm(stub, waiting, scene.bureau.section_head)
    propose(stub, FoundDetails(source=SOURCE, signing_place="鞍山市"), scene)


def test_of_another_record_it_does_not_exist_here(scene: Scene, stub: Agreement) -> None:
    propose(stub, FoundDetails(source=SOURCE, signing_place="西安市"), scene)
    waiting = supplement.pending_of(stub)
    assert waiting
    with transaction():
        other = scene.in_force()
    with transaction(), pytest.raises(NotFound):
        supplement.confirm(other, waiting, scene.bureau.section_head)


def test_only_the_owners_handler_and_only_of_a_historic_record(scene: Scene, stub: Agreement) -> None:
    given = FoundDetails(source=SOURCE, signing_place="西安市")
    for person in (scene.bureau.leader, scene.university.handler):
        with transaction(), pytest.raises(Forbidden):
            supplement.propose(stub, given, person)
    with transaction():
        ordinary = scene.in_force()
    with transaction(), pytest.raises(Forbidden):
        supplement.propose(ordinary, given, scene.bureau.handler)


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("effective_on", {"effective_on": date(2023, 2, 1)}),
        ("term", {"effective_on": date(2023, 4, 1), "term": Term(expires_on=date(2023, 3, 31))}),
    ],
)
def test_dates_fit_together(scene: Scene, stub: Agreement, field: str, changes: dict[str, object]) -> None:
    given = replace(FoundDetails(source=SOURCE), **changes)  # type: ignore[arg-type]  # fields of it
    with transaction(), pytest.raises(Invalid) as caught:
        supplement.propose(stub, given, scene.bureau.handler)
    assert list(caught.value.fields) == [field]


def test_an_organisation_that_is_there_or_unknown(scene: Scene, stub: Agreement) -> None:
    party = stub.parties[1].public_id
    for public_id in (scene.bureau.organisation.public_id, "01ARZ3NDEKTSV4RRFFQ69G5FAV"):
        with transaction(), pytest.raises(Invalid) as caught:
            supplement.propose(
                stub, FoundDetails(source=SOURCE, organisations={party: public_id}), scene.bureau.handler
            )
        assert list(caught.value.fields) == [f"organisation-{party}"]


def test_the_form_needs_a_source_and_keeps_the_precision() -> None:
    with pytest.raises(Invalid) as caught:
        found_from({"signing_place": "西安市"})
    assert list(caught.value.fields) == ["source"]
    given = found_from({"source": "x", "signed_on": "2023年3月", "open_ended": "true", "organisation-A": "B"})
    assert (given.signed_on, given.signed_precision) == (date(2023, 3, 1), Precision.MONTH)
    assert (given.term, given.organisations) == (Term(open_ended=True), {"A": "B"})


def test_a_signing_date_in_the_future(scene: Scene, stub: Agreement) -> None:
    with transaction():
        stub.signed_on = None
    given = FoundDetails(source=SOURCE, signed_on=tomorrow(), signed_precision=Precision.DAY)
    with transaction(), pytest.raises(Invalid) as caught:
        supplement.propose(stub, given, scene.bureau.handler)
    assert list(caught.value.fields) == ["signed_on"]
