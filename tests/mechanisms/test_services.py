"""The rules of docking mechanisms: stages, meetings on working days, and growing into an agreement."""

from datetime import date, timedelta

import pytest
from flask import Flask

from registry.agreements.models import Agreement, AgreementKind, AgreementStatus
from registry.agreements.services import entry, lifecycle, signing
from registry.core.dates import today
from registry.core.db import db, transaction
from registry.core.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from registry.mechanisms import policy, services
from registry.mechanisms.enums import Rhythm, Stage
from registry.mechanisms.inputs import SideLine
from registry.mechanisms.models import DockingMechanism
from registry.mechanisms.queries import LISTING, Filter, conditions, origin_of, sees_agreement
from registry.organisations.models import OrganisationKind
from registry.records.queries import history
from tests.agreements.scene import Scene, make_scene, make_side

from .meetings import established, make_mechanism, mechanism_input, meeting


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


def actions(mechanism: DockingMechanism) -> list[str]:
    return [row.action for row in reversed(history(mechanism))]


def stage(mechanism: DockingMechanism) -> Stage:
    return mechanism.stage


# Entering


def test_both_sides_see_it_and_nobody_else(scene: Scene) -> None:
    with transaction():
        mechanism = make_mechanism(scene)
        stranger = make_side("东北大学", OrganisationKind.UNIVERSITY)
    for person in (scene.bureau.handler, scene.university.handler):
        assert LISTING.get(mechanism.public_id, person) is mechanism
    with pytest.raises(NotFound):
        LISTING.get(mechanism.public_id, stranger.handler)
    assert [LISTING.count(side.handler, (), 9) for side in (scene.bureau, scene.university, stranger)] == [1, 1, 0]


def test_whoever_is_no_side_any_more_sees_it_no_more(scene: Scene) -> None:
    with transaction():
        mechanism = make_mechanism(scene)
        other = make_side("东北大学", OrganisationKind.UNIVERSITY)
    sides = (SideLine(scene.bureau.organisation.public_id), SideLine(other.organisation.public_id))
    with transaction():
        services.edit(mechanism, mechanism_input(scene, sides=sides), scene.bureau.handler)
    assert LISTING.get(mechanism.public_id, other.handler) is mechanism
    with pytest.raises(NotFound):
        LISTING.get(mechanism.public_id, scene.university.handler)


