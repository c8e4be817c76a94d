"""Many people at the same moment, each with a session of their own: one wins, the other is told, nothing breaks."""

import re
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import chain
from threading import Barrier
from typing import TypeVar

import pytest
from flask import Flask
from sqlalchemy import func, select

from registry.accounts.models import User
from registry.agreements import queries
from registry.agreements.inputs import NumberRules, Opinion
from registry.agreements.models import (
    Agreement,
    AgreementDocument,
    AgreementKind,
    AgreementRevision,
    AgreementStatus,
    DigitalSignature,
    DocumentKind,
    LegalResult,
    PartyApproval,
    SealUse,
    Signatory,
    SignatoryStatus,
)
from registry.agreements.services import clearance, digital, number_rules, numbering, signing
from registry.audit.queries import history_of
from registry.audit.verify import verify
from registry.core.access.roles import Role
from registry.core.dates import today
from registry.core.db import db, transaction
from registry.core.errors import Conflict, Invalid, Stale
from registry.documents import store
from registry.documents.places import places
from tests.agreements.forms import fields_of
from tests.agreements.scene import Scene, details, make_scene
from tests.agreements.signers import make_certificate
from tests.agreements.test_digital import given, make_copy
from tests.conftest import Client
from tests.factories import make_user

T = TypeVar("T")
MANY = 16
LEADER = Opinion("同意", minutes_number="党组会纪要〔2026〕7号")
LANGUAGES = ("zh", "en")


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


def at_once(app: Flask, works: Iterable[Callable[[], T]]) -> list[T | Conflict]:
    """Run all works at the same moment, each in a thread and a session of its own; a Conflict is a result."""
    listed = list(works)
    gate = Barrier(len(listed))
    db.session.remove()

    def run(work: Callable[[], T]) -> T | Conflict:
        with app.app_context():
            gate.wait(60)
            try:
                return work()
            except Conflict as conflict:
                return conflict
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(listed)) as pool:
        return list(pool.map(run, listed))


def before_the_leader(scene: Scene, **changes: object) -> Agreement:
    """Only the leader's step is missing."""
    agreement = scene.draft(**changes)
    clearance.submit(agreement, scene.bureau.handler, duplicates_known=True)
    clearance.clear(agreement, Opinion("同意"), scene.bureau.section_head)
    clearance.clear(agreement, Opinion("合法", legal_result=LegalResult.LEGAL), scene.bureau.legal_officer)
    return agreement


def approval(public_id: str, version: int, leader_id: int) -> Callable[[], tuple[str, int, int]]:
    """The leader's step of one agreement, as the page does it; the number that came of it."""

    def work() -> tuple[str, int, int]:
        with transaction():
            leader = db.session.get_one(User, leader_id)
            agreement = queries.get_for_change(public_id, leader, version)
            clearance.clear(agreement, LEADER, leader)
            return agreement.number_prefix or "", agreement.number_year or 0, agreement.number_sequence or 0

    return work


def approvals(scene: Scene, agreements: Sequence[Agreement]) -> list[Callable[[], tuple[str, int, int]]]:
    leader = scene.bureau.leader.id
    return [approval(one.public_id, one.row_version, leader) for one in agreements]


def sequences(found: Iterable[object], year: int, prefix: str = "鞍校地协") -> list[int]:
    """The sequences of one word and year; whatever is no number fails."""
    numbers = [one for one in found if isinstance(one, tuple)]
    return sorted(sequence for word, of_year, sequence in numbers if (word, of_year) == (prefix, year))


# Numbers


def test_sixteen_approvals_at_once_give_sixteen_numbers(app: Flask, scene: Scene) -> None:
    """The first number of an organisation at all is among them: its scheme and its counter are made by one of them."""
    with transaction():
        made = [before_the_leader(scene, title_zh=f"协议{number}") for number in range(MANY)]
    found = at_once(app, approvals(scene, made))
    assert sequences(found, today().year) == list(range(1, MANY + 1))
    assert db.session.scalar(select(func.count(Agreement.number.distinct()))) == MANY
    assert verify().is_good


