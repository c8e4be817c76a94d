"""What is still to be settled of what an agreement promises: the package that keeps the ledger says so. 未结承诺.

That package stands above this one, so it registers itself here.
"""

from collections.abc import Callable, Sequence

from ..core.i18n import Message
from .models import Agreement

Teller = Callable[[Agreement], Sequence[Message]]
_tellers: list[Teller] = []


def tells_unsettled(teller: Teller) -> Teller:
    """Mark the function that names, for people, what nobody has settled yet of an agreement."""
    _tellers.append(teller)
    return teller


def unsettled(agreement: Agreement) -> list[Message]:
    """What keeps the agreement from being completed; empty where every promise is met, struck off or waived."""
    return [message for teller in _tellers for message in teller(agreement)]
