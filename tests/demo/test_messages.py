"""The messages of the demonstration."""

from sqlalchemy import select

from registry.accounts.models import User
from registry.agreements.models import Agreement
from registry.core.db import db
from registry.demo.messages import STILL_UNREAD, enter_messages
from registry.demo.tasks import enter_tasks
from registry.messages.models import Message


def test_everybody_has_something_to_read_and_little_of_it_is_new(
    people: dict[str, User], stories: list[Agreement]
) -> None:
    enter_tasks(people, stories[0])
    assert enter_messages(people) == len(people)
    db.session.expire_all()
    told = db.session.scalars(select(Message)).all()
    assert {one.recipient_id for one in told} == {one.id for one in people.values()}
    doer = [one for one in told if one.recipient_id == people["nwpu.handler"].id]
    assert len([one for one in doer if one.read_at is None]) == STILL_UNREAD + 1 < len(doer)
    assert all("演示" in one.title_zh for one in told)
