"""Who wants to know that something was refused: told by core.web, which must not know the audit. 拒绝通知."""

from collections.abc import Callable
from dataclasses import dataclass

from .access.decision import Actor
from .i18n import Message


@dataclass(frozen=True)
class Refusal:
    """A signed-in person tried to change something and was refused; `object_id` is the address's public id, if any."""

    actor: Actor
    action: str
    object_id: str
    reason: Message


Listener = Callable[[Refusal], None]
_listeners: list[Listener] = []


def on_refusal(listener: Listener) -> None:
    """Have a function called after each refusal, when the refused transaction is rolled back; it must not raise."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell(refusal: Refusal) -> None:
    """Call everybody who wants to know."""
    for listener in _listeners:
        listener(refusal)
