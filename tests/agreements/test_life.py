"""Whatever people and days do to agreements, in whatever order, what the registry promises holds after every step.

`LIFE_EXAMPLES` and `LIFE_STEPS` make it as long as one has patience: script/gates asks for many.
"""

import os
from collections.abc import Callable
from datetime import date
from random import Random

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from registry.agreements.inputs import PartyLine
from registry.agreements.models import Agreement, RevisionStage
from registry.audit.checkpoints import FILE as CHECKPOINTS
from registry.audit.verify import verify
from registry.core.access.scope import set_viewer
from registry.core.db import db, transaction
from registry.documents import produce, store
from registry.documents.produce import CannotRender
from registry.jobs.models import Job, JobStatus
from registry.jobs.services import retry
from tests.agreements import acts
from tests.agreements.clock import Clock, install
from tests.agreements.play import Cast, Stage
from tests.databases import Database, let_go, put_back

EXAMPLES = int(os.environ.get("LIFE_EXAMPLES", "5"))
STEPS = int(os.environ.get("LIFE_STEPS", "30"))
STARTS = (date(2026, 3, 2), date(2027, 12, 30), date(2028, 2, 28))


class Printer:
    """Stands in for the renderer: as unreliable as the play wants, and quick."""

    def __init__(self) -> None:
        self.fails = False

    def make(self, *_data: object) -> bytes:
        """Bytes of its own for every paper, or no paper."""
        if self.fails:
            raise CannotRender
        return b"%PDF-1.7"


@pytest.fixture
def printer(monkeypatch: pytest.MonkeyPatch) -> Printer:
    made = Printer()
    monkeypatch.setattr(produce, "render_signing_copy", made.make)
    monkeypatch.setattr(produce, "produce_registry_copy", made.make)
    monkeypatch.setattr(store, "read", lambda _file: b"")
    return made


@pytest.fixture
def anew(migrated_app: Flask, app: Flask, database: Database) -> Callable[[], None]:
    """An empty registry for each play."""

    def reset() -> None:
        set_viewer(None)
        let_go(database)
        put_back(database)
        (migrated_app.extensions["settings"].instance / CHECKPOINTS).unlink(missing_ok=True)

    return reset


@settings(
    max_examples=EXAMPLES,
    phases=(Phase.generate,),  # a failed play is told act by act; to shorten it would take minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(start=st.sampled_from(STARTS), luck=st.randoms(use_true_random=True))
def test_what_is_promised_holds_whatever_happens(
    anew: Callable[[], None], printer: Printer, monkeypatch: pytest.MonkeyPatch, start: date, luck: Random
) -> None:
    anew()
    play = Stage(install(Clock(start), monkeypatch), luck)
    try:
        begin(play)
        for _step in range(STEPS):
            printer.fails = not play.chance(60)
            (acts.onward if play.chance(60) else play.draw(*acts.WHIMS))(play)
        printer.fails = False
        catch_up(play)
    finally:
        note("; ".join(play.done))
    assert verify().is_good


def begin(play: Stage) -> None:
    """A draft, or an agreement of two or three that is in force already: so that every part of a life is played."""
    first = play.draw("draft", "two", "three")
    if first == "draft":
        while not play.agreements:
            acts.register(play)
        return
    with transaction():
        agreement = _in_force(play.cast, of_three=first == "three")
    play.agreements.append(agreement.public_id)
    play.look(steps=6)


def _in_force(cast: Cast, *, of_three: bool) -> Agreement:
    """Everybody's signature and scan are there, since today."""
    scene, lines = cast.scene, cast.scene.draft_input().parties
    if not of_three:
        return scene.brought_in_force(scene.own_text(), scene.university)
    third = PartyLine(cast.second.organisation.public_id, representative="测试丙")
    draft = scene.own_text(parties=(*lines, third), copies_total=6)
    return scene.brought_in_force(draft, scene.university, cast.second)


def catch_up(play: Stage) -> None:
    """Every paper that was asked for is made in the end, once, however often that failed before."""
    for _round in range(12):
        play.clock.pass_hours(3)
        with transaction():
            for job in db.session.query(Job).filter(Job.status == JobStatus.FAILED):
                retry(job.public_id)
        play.work()
    for revision in play.before.rows("agreement_revision"):
        documents = play.before.rows("agreement_document", revision_id=revision["id"], void_reason="")
        kinds = [row["kind"] for row in documents]
        assert kinds.count("signing_copy") <= 1
        assert "signing_copy" in kinds or revision["stage"] is not RevisionStage.SIGNING
        assert kinds.count("registry_copy") == (revision["stage"] in SIGNED)


SIGNED = (RevisionStage.SIGNED, RevisionStage.EFFECTIVE, RevisionStage.SUPERSEDED)
