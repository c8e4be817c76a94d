"""A newcomer sees a former name, a short form, a duplicate to look at, an office, and a successor."""

from datetime import date

from sqlalchemy import select

from registry.accounts.models import User
from registry.core.db import db
from registry.demo.offices import AGENCY, CENTRE, COMPANY, OFFICE, SECOND, enter_offices
from registry.organisations.models import Organisation, OrganisationStatus, Tie
from registry.organisations.queries.lookup import suggest
from registry.organisations.queries.names import names_on
from registry.organisations.services import merging


def named(name: str) -> Organisation:
    return db.session.scalars(select(Organisation).where(Organisation.name_zh == name)).one()


def test_what_a_newcomer_sees(people: dict[str, User]) -> None:
    enter_offices(people)
    company, second, office, agency = named(COMPANY), named(SECOND), named(OFFICE), named(AGENCY)
    assert names_on([company.id], date(2000, 1, 1))[company.id].zh == "鞍山示例机械厂（演示）"
    assert [one.name.zh for one in suggest("示例装备（演示）")] == [COMPANY]
    assert (company.needs_check, second.needs_check) == (False, True)
    preview = merging.look(people["anshan.section_head"], second, company.public_id)
    assert (preview.refusals, [line.count for line in preview.moving]) == ((), [1])
    assert (office.superior_tie, office.superior and office.superior.name_zh) == (Tie.COMPONENT, "西北工业大学")
    assert (agency.status, agency.successor_id) == (OrganisationStatus.CLOSED, named(CENTRE).id)
