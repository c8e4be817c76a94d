"""Kinds of records are registered once, under a code that stays; what comes in is looked at file by file."""

import pytest

from registry.attachments import intake, subjects
from registry.attachments.intake import BUSY, MOST_AT_ONCE, Taken
from registry.attachments.models import Attachment
from registry.attachments.policy import may_add, may_read, may_remove
from registry.attachments.subjects import Kind, attachable, kind_of
from registry.core.access.decision import YES, Actor, Decision, no
from registry.core.access.roles import Role
from registry.core.dates import now
from registry.core.errors import Conflict, Invalid, NotFound, Unavailable
from registry.core.i18n import msg
from registry.documents.inspection.kinds import JPEG
from registry.documents.store import Kept

NO = no(msg("Not you"))


class Person:
    """An actor without a database."""

    def __init__(self, *roles: Role) -> None:
        self.id, self.organisation_id, self.name = 1, 1, "甲"
        self.roles, self.standing_in = frozenset(roles), ()


class Thing:
    """A record."""

    id, public_id, audit_label = 1, "01ARZ3NDEKTSV4RRFFQ69G5FAV", "一条记录"


def find(_public_id: str, _actor: Actor) -> Thing:
    return Thing()


def yes(_actor: Actor, _record: object) -> Decision:
    return YES


def never(_actor: Actor, _record: object) -> Decision:
    return NO


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subjects, "_kinds", {})


def test_a_kind_may_be_registered_again_as_it_was() -> None:
    for _application in range(2):
        attachable("thing", find=find, may_attach=yes, address="things.show")
    assert kind_of("thing") == Kind("thing", find, yes, "things.show")
    assert kind_of("thing").title(Thing()) == "一条记录"


@pytest.mark.parametrize(
    ("code", "address"), [("thing", "others.show"), ("", "things.show"), ("x" * 41, "things.show")]
)
def test_a_code_is_taken_once_and_short(code: str, address: str) -> None:
    attachable("thing", find=find, may_attach=yes, address="things.show")
    with pytest.raises(ValueError, match="cannot be registered"):
        attachable(code, find=find, may_attach=yes, address=address)


def test_an_unknown_kind_is_not_found() -> None:
    with pytest.raises(NotFound):
        kind_of("thing")


@pytest.mark.parametrize(("role", "may", "expected"), [
    (Role.VIEWER, yes, True), (Role.HANDLER, never, False), (Role.AUDITOR, yes, False), (Role.SYSTEM_ADMIN, yes, False),
])  # fmt: skip
def test_role_and_record_both_have_to_agree(role: Role, may: object, expected: bool) -> None:
    kind = Kind("thing", find, may, "things.show")  # type: ignore[arg-type]
    assert bool(may_add(Person(role), kind, Thing())) is expected
    assert bool(may_remove(Person(role), kind, Thing())) is expected


@pytest.mark.parametrize(("may", "is_removed", "expected"), [
    (yes, False, True), (never, False, True), (yes, True, True), (never, True, False),
])  # fmt: skip
def test_removed_files_are_for_those_who_may_remove(may: object, is_removed: bool, expected: bool) -> None:
    one = Attachment(removed_at=now() if is_removed else None)
    kind = Kind("thing", find, may, "things.show")  # type: ignore[arg-type]
    assert bool(may_read(Person(Role.HANDLER), kind, Thing(), one)) is expected


def test_a_file_is_removed_once() -> None:
    one = Attachment()
    one.remove("错", 1, now())
    with pytest.raises(Conflict):
        one.remove("错", 1, now())


def good(filename: str, _data: bytes) -> Taken:
    return Taken(filename, JPEG, 1, Kept("", "", 1, JPEG), None)


def test_bad_files_keep_no_good_one_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def take(filename: str, data: bytes) -> Taken:
        if data == b"bad":
            raise Invalid({"file": [msg("Not this one")]})
        if data == b"busy":
            raise Unavailable
        return good(filename, data)

    monkeypatch.setattr(intake, "_take", take)
    looked = intake.look([("a", b"1"), ("b", b"bad"), ("c", b"busy"), ("d", b"2")])
    assert [one.filename for one in looked.taken] == ["a", "d"]
    assert [(one.filename, getattr(one.reason, "key", "")) for one in looked.refused] == [
        ("b", "Not this one"),
        ("c", BUSY.key),
    ]


def test_what_is_too_many_is_told_and_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "_take", good)
    looked = intake.look((f"{number}", b"x") for number in range(MOST_AT_ONCE + 2))
    assert len(looked.taken) == MOST_AT_ONCE
    assert [one.filename for one in looked.refused] == ["10", "11"]


def test_an_empty_file_is_told() -> None:
    (one,) = intake.look([("空.pdf", b"")]).refused
    assert getattr(one.reason, "key", "") == "This file is empty"
