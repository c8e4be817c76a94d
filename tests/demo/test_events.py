"""The demonstration's signing events: the launch that the news told of, and a ceremony that lies ahead."""

from registry.accounts.models import User
from registry.agreements import queries
from registry.agreements.models import Agreement, AgreementStatus, EventStatus
from registry.demo.ceremony import enter_ceremony
from registry.demo.launch import enter_launch
from registry.demo.papers import attach_papers


def test_the_launch_has_its_fifteen_records_and_the_strategic_agreement(
    stories: list[Agreement], people: dict[str, User]
) -> None:
    event = enter_launch(people)
    found = queries.programme_of(event, people["liaoning.overseer"]).agreements
    assert (event.status, len(found)) == (EventStatus.HELD, 16)
    assert found[0] is stories[1]
    assert found[-1].parties[0].name.startswith("沈抚")
    assert {one.is_demo for one in found} == {True}
    assert {one.status for one in found} == {AgreementStatus.IN_FORCE}


def test_the_ceremony_ahead_has_two_agreements_that_are_ready(people: dict[str, User], fonts: object) -> None:
    event = enter_ceremony(people)
    found = queries.programme_of(event, people["nwpu.handler"]).agreements
    assert event.status is EventStatus.PLANNED
    assert [one.status for one in found] == [AgreementStatus.SIGNING] * 2
    assert len(queries.signing_copies(found)) == 2
    assert [one.pages for one in attach_papers(event, people)] == [1, 2]
