"""What is counted at each stage: what cannot be, what is warned of, the rates that follow. No database."""

import pytest

from registry.docking.counts import (
    COUNTS,
    FALLING,
    OF_STAGE,
    REQUIRED,
    Rate,
    problems_of,
    rates_of,
    required_at,
    warnings_of,
)
from registry.docking.enums import Stage, between
from registry.docking.models import DockingStageEntry

STORY: dict[Stage, dict[str, int | None]] = {
    Stage.FAIR: {"resumes": 60},
    Stage.INTERVIEW: {"interviewed": 15},
    Stage.OFFER: {"offers": 12},
    Stage.SIGNED: {"signed": 10},
    Stage.ONBOARDED: {"onboarded": 8},
}


def test_every_count_has_a_column_and_a_stage() -> None:
    assert set(COUNTS) <= set(DockingStageEntry.__table__.columns.keys())
    assert {name for names in OF_STAGE.values() for name in names} == set(COUNTS)
    assert set(OF_STAGE) == set(Stage)
    assert all(name in OF_STAGE[stage] for stage, name in FALLING)


def test_stages_in_their_order() -> None:
    assert [stage.position for stage in Stage] == list(range(1, 12))
    assert between(Stage.POSTED, Stage.OFFER) == (Stage.FAIR, Stage.INTERVIEW)
    assert between(Stage.POSTED, Stage.FAIR) == ()


@pytest.mark.parametrize(
    ("stage", "counts", "field"),
    [
        (Stage.VERIFIED, {}, "posts"),
        (Stage.VERIFIED, {"posts": 0}, "posts"),
        (Stage.POSTED, {"posts": 0}, "posts"),
        (Stage.POSTED, {"posts": 1, "pay_from": 9000, "pay_to": 6000}, "pay_to"),
        (Stage.INTERVIEW, {}, "interviewed"),
        (Stage.OFFER, {"offers": 5, "offers_master": 6}, "offers_master"),
        (Stage.SIGNED, {"signed": None}, "signed"),
        (Stage.ONBOARDED, {}, "onboarded"),
        (Stage.RETAINED_6M, {}, "retained"),
    ],
)
def test_what_cannot_be(stage: Stage, counts: dict[str, int | None], field: str) -> None:
    assert list(problems_of(stage, counts)) == [field]


@pytest.mark.parametrize(
    ("stage", "counts"),
    [
        (Stage.REGISTERED, {}),
        (Stage.FIELD_DOCKING, {}),
        (Stage.FAIR, {}),
        (Stage.VERIFIED, {"posts": 1}),
        (Stage.OFFER, {"offers": 0}),
        (Stage.OFFER, {"offers": 6, "offers_master": 6}),
        (Stage.ONBOARDED, {"onboarded": 0}),  # nobody came is a number too
    ],
)
def test_what_can_be(stage: Stage, counts: dict[str, int | None]) -> None:
    assert problems_of(stage, counts) == {}
    assert (required_at(stage) != "") is (stage in REQUIRED)


@pytest.mark.parametrize(
    ("later", "warned"),
    [
        ({}, []),
        ({Stage.RETAINED_6M: {"retained": 8}}, []),
        ({Stage.RETAINED_6M: {"retained": 9}}, ["Retained 6 months: 9 people, though On-boarded: only 8"]),
        (
            {Stage.RETAINED_6M: {"retained": 7}, Stage.RETAINED_12M: {"retained": 8}},
            ["Retained 12 months: 8 people, though Retained 6 months: only 7"],
        ),
        ({Stage.SIGNED: {"signed": 13}}, ["Contract signed: 13 people, though Offer made: only 12"]),
        (  # a stage without a number is passed over
            {Stage.SIGNED: {"signed": None}, Stage.ONBOARDED: {"onboarded": 14}},
            ["On-boarded: 14 people, though Offer made: only 12"],
        ),
    ],
)
def test_rising_numbers_are_warned_of(later: dict[Stage, dict[str, int | None]], warned: list[str]) -> None:
    assert [one.english for one in warnings_of(STORY | later)] == warned


def test_rates_of_the_story() -> None:
    rates = {rate.label.english: (rate.percent, rate.formula) for rate in rates_of(STORY)}
    assert rates == {
        "Interview rate": ("25 %", "15 / 60"),
        "Offer rate": ("80 %", "12 / 15"),
        "Signing rate": ("83.3 %", "10 / 12"),
        "On-boarding rate": ("80 %", "8 / 10"),
        "Default rate": ("20 %", "8 / 10"),
        "Retention rate, 6 months": ("", ""),
        "Retention rate, 12 months": ("", ""),
    }


@pytest.mark.parametrize(("part", "whole"), [(None, 10), (8, None), (0, 0), (None, None)])
def test_no_rate_without_its_numbers(part: int | None, whole: int | None) -> None:
    for is_complement in (False, True):
        rate = Rate(rates_of({})[0].label, part, whole, is_complement)
        assert (rate.value, rate.percent, rate.formula) == (None, "", "")
