"""Group chats and programs of an organisation. 单位消息渠道."""

from typing import Any

from ...accounts.models import User
from ...audit.services import record as audit
from ...core.access.actions import Action
from ...core.dates import now
from ...core.db import db
from ...core.errors import Conflict, Invalid
from ...core.i18n import msg
from ...core.ids import new_public_id
from ...core.instance import settings
from ...organisations.services.versions import refuse_stale
from .. import policy
from ..enums import DeliveryStatus, Topic, Via
from ..http import BadUrl, Target, read_target
from ..inputs import ChannelDetails, NewMessage
from ..models import Channel, Delivery
from ..secrets import ADDRESS, SECRET, seal
from . import outbox, sending

FIELDS = ("name", "language", "quiet_from", "quiet_until", "working_days_only")
SHORTEST_SECRET = 16
LONGEST_SECRET = 200


def add(given: ChannelDetails, actor: User) -> Channel:
    """Set a channel up for the actor's organisation. Raises Forbidden, Invalid."""
    policy.may_add_channel(actor).enforce()
    channel = Channel(organisation_id=actor.organisation_id, via=given.via)
    if not given.address:
        raise Invalid({"address": [msg("This field is required")]})
    _write(channel, given)
    db.session.add(channel)
    db.session.flush()
    audit(actor, Action.CHANNEL_MANAGE, channel, {"via": ("", given.via), "host": ("", channel.host)})
    return channel


def edit(channel: Channel, given: ChannelDetails, row_version: int, actor: User) -> None:
    """Change it; the audit says that address or secret are others, not what they are. Raises Stale, Invalid."""
    policy.may_manage_channel(actor, channel).enforce()
    refuse_stale(channel, row_version)
    changes = _write(channel, given)
    db.session.flush()
    if changes:
        audit(actor, Action.CHANNEL_MANAGE, channel, changes)


def switch(channel: Channel, active: bool, row_version: int, actor: User) -> None:
    """Let it rest, or use it again; what waits meanwhile is not sent later. Raises Stale."""
    policy.may_manage_channel(actor, channel).enforce()
    refuse_stale(channel, row_version)
    changes = {"active": (channel.active, active)}
    channel.active = active
    db.session.flush()
    audit(actor, Action.CHANNEL_MANAGE, channel, changes)


def remove(channel: Channel, row_version: int, actor: User) -> None:
    """Forget the channel, its key and what it was sent; the audit keeps its name. Raises Stale."""
    policy.may_manage_channel(actor, channel).enforce()
    refuse_stale(channel, row_version)
    audit(actor, Action.CHANNEL_MANAGE, channel, {"host": (channel.host, "")})
    db.session.delete(channel)
    db.session.flush()


def try_out(channel: Channel, actor: User) -> None:
    """Send a test message at once; its outcome stands on the channel's page. Raises Conflict for one at rest."""
    policy.may_manage_channel(actor, channel).enforce()
    if not channel.active:
        raise Conflict(msg("The channel is switched off"))
    zh, en = f"渠道测试：{channel.name}", f"Test of the channel {channel.name}"
    key = f"test:{new_public_id()}"
    told = sending.note(NewMessage(actor.id, Topic.SYSTEM, key, zh, en, urgent=True, personal=True))
    outbox.order(told, channel)
    audit(actor, Action.CHANNEL_MANAGE, channel, {"test": ("", key)})


def try_again(delivery: Delivery, channel: Channel, actor: User) -> None:
    """Send what was given up. Raises Conflict for anything else."""
    policy.may_manage_channel(actor, channel).enforce()
    if delivery.status is not DeliveryStatus.FAILED or delivery.channel_id != channel.id:
        raise Conflict(msg("Only what was given up can be sent again"))
    delivery.attempts = 0
    delivery.wait(now())
    db.session.flush()
    outbox.schedule(delivery)


def _write(channel: Channel, given: ChannelDetails) -> dict[str, tuple[Any, Any]]:
    changes: dict[str, tuple[Any, Any]] = {}
    for name in FIELDS:
        before, after = getattr(channel, name), getattr(given, name)
        if before != after:
            changes[name] = ("" if before is None else str(before), str(after))
            setattr(channel, name, after)
    topics = [str(one) for one in given.topics]
    if topics != channel.topics:
        changes["topics"] = (" ".join(channel.topics or ()), " ".join(topics))
        channel.topics = topics
    return changes | _write_secrets(channel, given)


def _write_secrets(channel: Channel, given: ChannelDetails) -> dict[str, tuple[Any, Any]]:
    changes: dict[str, tuple[Any, Any]] = {}
    if given.address:
        target = _allowed(given.address)
        channel.host, channel.address_encrypted = target.host, seal(given.address, ADDRESS)
        changes["address"] = ("***", "***")
    if given.secret:
        channel.secret_encrypted = seal(given.secret, SECRET)
        changes["secret"] = ("***", "***")
    if channel.via is Via.WEBHOOK and (channel.secret_encrypted is None or 0 < len(given.secret) < SHORTEST_SECRET):
        least = msg("At least %(count)s characters: it signs what is sent", count=SHORTEST_SECRET)
        raise Invalid({"secret": [least]})
    return changes


def _allowed(address: str) -> Target:
    """The address taken apart. Raises Invalid for a bad one, and for a host that is not on the list."""
    given = settings()
    try:
        target = read_target(address, plain=given.demo or given.testing)
    except BadUrl:
        raise Invalid({"address": [msg("Write the whole address, beginning with https://")]}) from None
    known = {(one.host, one.port) for one in given.allowed_hosts}
    if (target.host, target.port) not in known:
        raise Invalid({"address": [msg("This host is not among those that the system administrator allows")]})
    return target
