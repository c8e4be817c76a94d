"""What newspapers told of, with their numbers: nothing is invented, everything is counted as it was told."""

from datetime import date, timedelta

import pytest

from registry.accounts.models import User
from registry.agreements import queries
from registry.agreements.inputs import Draft, PartyLine, Term
from registry.agreements.models import (
    Agreement,
    AgreementKind,
    AgreementStatus,
    DocumentKind,
    PartyRole,
    SigningEvent,
)
from registry.agreements.papers import signing_copy
from registry.agreements.queries import Share
from registry.agreements.services import batch, clearance, entry, events, negotiation, signing
from registry.agreements.services.files import attach_for_party
from registry.agreements.services.projection import missing_details
from registry.core.dates import Precision, today
from registry.core.db import db, transaction
from registry.core.errors import Unmet
from registry.core.i18n import speaking
from registry.demo import launch, stories
from registry.demo.people import UNIVERSITY, organisation
from registry.demo.states import LEGAL, MINUTES, STRATEGIC_VARIABLES, YES
from registry.documents.html import signing_copy_html
from registry.organisations.models import Organisation
from registry.stories import agreements as told
from registry.stories import reading
from tests.agreements.scene import details, stored
from tests.conftest import Client
from tests.demo.conftest import reference_and_people
from tests.states import Begin

COPIES = "一式捌份，各方各执贰份"
MONTHS = [(date(2023, month, 1), date(2023, month + 1, 1) - timedelta(days=1)) for month in range(1, 12)]


@pytest.fixture
def people(begin_with: Begin) -> dict[str, User]:
    """Reference data and the people of the demonstration."""
    return begin_with(reference_and_people)


# 1. A framework of which neither day nor term is told


@pytest.fixture
def framework(people: dict[str, User]) -> Agreement:
    return stories.enter_stories(people)[0]


def test_a_framework_without_a_day_lies_in_no_month(framework: Agreement, people: dict[str, User]) -> None:
    assert (framework.status, framework.signed_precision) == (AgreementStatus.IN_FORCE, Precision.UNKNOWN)
    assert framework.source
    assert framework.confirmed_by_id == people["anshan.section_head"].id != framework.handler_id
    reader = people["anshan.handler"]
    assert [queries.count_signed(reader, *month) for month in MONTHS] == [0] * 11
    assert queries.count_signed(reader, today() - timedelta(days=40), today()) == 0  # nor in the month of its entry


def test_it_waits_under_details_to_be_found_and_on_both_organisations_pages(
    framework: Agreement, people: dict[str, User], client: Client
) -> None:
    address, count = f"/agreements/{framework.public_id}", len(missing_details(framework))
    school = organisation(UNIVERSITY).public_id
    page = client.sign_in(people["anshan.handler"]).get("/agreements/details-missing")
    assert address in page.text
    assert count == 6
    assert f"{address}/supplement" in page.text
    assert address in client.get(f"/organisations/{school}").text
    assert address in client.sign_in(people["nwpu.handler"]).get(f"/organisations/{school}").text


# 2. Fifteen localities on 18 March 2023


@pytest.fixture
def launched(people: dict[str, User]) -> SigningEvent:
    return launch.enter_launch(people)


def test_fifteen_records_wait_and_a_second_run_adds_none(people: dict[str, User]) -> None:
    handler = people["liaoning.handler"]
    before = db.session.query(Organisation).count()
    line = reading.event(launch.LAUNCH)
    rows = told.batch_rows(told.stubs(line.key))
    with transaction():
        event = events.create(told.signing_event(line), handler)
        made = batch.record_batch(event, rows, handler)
    assert len(made) == 15
    assert {one.status for one in made} == {AgreementStatus.RECORDED_PENDING}
    assert [one.parties[0].organisation.region_code for one in made if one.parties[0].organisation] == [
        *(f"21{number:02}00" for number in range(1, 15)),
        "21Z001",
    ]
    assert {one.parties[1].name_as_reported for one in made} == {"待补高校"}
    assert {one.parties[1].organisation_id for one in made} == {None}
    with transaction():
        assert batch.record_batch(event, rows, handler) == []
    assert db.session.query(Organisation).count() == before  # no university was invented
    assert queries.coverage(handler).localities == Share(0, 15)  # nothing counts before it is confirmed


