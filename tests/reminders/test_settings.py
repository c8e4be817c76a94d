"""Settings of rules: what holds where, who says so, what no rule can have, and that the audit tells."""

import pytest
from sqlalchemy import func, select

from registry.agreements.models import Agreement
from registry.audit.models import AuditEvent
from registry.core.access.roles import Role
from registry.core.db import db, transaction
from registry.core.errors import Conflict, Forbidden, Invalid
from registry.reminders import queries, services
from registry.reminders.cascade import Cascade
from registry.reminders.inputs import Level, Line, Place
from registry.reminders.models import ReminderSetting
from registry.reminders.rules import FARTHEST, MOST_REMINDERS, SPECS, Rule, Setting
from tests.agreements.scene import Scene, make_scene
from tests.factories import make_user
from tests.states import Begin

OWN = Setting(before=(45,), roles=frozenset({Role.LEADER}))
OTHER = Setting(before=(10,), roles=frozenset({Role.HANDLER}))


def in_force() -> tuple[Scene, Agreement]:
    with transaction():
        scene = make_scene()
        return scene, scene.in_force()


@pytest.fixture
def made(begin_with: Begin) -> tuple[Scene, Agreement]:
    return begin_with(in_force)


@pytest.fixture
def scene(made: tuple[Scene, Agreement]) -> Scene:
    return made[0]


@pytest.fixture
def agreement(made: tuple[Scene, Agreement]) -> Agreement:
    return made[1]


@pytest.fixture
def own(scene: Scene) -> Place:
    return Place(scene.bureau.organisation)


def line(place: Place, rule: Rule = Rule.EXPIRY) -> Line:
    (found,) = queries.lines(place, (rule,))
    return found


# The usual settings, without a database


@pytest.mark.parametrize("rule", Rule)
def test_the_usual_setting_is_one_that_the_rule_can_have(rule: Rule) -> None:
    services.check(rule, SPECS[rule].usual)
    assert SPECS[rule].usual.offsets


def test_the_nearest_setting_holds() -> None:
    first, second, third = OWN, OTHER, Setting(is_on=False)
    cascade = Cascade(Rule.EXPIRY, {(None, None): first, (7, None): second, (7, 3): third})
    assert cascade.at((7, 3)) == (third, Level.AGREEMENT)
    assert cascade.at((7, 4)) == cascade.at((7, None)) == cascade.above((7, 3)) == (second, Level.ORGANISATION)
    assert cascade.at((8, 3)) == cascade.at((None, None)) == cascade.above((7, None)) == (first, Level.SYSTEM)
    assert cascade.above((None, None)) == (SPECS[Rule.EXPIRY].usual, Level.USUAL)
    assert cascade.offsets == {-45, -10}


