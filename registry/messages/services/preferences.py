"""What a person wants by e-mail, and when not. 消息偏好."""

from typing import Any

from ...accounts.models import User
from ...audit.services import record as audit
from ...core.access.actions import Action
from ...core.db import db
from ...core.errors import Conflict, Stale
from ...core.i18n import msg
from ...core.ids import new_public_id
from ..enums import USUAL_WAY, Topic
from ..inputs import NewMessage, Wishes
from ..models import Preference, TopicWay
from ..queries import preference_of
from . import outbox, sending
from .proving import preference_for_change

PLAIN = ("quiet_from", "quiet_until", "working_days_only")


def choose(user: User, wishes: Wishes, row_version: int) -> Preference:
    """Take the person's wishes over; what waits already goes out as it was planned. Raises Stale."""
    present = preference_of(user.id)
    if row_version != (present.row_version if present else 0):
        raise Stale
    wish = preference_for_change(user)
    changes: dict[str, tuple[Any, Any]] = {}
    for name in PLAIN:
        before, after = getattr(wish, name), getattr(wishes, name)
        if before != after:
            changes[name] = (str(before), str(after))
            setattr(wish, name, after)
    changes |= _choose_ways(wish, wishes)
    db.session.flush()
    if changes:
        audit(user, Action.MESSAGE_MANAGE_OWN, wish, changes)
    return wish


def try_email(user: User) -> None:
    """Send a message to the person's proven address. Raises Conflict where there is none."""
    wish = preference_of(user.id)
    if wish is None or not wish.has_email:
        raise Conflict(msg("There is no proven e-mail address"))
    key = f"test:{new_public_id()}"
    new = NewMessage(user.id, Topic.SYSTEM, key, "邮件测试消息", "Test message by e-mail", urgent=True, personal=True)
    told = sending.note(new)
    outbox.order(told)


def _choose_ways(wish: Preference, wishes: Wishes) -> dict[str, tuple[Any, Any]]:
    present = {row.topic: row for row in wish.topics}
    changes: dict[str, tuple[Any, Any]] = {}
    for topic, way in wishes.ways.items():
        before = present[topic].way if topic in present else USUAL_WAY[topic]
        if before == way:
            continue
        changes[f"way-{topic}"] = (str(before), str(way))
        if topic in present:
            present[topic].way = way
        else:
            wish.topics.append(TopicWay(topic=topic, way=way))
    return changes