def test_a_side_may_be_known_by_its_reported_name_only(scene: Scene) -> None:
    sides = (SideLine(name_as_reported="沈阳市（签约主体待核）"), SideLine(scene.university.organisation.public_id))
    with transaction():
        mechanism = make_mechanism(scene, meetings=1, sides=sides)
    assert [party.organisation is None for party in mechanism.parties] == [True, False]
    assert "单位" not in mechanism.parties[0].name_as_reported
    with pytest.raises(Forbidden):  # the bureau is the keeper, but no side by name
        policy.may_upgrade(scene.university.leader, mechanism).enforce()
    with pytest.raises(Conflict):
        policy.may_upgrade(scene.university.handler, mechanism).enforce()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"sides": ()}, "sides"),
        ({"established_on": date(2099, 1, 1)}, "established_on"),
    ],
)
def test_what_cannot_be_is_refused(scene: Scene, changes: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused, transaction():
        services.enter(mechanism_input(scene, **changes), scene.bureau.handler)
    assert field in refused.value.fields


def test_the_same_side_twice_is_refused(scene: Scene) -> None:
    one = SideLine(scene.bureau.organisation.public_id)
    with pytest.raises(Invalid), transaction():
        services.enter(mechanism_input(scene, sides=(one, one)), scene.bureau.handler)


def test_only_handlers_enter(scene: Scene) -> None:
    with pytest.raises(Forbidden), transaction():
        services.enter(mechanism_input(scene), scene.bureau.leader)


def test_a_stale_write_names_what_happened(scene: Scene) -> None:
    with transaction():
        mechanism = make_mechanism(scene)
    before = mechanism.row_version
    with transaction():
        services.edit(mechanism, mechanism_input(scene, plan="四月走访"), scene.bureau.handler)
    with pytest.raises(Stale) as stale:
        LISTING.get_for_change(mechanism.public_id, scene.bureau.handler, before)
    assert actions(mechanism)[-1] == "mechanism:edit"
    assert len(stale.value.changes) == 2


# Meetings


@pytest.mark.parametrize(
    ("held", "rhythm", "following"),
    [
        (date(2026, 6, 25), Rhythm.QUARTERLY, date(2026, 9, 28)),  # 2026-09-25 is Mid-Autumn, then the weekend
        (date(2026, 9, 1), Rhythm.MONTHLY, date(2026, 10, 8)),  # National Day through the 7th
        (date(2026, 3, 31), Rhythm.HALF_YEARLY, date(2026, 9, 30)),
        (date(2026, 8, 31), Rhythm.YEARLY, date(2027, 8, 31)),
        (date(2026, 8, 31), Rhythm.AS_NEEDED, None),
    ],
)
def test_the_next_meeting_falls_on_a_working_day(
    app: Flask, held: date, rhythm: Rhythm, following: date | None
) -> None:
    assert services.next_meeting(held, rhythm) == following


def test_either_side_records_meetings(scene: Scene) -> None:
    with transaction():
        mechanism = make_mechanism(scene)
        services.record_meeting(mechanism, meeting(date(2026, 3, 2)), scene.university.handler)
    assert mechanism.last_met_on == date(2026, 3, 2)
    assert mechanism.next_meeting_on == date(2026, 6, 2)
    assert mechanism.meetings[0].organisation is scene.university.organisation
    assert mechanism.sort_on == date(2026, 3, 2)


def test_an_earlier_meeting_entered_later_moves_nothing(scene: Scene) -> None:
    with transaction():
        mechanism = make_mechanism(scene, meetings=2)
    last, following = mechanism.last_met_on, mechanism.next_meeting_on
    with transaction():
        services.record_meeting(mechanism, meeting(date(2025, 3, 2)), scene.bureau.handler)
    assert (mechanism.last_met_on, mechanism.next_meeting_on) == (last, following)
    db.session.expire(mechanism)
    assert [one.held_on.year for one in mechanism.meetings] == [2026, 2026, 2025]


def test_a_meeting_is_recorded_when_it_took_place(scene: Scene) -> None:
    with transaction():
        mechanism = make_mechanism(scene)
    tomorrow = today() + timedelta(days=1)
    for given in (meeting(tomorrow), meeting(date(2026, 3, 2), next_on=date(2026, 3, 1))):
        with pytest.raises(Invalid), transaction():
            services.record_meeting(mechanism, given, scene.bureau.handler)
    with pytest.raises(Forbidden), transaction():
        services.record_meeting(mechanism, meeting(date(2026, 3, 2)), scene.bureau.leader)


# Stages


def test_from_preliminary_to_regular(scene: Scene) -> None:
    with transaction():
        mechanism = established(scene, meetings=2)
        services.advance(mechanism, scene.bureau.section_head)
    assert stage(mechanism) is Stage.ESTABLISHED
    with transaction():
        services.advance(mechanism, scene.bureau.handler)
    assert stage(mechanism) is Stage.REGULAR
    with pytest.raises(Conflict), transaction():
        services.advance(mechanism, scene.bureau.handler)


def test_each_stage_has_its_condition(scene: Scene) -> None:
    with transaction():
        undated, dated = make_mechanism(scene), established(scene, meetings=1)
        services.advance(dated, scene.bureau.handler)
    for mechanism in (undated, dated):
        with pytest.raises(Conflict), transaction():
            services.advance(mechanism, scene.bureau.handler)
    with pytest.raises(Forbidden), transaction():
        services.advance(undated, scene.university.handler)


def test_ending_needs_a_reason_and_is_final(scene: Scene) -> None:
    with transaction():
        mechanism = make_mechanism(scene, meetings=1)
    with pytest.raises(Invalid), transaction():
        services.end(mechanism, "", scene.bureau.leader)
    with transaction():
        services.end(mechanism, "双方商定不再继续", scene.bureau.leader)
    assert (mechanism.stage, mechanism.ended_on, mechanism.next_meeting_on) == (Stage.ENDED, today(), None)
    for act in (services.advance, services.upgrade):
        with pytest.raises(Conflict), transaction():
            act(mechanism, scene.bureau.handler)
    with pytest.raises(Conflict), transaction():
        services.record_meeting(mechanism, meeting(date(2026, 3, 2)), scene.bureau.handler)


# Growing into an agreement (dossier, section 12, story 6)


def complete(scene: Scene, agreement: Agreement) -> None:
    """The draft that was opened is filled in."""
    draft = scene.draft_input(title_zh=agreement.title_zh)
    with transaction():
        entry.edit(agreement, draft, scene.bureau.handler)


def test_story_6_a_mechanism_grows_into_a_framework_agreement(scene: Scene) -> None:
    with transaction():
        mechanism = make_mechanism(scene, meetings=1)
        services.record_meeting(mechanism, meeting(date(2026, 5, 6)), scene.bureau.handler)
    with transaction():
        agreement = services.upgrade(mechanism, scene.bureau.handler)
    assert (agreement.kind, agreement.status) == (AgreementKind.FRAMEWORK, AgreementStatus.DRAFT)
    assert agreement.title_zh == "鞍山市与西北工业大学校地合作框架协议"
    sides = [scene.bureau.organisation, scene.university.organisation]
    assert [party.organisation for party in agreement.parties] == sides
    assert agreement.signing_place == "鞍山市"
    assert stage(mechanism) is Stage.PRELIMINARY  # a draft is not an agreement yet
    complete(scene, agreement)
    with transaction():
        scene.pass_review(agreement)
        scene.approve(agreement)
    assert stage(mechanism) is Stage.PRELIMINARY
    with transaction():
        scene.conclude(agreement)
    assert stage(mechanism) is Stage.UPGRADED
    assert (mechanism.agreement, origin_of(agreement.id)) == (agreement, mechanism)
    assert len(mechanism.meetings) == 2
    assert actions(mechanism)[-2:] == ["mechanism:upgrade", "mechanism:upgraded"]


def test_it_is_drafted_once_and_again_when_the_draft_is_void(scene: Scene) -> None:
    with transaction():
        mechanism = make_mechanism(scene, meetings=1)
        agreement = services.upgrade(mechanism, scene.bureau.handler)
    with pytest.raises(Conflict), transaction():
        services.upgrade(mechanism, scene.bureau.handler)
    with transaction():
        lifecycle.void(agreement, "改为备忘录", scene.bureau.leader)
    assert mechanism.agreement is None
    with transaction():
        services.upgrade(mechanism, scene.bureau.handler)
    assert "mechanism:set_free" in actions(mechanism)


def test_one_that_ended_meanwhile_does_not_hold_up_the_signing(scene: Scene) -> None:
    with transaction():
        mechanism = make_mechanism(scene, meetings=1)
        agreement = services.upgrade(mechanism, scene.bureau.handler)
    complete(scene, agreement)
    with transaction():
        services.end(mechanism, "机制停止", scene.bureau.leader)
        scene.pass_review(agreement)
        scene.approve(agreement)
        scene.conclude(agreement)
    assert (mechanism.stage, agreement.status) == (Stage.ENDED, AgreementStatus.IN_FORCE)


def test_a_signing_that_fails_upgrades_nothing(scene: Scene) -> None:
    with transaction():
        mechanism = make_mechanism(scene, meetings=1)
        agreement = services.upgrade(mechanism, scene.bureau.handler)
    complete(scene, agreement)
    with transaction():
        scene.pass_review(agreement)
        scene.approve(agreement)
        signing.start_signing(agreement, scene.bureau.leader)
    with pytest.raises(Conflict), transaction():
        signing.complete_signing(agreement, scene.bureau.seal_keeper)
    assert stage(mechanism) is Stage.PRELIMINARY


def test_the_other_side_is_not_told_of_a_draft(scene: Scene) -> None:
    with transaction():
        mechanism = make_mechanism(scene, meetings=1)
        services.upgrade(mechanism, scene.bureau.handler)
    assert sees_agreement(scene.bureau.handler, mechanism)
    assert not sees_agreement(scene.university.handler, mechanism)


def test_upgrading_needs_a_meeting_and_a_handler_of_a_side(scene: Scene) -> None:
    with transaction():
        unmet, met = make_mechanism(scene), make_mechanism(scene, meetings=1)
        stranger = make_side("东北大学", OrganisationKind.UNIVERSITY)
    with pytest.raises(Conflict), transaction():
        services.upgrade(unmet, scene.bureau.handler)
    for person in (scene.bureau.leader, stranger.handler):
        with pytest.raises(Forbidden), transaction():
            services.upgrade(met, person)
    with transaction():
        assert services.upgrade(met, scene.university.handler).owner is scene.university.organisation


# The list


def test_filters(scene: Scene) -> None:
    with transaction():
        first = make_mechanism(scene, meetings=1)
        second = established(scene)
        services.edit(second, mechanism_input(scene, title_zh="铁西区校企对接"), scene.bureau.handler)
        services.end(second, "完成", scene.bureau.leader)

    def found(**wanted: object) -> set[str]:
        rows = LISTING.page(scene.bureau.handler, conditions(Filter(**wanted)), 0, 25)  # type: ignore[arg-type]
        return {row.public_id for row in rows}

    assert found() == {first.public_id, second.public_id}
    assert found(text="铁西") == {second.public_id}
    assert found(text="西北工业") == {first.public_id, second.public_id}
    assert found(stage=Stage.ENDED) == {second.public_id}
    assert found(party=scene.university.organisation.public_id) == {first.public_id, second.public_id}
    assert found(region="210300") == {first.public_id, second.public_id}
    assert found(region="610100") == set()  # the university's town gains nothing
    assert found(is_running=True) == {first.public_id}
    assert found(due_by=date(2026, 12, 31)) == {first.public_id}
    assert LISTING.count_by_state(scene.bureau.handler, Stage, 9) == {"preliminary": 1, "ended": 1}
