"""Who may set up channels. Pure."""

from ..core.access.actions import Action
from ..core.access.decision import Actor, Decision, decide
from .models import Channel


def may_add_channel(actor: Actor) -> Decision:
    """For one's own organisation."""
    return decide(actor, Action.CHANNEL_MANAGE)


def may_manage_channel(actor: Actor, channel: Channel) -> Decision:
    """A channel of one's own organisation."""
    return decide(actor, Action.CHANNEL_MANAGE, channel)
