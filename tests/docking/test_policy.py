"""Whose stage is whose: pure, over every side and stage. No database."""

from dataclasses import dataclass, field, replace

import pytest

from registry.core.access.decision import StandIn
from registry.core.access.roles import Role
from registry.docking import policy
from registry.docking.enums import Stage
from registry.docking.policy import Card

BUREAU, UNIVERSITY, ENTERPRISE, STRANGER = 1, 2, 3, 4
CASE = Card(BUREAU, ENTERPRISE, UNIVERSITY, BUREAU, Stage.VERIFIED)


@dataclass
class Person:
    organisation_id: int
    roles: frozenset[Role] = frozenset({Role.HANDLER})
    id: int = 9
    name: str = "测试"
    standing_in: tuple[StandIn, ...] = field(default=())


def ahead(case: Card) -> list[Stage]:
    return [stage for stage in Stage if stage.position > case.stage.position]


def test_who_keeps_the_case_records_every_stage() -> None:
    assert policy.open_stages(Person(BUREAU), CASE) == ahead(CASE)


@pytest.mark.parametrize(
    ("side", "stages"),
    [
        (UNIVERSITY, "field_docking posted fair signed"),
        (ENTERPRISE, "field_docking interview offer onboarded retained_6m retained_12m"),
        (STRANGER, ""),
    ],
)
def test_other_sides_record_what_they_hold_the_evidence_of(side: int, stages: str) -> None:
    found = policy.open_stages(Person(side), CASE)
    assert found == stages.split()
    assert [stage for stage in ahead(CASE) if policy.may_advance(Person(side), CASE, stage)] == found


def test_a_bureau_that_does_not_keep_the_case() -> None:
    case = replace(CASE, owner_id=UNIVERSITY, stage=Stage.REGISTERED)
    assert policy.open_stages(Person(BUREAU), case) == [
        "verified",
        "field_docking",
        "fair",
        "retained_6m",
        "retained_12m",
    ]


@pytest.mark.parametrize("keeps_it", [True, False])
def test_an_enterprise_never_verifies_itself(keeps_it: bool) -> None:
    case = replace(CASE, owner_id=ENTERPRISE if keeps_it else BUREAU, stage=Stage.REGISTERED)
    person = Person(ENTERPRISE)
    assert policy.open_stages(person, case) == []  # nor does it leave the verification out
    assert not policy.may_advance(person, case, Stage.VERIFIED)
    assert policy.may_advance(person, case, Stage.INTERVIEW).wrong_state
    assert policy.may_advance(person, replace(case, stage=Stage.VERIFIED), Stage.INTERVIEW)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.HANDLER, Role.SECTION_HEAD}))
def test_no_other_role_moves_a_case(role: Role) -> None:
    assert policy.open_stages(Person(BUREAU, frozenset({role})), CASE) == []


@pytest.mark.parametrize(
    "case", [replace(CASE, is_lost=True), replace(CASE, stage=Stage.RETAINED_12M)], ids=["lost", "at the end"]
)
def test_nothing_moves_at_an_end(case: Card) -> None:
    assert policy.open_stages(Person(BUREAU), case) == []
    assert policy.may_advance(Person(BUREAU), case, Stage.RETAINED_12M).wrong_state


def test_backwards_is_a_matter_of_the_state() -> None:
    decision = policy.may_advance(Person(BUREAU), CASE, Stage.REGISTERED)
    assert decision.wrong_state
    assert not decision
