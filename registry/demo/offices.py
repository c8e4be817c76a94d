"""Fictional organisations: one with a former name and a short form, its duplicate that waits to be looked at, an office
of a university, and a dissolved one with its successor.
"""

from dataclasses import replace
from datetime import date

from ..accounts.models import User
from ..core.access.decision import Actor
from ..core.dates import Precision
from ..core.db import transaction
from ..organisations.former import Span
from ..organisations.inputs import Closing, ContactDetails, FormerName, NewOrganisation, OrganisationDetails
from ..organisations.models import Organisation, OrganisationKind, Tie
from ..organisations.services import closing, contacts, names, organisations, ties

COMPANY, SECOND = "鞍山示例装备制造有限公司（演示）", "鞍山示例装备有限公司（演示）"
FORMERLY = FormerName(
    "鞍山示例机械厂（演示）",
    "",
    Span(date(1978, 1, 1), Precision.YEAR, date(2004, 6, 30), Precision.DAY),
    "企业变更登记（演示）",
)
SHORTLY = "示例装备（演示）"
OFFICE = "西北工业大学学生就业指导中心（演示）"
CENTRE, AGENCY = "鞍山示例人才服务中心（演示）", "鞍山示例职业介绍所（演示）"
PLAIN = OrganisationDetails(
    kind=OrganisationKind.ENTERPRISE,
    name_en="",
    short_zh="",
    short_en="",
    uscc=None,
    moe_code=None,
    region_code="210300",
    superior="",
    superior_tie=None,
    address="",
    authority="",
    note="演示数据，单位为虚构",
)


def enter_offices(people: dict[str, User]) -> None:
    """Entered by handlers, checked and dissolved by the section head of Anshan."""
    _enter_company(people)
    _enter_below(people)


def _enter_company(people: dict[str, User]) -> None:
    handler, head = people["anshan.handler"], people["anshan.section_head"]
    with transaction():
        company = _add(handler, COMPANY, name_en="Anshan Example Equipment Co., Ltd. (demo)")
        names.add_former(handler, company, FORMERLY, company.row_version)
        names.add_alias(handler, company, SHORTLY)
    with transaction():
        checked = replace(PLAIN, name_en=company.name_en)
        organisations.edit(head, company, checked, company.row_version, needs_check=False)
    with transaction():
        second = _add(handler, SECOND, address="鞍山市示例路1号（演示）")
        contacts.add_contact(handler, second, ContactDetails("演示·招聘联系人", "", "人力资源部", "", "招聘联系"))


def _enter_below(people: dict[str, User]) -> None:
    handler, head = people["anshan.handler"], people["anshan.section_head"]
    bureau, university = handler.organisation, people["nwpu.handler"].organisation
    talent = {"kind": OrganisationKind.TALENT_CENTRE, "superior": bureau.public_id}
    with transaction():
        belongs = {"superior": university.public_id, "superior_tie": Tie.COMPONENT, "region_code": "610100"}
        _add(people["nwpu.handler"], OFFICE, kind=OrganisationKind.OTHER, **belongs)
        centre = _add(handler, CENTRE, superior_tie=Tie.SUPERVISED, **talent)
        agency = _add(handler, AGENCY, superior_tie=Tie.SUPERVISED, **talent)
    with transaction():
        ties.add_tie(handler, agency, centre.public_id, Tie.ATTACHED, agency.row_version)
    with transaction():
        ended = Closing(date(2026, 3, 1), "职能并入人才服务中心（演示）", centre.public_id)
        closing.close(head, agency, ended, agency.row_version)


def _add(actor: Actor, name: str, **details: object) -> Organisation:
    given = replace(PLAIN, **details)  # type: ignore[arg-type]  # any field of the details
    return organisations.add(actor, NewOrganisation(name, given, is_distinct=True))
