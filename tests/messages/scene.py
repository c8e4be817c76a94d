"""Colleagues of a bureau, one with a proven address, and what leaves for them."""

from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any

from sqlalchemy import select

from registry.accounts.models import User
from registry.core.access.roles import Role
from registry.core.dates import now
from registry.core.db import db, transaction
from registry.jobs import leases
from registry.jobs.models import Job
from registry.messages.enums import Topic, Via, Way
from registry.messages.inputs import NewMessage
from registry.messages.models import Attempt, Channel, Delivery, Message, Preference, TopicWay
from registry.messages.secrets import ADDRESS, EMAIL, SECRET, email_hint, seal
from registry.messages.services import send_all
from registry.organisations.models import Organisation
from tests.factories import make_organisation, make_user

EMAIL_OF = "zhang@example.cn"
KEY_OF_ROBOT = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
SECRET_OF_ROBOT = "SEC0123456789abcdef0123456789"
NOON = time(12)


@dataclass
class Scene:
    """Who is there."""

    bureau: Organisation
    reader: User
    head: User

    def tell(self, *people: User, **values: Any) -> None:
        """Tell them of the same thing, committed."""
        given = {"topic": Topic.AGREEMENT, "key": "a", "title_zh": "协议已送达", "title_en": "Put before you"} | values
        with transaction():
            send_all([NewMessage(recipient_id=one.id, **given) for one in people or (self.reader,)])


def make_scene() -> Scene:
    """A reader and the section head of one bureau."""
    bureau = make_organisation()
    reader = make_user(Role.HANDLER, organisation=bureau)
    return Scene(bureau, reader, make_user(Role.SECTION_HEAD, organisation=bureau))


def with_email(user: User, address: str = EMAIL_OF, **values: Any) -> Preference:
    """A proven address, no quiet hours."""
    wish = Preference(
        user=user, email_encrypted=seal(address, EMAIL), email_hint=email_hint(address), verified_at=now(),
        **{"quiet_from": NOON, "quiet_until": NOON, "working_days_only": False} | values,
    )  # fmt: skip
    db.session.add(wish)
    db.session.flush()
    return wish


def wants(wish: Preference, way: Way, topic: Topic = Topic.AGREEMENT) -> None:
    """Choose for a topic."""
    wish.topics.append(TopicWay(topic=topic, way=way))
    db.session.flush()


def make_channel(organisation: Organisation, address: str, **values: Any) -> Channel:
    """A group chat, no quiet hours."""
    given = {
        "via": Via.DINGTALK, "name": "工作群", "host": "127.0.0.1", "topics": [Topic.AGREEMENT, Topic.TASK],
        "quiet_from": NOON, "quiet_until": NOON, "working_days_only": False,
    } | values  # fmt: skip
    channel = Channel(
        organisation_id=organisation.id,
        address_encrypted=seal(address, ADDRESS),
        secret_encrypted=seal(SECRET_OF_ROBOT, SECRET),
        **given,
    )
    db.session.add(channel)
    db.session.flush()
    return channel


def work() -> None:
    """Do what is due now."""
    while leases.run_next():
        pass
    db.session.expire_all()


def time_passes(by: timedelta = timedelta(days=2)) -> None:
    """What waits is due; leases of whoever was killed have run out."""
    with transaction():
        for job in db.session.scalars(select(Job)):
            job.run_after -= by
            job.leased_until = job.leased_until and job.leased_until - by
        for delivery in db.session.scalars(select(Delivery)):
            delivery.due_at -= by


def deliveries() -> list[Delivery]:
    """All there are."""
    return list(db.session.scalars(select(Delivery).order_by(Delivery.id)))


def attempts() -> list[Attempt]:
    """All there are."""
    return list(db.session.scalars(select(Attempt).order_by(Attempt.id)))


def told(user: User) -> list[Message]:
    """What the centre has for somebody."""
    return list(db.session.scalars(select(Message).where(Message.recipient_id == user.id).order_by(Message.id)))


def jobs() -> list[Job]:
    """The jobs of deliveries."""
    return list(db.session.scalars(select(Job).where(Job.kind.startswith("messages.")).order_by(Job.id)))
