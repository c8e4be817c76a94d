"""Whatever people do, in whatever order: the index says what a rebuild would say."""

import random
from collections.abc import Callable, Sequence
from datetime import date
from itertools import count

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from registry.agreements.inputs_events import EventDetails
from registry.agreements.models import Agreement, AgreementStatus, SigningEvent
from registry.agreements.services import clearance, entry, events, lifecycle
from registry.core.access.roles import Role
from registry.core.db import db, transaction
from registry.core.errors import RegistryError
from registry.mechanisms import services as mechanisms
from registry.mechanisms.models import DockingMechanism
from registry.organisations.inputs import MergeOrder, Renaming
from registry.organisations.models import Organisation, OrganisationKind, OrganisationStatus
from registry.organisations.services import merging, names, organisations
from registry.organisations.services.oversight import rebuild_oversight
from registry.search.services.rebuilding import rebuild
from tests.agreements.scene import Scene, Side, make_scene, make_side
from tests.factories import make_organisation, make_user
from tests.mechanisms.meetings import make_mechanism

from .looking import assert_in_step, entries

ACTS = 30
_numbers = count(1)


class Play:
    """A bureau and two records of universities, somebody above all, and what they may do at random."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)  # noqa: S311 - no secret
        with transaction():
            self.scene: Scene = make_scene()
            self.other: Side = make_side("东北大学", OrganisationKind.UNIVERSITY)
            above = make_organisation("主管部门", OrganisationKind.OTHER)
            for side in (self.scene.bureau, self.scene.university, self.other):
                side.organisation.superior_id = above.id
            self.head = make_user(Role.SECTION_HEAD, organisation=above)
            rebuild_oversight()
            self.above = above.id

    @property
    def school(self) -> Organisation:
        return self.scene.university.organisation

    def one_of(self, kind: type) -> object:
        rows: Sequence[object] = db.session.scalars(select(kind)).all()
        return self.dice.choice(rows) if rows else None

    def acts(self) -> list[Callable[[], None]]:
        return [
            self.draft, self.edit, self.share, self.void, self.mechanism, self.end, self.event, self.join, self.leave,
            self.rename, self.alias, self.merge, self.part, self.free,
        ]  # fmt: skip

    def draft(self) -> None:
        self.scene.draft(title_zh=f"框架协议{next(_numbers)}")

    def _agreement(self, *states: AgreementStatus) -> Agreement:
        rows = db.session.scalars(select(Agreement).where(Agreement.status.in_(states))).all()
        return self.dice.choice(rows)

    def edit(self) -> None:
        draft = self.scene.draft_input(title_zh=f"战略协议{next(_numbers)}")
        entry.edit(self._agreement(AgreementStatus.DRAFT), draft, self.scene.bureau.handler)

    def share(self) -> None:
        agreement = self._agreement(AgreementStatus.DRAFT)
        clearance.submit(agreement, self.scene.bureau.handler, duplicates_known=True)

    def void(self) -> None:
        lifecycle.void(self._agreement(*AgreementStatus), "作废", self.scene.bureau.leader)

    def mechanism(self) -> None:
        make_mechanism(self.scene, title_zh=f"对接机制{next(_numbers)}")

    def end(self) -> None:
        mechanism = self.one_of(DockingMechanism)
        assert isinstance(mechanism, DockingMechanism)
        mechanisms.end(mechanism, "结束", self.scene.bureau.leader)

    def event(self) -> None:
        events.create(EventDetails(f"签约仪式{next(_numbers)}", place="鞍山"), self.scene.bureau.handler)

    def join(self) -> None:
        event, agreement = self.one_of(SigningEvent), self._agreement(*AgreementStatus)
        assert isinstance(event, SigningEvent)
        events.add(event, agreement, self.scene.bureau.handler)

    def leave(self) -> None:
        agreement = self._agreement(*AgreementStatus)
        assert agreement.signing_event_id
        event = db.session.get_one(SigningEvent, agreement.signing_event_id)
        events.remove(event, agreement, self.scene.bureau.handler)

    def rename(self) -> None:
        one = self.dice.choice([self.scene.bureau.organisation, self.school, self.other.organisation])
        new = Renaming(f"更名单位{next(_numbers)}", "", date(2026, 1, 1), self.dice.random() < 0.7)
        organisations.rename(self.head, one, new, one.row_version)

    def alias(self) -> None:
        names.add_alias(self.head, self.school, f"简称{next(_numbers)}")

    def merge(self) -> None:
        target = self.other.organisation.public_id
        seen = merging.look(self.head, self.school, target)
        choices = dict.fromkeys((choice.field for choice in seen.fields), "survivor")
        order = MergeOrder(target, "重复", choices, seen.digest)
        merging.merge(self.head, self.school, order, self.school.row_version)

    def part(self) -> None:
        merging.part(self.head, self.school, "并非重复", self.school.row_version)

    def free(self) -> None:
        """The bureau comes out from under the one above, or goes back."""
        bureau = self.scene.bureau.organisation
        bureau.superior_id = None if bureau.superior_id else self.above
        rebuild_oversight()


@pytest.mark.parametrize("seed", [1, 2])
def test_the_index_is_what_a_rebuild_makes(app: Flask, seed: int) -> None:
    play, done = Play(seed), 0
    for _ in range(ACTS):
        act = play.dice.choice(play.acts())
        try:
            with transaction():
                act()
            done += 1
        except (RegistryError, LookupError, AssertionError, NoResultFound):
            db.session.rollback()
    assert done >= ACTS / 3
    assert_in_step()
    before = sorted(map(_but_the_number, entries()))
    list(rebuild())
    assert sorted(map(_but_the_number, entries())) == before
    assert play.school.status in OrganisationStatus


def _but_the_number(entry: dict[str, object]) -> str:
    return repr({name: value for name, value in entry.items() if name != "id"})
