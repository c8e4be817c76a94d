"""What is typed: numbers of people pass, people's numbers do not. No database."""

from collections.abc import Callable, Mapping

import pytest

from registry.core.errors import Invalid
from registry.docking.enums import Stage
from registry.docking.personal import personal_number
from registry.docking.schemas import (
    case_from,
    correction_from,
    link_from,
    loss_from,
    plan_from,
    reason_from,
    stage_from,
)

ULID = "01J0000000000000000000000A"
UNIVERSITY = {"university": ULID}


@pytest.mark.parametrize(
    "text",
    [
        "联系电话13900139000",
        "１３９００１３９０００",  # full width
        "139 0013 9000",
        "139-0013-9000",
        "身份证110101199003078515",
        "11010119900307851X",
        "110101-19900307-851x",
        "0412-5555555",
        "02412345678",
    ],
)
def test_what_looks_like_somebodys_number(text: str) -> None:
    refusal = personal_number(text)
    assert refusal is not None
    assert text not in str(refusal.values)  # the message does not repeat it


@pytest.mark.parametrize(
    "text",
    [
        "",
        "岗位20个，2026-09-08至2026-09-30，月薪6000-9000元",
        "2026-09-08 100人",
        "学校标识码4161010699",
        "编号202609080012",  # twelve digits
        "鞍校地协〔2026〕5号",
    ],
)
def test_what_does_not(text: str) -> None:
    assert personal_number(text) is None


@pytest.mark.parametrize(
    ("read", "values", "field"),
    [
        (case_from, UNIVERSITY | {"remark": "学生电话13900139000"}, "remark"),
        (case_from, UNIVERSITY | {"enterprise_as_reported": "某某 110101199003078515"}, "enterprise_as_reported"),
        (case_from, UNIVERSITY | {"majors": "机械 13900139000"}, "majors"),
        (case_from, UNIVERSITY | {"responsible": "13900139000"}, "responsible"),
        (case_from, UNIVERSITY | {"source": "13900139000"}, "source"),
        (case_from, UNIVERSITY | {"uscc": "91210300MA0TEXT00A"}, "uscc"),
        (case_from, UNIVERSITY | {"uscc": "123"}, "uscc"),
        (case_from, UNIVERSITY | {"posts": "-1"}, "posts"),
        (case_from, {}, "university"),
        (case_from, UNIVERSITY | {"stage": "signed"}, "stage"),  # no mass assignment
        (case_from, UNIVERSITY | {"source_url": "javascript:alert(1)"}, "source_url"),
        (loss_from, {"drop_reason": "pay", "words": "13900139000"}, "words"),
        (loss_from, {"drop_reason": "weather", "words": "雨"}, "drop_reason"),
        (loss_from, {"drop_reason": "pay"}, "words"),
        (reason_from, {"reason": "见13900139000"}, "reason"),
        (plan_from, {"plan_offer": "明天"}, "plan_offer"),
        (link_from, {"kind": "workstation", "record": "乱写"}, "record"),
    ],
)
def test_what_is_refused(read: Callable[[Mapping[str, str]], object], values: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(values)
    assert field in refused.value.fields


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"actual_on": ""}, "actual_on"),
        ({"actual_on": "2026-11-01", "offers": "若干"}, "offers"),
        ({"actual_on": "2026-11-01", "signed": "3"}, "signed"),  # belongs to another stage
        ({"actual_on": "2026-11-01", "evidence": "张三13900139000"}, "evidence"),
        ({"actual_on": "2026-11-01", "evidence_url": "ftp://x"}, "evidence_url"),
    ],
)
def test_a_stage_takes_its_own_counts_only(values: dict[str, str], field: str) -> None:
    for read in (stage_from, correction_from):
        with pytest.raises(Invalid) as refused:
            read(Stage.OFFER, values)
        assert field in refused.value.fields


def test_a_stage_as_typed() -> None:
    given = stage_from(
        Stage.OFFER, {"actual_on": "20261101", "offers": "１２", "offers_master": "", "evidence": "存档"}
    )
    assert (str(given.actual_on), dict(given.counts)) == ("2026-11-01", {"offers": 12, "offers_master": None})


def test_an_evidence_address_may_hold_long_numbers() -> None:
    address = "https://www.example.edu.cn/news/20260908123"
    assert stage_from(Stage.FAIR, {"actual_on": "2026-11-01", "evidence_url": address}).evidence_url == address


@pytest.mark.parametrize("typed", [ULID, f"https://registry.example/workstations/{ULID}", f"/activities/{ULID}?x=1#a"])
def test_a_record_is_linked_by_its_address_or_id(typed: str) -> None:
    assert link_from({"kind": "activity", "record": typed}).public_id == ULID