def test_across_the_first_number_of_a_year(app: Flask, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of the approvals happen before midnight, half after: each year is counted from where it stands."""
    with transaction():
        made = [before_the_leader(scene, title_zh=f"协议{number}") for number in range(MANY + 3)]
    old = today().year
    for work in approvals(scene, made[:3]):
        work()
    days = deque([date(old, 12, 31), date(old + 1, 1, 1)] * (MANY // 2))
    monkeypatch.setattr(numbering, "today", days.popleft)
    found = at_once(app, approvals(scene, made[3:]))
    assert sequences(found, old) == list(range(4, 4 + MANY // 2))
    assert sequences(found, old + 1) == list(range(1, 1 + MANY // 2))


@pytest.mark.parametrize("in_common", [True, False])
def test_two_words_at_once(app: Flask, scene: Scene, in_common: bool) -> None:
    """Counted in common there are as many numbers as approvals, counted apart each word begins at one."""
    with transaction():
        rules = NumberRules("鞍校地协", {AgreementKind.LETTER_OF_INTENT: "鞍意向"}, in_common)
        number_rules.set_rules(scene.bureau.organisation, rules, 1, scene.bureau.section_head)
        made = [before_the_leader(scene, title_zh=f"协议{number}") for number in range(8)]
        for agreement in made[::2]:
            agreement.kind = AgreementKind.LETTER_OF_INTENT
    found = at_once(app, approvals(scene, made))
    counted = [sequences(found, today().year, word) for word in ("鞍校地协", "鞍意向")]
    if in_common:
        assert sorted(chain.from_iterable(counted)) == list(range(1, 9))
    else:
        assert counted == [[1, 2, 3, 4], [1, 2, 3, 4]]


def test_rules_change_while_numbers_are_given(app: Flask, scene: Scene) -> None:
    """Whichever is first: every number is of one rule, and the year is counted in one way."""
    with transaction():
        made = [before_the_leader(scene, title_zh=f"协议{number}") for number in range(8)]
    bureau, head = scene.bureau.organisation.public_id, scene.bureau.section_head.id

    def change() -> None:
        with transaction():
            actor = db.session.get_one(User, head)
            number_rules.set_rules(queries.get_numbered(bureau, actor), NumberRules("鞍人协", {}, True), 1, actor)

    found = at_once(app, [*approvals(scene, made), change])
    assert [one for one in found if isinstance(one, Conflict)] == []
    rows = db.session.execute(select(Agreement.number_prefix, Agreement.number_series, Agreement.number_sequence)).all()
    by_word = {word: sorted(row.number_sequence for row in rows if row.number_prefix == word) for word, *_ in rows}
    series = {row.number_series for row in rows}
    assert series == {""} or "" not in series
    if "" in series:
        assert sorted(chain.from_iterable(by_word.values())) == list(range(1, 9))
    else:
        assert all(counted == list(range(1, len(counted) + 1)) for counted in by_word.values())


def test_two_organisations_want_the_same_word(app: Flask, scene: Scene) -> None:
    """One has it; the other is told, or has its place's next word."""
    sides = [(side.organisation.public_id, side.section_head.id) for side in (scene.bureau, scene.university)]

    def take(public_id: str, user_id: int) -> Callable[[], str]:
        def work() -> str:
            actor = db.session.get_one(User, user_id)
            try:
                with transaction():
                    number_rules.set_rules(queries.get_numbered(public_id, actor), NumberRules("校地"), 1, actor)
            except Invalid:
                return "told"
            return "taken"

        return work

    assert sorted(map(str, at_once(app, [take(*side) for side in sides]))) == ["taken", "told"]


# The same draft


def browser(app: Flask, user: User) -> Client:
    """One person's browser of their own."""
    made = app.test_client()
    assert isinstance(made, Client)
    return made.sign_in(user)


def post(client: Client, address: str, data: dict[str, str]) -> Callable[[], tuple[int, str]]:
    """Send a form: the status and the page."""

    def work() -> tuple[int, str]:
        answer = client.post(address, data=data)
        return answer.status_code, answer.text

    return work


def statuses(found: Sequence[tuple[int, str] | Conflict]) -> list[int]:
    return sorted(one[0] for one in found if isinstance(one, tuple))


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_save_the_same_draft(app: Flask, client: Client, scene: Scene, language: str) -> None:
    """The slower one sees both versions and loses nothing that they typed; sent again, the page is saved."""
    with transaction():
        public_id = scene.draft(signing_place="鞍山市").public_id
        colleague = make_user(Role.HANDLER, organisation=scene.bureau.organisation)
    people = [browser(app, person) for person in (scene.bureau.handler, colleague)]
    address, headers = f"/agreements/{public_id}/edit", {"Accept-Language": language}
    towns = ["沈阳市", "大连市"]
    forms = [
        fields_of(one.get(address).text) | {"signing_place": town} for one, town in zip(people, towns, strict=True)
    ]
    found = at_once(app, [post(one, address, form) for one, form in zip(people, forms, strict=True)])
    assert statuses(found) == [303, 409]
    slow = next(place for place, one in enumerate(found) if isinstance(one, tuple) and one[0] == 409)
    page = people[slow].post(address, data=forms[slow], headers=headers)  # still stale: nothing was saved by it
    assert page.status_code == 409
    label = {"zh": "签订地点", "en": "Place of signing"}[language]
    row = re.search(rf"<tr><th[^>]*>(?:(?!</tr>).)*{label}.*?</tr>", page.text, re.DOTALL)
    assert row
    assert all(town in row[0] for town in towns)
    again = fields_of(page.text)
    assert again["signing_place"] == towns[slow]
    assert people[slow].post(address, data=again).status_code == 303
    db.session.rollback()
    assert db.session.scalars(select(Agreement.signing_place)).one() == towns[slow]


# The same signature


def test_two_record_the_same_signature(app: Flask, scene: Scene) -> None:
    """Of one party, from the paper: one row of the seal register."""
    with transaction():
        agreement = scene.signing()
    row = queries.signatories_of(agreement.revisions[-1])[0]
    row_id, public_id, version = row.id, agreement.public_id, agreement.row_version
    keeper = scene.bureau.seal_keeper.id

    def record(name: str) -> Callable[[], str]:
        def work() -> str:
            with transaction():
                actor = db.session.get_one(User, keeper)
                locked = queries.get_for_change(public_id, actor, version)
                signatory = db.session.get_one(Signatory, row_id)
                signing.record_signature(locked, signatory, details(today(), name=name), actor)
            return name

        return work

    found = at_once(app, [record("测试甲"), record("测试乙")])
    (winner,) = [one for one in found if isinstance(one, str)]
    assert [type(one) for one in found if not isinstance(one, str)] == [Stale]
    signed = db.session.get_one(Signatory, row_id)
    assert (signed.status, signed.name) == (SignatoryStatus.SIGNED, winner)
    assert db.session.scalar(select(func.count(SealUse.id))) == 1


@pytest.mark.usefixtures("fonts")
def test_two_sign_digitally_as_the_same_party(app: Flask, scene: Scene) -> None:
    """Both signed the same file before either signature was noted: one counts, and its file is the one that stays."""
    with transaction():
        for side in (scene.bureau, scene.university):
            make_certificate(side.organisation, places().keys)
        agreement = scene.signing()
    make_copy(agreement)
    looked_at, public_id, agreement_id = given(agreement), agreement.public_id, agreement.id
    user_id, row_id = scene.bureau.signatory.id, queries.signatories_of(agreement.revisions[-1])[0].id

    both_made = Barrier(2)

    def press() -> str:
        actor = db.session.get_one(User, user_id)
        planned, pdf = digital.plan(
            queries.get_visible(public_id, actor), db.session.get_one(Signatory, row_id), looked_at, actor
        )
        kept = store.put(digital.make(planned, pdf), "application/pdf")
        both_made.wait(60)
        with transaction():
            locked = db.session.get_one(Agreement, agreement_id, with_for_update=True)
            digital.sign(locked, db.session.get_one(Signatory, row_id), planned, kept, actor)
        return kept.sha256

    found = at_once(app, [press, press])
    (winner,) = [one for one in found if isinstance(one, str)]
    assert len([one for one in found if isinstance(one, Conflict)]) == 1
    assert db.session.scalar(select(func.count(DigitalSignature.id))) == 1
    assert db.session.get_one(Signatory, row_id).status is SignatoryStatus.SIGNED
    file = queries.file_to_sign(db.session.scalars(select(AgreementRevision)).one())
    assert file
    assert file.file.sha256 == winner
    kinds = select(func.count(AgreementDocument.id)).where(AgreementDocument.kind == DocumentKind.SIGNED_FILE)
    assert db.session.scalar(kinds) == 1


# The same step


def race(app: Flask, acts: Sequence[tuple[User, str, dict[str, str]]], agreement: Agreement) -> list[int]:
    """Two people press at once what the page of the same version offers them."""
    version = {"row_version": str(agreement.row_version)}
    address = f"/agreements/{agreement.public_id}"
    works = [post(browser(app, user), f"{address}/{act}", data | version) for user, act, data in acts]
    return statuses(at_once(app, works))


def present() -> Agreement:
    db.session.rollback()
    return db.session.scalars(select(Agreement)).one()


def events(action: str) -> int:
    return sum(row.action == action for row in history_of("agreement", present().public_id))


def test_two_complete_the_signing(app: Flask, client: Client, scene: Scene) -> None:
    with transaction():
        agreement = scene.signed_by_all()
        other = make_user(Role.SEAL_KEEPER, organisation=scene.bureau.organisation)
    nothing: dict[str, str] = {}
    acts = [(one, "complete-signing", nothing) for one in (scene.bureau.seal_keeper, other)]
    assert race(app, acts, agreement) == [303, 409]
    assert present().status is AgreementStatus.IN_FORCE
    assert events("agreement:complete_signing") == 1


def test_two_leaders_approve(app: Flask, client: Client, scene: Scene) -> None:
    with transaction():
        agreement = before_the_leader(scene)
        other = make_user(Role.LEADER, organisation=scene.bureau.organisation)
    data = {"opinion": "同意", "minutes_number": "纪要〔2026〕7号"}
    assert race(app, [(one, "clear", data) for one in (scene.bureau.leader, other)], agreement) == [303, 409]
    assert (present().status, present().number_sequence) == (AgreementStatus.NEGOTIATION, 1)
    assert db.session.scalar(select(func.count(PartyApproval.id))) == 1


def test_two_void_it(app: Flask, client: Client, scene: Scene) -> None:
    with transaction():
        agreement = scene.negotiation()
        other = make_user(Role.LEADER, organisation=scene.bureau.organisation)
    acts = [(one, "void", {"reason": f"由{one.name}作废"}) for one in (scene.bureau.leader, other)]
    assert race(app, acts, agreement) == [303, 409]
    assert present().status is AgreementStatus.VOID
    assert events("agreement:void") == 1


@pytest.mark.parametrize("state", ["before_the_leader", "signed_by_all"])
def test_one_voids_while_another_goes_on(app: Flask, client: Client, scene: Scene, state: str) -> None:
    """Either it is void, or it went on; never a mixture."""
    with transaction():
        agreement = before_the_leader(scene) if state == "before_the_leader" else scene.signed_by_all()
        other = make_user(Role.LEADER, organisation=scene.bureau.organisation)
    onward = {
        "before_the_leader": (scene.bureau.leader, "clear", {"opinion": "同意", "minutes_number": "纪要〔2026〕7号"}),
        "signed_by_all": (scene.bureau.seal_keeper, "complete-signing", {}),
    }[state]
    assert race(app, [onward, (other, "void", {"reason": "不再需要"})], agreement) == [303, 409]
    after = present()
    assert after.status in (AgreementStatus.VOID, AgreementStatus.NEGOTIATION, AgreementStatus.IN_FORCE)
    assert (after.status is AgreementStatus.VOID) == bool(after.void_reason)
    if state == "before_the_leader":
        assert (after.status is AgreementStatus.VOID) == (after.number is None)
