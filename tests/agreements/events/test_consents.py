"""A workstation of an institution below a department: its consent comes first; an internal department is warned of."""

import pytest
from flask import Flask

from registry.agreements import consents, queries
from registry.agreements.inputs import Draft, Opinion, PartyLine, Term
from registry.agreements.models import Agreement, AgreementKind, AgreementStatus, LegalResult, PartyRole
from registry.agreements.services import clearance, entry, signing
from registry.agreements.services import consents as filing
from registry.core.db import transaction
from registry.core.errors import Conflict, Forbidden, Invalid, Unmet
from registry.documents.store import Kept
from registry.organisations.models import OrganisationKind
from tests.agreements.drafts import draft as sample
from tests.agreements.scene import Side, make_side
from tests.conftest import Client
from tests.factories import make_organisation

FILE = Kept("c" * 64, "", 1, "application/pdf")


@pytest.fixture
def sides(app: Flask) -> tuple[Side, Side]:
    """The centre, below its department, and Northwest University."""
    with transaction():
        centre = make_side("省就业和人才服务中心", OrganisationKind.TALENT_CENTRE)
        centre.organisation.superior = make_organisation("省人社厅（测试）", OrganisationKind.HR_DEPARTMENT)
        return centre, make_side("西北大学", OrganisationKind.UNIVERSITY, "610100")


@pytest.fixture
def station(sides: tuple[Side, Side]) -> Agreement:
    """Approved by both; signing could begin."""
    centre, school = sides
    model = sample("workstation")
    with transaction():
        given = Draft(
            kind=AgreementKind.WORKSTATION,
            title_zh="人才合作工作站共建协议",
            parties=(
                PartyLine(centre.organisation.public_id, role=PartyRole.LEAD),
                PartyLine(school.organisation.public_id, department="就业指导中心"),
            ),
            template="workstation",
            variables=model.variables,
            term=Term(months=36),
            copies_total=4,
            copies_each=2,
            signing_place="西安市",
        )
        made = entry.register(given, centre.handler)
        clearance.submit(made, centre.handler)
        clearance.clear(made, Opinion("同意"), centre.section_head)
        clearance.clear(made, Opinion("合法", legal_result=LegalResult.LEGAL), centre.legal_officer)
        clearance.clear(made, Opinion("同意"), centre.leader)
        clearance.clear(made, Opinion("同意"), school.section_head)
        clearance.clear(made, Opinion("同意"), school.leader)
    return made


def test_signing_waits_for_the_consent(station: Agreement, sides: tuple[Side, Side]) -> None:
    centre, _ = sides
    with transaction(), pytest.raises(Unmet) as caught:
        signing.start_signing(station, centre.leader)
    assert [told.english for told in caught.value.reasons] == [
        "省就业和人才服务中心: the consent document of its superior department is missing"
    ]
    with transaction():
        filing.attach(station, station.parties[0], FILE, "同意函.pdf", centre.handler)
        signing.start_signing(station, centre.leader)
    assert station.status is AgreementStatus.SIGNING


def test_a_consent_marked_void_does_not_count(station: Agreement, sides: tuple[Side, Side]) -> None:
    centre, _ = sides
    with transaction():
        document = filing.attach(station, station.parties[0], FILE, "同意函.pdf", centre.handler)
        with pytest.raises(Invalid):
            filing.void(station, document, "", centre.handler)
        filing.void(station, document, "传错文件", centre.handler)
    assert consents.missing_consents(station, queries.documents_of(station)) == [station.parties[0]]
    with transaction(), pytest.raises(Conflict):
        filing.void(station, document, "再次", centre.handler)


def test_a_consent_outlives_the_withdrawal_of_signing(station: Agreement, sides: tuple[Side, Side]) -> None:
    centre, _ = sides
    with transaction():
        filing.attach(station, station.parties[0], FILE, "同意函.pdf", centre.handler)
        signing.start_signing(station, centre.leader)
        signing.withdraw_signing(station, "改期", centre.leader)
        signing.start_signing(station, centre.leader)
    assert station.status is AgreementStatus.SIGNING


def test_only_for_whom_it_is_needed_and_by_whom_it_concerns(station: Agreement, sides: tuple[Side, Side]) -> None:
    centre, school = sides
    one, other = station.parties
    assert (consents.needs_consent(one), consents.needs_consent(other)) == (True, False)
    with transaction(), pytest.raises(Invalid):
        filing.attach(station, other, FILE, "x.pdf", centre.handler)
    for person in (school.handler, centre.leader):
        with transaction(), pytest.raises(Forbidden):
            filing.attach(station, one, FILE, "x.pdf", person)
    with transaction():
        filing.attach(station, one, FILE, "同意函.pdf", centre.handler)
        signing.start_signing(station, centre.leader)
    with transaction(), pytest.raises(Conflict):
        filing.attach(station, one, FILE, "迟到.pdf", centre.handler)


def test_an_institution_without_a_department_above_it_needs_none(app: Flask) -> None:
    with transaction():
        side = make_side("某市人才中心", OrganisationKind.TALENT_CENTRE)
        other = make_side("某大学", OrganisationKind.UNIVERSITY)
        lines = (PartyLine(side.organisation.public_id, role=PartyRole.LEAD), PartyLine(other.organisation.public_id))
        made = entry.register(
            Draft(AgreementKind.LETTER_OF_INTENT, "意向书", lines, term=Term(months=12)), side.handler
        )
    assert consents.unmet_consents(made, []) == []


def test_an_internal_department_is_warned_of_and_stops_nothing(
    station: Agreement, sides: tuple[Side, Side], client: Client
) -> None:
    (told,) = consents.warnings(station)
    assert "就业指导中心" in told.english
    assert "授权委托书" in told.english
    page = client.sign_in(sides[0].handler).get(f"/agreements/{station.public_id}")
    assert "就业指导中心" in page.text
    assert "授权委托书" in page.text


def test_by_the_page(station: Agreement, sides: tuple[Side, Side], client: Client) -> None:
    centre, school = sides
    address = f"/agreements/{station.public_id}"
    values = {"party": station.parties[0].public_id, "row_version": station.row_version}
    client.sign_in(centre.handler)
    assert f"{address}/consent" in client.get(address).text
    assert client.post(f"{address}/consent", data=values).status_code == 422  # no file
    assert client.sign_in(school.handler).post(f"{address}/consent", data=values).status_code == 422
    assert client.sign_in(centre.leader).post(f"{address}/consent", data=values).status_code == 403
    assert f"{address}/consent" not in client.get(address).text