@pytest.mark.parametrize(
    ("rule", "setting", "field"),
    [
        (Rule.EXPIRY, Setting(before=(0,), roles=OWN.roles), "before"),
        (Rule.EXPIRY, Setting(before=(FARTHEST + 1,), roles=OWN.roles), "before"),
        (Rule.EXPIRY, Setting(after=(0,), roles=OWN.roles), "after"),
        (Rule.EXPIRY, Setting(before=(1,)), "roles"),
        (Rule.EXPIRY, Setting(before=(1,), roles=frozenset({Role.AUDITOR})), "roles"),
        (Rule.REVIEW, Setting(after=(1,), roles=frozenset({Role.HANDLER})), "roles"),
        (Rule.EXPIRY, Setting(roles=OWN.roles), "after"),
        (Rule.EXPIRY, Setting(after=(1,), every=3, roles=OWN.roles), "every"),
        (Rule.EXPIRY, Setting(after=(1,), times=3, roles=OWN.roles), "every"),
        (Rule.EXPIRY, Setting(after=(1,), every=1, times=MOST_REMINDERS, roles=OWN.roles), "times"),
        (Rule.SILENCE, Setting(before=(1,), roles=OWN.roles), "before"),
        (Rule.SILENCE, Setting(on_day=True, roles=OWN.roles), "before"),
    ],
)
def test_what_no_rule_can_have_is_refused(rule: Rule, setting: Setting, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        services.check(rule, setting)
    assert set(refused.value.fields) == {field}


def test_a_rule_that_is_off_needs_nothing_else() -> None:
    services.check(Rule.EXPIRY, Setting(is_on=False))
    assert Setting(is_on=False, before=(3,)).offsets == ()


# Setting and resetting


def test_a_place_shows_what_it_inherits_and_what_it_set(scene: Scene, own: Place) -> None:
    before = line(own)
    assert (before.setting, before.level, before.is_own) == (SPECS[Rule.EXPIRY].usual, Level.USUAL, False)
    with transaction():
        services.set_rule(own, Rule.EXPIRY, OWN, 0, scene.bureau.section_head)
    after = line(own)
    assert (after.setting, after.level, after.inherited, after.is_own) == (
        OWN,
        Level.ORGANISATION,
        before.setting,
        True,
    )
    assert line(own, Rule.RENEWAL).level is Level.USUAL
    assert line(Place(scene.university.organisation)).level is Level.USUAL
    with transaction():
        services.set_rule(own, Rule.EXPIRY, OTHER, after.version, scene.bureau.leader)
    assert line(own).setting == OTHER
    with transaction():
        services.reset_rule(own, Rule.EXPIRY, line(own).version, scene.bureau.leader)
    assert line(own) == before
    assert db.session.scalar(select(func.count(ReminderSetting.id))) == 0


def test_an_agreement_inherits_from_the_readers_organisation(scene: Scene, own: Place, agreement: Agreement) -> None:
    place = Place(scene.bureau.organisation, agreement)
    with transaction():
        services.set_rule(own, Rule.EXPIRY, OWN, 0, scene.bureau.section_head)
        services.set_rule(place, Rule.EXPIRY, OTHER, 0, scene.bureau.section_head)
    found = line(place)
    assert (found.setting, found.level, found.inherited_level) == (OTHER, Level.AGREEMENT, Level.ORGANISATION)
    theirs = line(Place(scene.university.organisation, agreement))
    assert (theirs.level, theirs.inherited_level) == (Level.USUAL, Level.USUAL)


def test_the_registrys_setting_is_inherited_by_all(scene: Scene, own: Place) -> None:
    with transaction():
        services.set_rule(Place(), Rule.EXPIRY, OWN, 0, make_user(Role.SYSTEM_ADMIN))
    assert (line(own).setting, line(own).level) == (OWN, Level.SYSTEM)


@pytest.mark.parametrize("who", ["handler", "legal_officer", "signatory"])
def test_an_organisation_is_set_by_its_heads_only(scene: Scene, own: Place, who: str) -> None:
    with pytest.raises(Forbidden), transaction():
        services.set_rule(own, Rule.EXPIRY, OWN, 0, getattr(scene.bureau, who))


def test_nobody_sets_others_organisations(scene: Scene, own: Place) -> None:
    with pytest.raises(Forbidden), transaction():
        services.set_rule(own, Rule.EXPIRY, OWN, 0, scene.university.leader)


@pytest.mark.parametrize("who", ["leader", "section_head"])
def test_the_registry_is_set_by_its_administrator_only(scene: Scene, who: str) -> None:
    with pytest.raises(Forbidden), transaction():
        services.set_rule(Place(), Rule.EXPIRY, OWN, 0, getattr(scene.bureau, who))


def test_the_administrator_sets_no_organisations(scene: Scene, own: Place) -> None:
    with pytest.raises(Forbidden), transaction():
        services.set_rule(own, Rule.EXPIRY, OWN, 0, make_user(Role.SYSTEM_ADMIN))


@pytest.mark.parametrize("who", ["handler", "leader"])
def test_an_agreement_is_set_by_section_heads_only(scene: Scene, agreement: Agreement, who: str) -> None:
    place = Place(scene.bureau.organisation, agreement)
    with pytest.raises(Forbidden), transaction():
        services.set_rule(place, Rule.EXPIRY, OWN, 0, getattr(scene.bureau, who))


def test_who_is_no_party_sets_nothing_of_an_agreement(scene: Scene, agreement: Agreement) -> None:
    stranger = make_user(Role.SECTION_HEAD)
    with pytest.raises(Forbidden), transaction():
        services.set_rule(Place(stranger.organisation, agreement), Rule.EXPIRY, OWN, 0, stranger)


def test_whoever_was_slower_is_told(scene: Scene, own: Place) -> None:
    head = scene.bureau.section_head
    with transaction():
        services.set_rule(own, Rule.EXPIRY, OWN, 0, head)
    for version in (0, 2):
        with pytest.raises(Conflict), transaction():
            services.set_rule(own, Rule.EXPIRY, OTHER, version, head)
        with pytest.raises(Conflict), transaction():
            services.reset_rule(own, Rule.EXPIRY, version, head)


def test_what_was_not_set_is_not_reset(scene: Scene, own: Place) -> None:
    with pytest.raises(Conflict), transaction():
        services.reset_rule(own, Rule.EXPIRY, 0, scene.bureau.section_head)


def test_the_audit_tells_rule_and_change(scene: Scene, own: Place) -> None:
    with transaction():
        services.set_rule(own, Rule.EXPIRY, OWN, 0, scene.bureau.section_head)
    found = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert found
    assert (found.action, found.object_id) == ("reminder:set", scene.bureau.organisation.public_id)
    assert found.changes == {
        "rule": [None, "expiry"],
        "days_before": ["180, 90, 60, 30, 15, 7", "45"],
        "told": ["handler, section_head", "leader"],
    }
