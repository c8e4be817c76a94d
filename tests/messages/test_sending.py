"""Telling people: once for each key, in the transaction, to whom it concerns."""

from functools import partial

import pytest
from flask import Flask
from sqlalchemy import func, select

from registry.accounts.models import UserStatus
from registry.core.access.roles import Role
from registry.core.db import db, transaction
from registry.messages.enums import Topic
from registry.messages.inputs import NewMessage
from registry.messages.models import Message
from registry.messages.services import people_of, send, send_all, tell
from tests.agreements.test_speed import counted
from tests.factories import make_organisation, make_user


def count() -> int:
    """Messages there are."""
    return db.session.scalar(select(func.count(Message.id))) or 0


def new(recipient_id: int, key: str = "k") -> NewMessage:
    """Something to tell."""
    return NewMessage(recipient_id, Topic.TASK, key, "有新任务", "A new task")


def test_the_same_key_is_told_once_to_each_person(app: Flask) -> None:
    with transaction():
        one, other = make_user(), make_user()
        first = send(new(one.id))
        assert send_all([new(one.id), new(other.id), new(one.id, "k2")]) == 2
        assert send(new(one.id)).id == first.id
    assert count() == 3


def test_what_is_rolled_back_was_never_told(app: Flask) -> None:
    with transaction():
        user_id = make_user().id

    def fail_after_telling() -> None:
        with transaction():
            send(new(user_id))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_telling()
    assert count() == 0


def test_outside_a_transaction_nothing_is_told(app: Flask) -> None:
    with pytest.raises(RuntimeError):
        send_all([new(1)])


def test_people_of_an_organisation_by_role_and_active_only(app: Flask) -> None:
    with transaction():
        bureau, university, empty = make_organisation(), make_organisation(), make_organisation()
        both = make_user(Role.HANDLER, Role.SECTION_HEAD, organisation=bureau)
        leader = make_user(Role.LEADER, organisation=university)
        make_user(Role.VIEWER, organisation=university)
        make_user(Role.LEADER, organisation=university).status = UserStatus.DISABLED
    wanted = {Role.HANDLER, Role.SECTION_HEAD, Role.LEADER}
    found = people_of([bureau.id, university.id, empty.id], wanted)
    assert found == {bureau.id: [both.id], university.id: [leader.id], empty.id: []}
    assert people_of([], wanted) == {}


def test_tell_reaches_everybody_once(app: Flask) -> None:
    with transaction():
        bureau = make_organisation()
        people = [make_user(Role.HANDLER, Role.LEADER, organisation=bureau), make_user(organisation=bureau)]
        told = partial(tell, [bureau.id], topic=Topic.AGREEMENT, key="a", title_zh="协议已送达")
        assert told({Role.HANDLER, Role.LEADER}) == 2
        assert told({Role.HANDLER}) == 0
    assert {one.recipient_id for one in db.session.scalars(select(Message))} == {one.id for one in people}


def test_many_cost_as_many_statements_as_few(app: Flask) -> None:
    with transaction():
        people = [make_user().id for _ in range(4)]
        send(new(people[0], "warm"))
        with counted() as few:
            send_all([new(people[0])])
        with counted() as many:
            send_all([new(one, f"k{number}") for one in people for number in range(50)])
    assert len(many) == len(few)


def test_a_key_that_is_too_long_is_a_mistake_of_the_caller(app: Flask) -> None:
    with transaction():
        user = make_user()
        with pytest.raises(ValueError, match="key"):
            send(new(user.id, "k" * 201))
