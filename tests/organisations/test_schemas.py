"""What comes in from outside, made clean or refused with a message at the field."""

from datetime import date
from typing import Any

import pytest
from flask import Flask

from registry.core.errors import Invalid
from registry.core.web.schema import load
from registry.organisations.inputs import ContactDetails, NewOrganisation, OrganisationDetails, Renaming
from registry.organisations.models import OrganisationKind
from registry.organisations.schemas import (
    AliasSchema,
    ContactSchema,
    EditSchema,
    MergingSchema,
    NewOrganisationSchema,
    ReasonSchema,
    RenamingSchema,
)

NEW = {"name_zh": "鞍山示例机械有限公司", "kind": "enterprise", "region_code": "210300"}


def refused(schema: Any, values: dict[str, Any]) -> set[str]:
    with pytest.raises(Invalid) as error:
        load(schema, values)
    return set(error.value.fields)


def test_a_new_organisation() -> None:
    made = load(NewOrganisationSchema(), NEW)
    assert isinstance(made, NewOrganisation)
    assert made.details.kind is OrganisationKind.ENTERPRISE
    assert (made.details.uscc, made.details.moe_code, made.is_distinct) == (None, None, False)


def test_blanks_inside_a_chinese_name_go() -> None:
    assert load(NewOrganisationSchema(), NEW | {"name_zh": " 鞍山 示例\u3000公司\u200b "}).name_zh == "鞍山示例公司"


@pytest.mark.parametrize("name", ["", "  ", "Anshan Machines", "厂", "\x00鞍山", "鞍山\ud800公司", "大" * 201])
def test_what_is_no_name(name: str) -> None:
    assert refused(NewOrganisationSchema(), NEW | {"name_zh": name}) == {"name_zh"}


def test_codes_are_normalised() -> None:
    given = NEW | {"uscc": "９１１１ 0000 6000 37341l", "moe_code": "４１６１０１０６９９"}
    details = load(NewOrganisationSchema(), given).details
    assert (details.uscc, details.moe_code) == ("91110000600037341L", "4161010699")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("uscc", "91110000600037341"),
        ("uscc", "91110000600037341M"),
        ("uscc", "911100006000373O1L"),
        ("moe_code", "416101069"),
        ("moe_code", "41610106999"),
        ("moe_code", "416101069A"),
        ("kind", "school"),
        ("kind", ""),
        ("region_code", ""),
        ("needs_check", "true"),
        ("status", "closed"),
        ("id", "1"),
    ],
)
def test_each_fault_is_told_at_its_field(field: str, value: str) -> None:
    assert refused(NewOrganisationSchema(), NEW | {field: value}) == {field}


def test_the_message_counts_the_characters(app: Flask) -> None:
    with pytest.raises(Invalid) as error:
        load(NewOrganisationSchema(), NEW | {"uscc": "9111"})
    message: Any = error.value.fields["uscc"][0]
    assert message.values == {"count": 4}


def test_editing_gives_details_and_whether_to_check() -> None:
    given = {"kind": "other", "region_code": "210300", "needs_check": "true"}
    details, needs_check = load(EditSchema(), given)
    assert isinstance(details, OrganisationDetails)
    assert needs_check
    given.pop("needs_check")
    assert load(EditSchema(), given)[1] is False


def test_the_chinese_name_is_not_edited_in_passing() -> None:
    assert refused(EditSchema(), {"kind": "other", "region_code": "210300", "name_zh": "某单位"}) == {"name_zh"}


@pytest.mark.parametrize("day", ["20230301", "2023-03-01", "2023.3.1", "2023年3月1日"])
def test_renaming_takes_dates_as_people_write_them(day: str) -> None:
    made = load(RenamingSchema(), {"name_zh": "鞍山师范大学", "changed_on": day})
    assert made == Renaming("鞍山师范大学", "", date(2023, 3, 1), False)


@pytest.mark.parametrize("day", ["2023-02-30", "昨天", "18230301"])
def test_days_that_do_not_exist(day: str) -> None:
    assert refused(RenamingSchema(), {"name_zh": "鞍山师范大学", "changed_on": day}) == {"changed_on"}


def test_small_forms_want_their_field() -> None:
    assert refused(MergingSchema(), {}) == {"target"}
    assert refused(ReasonSchema(), {"reason": "  "}) == {"reason"}
    assert refused(AliasSchema(), {"alias": ""}) == {"alias"}
    assert refused(AliasSchema(), {"alias": "长" * 101}) == {"alias"}


def test_a_contact_says_what_it_is_for() -> None:
    assert refused(ContactSchema(), {"name": "示例甲"}) == {"purpose"}
    made = load(ContactSchema(), {"name": "示例甲", "purpose": "联络"})
    assert made == ContactDetails("示例甲", "", "", "", "联络")