def test_after_confirmation_localities_are_covered_and_universities_are_not(
    launched: SigningEvent, people: dict[str, User]
) -> None:
    found = queries.coverage(people["liaoning.viewer"])
    assert found.localities == Share(15, 15)
    assert found.details == Share(0, 15)
    assert found.universities == Share(0, 112)
    march = (date(2023, 3, 1), date(2023, 3, 31))
    assert queries.count_signed(people["liaoning.viewer"], *march) == 15
    assert queries.coverage(people["anshan.handler"]).codes == {"210300"}


def test_a_university_that_is_found_counts_and_completes(launched: SigningEvent, people: dict[str, User]) -> None:
    """The covered university is one of the province; its own town is not covered by that."""
    one = queries.programme_of(launched, people["liaoning.handler"]).agreements[0]
    school = organisation("辽宁科技大学")
    with transaction():
        one.parties[1].organisation_id = school.id
    found = queries.coverage(people["liaoning.viewer"])
    assert found.universities == Share(1, 112)
    assert found.details == Share(0, 15)


# 17. Three provinces and one autonomous region


def strategic(people: dict[str, User]) -> Agreement:
    """Signing has begun; the three others agreed by letter."""
    lines = [PartyLine(organisation(name).public_id) for name in stories.FOUR_DEPARTMENTS]
    given = Draft(
        kind=AgreementKind.STRATEGIC,
        title_zh="东北三省一区高校毕业生就业战略合作协议",
        title_en="Strategic Cooperation Agreement of Three Northeastern Provinces and One Autonomous Region",
        parties=(PartyLine(lines[0].organisation, role=PartyRole.LEAD), *lines[1:]),
        template="strategic",
        variables=STRATEGIC_VARIABLES,
        term=Term(months=36),
        copies_total=8,
        copies_each=2,
        signing_place="沈阳市",
        language="both",
    )
    made = entry.register(given, people["liaoning.handler"])
    clearance.submit(made, people["liaoning.handler"])
    for role, opinion in (("section_head", YES), ("legal_officer", LEGAL), ("leader", MINUTES)):
        clearance.clear(made, opinion, people[f"liaoning.{role}"])
    for party in made.parties[1:]:
        negotiation.approve_from_paper(made, party, "复函同意", people["liaoning.leader"])
    signing.start_signing(made, people["liaoning.leader"])
    return made


def test_four_parties_four_cells_eight_copies_one_autonomous_region(people: dict[str, User]) -> None:
    with transaction():
        made = strategic(people)
    revision = made.open_revision
    assert revision
    with speaking("zh"):
        data = signing_copy(made, revision, "https://registry.example")
    assert [(cell.label, cell.name[:2]) for cell in data.parties] == [
        ("甲方", "辽宁"),
        ("乙方", "吉林"),
        ("丙方", "黑龙"),
        ("丁方", "内蒙"),
    ]
    assert [cell.field for cell in data.parties] == ["Party-1", "Party-2", "Party-3", "Party-4"]
    text = signing_copy_html(data)
    assert COPIES in text
    assert "one autonomous region" in text.lower()
    assert "one district" not in text.lower()


def test_in_force_only_after_the_fourth_seal(people: dict[str, User]) -> None:
    with transaction():
        made = strategic(people)
    keeper, revision = people["liaoning.seal_keeper"], made.open_revision
    assert revision
    for number, row in enumerate(queries.signatories_of(revision), start=1):
        with transaction(), pytest.raises(Unmet):
            signing.complete_signing(made, keeper)
        assert made.status is AgreementStatus.SIGNING, number
        with transaction():
            signing.record_signature(made, row, details(today()), keeper)
            attach_for_party(made, row.party, DocumentKind.PARTY_SCAN, stored(), "扫描件.pdf", keeper)
    with transaction():
        signing.complete_signing(made, keeper)
    assert made.status is AgreementStatus.IN_FORCE
